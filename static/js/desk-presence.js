// Says who we are and what we hold, and shows who else is here. Nobody is locked out of anything.

import * as composer from "./desk-composer.js";
import { atRest } from "./desk-rest.js";
import { ask, token } from "./desk-send.js";
import { tab } from "./desk-tab.js";
import { heard } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
const here = at("here");
const EVERY = 5000;
let others = [];
let said = null;
let last = 0;
let asking = false;
let out = false;
let told = () => {};

/** Call `listener(out)` when the login has ended, and when it is there again. */
export function onLogin(listener) { told = listener; }

const holds = () => composer.about.post || "";
/** Whether something here needs another editor than us. */
const wants = () => document.querySelector("[data-another]") !== null;
const mine = () => JSON.stringify([holds(), !composer.isEmpty(), wants()]);

/** Say what this tab holds, and hear of the others. */
export async function say() {
  if (asking) return;
  asking = true;
  said = mine();
  last = Date.now();
  const answer = await ask("presence/", { tab, post: holds(), writing: !composer.isEmpty(), editors: wants() });
  asking = false;
  if (answer.ok ? out : answer.status === 401 && !out) {
    out = !out;
    told(out);
  }
  if (!answer.ok) return;
  others = answer.data.others;
  atRest(show);
}

function show() {
  const { text, writing } = here.dataset;
  const names = others.map((one) => (one.writing ? writing.replace("{name}", one.name) : one.name));
  const line = names.length ? text.replace("{names}", names.join(", ")) : "";
  here.hidden = !line;
  if (here.textContent !== line) here.textContent = line;
  const held = new Map();
  for (const one of others) for (const post of one.posts) held.set(post, [...(held.get(post) || []), one.name]);
  showRows(held);
  showEditors();
  showComposer(held.get(holds()));
}

function showRows(held) {
  for (const sign of document.querySelectorAll(".held")) {
    if (!held.has(sign.closest("[data-id]").dataset.id)) sign.remove();
  }
  for (const [post, names] of held) {
    const row = at(`row-${post}`);
    if (!row) continue;
    let sign = row.querySelector(".held");
    if (!sign) {
      sign = document.createElement("p");
      sign.className = "held";
      // Whoever may do nothing with a row has no buttons in it.
      const acts = row.querySelector(".acts");
      if (acts) acts.before(sign);
      else (row.querySelector(".said") || row).append(sign);
    }
    const text = here.dataset.holds.replace("{name}", names.join(", "));
    if (sign.textContent !== text) sign.textContent = text;
  }
}

/** Beside what needs another editor: which of them are here. */
function showEditors() {
  const names = others.filter((one) => one.editor).map((one) => one.name).join(", ");
  for (const line of document.querySelectorAll("[data-another]")) {
    const text = names ? line.dataset.here.replace("{names}", names) : line.dataset.nobody;
    if (line.textContent !== text) line.textContent = text;
  }
}

function showComposer(names) {
  const box = at("composing-held");
  box.hidden = !names;
  const text = names ? box.dataset.text.replace("{names}", names.join(", ")) : "";
  if (box.textContent !== text) box.textContent = text;
}

// At once when the composer's post changes, else every few seconds.
setInterval(() => { if (mine() !== said || Date.now() - last >= EVERY) say(); }, 400);
// Rows that were made anew have lost their signs.
heard(show);
addEventListener("pagehide", () => {
  fetch(`${document.body.dataset.base}presence/`, {
    method: "POST", keepalive: true, credentials: "same-origin", body: JSON.stringify({ tab, gone: true }),
    headers: { "Content-Type": "application/json", "X-CSRFToken": token() },
  }).catch(() => {});
});

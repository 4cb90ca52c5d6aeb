// The past of a post: its versions, two of them compared, one brought back; and what is rarely done to a post.

import { act, rows, tell, titleOf } from "./desk-acts.js";
import { asked } from "./desk-asks.js";
import * as dialogs from "./desk-dialogs.js";
import { ask, newKey } from "./desk-send.js";

const at = (id) => document.getElementById(id);
const all = at("history-all");
let post = null;
let revision = 0;
let key = "";
let number = 0;

async function open(id) {
  const answer = await ask(`posts/${id}/history/`);
  if (!answer.ok) { dialogs.toast(answer.data.error); return; }
  [post, revision] = [id, answer.data.revision];
  all.innerHTML = answer.data.html;
  if (!at("history").open) at("history").showModal();
  at("history-title").focus();
}

async function compare(form) {
  const { one, two } = form.elements;
  const answer = await ask(`posts/${post}/history/?one=${one.value}&two=${two.value}`);
  const box = at("compared");
  if (answer.ok) box.innerHTML = answer.data.html;
  else box.textContent = answer.data.error;
  box.focus();
}

function bring(which) {
  number = Number(which);
  key = newKey();
  const title = at("bring-title");
  title.textContent = title.dataset.text.replace("{number}", which);
  at("bring").querySelector("form").reset();
  at("bring-trouble").hidden = true;
  at("bring").showModal();
}

/** Send it; `held` once its editor was asked about a hold. */
async function bringBack(held = false) {
  const { change, note } = at("bring").querySelector("form").elements;
  const content = { key, post, revision, number, change: change.value, note: note.value, held };
  const answer = await ask("deeds/bring_back/", content);
  if (answer.data.ask?.reason === "held") {
    if ((await asked(answer.data.error, null, "held")) === "sure") await bringBack(true);
    return;
  }
  const trouble = at("bring-trouble");
  trouble.hidden = answer.ok;
  trouble.textContent = answer.ok ? "" : answer.data.error;
  if (!answer.ok) return;
  at("bring").close();
  at("history").close();
  await act.said(answer.data);
  document.getElementById(`row-${post}`)?.focus();
}

all.addEventListener("submit", (e) => { e.preventDefault(); compare(e.target); });
all.addEventListener("click", (e) => {
  const button = e.target.closest("[data-bring]");
  if (button) bring(button.dataset.bring);
});
at("bring").querySelector("form").addEventListener("submit", (e) => {
  if (e.submitter?.value !== "yes") return;
  e.preventDefault();
  bringBack();
});

/** Open one of the small dialogs; answers the value of its field, null for no. */
function choose(id, name, value) {
  const dialog = at(id);
  const field = dialog.querySelector(`[name="${name}"]`);
  field.value = value;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => { dialog.onclose = () => resolve(dialog.returnValue === "yes" ? field.value : null); });
}

Object.assign(rows, {
  history: open,
  stand: async (id, button) => {
    const standing = await choose("stand", "standing", button.dataset.value);
    if (standing !== null && standing !== button.dataset.value) await act("stand", { post: id, standing });
  },
  move: async (id, button) => {
    const place = await choose("move", "sort_at", button.dataset.value);
    if (place !== null && place !== button.dataset.value) await act("move", { post: id, sort_at: place });
  },
  pinUntil: async (id) => {
    const minutes = await choose("pin-until", "minutes", "60");
    if (minutes !== null) await act("pin", { post: id, minutes: Number(minutes) });
  },
  retract: (id) => tell({ title: `Retract “${titleOf(id)}”?`, text: "It was wrong: its words leave the page, and readers see that we no longer stand by it.", yes: "Retract", says: "retract" }, "retract", { post: id }),
  remove: async (id) => {
    const text = "For law, safety or privacy only. No word of it stays anywhere, its history and the summary’s lines that rest on it included; this cannot be undone.";
    if ((await dialogs.question({ title: `Remove “${titleOf(id)}” for good?`, text, yes: "Remove for good", ways: true })) !== null) await act("remove", { post: id });
  },
});

// What can be done with a row, with the event and from the keys: each part of the desk adds its own.

import * as dialogs from "./desk-dialogs.js";
import { ask, newKey } from "./desk-send.js";
import { refresh, touch } from "./desk-timeline.js";

/** By the `data-act` of a button in a row: (post id, button) => …. */
export const rows = {};
/** By the `data-steer` of a button in the header. */
export const steers = {};

/** Do a deed that needs no composer; say how it went, offer `undo`; answers the data, null when it was refused.
 *  `refused(data)` is told of a refusal first, and answers whether it has dealt with it. */
export async function act(verb, content, undo = null, refused = () => false) {
  const beside = neighbour(content.post);
  const answer = await ask(`deeds/${verb}/`, { key: newKey(), ...content });
  if (answer.data.field === "clock" && (await dialogs.atOnce(answer.data.error))) return act(verb, { ...content, at_once: true }, undo, refused);
  touch(content.post);
  if (answer.ok) await act.said(answer.data, undo, verb === "publish" ? (answer.data.due ? "later" : "now") : "");
  else if (refused(answer.data)) return null;
  else { dialogs.toast(answer.data.error); await refresh(); }
  backTo(content.post || answer.data.post, beside);
  return answer.ok ? answer.data : null;
}

/** Ask for a public sentence and do a deed with it; what is refused asks again, with the reason and what was typed. */
export async function tell(about, verb, content) {
  let [text, value, chosen] = [about.text, "", ""];
  for (;;) {
    const note = await dialogs.question({ ...about, text, value, chosen, sentence: true });
    if (note === null) return;
    [value, chosen] = [note, document.getElementById("ask-instead").value];
    const done = await act(verb, { ...content, note, instead: chosen }, null, ({ error }) => { text = error; return true; });
    if (done) return;
  }
}

/** Say how a deed went, with the way back where there is one, and show what it did. */
act.said = async (data, undo = undoOf(data), out = "") => {
  dialogs.toast(data.message, undo || undoOf(data), null, out);
  await refresh();
};

/** What takes a deed back that has just been done; null for one that cannot be taken back. */
export function undoOf(data) {
  return data.undo && !data.repeated ? () => act("takeback", { which: data.undo }) : null;
}

const rowOf = (post) => document.getElementById(`row-${post}`);

/** The row beside a post's, for when that one goes. */
function neighbour(post) {
  const row = post && rowOf(post);
  const beside = (way) => {
    let one = row?.[way];
    // Over the rows of the inbox stand headings.
    while (one && one.localName !== "article") one = one[way];
    return one;
  };
  return beside("nextElementSibling") || beside("previousElementSibling") || null;
}

/** Whether nothing has the focus, or what nobody sees: a browser takes it from what is hidden only as it paints. */
function lost() {
  const one = document.activeElement;
  return !one || one === document.body || !one.getClientRects().length || getComputedStyle(one).visibility === "hidden";
}

/** Where the focus is lost: to the first of these that can have it, else to the headline; on a phone that may be out of sight. */
export function land(...ways) {
  for (const way of [...ways, "#headline", ".tabs [aria-pressed=true]"]) if (lost()) document.querySelector(way)?.focus();
}

/** What was done to the event has put another button in the place of the one that was pressed. */
export const toSteer = () => land(".steer button:not([hidden])");

/** The button that was pressed may be gone: the focus stays on the row, or where the row was. */
function backTo(post, beside) {
  const row = post && rowOf(post);
  // It may stand among others now. Under a mouse nothing moves.
  if (row?.contains(document.activeElement) && document.activeElement.matches(":focus-visible")) row.scrollIntoView({ block: "nearest" });
  if (!lost()) return;
  if (!post) { toSteer(); return; }
  rowOf(post)?.focus();
  // It is gone, or on another of the phone's three parts.
  if (lost() && beside) rowOf(beside.dataset.id)?.focus();
  land("#trash[aria-pressed=true]");
}

/** A post's headline as its row has it, or how its words begin, shortened for the title of a dialog. */
export function titleOf(post) {
  const title = document.getElementById(`title-${post}`)?.textContent.trim() || called(post);
  return title.length > 80 ? `${title.slice(0, 79)}…` : title;
}

/** What a row is called: its headline, or how its words begin. */
export function called(post) {
  const text = rowOf(post)?.querySelector("h3, p:not(.about, .why, .note)")?.textContent.trim() || "";
  return text.length > 60 ? `${text.slice(0, 59)}…` : text;
}

/** Show one of the three parts; on a wide screen all of them stand side by side. */
export function tab(name) {
  document.body.dataset.tab = name;
  for (const button of document.querySelectorAll("[data-tab-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tabTo === name));
  }
}

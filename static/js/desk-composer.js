// The composer: what it holds, what it is about (a new post, a draft, a revision), and nothing of the network.

import { isolated } from "./desk-dialogs.js";
import { whenReady } from "./desk-editor.js";
import { newKey } from "./desk-send.js";
import { fieldOf, isSaid, readSources, unfinished, writeSources } from "./desk-sources.js";
import { readTime, wireTime, writeTime } from "./desk-times.js";

const form = document.getElementById("composer");
const at = (id) => document.getElementById(id);
const FIELDS = ["headline", "byline", "standing", "key_label", "occurred_at", "occurred_precision"];

/** What it is about. `key` is the idempotency key: one for each post that is composed; `began` the imprint of a draft's words as they were loaded;
 *  `state` that of a stored post, `author` who has written it, empty for oneself, `approves` whether publishing approves it;
 *  `base` the words as they were loaded, null for a new post;
 *  `held` whether whoever writes knows that the post is on hold, `onHold` whether it is so, as far as was heard. */
export const about = { mode: "new", post: null, state: "", author: "", approves: false, revision: null, began: "", base: null, asked: false, held: false, onHold: false, key: newKey(), kindChosen: false, changeChosen: false };

let editor = null;
let waitingBody = null;
/** The words as the server has them; null when what is here was never stored so. */
let stored = null;

whenReady("body", (ready) => {
  editor = ready;
  if (waitingBody !== null) begin(waitingBody);
  waitingBody = null;
  editor.on("update", () => form.dispatchEvent(new Event("input", { bubbles: true })));
});

/** The text as html, empty for none. */
export function body() {
  if (waitingBody !== null) return waitingBody;
  if (!editor) return at("body").value;
  return editor.isEmpty ? "" : editor.getHTML();
}

/** A text of its own begins: its toolbar's undo must not bring back the words of the one before. */
function begin(html) {
  editor.commands.setContent(html);
  const { view } = editor;
  const { doc, plugins } = view.state;
  view.updateState(view.state.constructor.create({ doc, plugins }));
  // The toolbar looks again.
  view.dispatch(view.state.tr);
}

export function setBody(html) {
  if (editor) begin(html);
  else waitingBody = at("body").value = html;
}

/** The words as the server reads them. */
export function words() {
  const said = { body: body(), kind: form.elements.kind.value, key_event: at("key_event").checked };
  for (const name of FIELDS) said[name] = at(name).value;
  said.occurred_at = readTime(at("occurred_at"));
  if (!said.key_event) said.key_label = "";
  said.attributions = readSources().filter(isSaid);
  return said;
}

/** Words and what they are about: all that is needed to have it again after a crash. */
export function content() {
  return {
    ...about,
    words: { ...words(), attributions: readSources() },
    change: form.elements.change.value,
    note: at("note").value,
    pin: at("pin")?.checked || false,
    pin_minutes: Number(at("pin_minutes")?.value || 0),
  };
}

export function isEmpty() {
  const nothing = editor && waitingBody === null ? editor.isEmpty : !body();
  return nothing && !(at("headline").value.trim() || at("note").value.trim() || readSources().some(isSaid));
}

/** Put a kept or loaded post into the composer; `stored` when the server has these words. The caller has asked about what was there. */
export function load(kept) {
  const said = kept.words || {};
  Object.assign(about, { mode: kept.mode, post: kept.post || null, state: kept.state || "", author: kept.author || "", approves: Boolean(kept.approves), revision: kept.revision ?? null, began: kept.began || "", base: (kept.stored ? kept.words : kept.base) || null, asked: Boolean(kept.asked), held: Boolean(kept.held), onHold: Boolean(kept.onHold ?? kept.held), key: kept.key || newKey(), kindChosen: kept.kindChosen ?? Boolean(said.kind), changeChosen: Boolean(kept.changeChosen) });
  for (const name of FIELDS) at(name).value = said[name] || at(name).querySelector?.("option")?.value || "";
  writeTime(at("occurred_at"), at("occurred_precision"), said.occurred_at || "");
  at("key_event").checked = Boolean(said.key_event);
  form.elements.kind.value = said.kind || "news";
  choose(kept.change ?? "typo");
  at("note").value = kept.note || "";
  if (at("pin")) {
    at("pin").checked = Boolean(kept.pin);
    at("pin_minutes").value = String(kept.pin_minutes || 0);
  }
  setBody(said.body || "");
  writeSources(said.attributions);
  // It stands at its top, folded where there is nothing in it.
  form.querySelector("details.more").open = Boolean(said.byline || said.occurred_at);
  toTop();
  stored = kept.stored ? JSON.stringify(content().words) : null;
  show();
}

/** Whether nothing was changed since the words were loaded from the server. */
export function isUnchanged() {
  return stored !== null && stored === JSON.stringify(content().words) && !at("note").value.trim();
}

export function clear() {
  load({ mode: "new" });
  trouble("");
}

function choose(change) {
  for (const button of form.elements.change) button.checked = button.value === change;
}

/** What is revised was wrong: its public sentence is asked for. */
export function correct() {
  about.changeChosen = true;
  choose("correction");
  show();
}

/** It may be more than spelling: nothing is chosen for the editor, who has been asked from here on. */
export function askChange() {
  about.asked = true;
  choose("");
  show();
}

function toTop() {
  // On a phone, and with little height, all of the column moves.
  for (const moving of [form.parentElement, form.querySelector(".sheet")]) moving.scrollTop = 0;
}

export function focus() {
  // Of a post that is a headline alone, that is what is changed.
  if (editor && at("headline").value && !(about.mode === "revise" && editor.isEmpty)) {
    editor.view.focus();
    // Under a source with its quotation it may be out of sight; on a phone what is asked of a change goes before it.
    if (matchMedia("(min-width: 48.01rem)").matches) editor.view.dom.firstElementChild?.scrollIntoView({ block: "nearest" });
  } else { at("headline").focus(); toTop(); }
}

/** While it is on its way: nothing can be typed that would be lost or sent twice. */
export function busy(yes) {
  form.setAttribute("aria-busy", String(yes));
  form.inert = yes;
}

/** Say what was refused, at its field where there is one, by its name or itself; `row` is the number of a source. */
export function trouble(message, fieldName = "", row = null) {
  const box = at("trouble");
  for (const input of form.querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  box.textContent = isolated(message);
  box.hidden = !message;
  if (!message) return;
  const input = fieldName instanceof Element ? fieldName : { body: editor?.view.dom, change: form.elements.change[0], attributions: fieldOf(row), source: unfinished() }[fieldName] || at(fieldName);
  input?.setAttribute("aria-invalid", "true");
  input?.closest("details")?.setAttribute("open", "");
  // The sentence stands beside the buttons, in sight always; its field may not be, or may be in a dialog that is closed.
  const there = input?.getClientRects().length ? input : box;
  there.focus();
  there.scrollIntoView({ block: there === box ? "nearest" : "center" });
}

/** Take away what was refused, once somebody is at what it is about; of a change it is said in desk-change.js. */
function mended({ target }) {
  const bad = form.querySelector('[aria-invalid="true"]:not(#changes *)');
  if (at("trouble").hidden) return;
  const isText = (node) => node === form || node.id === "headline" || node.closest(".body") !== null;
  const isSource = (node) => node.closest("#attributions") !== null;
  // A source that was taken out is in nobody's way.
  let isMended = isSource(target);
  if (bad && isSource(bad)) isMended &&= !unfinished();
  else if (bad) isMended = target === bad || (isText(bad) && isText(target));
  if (isMended) trouble("");
}

/** Which of its names the composer has: of what is not public yet it says whose it is, and what Publish means. */
function named() {
  if (about.mode !== "draft") return about.mode;
  if (about.state === "submitted") return about.author ? "approve" : "submitted";
  if (about.state === "scheduled") return "scheduled";
  return about.author ? "theirs" : "draft";
}

/** Show what belongs to this mode. */
export function show() {
  const revising = about.mode === "revise";
  const title = at("composer-title");
  form.parentElement.dataset.mode = about.mode;
  title.textContent = title.dataset[named()].replace("{name}", () => about.author);
  at("changes").hidden = !revising;
  at("composing-hold").hidden = !about.onHold;
  const change = form.elements.change.value;
  // Until somebody chooses one it is a guess, and looks like one.
  const isGuessed = change === "typo" && !about.changeChosen;
  at("changes").classList.toggle("proposed", isGuessed);
  at("change-taken").hidden = !isGuessed;
  at("note-field").hidden = ["", "typo"].includes(change);
  at("note-label").textContent = at("note-label").dataset[change] || "";
  at("clear").textContent = at("clear").dataset[about.mode === "new" ? "new" : "stored"];
  at("key-label-field").hidden = !at("key_event").checked;
  if (at("pin")) at("pin-minutes-field").hidden = revising || !at("pin").checked;
  for (const part of form.querySelectorAll("[data-only]")) {
    const only = part.dataset.only;
    part.hidden = only === "correction" ? form.elements.kind.value !== "correction" : revising;
  }
  const publish = at("publish")?.querySelector("span");
  if (publish) publish.textContent = at("publish").dataset[revising ? "revise" : "new"];
  form.dispatchEvent(new Event("composer:shown"));
  const headline = at("headline");
  headline.style.blockSize = "auto";
  headline.style.blockSize = `${headline.scrollHeight + 2}px`;
}

at("changes").addEventListener("input", ({ target }) => { about.changeChosen ||= target.name === "change"; });
form.addEventListener("input", show);
form.addEventListener("input", mended);
wireTime(at("occurred_at"), at("occurred_precision"));
at("headline").addEventListener("keydown", (e) => {
  // A headline is one line; Enter goes on to the text, at once: `commands.focus` waits for a frame.
  if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) { e.preventDefault(); editor?.view.focus(); }
});

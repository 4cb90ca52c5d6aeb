// The desk: ties the composer, the timeline, the inbox and the header together.

import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { tick } from "./desk-clock.js";
import { forget, keep, kept } from "./desk-keep.js";
import { listen } from "./desk-listen.js";
import { ask, newKey } from "./desk-send.js";
import { addSource, unfinished } from "./desk-sources.js";
import { heard, refresh } from "./desk-timeline.js";
import "./desk-summary.js";

const at = (id) => document.getElementById(id);
const form = at("composer");
const editor = document.body.dataset.mayPublish === "yes";

/** Send the composer's post as `verb`; its text stays until the server has said yes. */
async function send(verb, over = null) {
  if (form.inert) return;
  const open = unfinished();
  if (open) {
    composer.trouble("A source is not finished: choose one from the list, keep the new one, or take the row out.");
    open.focus();
    return;
  }
  const { about } = composer;
  const words = composer.words();
  const whole = composer.content();
  const content = { key: about.key, post: about.post, words, pin: whole.pin, change: whole.change, note: whole.note };
  content.revision = over ?? about.revision;
  composer.busy(true);
  const answer = await ask(`deeds/${verb}/`, content);
  composer.busy(false);
  if (answer.status === 409) { await settle(verb, answer.data, words); return; }
  if (!answer.ok) {
    composer.trouble(answer.data.error, answer.data.field);
    if (answer.data.login) offerLogin(answer.data.login);
    return;
  }
  composer.clear();
  forget();
  composer.focus();
  const undo = verb === "publish" && !answer.data.repeated ? () => takeBack(answer.data.post, whole) : null;
  dialogs.toast(answer.data.message, undo);
  refresh();
}

function offerLogin(address) {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Log in in a new tab";
  at("trouble").append(" ", link);
}

/** Somebody else was faster: both texts, and the editor's choice. */
async function settle(verb, data, words) {
  const theirs = data.conflict;
  const choice = await dialogs.conflict(data.error, theirs, words);
  // A new deed from here on: the old key would answer with nothing.
  composer.about.key = newKey();
  if (choice === "over") { await send(verb, theirs.revision); return; }
  if (choice === "take") {
    composer.addBelow(theirs.html);
    composer.about.revision = theirs.revision;
  }
  keep();
  composer.trouble(data.error);
}

async function takeBack(post, whole) {
  const answer = await ask("deeds/undo/", { key: newKey(), post });
  dialogs.toast(answer.ok ? answer.data.message : answer.data.error);
  if (answer.ok && composer.isEmpty()) {
    composer.load({ ...whole, mode: "new", post: null, key: newKey() });
    keep();
  }
  refresh();
}

/** Load a post into the composer; never over unsent words without asking. */
async function edit(id) {
  const answer = await ask(`posts/${id}/`);
  if (!answer.ok) { dialogs.toast(answer.data.error); return; }
  if (!composer.isEmpty() && !(await mayReplace())) return;
  const { words, state, revision } = answer.data;
  composer.load({ mode: state === "published" ? "revise" : "draft", post: id, revision, words });
  composer.trouble("");
  keep();
  tab("write");
  composer.focus();
}

async function mayReplace() {
  const text = "What you have written is not sent yet. It is saved as a draft first, and waits in the inbox.";
  const { about } = composer;
  if (about.mode === "revise") {
    const put = { title: "Put your revision aside?", text: "Your unsent revision is dropped; the post stays as it is.", yes: "Drop it" };
    return (await dialogs.question(put)) !== null;
  }
  if ((await dialogs.question({ title: "Put your text aside?", text, yes: "Save it and go on" })) === null) return false;
  const answer = await ask("deeds/draft/", { key: about.key, post: about.post, words: composer.words() });
  if (!answer.ok) composer.trouble(answer.data.error, answer.data.field);
  return answer.ok;
}

/** A deed on a row. */
async function act(verb, content) {
  const answer = await ask(`deeds/${verb}/`, { key: newKey(), ...content });
  dialogs.toast(answer.ok ? answer.data.message : answer.data.error);
  refresh();
  return answer.ok;
}

async function publishRow(post) {
  const loaded = await ask(`posts/${post}/`);
  if (!loaded.ok) { dialogs.toast(loaded.data.error); return; }
  // The key is the draft's: pressed twice, or by two editors, it goes out once.
  await act("publish", { post, words: loaded.data.words, key: `inbox-${post}` });
}

const ROW = {
  edit,
  publish: publishRow,
  pin: (post) => act("pin", { post }),
  unpin: () => act("unpin", {}),
  hold: (post) => act("hold", { post }),
  restore: (post) => act("restore", { post }),
  mark: (post, button) => act("mark", { post, key_event: button.dataset.value === "on", key_label: button.dataset.label }),
  withdraw: async (post) => {
    const note = await dialogs.question({ title: "Withdraw this post?", text: "Readers see this sentence in its place.", yes: "Withdraw", sentence: true });
    if (note !== null) await act("withdraw", { post, note });
  },
  delete: async (post) => {
    const sure = await dialogs.question({ title: "Throw this away?", text: "It was never public; it cannot be had again.", yes: "Throw away" });
    if (sure !== null) await act("delete", { post });
  },
};

const STEER = {
  open: () => act("open", {}),
  pause: async () => {
    const note = await dialogs.question({ title: "Pause the coverage?", text: "Readers see this sentence, such as “We are back at six”.", yes: "Pause", sentence: true });
    if (note !== null) await act("pause", { note });
  },
  end: async () => {
    const sure = await dialogs.question({ title: "End the coverage?", text: "Readers see that it has ended. Corrections can still go out.", yes: "End" });
    if (sure !== null) await act("end", {});
  },
};

function tab(name) {
  document.body.dataset.tab = name;
  for (const button of document.querySelectorAll("[data-tab-to]")) {
    button.setAttribute("aria-pressed", String(button.dataset.tabTo === name));
  }
}

function showState(data) {
  document.body.dataset.state = data.state;
  at("state").textContent = data.frozen ? `${data.state_label}, frozen` : data.state_label;
  const shown = { open: data.state !== "live", pause: data.state === "live", end: ["live", "paused"].includes(data.state) };
  for (const button of document.querySelectorAll("[data-steer]")) button.hidden = !shown[button.dataset.steer];
}

function keys(e) {
  const chord = (e.ctrlKey || e.metaKey) && e.key === "Enter";
  if (chord && !document.querySelector("dialog[open]")) {
    // Before the editor, for which it is a line break.
    e.preventDefault();
    e.stopPropagation();
    sendDefault();
  } else if (e.altKey && !e.ctrlKey && e.code === "KeyS") {
    e.preventDefault();
    addSource();
  } else if (e.altKey && !e.ctrlKey && e.code === "KeyK") {
    e.preventDefault();
    at("key_event").click();
  }
}

function sendDefault() {
  if (!editor) return send("submit");
  return send(composer.about.mode === "revise" ? "revise" : "publish");
}

async function clear() {
  if (!composer.isEmpty() || composer.about.mode !== "new") {
    const sure = await dialogs.question({ title: "Clear the composer?", text: "What you have typed here is dropped. A post or draft stays as it was stored.", yes: "Clear" });
    if (sure === null) return;
  }
  composer.clear();
  forget();
  composer.focus();
}

form.addEventListener("submit", (e) => { e.preventDefault(); sendDefault(); });
form.addEventListener("input", keep);
form.addEventListener("change", keep);
document.addEventListener("keydown", keys, true);
at("draft").addEventListener("click", () => send("draft"));
at("clear").addEventListener("click", clear);
at("add-source").addEventListener("click", () => addSource());
for (const place of [at("rows"), at("inbox")]) {
  place.addEventListener("click", (e) => {
    const button = e.target.closest("[data-act]");
    if (button) ROW[button.dataset.act](button.closest("[data-id]").dataset.id, button);
  });
}
for (const button of document.querySelectorAll("[data-steer]")) button.addEventListener("click", () => STEER[button.dataset.steer]());
for (const button of document.querySelectorAll("[data-tab-to]")) button.addEventListener("click", () => tab(button.dataset.tabTo));

heard(showState);
const before = kept();
if (before) {
  composer.load(before);
  at("kept").textContent = "Brought back what you had not sent";
} else {
  composer.show();
}
tick();
listen();

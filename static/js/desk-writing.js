// What leaves the composer, and what comes into it.

import { land, tab, undoOf } from "./desk-acts.js";
import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { asked } from "./desk-asks.js";
import { forget, keep } from "./desk-keep.js";
import { putAside } from "./desk-kept.js";
import { merge } from "./desk-merge.js";
import { moment, put, stay, take } from "./desk-outbox.js";
import { ask, newKey } from "./desk-send.js";
import { finish, unfinished } from "./desk-sources.js";
import { refresh } from "./desk-timeline.js";
import { halfTime } from "./desk-times.js";

const at = (id) => document.getElementById(id);
const form = at("composer");
const editor = document.body.dataset.mayPublish === "yes";
/** What went out from here and is held back by the send delay: post id -> what was in the composer. */
export const sent = new Map();
/** Milliseconds within which an empty press is the second of a double one. */
const TWICE = 1500;
let left = 0;

/**
 * Send the composer's post as `verb`, with `more`; its text stays until the server has said yes. Answers the answer.
 * `over` says which words of somebody else it is stored over: {post, revision, began, was}.
 */
export async function send(verb, over = null, more = {}) {
  if (form.inert) return null;
  // Pressed twice: the first press has taken it all.
  if (composer.isEmpty() && Date.now() - left < TWICE) return null;
  const half = halfTime(form);
  if (half) {
    composer.trouble(half.sentence, half.input);
    return null;
  }
  if (unfinished()) {
    composer.trouble("A source is not finished: choose one from the list, keep the new one, or take the row out.", "source");
    offerKeeping(verb, () => send(verb, over, more));
    return null;
  }
  if (!more.sure && isUnnamed(verb) && !(await mayGoUnnamed())) return null;
  const { about } = composer;
  const whole = composer.content();
  const content = { key: about.key, post: about.post, words: composer.words(), pin: whole.pin, pin_minutes: whole.pin_minutes, change: whole.change, note: whole.note, asked: about.asked, held: about.held, was: marks(about.base), revision: about.revision, began: about.began, ...over, ...moment(), ...more };
  const asking = ask(`deeds/${verb}/`, content);
  // The next sentence need not wait for the line: this one does. Only new words can: a revise may conflict.
  const moved = verb === "publish" && !composer.isEmpty() && put(content, whole, true);
  composer.busy(!moved);
  if (moved) empty();
  const answer = await asking;
  if (!moved) composer.busy(false);
  if (answer.ok) { arrived(verb, answer.data, whole, moved); return answer; }
  return refused(verb, over, more, { answer, whole, content, moved });
}

/** What was loaded beside the words: others may have changed it since, and leave the revision. */
const marks = (base) => base && { standing: base.standing, key_event: base.key_event, key_label: base.key_label };

/** Whether this would tell readers that it is reported elsewhere, and not where. */
function isUnnamed(verb) {
  const { kind, attributions } = composer.words();
  const named = attributions.some(({ source, as_named, described_as }) => source || as_named || described_as);
  return ["publish", "schedule", "revise"].includes(verb) && kind === "elsewhere" && !named && !composer.isEmpty();
}

async function mayGoUnnamed() {
  const text = "You chose “Reported elsewhere”, and no outlet is named: readers see only that it was reported.";
  if ((await dialogs.question({ title: "Who reported it?", text, yes: "Go on without a name", no: "Name the outlet" })) !== null) return true;
  document.querySelector("#attributions [data-find]")?.focus();
  return false;
}

/** What was in the composer is safe elsewhere: the next one can be written. */
function empty() {
  left = Date.now();
  composer.clear();
  forget();
  composer.focus();
}

function arrived(verb, data, whole, moved) {
  if (moved) take(whole.key);
  else empty();
  const fresh = verb === "publish" && !data.repeated;
  if (fresh && data.due) sent.set(data.post, whole);
  if (fresh) dialogs.toast(data.message, () => takeBack(data.post, whole, data.undo), null, data.due ? "later" : "now");
  else dialogs.toast(data.message, undoOf(data));
  refresh();
}

/** It did not go out: it waits for its line, or stands in the composer again with what is to be said. */
async function refused(verb, over, more, { answer, whole, content, moved }) {
  const { data, status } = answer;
  if (status === 0 && verb === "publish" && put(content, whole)) {
    if (!moved) empty();
    return answer;
  }
  if (moved) {
    if (!composer.isEmpty() || composer.about.mode !== "new") { stay(whole.key, data.error); return answer; }
    take(whole.key);
    composer.load(whole);
    keep();
  }
  if (data.ask) return weigh(verb, over, more, answer);
  if (status === 409) { await settle(verb, more, data, whole); return answer; }
  if (data.field === "clock" && (await dialogs.atOnce(data.error))) return send(verb, over, { ...more, at_once: true });
  if (data.field === "change") composer.askChange();
  composer.trouble(data.error, data.field, data.row);
  if (data.login) offerLogin(data.login);
  return answer;
}

/** The server asks first: do as the editor chooses. */
async function weigh(verb, over, more, answer) {
  const choice = await weighed(answer.data, composer.words());
  // The old key, and the post, belong to what went out with it.
  if (choice === "sure" && answer.data.ask.reason === "repeated") Object.assign(composer.about, { mode: "new", post: null, began: "", key: newKey() });
  if (choice === "sure" && answer.data.ask.reason === "held") {
    composer.about.held = true;
    return send(verb, over, more);
  }
  if (choice === "sure") return send(verb, over, { ...more, sure: true });
  if (choice === "no") composer.focus();
  return answer;
}

/** Put the server's question; go to the other post where that is wanted; answers what was chosen. */
export async function weighed({ error, ask: { post, reason } }, { headline = "", body = "" } = {}) {
  const text = new DOMParser().parseFromString(body, "text/html").body.textContent;
  const choice = await asked(error, post, reason, `${headline} ${text}`);
  if (choice === "add") await edit(post);
  if (choice === "see") {
    tab("timeline");
    // It may be newer than what stands here.
    await refresh();
    at(`row-${post}`)?.focus();
  }
  return choice;
}

/** A source is not finished: offer to keep it as it is typed, and to go on with `verb`. */
function offerKeeping(verb, goOn) {
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = form.dataset[{ publish: "keepPublish", revise: "keepRevise" }[verb] || "keep"];
  button.addEventListener("click", async () => {
    const refused = await finish();
    if (refused) { composer.trouble(refused, "source"); return; }
    composer.trouble("");
    await goOn();
  });
  at("trouble").append(" ", button);
}

function offerLogin(address) {
  const link = document.createElement("a");
  link.href = address;
  link.target = "_blank";
  link.rel = "noopener";
  link.textContent = "Log in in a new tab";
  at("trouble").append(" ", link);
}

/** Somebody else was faster: both texts part by part, put together as the editor chooses. */
async function settle(verb, more, data, whole) {
  const theirs = data.conflict;
  // What a composer of before the reload may lack, the server knows in part.
  const base = whole.base || { headline: theirs.base?.headline, body: theirs.base?.html };
  const choice = await merge(data.error, theirs, composer.words(), base);
  // With the same key: whoever goes on with their own is shown both again.
  if (choice === null) { composer.trouble(data.error); return; }
  const { id: post, revision, began } = theirs;
  // It may be out by now, though it was no revision when it was begun.
  const mode = began ? "draft" : "revise";
  composer.about.key = newKey();
  if (choice === "over" && (mode === "revise") === (verb === "revise")) { await send(verb, { post, revision, began, was: marks(theirs.words) }, more); return; }
  if (choice.loses) putAside(whole);
  composer.load({ ...whole, words: choice === "over" ? whole.words : choice.words, base: theirs.words, mode, post, revision, began, key: newKey() });
  keep();
  composer.trouble(at("merge-parts").dataset[began ? "doneDraft" : "done"]);
}

/** Take back what has just gone out, or stop it while the send delay holds it back; its words come back. */
export async function takeBack(post, whole, which = "") {
  let answer = null;
  if (sent.delete(post)) answer = await ask("deeds/unschedule/", { key: newKey(), post });
  const stopped = Boolean(answer?.ok);
  // It may have gone out at this very moment.
  if (!stopped) answer = await (which ? ask("deeds/takeback/", { key: newKey(), which }) : ask("deeds/undo/", { key: newKey(), post }));
  dialogs.toast(answer.ok ? answer.data.message : answer.data.error);
  if (answer.ok && composer.isEmpty()) {
    // Undone from the timeline: they are seen where they are.
    tab("write");
    composer.load({ ...whole, mode: stopped ? "draft" : "new", post: stopped ? post : null, base: stopped ? whole.words : null, began: stopped ? answer.data.began : "", key: newKey() });
    keep();
    composer.focus();
  }
  await refresh();
  // The button that was pressed is gone.
  land(`#row-${CSS.escape(post)}`);
}

/** Load a post into the composer; never over unsent words without asking. */
export async function edit(id) {
  const answer = await ask(`posts/${id}/`);
  if (!answer.ok) { dialogs.toast(answer.data.error); return; }
  if (!composer.isEmpty() && !(await mayReplace())) return;
  const { words, state, author, approves, held, revision, began, pin, pin_minutes } = answer.data;
  // Before its words are there: out of sight a headline has no height to be given.
  tab("write");
  composer.load({ mode: state === "published" || held ? "revise" : "draft", post: id, state, author, approves, revision, began, words, pin, pin_minutes, held, stored: true });
  composer.trouble("");
  keep();
  composer.focus();
}

async function mayReplace() {
  const { about } = composer;
  // Only looked at: what is scheduled goes on waiting, what is submitted stays with the editors.
  if (about.mode !== "new" && composer.isUnchanged()) return true;
  const text = about.post
    ? "What you have changed is not saved yet. It is saved first; what was scheduled or submitted stays so."
    : "What you have written is not sent yet. It is saved as a draft first, and waits in the inbox.";
  if (about.mode === "revise") {
    const put = { title: "Put your revision aside?", text: "Your unsent revision is dropped; the post stays as it is.", yes: "Drop it" };
    return (await dialogs.question(put)) !== null;
  }
  if ((await dialogs.question({ title: "Put your text aside?", text, yes: "Save it and go on" })) === null) return false;
  // What would be typed meanwhile is not on its way, and another post takes its place.
  composer.busy(true);
  const answer = await ask("deeds/draft/", { key: about.key, post: about.post, began: about.began, keep: true, words: composer.words() });
  composer.busy(false);
  if (answer.ok) dialogs.toast(answer.data.message);
  else await refused("draft", null, { keep: true }, { answer, whole: composer.content(), moved: false });
  return answer.ok;
}

/** What the main button does. */
export function sendDefault() {
  if (!editor) return send("submit");
  return send(composer.about.mode === "revise" ? "revise" : "publish");
}

/** Empty the composer, after asking. */
export async function clear() {
  const { mode } = composer.about;
  if (mode === "new" ? !composer.isEmpty() : !composer.isUnchanged()) {
    const sure = await dialogs.question(mode === "new"
      ? { title: "Clear the composer?", text: "What you have typed here is dropped.", yes: "Clear" }
      : { title: "Drop your changes?", text: "What you have changed here is dropped. The post or draft stays as it was stored.", yes: "Drop my changes" });
    if (sure === null) return;
  }
  composer.clear();
  forget();
  composer.focus();
}


// The deeds on posts that the timeline and the inbox show.

import { act, called, rows, tell, titleOf } from "./desk-acts.js";
import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { ask, newKey } from "./desk-send.js";
import { moment } from "./desk-outbox.js";
import { addSource } from "./desk-sources.js";
import { now } from "./desk-timeline.js";
import { edit, weighed } from "./desk-writing.js";

async function publishRow(post, button, attributions = null) {
  const { due, wasDue } = button.closest("[data-id]").dataset;
  const loaded = await ask(`posts/${post}/`);
  if (!loaded.ok) { dialogs.toast(loaded.data.error); return; }
  const { began, pin, pin_minutes } = loaded.data;
  const words = { ...loaded.data.words, ...(attributions && { attributions }) };
  // The key is the draft's: pressed twice, or by two editors, it goes out once. Once it was stopped, it is another.
  await out({ post, words, began, pin, pin_minutes, key: `inbox-${post}-${due || wasDue || ""}`, ...moment() });
}

/** What is said here for us, readers are told: it is asked about once. */
async function sawRow(post, button) {
  const sure = await dialogs.question({ title: "Did we see it ourselves?", text: `Readers are told: “We saw it ourselves.” “${called(post)}” goes out with it.`, yes: "Yes, publish it" });
  if (sure !== null) await publishRow(post, button, [{ basis: "witnessed" }]);
}

/** Into the composer, with a row for its source. */
async function sourceRow(post) {
  await edit(post);
  if (composer.about.post === post) addSource();
}

/** Into the composer, as a correction: its sentence is asked for above the buttons. */
async function correctRow(post) {
  await edit(post);
  if (composer.about.post === post && composer.about.mode === "revise") composer.correct();
}

/** Publish; where the server asks first, as the editor chooses. */
async function out(content) {
  let refused = null;
  await act("publish", content, null, (data) => { refused = data; return Boolean(data.ask); });
  if (refused?.ask) {
    const choice = await weighed(refused, content.words);
    // The old key, and the post, belong to what went out with it.
    const another = refused.ask.reason === "repeated" ? { post: null, began: "", key: newKey() } : {};
    if (choice === "sure") return out({ ...content, ...another, sure: true });
    if (choice !== "no") return null;
  }
  document.getElementById(`row-${content.post}`)?.focus();
  return null;
}

/** The newest public posts, but `post`: [[id, title], …]. */
const others = (post) => now.latest.filter(({ id }) => id !== post).map(({ id, title, time }) => [id, `${time} ${title}`]);

Object.assign(rows, {
  edit,
  publish: publishRow,
  source: sourceRow,
  correct: correctRow,
  saw: sawRow,
  pin: (post) => act("pin", { post }),
  unpin: () => act("unpin", {}),
  hold: (post) => act("hold", { post }),
  restore: (post) => act("restore", { post }),
  mark: (post, button) => act("mark", { post, key_event: button.dataset.value === "on", key_label: button.dataset.label }),
  withdraw: (post) => tell({ title: `Withdraw “${titleOf(post)}”?`, text: "Its words leave the page; a sentence stands in their place. Restore brings it back.", yes: "Withdraw", says: "withdraw", instead: others(post) }, "withdraw", { post }),
  delete: async (post) => {
    const sure = await dialogs.question({ title: "Throw this away?", text: "It was never public; it cannot be had again.", yes: "Throw away" });
    if (sure !== null) await act("delete", { post });
  },
});

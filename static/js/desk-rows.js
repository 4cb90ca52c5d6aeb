// The deeds on posts that the timeline and the inbox show.

import { act, rows } from "./desk-acts.js";
import * as dialogs from "./desk-dialogs.js";
import { ask } from "./desk-send.js";
import { edit } from "./desk-writing.js";

async function publishRow(post, button) {
  const { due, wasDue } = button.closest("[data-id]").dataset;
  const loaded = await ask(`posts/${post}/`);
  if (!loaded.ok) { dialogs.toast(loaded.data.error); return; }
  const { words, pin, pin_minutes } = loaded.data;
  // The key is the draft's: pressed twice, or by two editors, it goes out once. Once it was stopped, it is another.
  await act("publish", { post, words, pin, pin_minutes, key: `inbox-${post}-${due || wasDue || ""}` });
}

Object.assign(rows, {
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
});

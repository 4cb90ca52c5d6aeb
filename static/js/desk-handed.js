// What becomes of what was handed in: told on the screen of whoever did, wherever on it they are at the moment.

import { called } from "./desk-acts.js";
import * as dialogs from "./desk-dialogs.js";
import { heard } from "./desk-timeline.js";

/** Editors see what becomes of it, and are who does it. */
const editor = document.body.dataset.mayPublish === "yes";
const { published: out, back } = document.getElementById("toast").dataset;
/** Milliseconds for which what has left the inbox is looked for: an answer may have been made while it went out. */
const LONG = 60000;
/** What is with the editors: post id -> {title, gone: when it was first missed in the inbox, 0 while it is there}. */
const handed = new Map();

const told = (sentence, { title }, reason = "") => dialogs.toast(sentence.replace("{title}", () => title).replace("{reason}", () => reason));

/** Tell what has become of one; answers whether there is more to wait for. */
function goesOn(post, one, published) {
  const row = document.getElementById(`row-${post}`);
  if (published.has(post)) {
    told(out, one);
    return false;
  }
  if (row?.matches(".draft")) {
    const why = row.querySelector(".why bdi");
    if (why) told(back, one, why.textContent);
    return false;
  }
  one.gone = row ? 0 : one.gone || Date.now();
  return !one.gone || Date.now() - one.gone < LONG;
}

heard((data) => {
  if (editor) return;
  const published = new Set(data.latest.map(({ id }) => id));
  for (const [post, one] of handed) if (!goesOn(post, one, published)) handed.delete(post);
  for (const { dataset } of document.querySelectorAll("#inbox .submitted")) handed.set(dataset.id, { title: called(dataset.id), gone: 0 });
});

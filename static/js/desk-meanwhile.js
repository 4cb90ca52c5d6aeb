// What becomes of the composer's post while it is written on.

import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { forget, keep } from "./desk-keep.js";
import { ask, newKey } from "./desk-send.js";
import { heard } from "./desk-timeline.js";

const form = document.getElementById("composer");
const editor = document.body.dataset.mayPublish === "yes";

/** Warn of a hold. Whoever did not know of it when they began is asked all the same before it is shown again. */
function tellOfHold() {
  const { about } = composer;
  const row = about.mode === "revise" && document.getElementById(`row-${about.post}`);
  if (!row) return;
  const onHold = row.classList.contains("hold");
  if (!onHold) about.held = false;
  if (onHold === about.onHold) return;
  about.onHold = onHold;
  composer.show();
}

/** The draft in the composer has gone out meanwhile: what is written there is a revision of it now. */
async function turnIntoRevision(post) {
  const { ok, data } = await ask(`posts/${post}/`);
  const { about } = composer;
  if (about.mode !== "draft" || about.post !== post || form.inert) return;
  if (ok && composer.isUnchanged()) {
    composer.load({ mode: "revise", post, revision: data.revision, words: data.words, held: data.held, stored: true });
  } else {
    // Whoever published it may have changed it: from revision 0, which is none, both texts are shown.
    const same = ok && data.revision === 1 && data.imprint === about.began;
    Object.assign(about, { mode: "revise", revision: same ? 1 : 0 });
    composer.show();
  }
  keep();
  dialogs.toast("This post has just gone out. What is in the composer is a revision of it now.");
}

/** Whoever only submits revises nothing: what they have changed since can be submitted anew. */
function turnIntoNew() {
  if (composer.isUnchanged()) {
    composer.clear();
    forget();
    dialogs.toast("This post has just gone out.");
    return;
  }
  Object.assign(composer.about, { mode: "new", post: null, began: "", key: newKey() });
  composer.show();
  keep();
  dialogs.toast("An editor has just published this post. What is in the composer can be submitted as a new one.");
}

/** The row that stands in the composer says so. */
function markOpen() {
  const place = document.getElementById("inbox");
  const open = composer.about.post && place.querySelector(`#row-${CSS.escape(composer.about.post)}`);
  for (const row of place.querySelectorAll("[aria-current]")) if (row !== open) row.removeAttribute("aria-current");
  open?.setAttribute("aria-current", "true");
  if (open) open.dataset.open = place.dataset.open;
}

form.addEventListener("composer:shown", markOpen);
heard((data) => {
  markOpen();
  tellOfHold();
  const { mode, post } = composer.about;
  if (mode !== "draft" || form.inert || !data.latest.some(({ id }) => id === post)) return;
  if (editor) turnIntoRevision(post);
  else turnIntoNew();
});

// What is pinned: a line at the head of the timeline, with the way to its row and off the top.

import { rows, tab } from "./desk-acts.js";
import { heard, older, refresh, view } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
const [title, off] = [at("pinned-to"), at("pinned-off")];
let post = "";

/** A post's row has the focus, wherever it is: out of the trash and of what was looked for, and down the pages. */
export async function goTo(post) {
  const row = () => at(`row-${post}`);
  tab("timeline");
  if (view.trash) at("trash").click();
  if (view.find && !row()) document.querySelector("#find [data-clear]").click();
  if (!row()) await refresh();
  while (!row() && (await older()));
  row()?.focus();
  row()?.scrollIntoView({ block: "nearest" });
}

function show({ pinned }) {
  if (pinned === undefined) return;
  post = pinned?.post || "";
  at("pinned-none").hidden = Boolean(pinned);
  title.hidden = !pinned;
  if (off) off.hidden = !pinned;
  if (title.textContent !== (pinned?.title || "")) title.textContent = pinned?.title || "";
}

heard(show);
title.addEventListener("click", () => goTo(post));
off?.addEventListener("click", () => {
  // Before it: the button goes, and the row keeps the focus when it is made anew.
  (at(`row-${post}`) || document.querySelector("#rows article"))?.focus({ preventScroll: true });
  return rows.unpin();
});

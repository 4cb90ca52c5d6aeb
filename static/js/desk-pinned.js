// What is pinned: a line at the head of the timeline, with the way to its row and off the top.

import { rows } from "./desk-acts.js";
import { heard, older, refresh, view } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
const [title, off] = [at("pinned-to"), at("pinned-off")];
let post = "";

const row = () => at(`row-${post}`);

/** Its row has the focus, wherever it is: out of the trash and of what was looked for, and down the pages. */
async function go() {
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
title.addEventListener("click", go);
off?.addEventListener("click", async () => {
  const there = row() || document.querySelector("#rows article");
  await rows.unpin();
  if (document.activeElement === document.body) there?.focus({ preventScroll: true });
});

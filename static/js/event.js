/*
 * The entry of an event's own page: the page, and what an embed has no room for. Older posts come
 * into this page, links to a post lead to the post that is here, and the counts stay right.
 */

import { Away } from "./away.js";
import { page } from "./page.js";
import { byId, focusOn, onLink, postsIn, take, write } from "./still.js";

const { live, posts } = page;

// --- older posts; on a page that begins with the oldest, later ones

const usual = posts.all().length;

/** Put what the link leads to behind what is here; where that cannot be, follow it if `isWanted`. */
async function more(link, isWanted, tries = 3) {
  const { href } = link;
  link.ariaBusy = true;
  try {
    const next = (await take(href)).getElementById("live");
    const { dataset } = next;
    const { epoch, sequence } = dataset;
    if (epoch !== live.dataset.epoch || !tries) throw epoch;
    // A cache gave a page from before what we have heard of its posts.
    if (sequence < posts.beyond) return setTimeout(() => more(link, isWanted, tries - 1), 1000);
    Object.assign(live.dataset, posts.edgeOf(dataset));
    const first = posts.append(postsIn(next));
    const isFocused = link === document.activeElement;
    page.lead(next);
    if (isFocused) focusOn(first);
  } catch {
    if (isWanted) location = href;
    else link.ariaBusy = null;
  }
}

// A window that has lost posts asks for more by itself.
const watcher = new IntersectionObserver((entries) => {
  const link = byId("older");
  if (link && !link.ariaBusy && entries.at(-1).isIntersecting && posts.all().length < usual) more(link);
});
const watch = () => watcher.observe(byId("older") ?? live);
watch();

onLink("#older", (link, e) => {
  e.preventDefault();
  if (!link.ariaBusy) more(link, true);
});

// --- links to posts

onLink("[data-to]", (link, e) => {
  const { to } = link.dataset;
  if (posts.pending.has(to)) page.show();
  const post = posts.find(to);
  // The pinned post's words are at the top, wherever its line is.
  const pinned = document.querySelector(`[data-pinned="${to}"] details`);
  if (!post && !pinned) return;
  e.preventDefault();
  // What unfolds over the page must not lie on what it led to.
  link.closest("#away details")?.removeAttribute("open");
  if (!pinned) return focusOn(post);
  pinned.open = true;
  pinned.firstElementChild.focus();
});

// --- how many there are

function count(name, number) {
  for (const b of live.querySelectorAll(`[data-count=${name}]`)) write(b, String(number));
}

live.addEventListener("lb:update", ({ detail: { updates, parts } }) => {
  // A process of the release before this one says none.
  for (const { total } of updates) if (total >= 0) count("all", total);
  // Without any, the part is empty.
  if ("keys" in parts) count("keys", parts.keys.match(/data-keys="(\d+)"/)?.[1] ?? 0);
});

live.addEventListener("lb:reset", ({ detail }) => {
  for (const b of detail.querySelectorAll("[data-count]")) count(b.dataset.count, b.textContent);
  watch();
});

new Away(page);

// --- paper unfolds nothing, and not every engine lets its style sheet do that

let folded = [];

addEventListener("beforeprint", () => {
  // Asked twice before it is done, it has opened them already.
  folded.push(...live.querySelectorAll("details:not([open])"));
  for (const details of folded) details.open = true;
});
addEventListener("afterprint", () => {
  for (const details of folded) details.open = false;
  folded = [];
});

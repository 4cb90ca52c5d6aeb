/*
 * How to change the page and leave alone whatever is read, selected, focused or playing: text
 * becomes nodes, one element becomes like another, and what is on the screen stays where it is.
 */

import { load } from "./connection.js";

const PLAYER = /^(AUDIO|VIDEO|IFRAME)$/;
let policy;
let owed = {};

/** Return the page's element of this id. */
export const byId = (id) => document.getElementById(id);

/**
 * Return `html` as a document of its own; nothing in it loads or runs before it is in the page.
 * The one place where text becomes nodes: the server's policy (nh3) has made it safe, ours names it.
 */
export function parse(html) {
  policy ??= globalThis.trustedTypes?.createPolicy("liveblog", { createHTML: (text) => text });
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
}

/** Give the focus to a post's heading, and so the screen. */
export function focusOn(post) {
  const heading = post?.querySelector("h3");
  if (!heading) return;
  heading.tabIndex = -1;
  heading.focus();
}

/** Call act(link, event) for a plain click on what `selector` finds, now or later. */
export function onLink(selector, act) {
  addEventListener("click", (e) => {
    const link = e.target.closest(selector);
    if (link && !e.ctrlKey && !e.metaKey && !e.shiftKey) act(link, e);
  });
}

/** The posts in the column of a page, or of what was taken. */
export const postsIn = (root) => [...root.querySelectorAll("#posts [data-post]")];

/** Take a page as a document, as it is now. */
export async function take(address) {
  return parse(await (await load(address)).text());
}

/** Write `text` unless it is there already: a selection in it would be lost. */
export function write(element, text) {
  if (element.textContent !== text) element.textContent = text;
  return element;
}

/** Return a new element, of a class and with a text where these are given. */
export function make(name, className = "", text = "") {
  return write(Object.assign(document.createElement(name), { className }), text);
}

/** Make `from` (in the page) like `to` (not in the page; its nodes may be taken). */
export function morph(from, to) {
  // A text, or a comment.
  if (!from.attributes) {
    from.nodeValue = to.nodeValue;
    return;
  }
  for (const { name } of [...from.attributes]) {
    // `open` is the reader's, `style` and `title` are the client's.
    if (!to.hasAttribute(name) && !/^(open|style|title|tabindex)$/.test(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (!PLAYER.test(from.nodeName)) morphChildren(from, to);
}

/** Make the children of `from` like those of `to`. */
export function morphChildren(from, to) {
  const wanted = [...to.childNodes];
  let here = from.firstChild;
  const remove = () => {
    const next = here.nextSibling;
    here.remove();
    here = next;
  };
  wanted.forEach((node, index) => {
    const match = find(here, node, wanted.slice(index + 1));
    if (!match) return from.insertBefore(node, here);
    while (here !== match) remove();
    if (!here.isEqualNode(node)) morph(here, node);
    here = here.nextSibling;
  });
  while (here) remove();
}

function find(here, node, later) {
  const rest = [];
  for (; here; here = here.nextSibling) rest.push(here);
  return (
    rest.find((candidate) => candidate.isEqualNode(node)) ??
    // One that equals a later node is kept for that.
    rest.find((candidate) => isAlike(candidate, node) && !later.some((other) => other.isEqualNode(candidate)))
  );
}

function isAlike(one, other) {
  // A class may change `position`, and that switches scroll anchoring off for the frame.
  const names = ["id", "class", PLAYER.test(one.nodeName) ? "src" : "id"];
  const isSame = (name) => one.getAttribute?.(name) === other.getAttribute?.(name);
  return one.nodeName === other.nodeName && names.every(isSame);
}

/** Whether any of the element, or the place where it would be, is on the screen. */
export function inView(element) {
  const { top, bottom } = element.getBoundingClientRect();
  return bottom >= 0 && top <= innerHeight;
}

/** Call `then` once, as soon as the element is off the screen. */
export function whenAway(element, then) {
  new IntersectionObserver((entries, observer) => {
    if (entries.at(-1).isIntersecting) return;
    observer.disconnect();
    then();
  }).observe(element);
}

/** Where an element is on the screen, in px. */
export const topOf = (element) => element.getBoundingClientRect().top;

/** Measure an element; return fix(other), which makes what then stands there take the same room. */
export function hold(element) {
  const { height } = element.getBoundingClientRect();
  const next = element.nextElementSibling;
  const before = next && topOf(next);
  return ({ style }) => {
    style.minBlockSize = `${height}px`;
    // Margins collapse otherwise than before.
    if (next) style.minBlockSize = `${height + before - topOf(next)}px`;
  };
}

/**
 * Run `change`, and see to it that the post being read stays where it is. Browsers with
 * scroll anchoring do that better than we can; only for the others do we.
 */
export function keep(change) {
  const { overflowAnchor = "none" } = getComputedStyle(document.documentElement);
  const read =
    overflowAnchor === "none" &&
    scrollY > 0 &&
    [...byId("posts").children].find((child) => child.getBoundingClientRect().bottom > 0);
  // Browsers scroll by whole pixels: what the last time left over is made good now.
  const before = read && topOf(read) - (owed.to === read ? owed.by : 0);
  change();
  if (!read?.isConnected) return;
  scrollBy({ top: topOf(read) - before, behavior: "instant" });
  owed = { to: read, by: topOf(read) - before };
}

/** Whether anything plays. */
export function isPlaying() {
  return [...document.querySelectorAll("audio, video")].some((player) => !player.paused);
}

/** Whether something is under way that new posts should not disturb. */
export function isBusy() {
  const { activeElement, hidden } = document;
  // The switch itself, and the button that is gone once it is tapped, are no place to read.
  const isFocused = !activeElement.matches("body, #auto, #pill");
  return hidden || isFocused || !getSelection().isCollapsed || isPlaying();
}

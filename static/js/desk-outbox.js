// What could not be sent for want of a line: kept in this browser, shown above the composer, sent when the line
// is back if the server finds it fresh. The server alone decides that; what it asks about waits for somebody.

import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { forget, keep } from "./desk-keep.js";
import { ask } from "./desk-send.js";
import { tab } from "./desk-tab.js";
import { heard, now, refresh } from "./desk-timeline.js";

const { event, user } = document.body.dataset;
const place = `desk.outbox.${event}.${user}`;
const box = document.getElementById("outbox");
const list = box.querySelector("ul");
const template = box.querySelector("template");
/** Milliseconds by which the server's clock is ahead of ours. */
let ahead = 0;
/** The keys of what this page is sending, or asks about before it is thrown away. */
const sending = new Set();
/** Milliseconds after which a text on its way is shown. */
const LONG = 500;

function read() {
  try { return JSON.parse(localStorage.getItem(place) || "[]"); } catch { return []; }
}

function write(items) {
  try {
    if (items.length) localStorage.setItem(place, JSON.stringify(items));
    else localStorage.removeItem(place);
  } catch { /* Full or forbidden. */ }
  show();
}

const find = (key) => read().find((item) => item.content.key === key);
const change = (key, more) => write(read().map((item) => (item.content.key === key ? { ...item, ...more } : item)));
const drop = (key) => write(read().filter((item) => item.content.key !== key));

/** When something is sent off, by the server's clock, and what this desk has seen: the server decides by them. */
export function moment() {
  return { composed_at: new Date(Date.now() + ahead).toISOString(), seen: now.sequence };
}

/**
 * Put into the outbox what could not be sent, or what is on its way (`going`) while the next one is written;
 * answers whether this browser keeps it: where it keeps nothing, the text is to stay in the composer.
 */
export function put(content, whole, going = false) {
  const item = { content, whole, said: "", going: going ? Date.now() : 0, tab };
  write([...read().filter((one) => one.content.key !== content.key), item]);
  if (going && waits(content.key)) {
    sending.add(content.key);
    setTimeout(show, LONG + 20);
  } else {
    sending.delete(content.key);
  }
  return waits(content.key);
}

/** It is out, or back in the composer. */
export function take(key) {
  sending.delete(key);
  drop(key);
}

/** It was refused while something else is written: it stays here and says why. */
export function stay(key, said) {
  sending.delete(key);
  change(key, { said, stays: true, going: 0 });
  dialogs.toast(said);
}

/** Whether a kept text waits here already. */
export const waits = (key) => find(key) !== undefined;

function show() {
  const there = new Map(Array.from(list.children, (child) => [child.dataset.key, child]));
  // What is under way for a moment only would make the composer jump.
  const items = read().filter(({ content, going }) => !going || there.has(content.key) || Date.now() - going >= LONG);
  box.hidden = !items.length;
  for (const { content, said, going } of items) {
    const line = there.get(content.key) || template.content.firstElementChild.cloneNode(true);
    there.delete(content.key);
    if (!line.dataset.key) list.append(line);
    line.dataset.key = content.key;
    line.querySelector("strong").textContent = content.words.headline || box.dataset.untitled;
    const text = going ? box.dataset.going : said || box.dataset.waits;
    line.querySelector(".acts").hidden = Boolean(going);
    const about = line.querySelector(".about");
    if (about.textContent !== text) about.textContent = text;
  }
  for (const gone of there.values()) gone.remove();
}

async function sendOne(item, sure) {
  const { key } = item.content;
  if (sending.has(key)) return;
  sending.add(key);
  change(key, { going: Date.now(), tab });
  const answer = await ask("deeds/publish/", { ...item.content, waited: true, sure });
  sending.delete(key);
  if (answer.ok) {
    drop(key);
    // The server's copy of these words could not be forgotten without a line.
    if (composer.isEmpty()) forget();
    dialogs.toast(answer.data.message);
    await refresh();
  } else {
    change(key, { going: 0, ...(answer.status !== 0 && { said: answer.data.error, stays: true }) });
  }
}

async function sendAll() {
  // Another window is sending it at this moment, unless it was closed over it.
  const underWay = (item) => item.going && item.tab !== tab && Date.now() - item.going < 20000;
  for (const { content } of read()) {
    // It may have been thrown away, or taken back into the composer, while the one before it went out.
    const item = find(content.key);
    if (item && !item.stays && !underWay(item)) await sendOne(item, false);
  }
}

function back(item) {
  if (!composer.isEmpty()) { dialogs.toast(box.dataset.full); return; }
  drop(item.content.key);
  // With its key: it may be out, its answer lost.
  composer.load(item.whole);
  keep();
  composer.focus();
}

async function throwAway({ content: { key, words } }, yes) {
  // It must not go out while somebody is asked whether it should.
  sending.add(key);
  const sure = await dialogs.question({ title: box.dataset.sure, text: words.headline, yes });
  sending.delete(key);
  if (sure !== null) drop(key);
}

async function pressed(e) {
  const button = e.target.closest("[data-outbox]");
  if (!button) return;
  const { key } = button.closest("li").dataset;
  const item = find(key);
  if (!item) { show(); return; }
  if (button.dataset.outbox === "send") await sendOne(item, true);
  else if (button.dataset.outbox === "back") back(item);
  else await throwAway(item, button.textContent);
  const lost = () => !document.activeElement || document.activeElement === document.body;
  // While it was on its way there was no button.
  if (lost()) button.focus();
  if (lost()) composer.focus();
}

list.addEventListener("click", pressed);
addEventListener("storage", (e) => { if (e.key === place) show(); });
// An answer came, so there is a line.
heard((data) => {
  ahead = Date.parse(data.at) - Date.now();
  sendAll();
});
show();

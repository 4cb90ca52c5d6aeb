// Nothing typed is lost: a copy in this browser at once, one on the server every few seconds; each tab has its own.

import { content, isEmpty, isUnchanged } from "./desk-composer.js";
import { ask } from "./desk-send.js";
import { living, mayBeOpen, tab } from "./desk-tab.js";
import { heard } from "./desk-timeline.js";

const { event, user, saved } = document.body.dataset;
const prefix = `desk.kept.${event}.${user}.`;
const status = document.getElementById("kept");
/** Milliseconds: until a copy is in this browser; until one goes to the server after a pause, and without any. */
const [SOON, PAUSE, LATEST] = [100, 1000, 4000];
let soon = 0;
let later = 0;
let waitsSince = 0;
let onServer = "";
/** Whether the server has not heard of the last change, for want of a line or of a login. */
let missed = false;
let sending = Promise.resolve();

// As the clocks of the header are shown.
const clock = () => new Date().toLocaleTimeString("en-GB", { hour: "2-digit", minute: "2-digit", hourCycle: "h23" });
/** What is in the composer, as it is kept; empty for nothing. */
const now = () => (isEmpty() ? "" : JSON.stringify(content()));
const dated = (text) => (text ? JSON.stringify({ ...JSON.parse(text), at: Date.now() }) : "");

function write(id, text) {
  try {
    if (text) localStorage.setItem(prefix + id, text);
    else localStorage.removeItem(prefix + id);
  } catch { /* Full or forbidden: the server's copy remains. */ }
}

function keepHere() {
  clearTimeout(soon);
  soon = 0;
  write(tab, dated(now()));
}

/** Keep what is in the composer. */
export function keep() {
  // Not at each key: a long text takes a while to be read.
  soon ||= setTimeout(keepHere, SOON);
  waitsSince ||= Date.now();
  clearTimeout(later);
  const wait = isEmpty() ? 200 : Math.min(PAUSE, Math.max(0, waitsSince + LATEST - Date.now()));
  later = setTimeout(keepThere, wait);
}

/** One after the other: an older text must not arrive after a newer one. */
function keepThere() {
  clearTimeout(later);
  later = waitsSince = 0;
  sending = sending.then(sendThere);
}

async function sendThere() {
  const text = now();
  if (text === onServer) {
    missed = false;
    if (!text) status.textContent = "";
    return;
  }
  const answer = await ask("autosave/", { composer: tab, content: text ? JSON.parse(dated(text)) : null });
  if (answer.ok) onServer = text;
  // What it refuses it would refuse again.
  missed = !answer.ok && answer.status !== 400;
  status.textContent = text && !isUnchanged() ? status.dataset[answer.ok ? "kept" : "here"].replace("{time}", clock()) : "";
}

/** It is out, or thrown away: forget both copies. */
export function forget() {
  keepHere();
  keepThere();
  status.textContent = "";
}

/** Keep a text that leaves the composer unsent, as one of its own: `id` says which. */
export function keepOther(id, one) {
  const kept = { ...one, at: Date.now() };
  write(id, JSON.stringify(kept));
  ask("autosave/", { composer: id, content: kept });
}

/** Forget what another tab kept: it is here now, or thrown away. */
export async function forgetOther(id) {
  write(id, "");
  await ask("autosave/", { composer: id, content: null });
}

function parsed(text) {
  try { return text ? JSON.parse(text) : null; } catch { return null; }
}

/** All copies: composer -> {content, elsewhere}; of two of one composer the newer counts. */
function copies() {
  const found = new Map();
  for (const { composer, live, content: one } of parsed(saved) || []) {
    found.set(composer, { content: one, elsewhere: live && mayBeOpen(composer) });
  }
  // Something is there: it is to be forgotten even when nothing is written any more.
  if (found.has(tab)) onServer = "?";
  let names = [];
  try { names = Object.keys(localStorage).filter((name) => name.startsWith(prefix)); } catch { /* Forbidden. */ }
  for (const name of names) {
    const one = parsed(localStorage.getItem(name));
    const composer = name.slice(prefix.length);
    const there = found.get(composer);
    // Of two copies the newer counts.
    const newer = there && there.content.at > one?.at ? there.content : one;
    if (newer) found.set(composer, { content: newer, elsewhere: Boolean(there?.elsewhere && mayBeOpen(composer)) });
  }
  return found;
}

/**
 * What was kept and not sent: `mine` is what belongs into this composer, null for nothing; `others` are
 * further ones, `{composer, content, elsewhere}`, newest first. What another open tab here holds is none of them;
 * what was put aside comes back only to whoever asks for it.
 */
export async function kept() {
  const open = await living();
  const all = Array.from(copies(), ([composer, one]) => ({ composer, ...one }))
    .filter(({ composer, content: one }) => one && (composer === tab || !open.has(composer)))
    .sort((one, two) => (two.content.at || 0) - (one.content.at || 0));
  const mine = all.find(({ composer }) => composer === tab) || all.find(({ elsewhere, content: one }) => !elsewhere && !one.aside) || null;
  return { mine, others: all.filter((one) => one !== mine) };
}

// An answer came, so there is a line: what was typed without one need not wait for the next key.
heard(() => { if (missed) keepThere(); });
addEventListener("pagehide", keepHere);
document.addEventListener("visibilitychange", () => {
  if (document.hidden) { keepHere(); if (later) keepThere(); }
});

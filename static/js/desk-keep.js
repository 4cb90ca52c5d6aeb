// Nothing typed is lost: a copy in this browser at once, one on the server every few seconds.

import { content, isEmpty } from "./desk-composer.js";
import { ask } from "./desk-send.js";

const { event, user, saved } = document.body.dataset;
const place = `desk.${event}.${user}`;
const status = document.getElementById("kept");
let timer = 0;
let onServer = saved || "";

const clock = () => new Date().toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", second: "2-digit" });

function here(text) {
  try {
    if (text) localStorage.setItem(place, text);
    else localStorage.removeItem(place);
  } catch { /* Full or forbidden: the server's copy remains. */ }
}

/** Keep what is in the composer now. */
export function keep() {
  const text = isEmpty() ? "" : JSON.stringify({ ...content(), at: Date.now() });
  here(text);
  clearTimeout(timer);
  timer = setTimeout(() => keepThere(text), text ? 3000 : 200);
}

async function keepThere(text) {
  if (text === onServer) return;
  const answer = await ask("autosave/", { content: text ? JSON.parse(text) : null });
  if (answer.ok) {
    onServer = text;
    status.textContent = text ? `Kept ${clock()}` : "";
  } else {
    status.textContent = "Kept in this browser only";
  }
}

/** It is out, or thrown away: forget both copies. */
export function forget() {
  here("");
  clearTimeout(timer);
  if (onServer) keepThere("");
  status.textContent = "";
}

/** What was kept last, here or on the server; null when there is nothing. */
export function kept() {
  let best = null;
  let local = "";
  try { local = localStorage.getItem(place) || ""; } catch { /* Forbidden. */ }
  for (const text of [local, saved]) {
    try {
      const one = text ? JSON.parse(text) : null;
      if (one && (!best || one.at > best.at)) best = one;
    } catch { /* Not ours. */ }
  }
  return best;
}

addEventListener("pagehide", () => here(isEmpty() ? "" : JSON.stringify({ ...content(), at: Date.now() })));

// Which tab of the desk this is. Each has a composer of its own: two of one person never write over each other.

import { newKey } from "./desk-send.js";

const { event, user } = document.body.dataset;
const place = "desk.tab";
const lockOf = (id) => `desk.${event}.${user}.${id}`;

/** Hold the lock of a tab for as long as this page lives; answers false when another page has it. */
function hold(id) {
  // Only pages that came over a safe line have locks; without them the newest copy counts, as it always did.
  if (!navigator.locks) return true;
  return new Promise((resolve) => {
    // After a reload the former page may still be on its way out.
    navigator.locks.request(lockOf(id), { signal: AbortSignal.timeout(500) }, () => {
      resolve(true);
      return new Promise(() => {});
    }).catch(() => resolve(false));
  });
}

async function find() {
  let known = "";
  try { known = sessionStorage.getItem(place) || ""; } catch { /* Forbidden: another one with each load. */ }
  // A tab that was duplicated has the name of the other.
  if (known && (await hold(known))) return known;
  const fresh = newKey().slice(5, 23);
  await hold(fresh);
  try { sessionStorage.setItem(place, fresh); } catch { /* Forbidden. */ }
  return fresh;
}

/** The name of this tab, the same after a reload. */
export const tab = await find();

/** The names of the last tabs of this browser: a killed one leaves its text on the server alone. */
function remember() {
  const known = `desk-tabs.${event}.${user}`;
  try {
    const names = (localStorage.getItem(known) || "").split(" ").filter((name) => name && name !== tab);
    localStorage.setItem(known, [...names, tab].slice(-20).join(" "));
    return new Set(names);
  } catch { return new Set(); }
}

const before = remember();

/** Whether that tab, of which the server has heard a moment ago, may be open: without locks nobody here knows better. */
export const mayBeOpen = (id) => !navigator.locks || !before.has(id);

/** The names of the tabs of this browser that are open at this event's desk. */
export async function living() {
  const { held = [] } = (await navigator.locks?.query()) || {};
  const prefix = lockOf("");
  return new Set(held.filter(({ name }) => name.startsWith(prefix)).map(({ name }) => name.slice(prefix.length)));
}

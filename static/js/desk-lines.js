// Under each source of the composer: the line that readers will see of it, made by the server in the event's language.

import { about } from "./desk-composer.js";
import { ask } from "./desk-send.js";
import { isSaid, readSources } from "./desk-sources.js";
import { whole } from "./desk-times.js";

const list = document.getElementById("attributions");
/** Milliseconds after the last key. */
const PAUSE = 350;
let waiting = 0;
let shown = "";
/** The first of the rows that were looked at: those that are made anew have no line yet, whatever they say. */
let first = null;

function lay(lines) {
  for (const [place, row] of Array.from(list.children).entries()) {
    const line = row.querySelector("[data-line]");
    const text = lines[place] || "";
    line.hidden = !text;
    if (line.lastElementChild.textContent !== text) line.lastElementChild.textContent = text;
  }
}

async function look() {
  const rows = readSources();
  const text = JSON.stringify(rows);
  if (text === shown && first === list.firstElementChild) return;
  shown = text;
  first = list.firstElementChild;
  if (!rows.some(isSaid)) { lay([]); return; }
  const answer = await ask("lines/", { attributions: rows.map((row) => ({ ...row, said_at: whole(row.said_at) })), post: about.post });
  // Something else is written there by now.
  if (text !== shown) return;
  if (answer.ok) lay(answer.data.lines.map((line, place) => (isSaid(rows[place]) ? line : "")));
  else shown = "";
}

function soon() {
  clearTimeout(waiting);
  waiting = setTimeout(look, PAUSE);
}

for (const name of ["input", "change", "composer:shown"]) document.getElementById("composer").addEventListener(name, soon);

// The desk: ties the composer, the timeline, the inbox and the header together.

import { rows, steers, tab } from "./desk-acts.js";
import * as composer from "./desk-composer.js";
import { tick } from "./desk-clock.js";
import { keep, kept } from "./desk-keep.js";
import { listen } from "./desk-listen.js";
import { addSource } from "./desk-sources.js";
import { clear, send, sendDefault } from "./desk-writing.js";
import "./desk-amber.js";
import "./desk-ending.js";
import "./desk-event.js";
import "./desk-handing.js";
import "./desk-history.js";
import "./desk-preview.js";
import "./desk-rows.js";
import "./desk-schedule.js";
import "./desk-steer.js";
import "./desk-strip.js";
import "./desk-summary.js";
import "./desk-trash.js";
import "./desk-unread.js";

const at = (id) => document.getElementById(id);
const form = at("composer");

function keys(e) {
  const chord = (e.ctrlKey || e.metaKey) && e.key === "Enter";
  if (chord && !document.querySelector("dialog[open]")) {
    // Before the editor, for which it is a line break.
    e.preventDefault();
    e.stopPropagation();
    sendDefault();
  } else if (e.altKey && !e.ctrlKey && e.code === "KeyS") {
    e.preventDefault();
    addSource();
  } else if (e.altKey && !e.ctrlKey && e.code === "KeyK") {
    e.preventDefault();
    at("key_event").click();
  } else if (e.altKey && !e.ctrlKey && e.code === "KeyZ") {
    const undo = document.querySelector("#toast:not([hidden]) button:not([hidden])");
    if (undo) { e.preventDefault(); undo.click(); }
  }
}

form.addEventListener("submit", (e) => { e.preventDefault(); sendDefault(); });
form.addEventListener("input", keep);
form.addEventListener("change", keep);
document.addEventListener("keydown", keys, true);
at("draft").addEventListener("click", () => send("draft"));
at("clear").addEventListener("click", clear);
at("add-source").addEventListener("click", () => addSource());
for (const place of [at("rows"), at("inbox")]) {
  place.addEventListener("click", (e) => {
    const button = e.target.closest("[data-act]");
    if (button) rows[button.dataset.act](button.closest("[data-id]").dataset.id, button);
  });
}
for (const button of document.querySelectorAll("[data-steer]")) button.addEventListener("click", () => steers[button.dataset.steer]());
for (const button of document.querySelectorAll("[data-tab-to]")) button.addEventListener("click", () => tab(button.dataset.tabTo));

const before = kept();
if (before) {
  composer.load(before);
  at("kept").textContent = "Brought back what you had not sent";
} else {
  composer.show();
}
tick();
listen();

// The desk: ties the composer, the timeline, the inbox and the header together.

import { rows, steers, tab } from "./desk-acts.js";
import * as composer from "./desk-composer.js";
import { tick } from "./desk-clock.js";
import { keep } from "./desk-keep.js";
import { bringBack } from "./desk-kept.js";
import { bind, bindRows } from "./desk-keys.js";
import { listen } from "./desk-listen.js";
import { addSource } from "./desk-sources.js";
import { toToolbar } from "./desk-toolbar.js";
import { clear, send, sendDefault } from "./desk-writing.js";
import "./desk-amber.js";
import "./desk-change.js";
import "./desk-ending.js";
import "./desk-event.js";
import "./desk-find.js";
import "./desk-handed.js";
import "./desk-handing.js";
import "./desk-history.js";
import "./desk-kinds.js";
import "./desk-lines.js";
import "./desk-meanwhile.js";
import "./desk-mention.js";
import "./desk-pinned.js";
import "./desk-preview.js";
import "./desk-rows.js";
import "./desk-schedule.js";
import "./desk-steer.js";
import "./desk-strip.js";
import "./desk-summary.js";
import "./desk-trash.js";
import "./desk-unsourced.js";
import "./desk-unread.js";

const at = (id) => document.getElementById(id);
const form = at("composer");

const { dataset: labels } = at("keys");

/** Whoever only looks on has no composer. */
const writes = !form.closest("[hidden]");

/** Press a button if it can be pressed now. */
function click(button) {
  if (!button || button.closest("[hidden]")) return false;
  button.click();
  return true;
}

/** Turn one of the post's options on or off, also where it is out of sight, and say so to whoever does not look. */
function turn(box) {
  if (!click(box)) return false;
  const name = box.nextElementSibling.firstChild.textContent.trim();
  at("toggled").textContent = at("toggled").dataset[box.checked ? "on" : "off"].replace("{name}", name);
  return true;
}

if (writes) {
  bind("Mod+Enter", labels.publish, () => { sendDefault(); });
  bind("Alt+KeyD", labels.draft, () => click(at("draft")));
  bind("Alt+KeyK", labels.keyEvent, () => turn(at("key_event")));
  bind("Alt+KeyP", labels.pinNew, () => turn(at("pin")));
  bind("Alt+KeyS", labels.source, () => { addSource(); });
  bind("Alt+KeyV", labels.preview, () => click(at("show-preview")));
  bind("Alt+KeyC", labels.composer, () => { tab("write"); composer.focus(); });
  bind("Alt+F10", labels.toolbar, () => toToolbar(document.querySelector(".composer .prose-editor")));
}
bind("Alt+KeyZ", labels.undo, () => click(document.querySelector("#toast [data-undo]:not([hidden])")));
bindRows();

form.addEventListener("submit", (e) => { e.preventDefault(); sendDefault(); });
form.addEventListener("input", keep);
form.addEventListener("change", keep);
// It may have been turned by its key, and what belongs to it opens below: perhaps out of sight.
for (const box of [at("key_event"), at("pin")]) box?.addEventListener("change", () => box.closest(".options").scrollIntoView({ block: "nearest" }));
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

if (writes) await bringBack();
else tab("timeline");
tick();
listen();

// The header's strip: readers, delay, why nothing goes out, and whether it is still live.

import { steers } from "./desk-acts.js";
import { heard } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
/** The time of the last post for which somebody here has said "still live". */
let answered = "";

/** Who reads now, and how late; what this process does not know stands nowhere. */
function showReaders(readers, delay) {
  document.querySelector(".read").hidden = readers === null;
  if (readers !== null) at("readers").textContent = readers.toLocaleString("en");
  at("readers-word").textContent = at("readers-word").dataset[readers === 1 ? "one" : "many"];
  at("delay").hidden = delay === null;
  if (delay !== null) at("delay").textContent = at("delay").dataset.text.replace("{seconds}", Math.max(0.1, delay).toFixed(1));
}

function showClosed(closed, frozen) {
  const box = at("closed");
  box.hidden = !closed;
  document.body.dataset.closed = closed ? "yes" : "";
  // A status is read out when its words change, not with every answer.
  if (at("closed-why").textContent !== (closed?.why || "")) at("closed-why").textContent = closed?.why || "";
  for (const button of box.querySelectorAll("[data-steer]")) button.hidden = (button.dataset.steer === "unfreeze") !== frozen;
  for (const button of document.querySelectorAll('#publish, #preview-publish, [data-act="publish"], [data-act="saw"], #send-summary')) {
    // Only words: who presses all the same is told why by the server.
    if (closed) button.dataset.closed = closed.short;
    else delete button.dataset.closed;
  }
}

function showVisibility({ is, label }) {
  const badge = at("visibility");
  badge.dataset.is = document.body.dataset.visibility = is;
  if (badge.textContent !== label) badge.textContent = label;
}

function showQuiet(since) {
  const asked = Boolean(since) && since !== answered;
  at("quiet").hidden = !asked;
  document.body.dataset.quiet = since ? "yes" : "";
  const text = since ? at("quiet-text").dataset.text.replace("{time}", since) : "";
  if (at("quiet-text").textContent !== text) at("quiet-text").textContent = text;
}

heard((data) => {
  showReaders(data.readers, data.delay);
  at("page").hidden = !data.page;
  at("page").href = data.page;
  at("quiet").dataset.since = data.quiet;
  at("rows-empty").hidden = Boolean(document.querySelector("#rows article"));
  if (data.visibility) showVisibility(data.visibility);
  showClosed(data.closed, data.frozen);
  showQuiet(data.quiet);
});

// On a phone the header is one line, until it is unfolded.
at("unfold").addEventListener("click", () => {
  const open = document.body.dataset.unfolded !== "yes";
  document.body.dataset.unfolded = open ? "yes" : "";
  at("unfold").setAttribute("aria-expanded", String(open));
});
for (const button of document.querySelectorAll("button[data-quiet]")) {
  button.addEventListener("click", () => {
    if (button.dataset.quiet !== "still") { steers[button.dataset.quiet](); return; }
    answered = at("quiet").dataset.since;
    showQuiet(answered);
    at("headline").focus();
  });
}

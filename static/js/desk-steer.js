// The deeds on the event: go live, pause. Its end is in desk-ending.js.

import { act, steers, tell } from "./desk-acts.js";
import { heard } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);

Object.assign(steers, {
  open: () => act("open", {}),
  pause: () => tell({ title: "Pause the coverage?", text: "Readers see this sentence, such as “We are back at six”.", yes: "Pause", room: 200 }, "pause", {}),
});

/** What whoever publishes now should know, above the buttons. */
function showAside(state) {
  const box = at("composing-state");
  if (!box) return;
  const text = box.dataset[state] || "";
  box.hidden = !text;
  if (box.firstElementChild.textContent !== text) box.firstElementChild.textContent = text;
}

function showState(data) {
  document.body.dataset.state = data.state;
  if (at("state").textContent !== data.state_label) at("state").textContent = data.state_label;
  const shown = { open: data.state !== "live", pause: data.state === "live", end: ["live", "paused"].includes(data.state) };
  showAside(data.state);
  for (const [name, yes] of Object.entries(shown)) {
    const button = document.querySelector(`.steer [data-steer="${name}"]`);
    if (button) button.hidden = !yes;
  }
}

heard(showState);

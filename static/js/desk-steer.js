// The deeds on the event: go live, pause. Its end is in desk-ending.js.

import { act, steers, tell } from "./desk-acts.js";
import { heard } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);

/** Nobody can read it: whether to go live all the same; answers "public", "private" or "no". */
function askWho() {
  const dialog = at("go-live");
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => { dialog.onclose = () => resolve(dialog.returnValue); });
}

Object.assign(steers, {
  open: async () => {
    const choice = document.body.dataset.visibility === "private" ? await askWho() : "private";
    if (choice !== "no") await act("open", { public: choice === "public" });
  },
  pause: () => tell({ title: "Pause the coverage?", text: "Readers see this sentence, such as “We are back at six”.", yes: "Pause", room: 200 }, "pause", {}),
});

/** What whoever publishes now should know, above the buttons. */
function showAside({ state, visibility, closed }) {
  const box = at("composing-state");
  if (!box) return;
  // Where nothing goes out, the header's banner says why.
  const text = closed ? "" : box.dataset[visibility.is === "private" ? "private" : state] || "";
  box.hidden = !text;
  const live = box.querySelector("[data-steer]");
  if (live) live.hidden = state === "live";
  if (box.firstElementChild.textContent !== text) box.firstElementChild.textContent = text;
}

function showState(data) {
  document.body.dataset.state = data.state;
  if (at("state").textContent !== data.state_label) at("state").textContent = data.state_label;
  const shown = { open: data.state !== "live", pause: data.state === "live", end: ["live", "paused"].includes(data.state) };
  showAside(data);
  for (const [name, yes] of Object.entries(shown)) {
    const button = document.querySelector(`.steer [data-steer="${name}"]`);
    if (button) button.hidden = !yes;
  }
}

heard(showState);

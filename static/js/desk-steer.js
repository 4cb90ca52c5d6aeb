// The deeds on the event: go live, pause, end.

import { act, steers } from "./desk-acts.js";
import * as dialogs from "./desk-dialogs.js";
import { heard } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);

Object.assign(steers, {
  open: () => act("open", {}),
  pause: async () => {
    const note = await dialogs.question({ title: "Pause the coverage?", text: "Readers see this sentence, such as “We are back at six”.", yes: "Pause", sentence: true });
    if (note !== null) await act("pause", { note });
  },
  end: async () => {
    const sure = await dialogs.question({ title: "End the coverage?", text: "Readers see that it has ended. Corrections can still go out.", yes: "End" });
    if (sure !== null) await act("end", {});
  },
});

function showState(data) {
  document.body.dataset.state = data.state;
  at("state").textContent = data.frozen ? `${data.state_label}, frozen` : data.state_label;
  const shown = { open: data.state !== "live", pause: data.state === "live", end: ["live", "paused"].includes(data.state) };
  for (const button of document.querySelectorAll("[data-steer]")) button.hidden = !shown[button.dataset.steer];
}

heard(showState);

// What was withdrawn or taken back, in the place of the timeline.

import { heard, showTrash, view } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);

heard(() => {
  at("trash-empty").hidden = !view.trash || at("rows").childElementCount > 0;
  if (view.trash || view.find) at("rows-empty").hidden = true;
});

at("trash").addEventListener("click", () => {
  const trash = !view.trash;
  at("trash").setAttribute("aria-pressed", String(trash));
  at("timeline-title").textContent = at("timeline-title").dataset[trash ? "trash" : "timeline"];
  showTrash(trash);
});

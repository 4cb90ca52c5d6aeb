// What becomes of the composer's post while it is written on.

import * as composer from "./desk-composer.js";
import { heard } from "./desk-timeline.js";

/** Warn of a hold. Whoever did not know of it when they began is asked all the same before it is shown again. */
function tellOfHold() {
  const { about } = composer;
  const row = about.mode === "revise" && document.getElementById(`row-${about.post}`);
  if (!row) return;
  const onHold = row.classList.contains("hold");
  if (!onHold) about.held = false;
  if (onHold === about.onHold) return;
  about.onHold = onHold;
  composer.show();
}

heard(tellOfHold);

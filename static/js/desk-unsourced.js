// One quiet line above Publish while a post says neither who says so nor that we saw it ourselves.

import { about, isEmpty } from "./desk-composer.js";
import { isSaid, readSources, sawIt, unfinished } from "./desk-sources.js";

const form = document.getElementById("composer");
const line = document.getElementById("unsourced");
const saw = document.getElementById("saw-it");
const why = document.getElementById("unsourced-why");

function look() {
  // What is public has its line already; who is at work on a source needs no word of it.
  const said = about.mode === "revise" || form.elements.kind.value === "correction" || isEmpty() || readSources().some(isSaid) || unfinished() !== null;
  line.hidden = said;
  // What somebody else reports, we have not seen.
  saw.hidden = form.elements.kind.value === "elsewhere";
  // Empty while it is not seen: the button is described by it.
  const text = said ? "" : why.dataset[about.approves ? "approve" : "own"];
  if (why.textContent !== text) why.textContent = text;
}

saw.addEventListener("click", () => {
  sawIt();
  look();
  (document.getElementById("publish") || document.getElementById("submit")).focus();
});
for (const name of ["change", "composer:shown"]) form.addEventListener(name, look);

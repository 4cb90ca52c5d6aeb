// What kind of change it is, in the composer and where an earlier version is brought back: what a correction does
// more is said before it is stored, and what was asked for is asked no longer once it is there.

import { trouble } from "./desk-composer.js";

const at = (id) => document.getElementById(id);

/** Take away what was asked for; where it is about something else, it stays. */
function answered(form, fieldset) {
  if (form.id !== "composer") at("bring-trouble").hidden = true;
  else if (fieldset.querySelector("[aria-invalid]")) trouble("");
}

for (const fieldset of document.querySelectorAll(".changes")) {
  const { form } = fieldset;
  const says = at("change-says").content.firstElementChild.cloneNode(true);
  const show = () => {
    const text = says.dataset[form.elements.change.value] || "";
    if (says.textContent !== text) says.textContent = text;
  };
  fieldset.querySelector(".field").before(says);
  for (const type of ["composer:shown", "input"]) form.addEventListener(type, show);
  form.addEventListener("reset", () => { says.textContent = ""; });
  fieldset.addEventListener("input", (e) => {
    if (e.target.name !== "note" || e.target.value.trim()) answered(form, fieldset);
  });
  show();
}

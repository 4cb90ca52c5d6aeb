// Search and filters of the timeline; what is looked for stands in the address, so that a reload keeps it.

import { heard, look, view } from "./desk-timeline.js";

const form = document.getElementById("find");
const none = document.getElementById("find-none");
const FIELDS = ["q", "author", "source", "kind", "state", "key"];
let timer = 0;

function read() {
  const asked = new URLSearchParams();
  for (const name of FIELDS) {
    const field = form.elements[name];
    const value = field.type === "checkbox" ? (field.checked ? "1" : "") : field.value.trim();
    if (value) asked.set(name, value);
  }
  return asked.toString();
}

function fill() {
  const asked = new URLSearchParams(location.hash.slice(1));
  for (const name of FIELDS) {
    const field = form.elements[name];
    if (field.type === "checkbox") field.checked = asked.get(name) === "1";
    else field.value = asked.get(name) || "";
  }
}

function find() {
  clearTimeout(timer);
  const asked = read();
  if (asked === view.find) return;
  history.replaceState(null, "", asked ? `#${asked}` : location.pathname + location.search);
  form.querySelector("[data-clear]").hidden = !asked;
  look(asked);
}

form.addEventListener("submit", (e) => { e.preventDefault(); find(); });
form.addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(find, 250); });
form.addEventListener("change", find);
form.querySelector("[data-clear]").addEventListener("click", () => { form.reset(); find(); form.elements.q.focus(); });
heard((data) => {
  none.hidden = !view.find || data.posts.length > 0;
});
fill();
if (read()) {
  form.closest("details").open = true;
  find();
}

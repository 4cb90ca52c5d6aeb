// A new source, made in the row in which it is named; those that have a like name already are offered first.

import { ask } from "./desk-send.js";

/** Milliseconds after the last key. */
const PAUSE = 250;

const boxOf = (row) => row.querySelector("[data-new]");
const nameOf = (box) => box.querySelector('[data-new-field="name"]');

/** Name the sources that are like what is typed as a name; answers how many. */
async function showAlike(box) {
  const typed = nameOf(box).value.trim();
  const answer = typed ? await ask(`sources/?like=${encodeURIComponent(typed)}`) : { ok: true, data: { sources: [] } };
  // It has another name by now.
  if (!answer.ok || typed !== nameOf(box).value.trim()) return 0;
  const place = box.querySelector("[data-alike]");
  place.hidden = !answer.data.sources.length;
  place.lastElementChild.replaceChildren(...answer.data.sources.map((source) => {
    const button = Object.assign(document.createElement("button"), { type: "button", textContent: source.label, dir: "auto" });
    Object.assign(button.dataset, { id: source.id, label: source.label, type: source.type });
    return button;
  }));
  return answer.data.sources.length;
}

/** Say how readers are told who it is. */
function showIntroduced(box) {
  const says = box.querySelector("[data-introduces]");
  const given = ["name", "role", "organisation"].map((name) => box.querySelector(`[data-new-field="${name}"]`).value.trim());
  says.querySelector("b").textContent = given.filter(Boolean).join(says.dataset.comma);
}

function refuse(box, why) {
  const place = box.querySelector("[data-refused]");
  place.textContent = why;
  place.hidden = !why;
}

/** Begin to make a source of this name in the row; answers how many there are of a like name. */
export async function openNew(row, name) {
  const box = boxOf(row);
  box.hidden = false;
  box.querySelector("[data-alike]").hidden = true;
  nameOf(box).value = name;
  refuse(box, "");
  showIntroduced(box);
  if (row.querySelector('[data-field="basis"]').value === "outlet") box.querySelector('[data-new-field="speaker_type"]').value = "outlet";
  box.querySelector('[data-new-field="role"]').focus();
  box.scrollIntoView({ block: "nearest" });
  const count = await showAlike(box);
  if (count) box.scrollIntoView({ block: "nearest" });
  return count;
}

/** Keep the new source of a row, and `take` it; answers why it is refused, empty for kept. */
export async function keepNew(row, take) {
  const box = boxOf(row);
  const content = {};
  for (const given of box.querySelectorAll("[data-new-field]")) content[given.dataset.newField] = given.value;
  const answer = await ask("sources/", content);
  refuse(box, answer.ok ? "" : answer.data.error);
  if (!answer.ok) return answer.data.error;
  box.hidden = true;
  take(answer.data.source);
  return "";
}

/** Bind the fields and buttons of a row's new source; `input` is where one goes on when it is kept or dropped. */
export function wireNew(row, input, take) {
  const box = boxOf(row);
  let waiting = 0;
  const close = () => { box.hidden = true; input.focus(); };
  const make = async () => {
    if (await keepNew(row, take)) return;
    // What was said comes next.
    const quote = row.querySelector('[data-field="quote"]');
    const isQuote = document.getElementById("composer").elements.kind.value === "quote";
    (isQuote && !quote.value.trim() ? quote : input).focus();
  };
  box.querySelector("[data-make]").addEventListener("click", make);
  box.querySelector("[data-cancel]").addEventListener("click", close);
  box.addEventListener("input", () => showIntroduced(box));
  nameOf(box).addEventListener("input", () => { clearTimeout(waiting); waiting = setTimeout(showAlike, PAUSE, box); });
  box.querySelector("[data-alike]").addEventListener("click", (e) => {
    const { dataset } = e.target.closest("button") || {};
    if (!dataset) return;
    close();
    take({ id: dataset.id, label: dataset.label, type: dataset.type });
  });
  box.addEventListener("keydown", (e) => {
    if (e.key === "Enter" && !e.ctrlKey && !e.metaKey && e.target.matches("input")) { e.preventDefault(); make(); }
    if (e.key === "Escape") { e.stopPropagation(); close(); }
  });
}

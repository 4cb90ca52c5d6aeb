// The sources of the post in the composer: rows, what they say, and what is still missing in them.

import { keepNew, openNew, wireNew } from "./desk-source-new.js";
import { wireList } from "./desk-source-list.js";
import { readTime, wireTime, writeTime } from "./desk-times.js";

const list = document.getElementById("attributions");
const template = document.getElementById("attribution");
let serial = 0;

const changed = () => list.dispatchEvent(new Event("input", { bubbles: true }));
const field = (row, name) => row.querySelector(`[data-field="${name}"]`);

/** Everything that the rows say, as the server reads it. */
export function readSources() {
  return Array.from(list.children, (row) => {
    const said = { source: row.dataset.source || null, label: row.dataset.label || "" };
    for (const input of row.querySelectorAll("[data-field]")) said[input.dataset.field] = input.value;
    said.said_at = readTime(field(row, "said_at"));
    // What was shown before stays shown, unless another source is chosen.
    if (row.dataset.shown) Object.assign(said, JSON.parse(row.dataset.shown));
    if (said.basis === "unnamed") {
      Object.assign(said, { source: null, as_named: "", as_role: "", as_organisation: "", speaker_type: "" });
    } else {
      said.described_as = said.reason_unnamed = "";
    }
    return said;
  });
}

/** Where it was said, “on X”, “at a rally”; what begins with none of these are people, who were told. */
const WHERE = /^(?:on|in|at|to|via|by|through|during|over|for|from|with|after|before)\b/i;

/** “Said reporters” is no sentence: people are told, until somebody chooses a verb. */
function matchVerb(row) {
  const [verb, medium] = [field(row, "verb"), field(row, "medium").value.trim()];
  if (row.dataset.verb === "chosen" || !["said", "told"].includes(verb.value)) return;
  verb.value = medium && !WHERE.test(medium) ? "told" : "said";
}

/** A row that was opened and left empty says nothing. */
export function isSaid(said) {
  return Boolean(
    said.source || said.as_named || said.quote || said.described_as || ["witnessed", "document"].includes(said.basis),
  );
}

/** The control at which a source is still being made or looked for, or null: it must not be lost. */
export function unfinished() {
  for (const row of list.children) {
    const box = row.querySelector("[data-new]");
    if (!box.hidden) return box.querySelector("[data-make]");
    const input = row.querySelector("[data-find]");
    const named = isPicked(row) || field(row, "basis").value === "unnamed";
    if (input.value.trim() && !named) return input;
  }
  return null;
}

/** Keep the source that is not finished, by what is typed of it; answers what is wrong with it, empty for nothing. */
export async function finish() {
  const row = unfinished()?.closest("[data-attribution]");
  if (!row) return "";
  const box = row.querySelector("[data-new]");
  // One of a like name is to be seen before another is made.
  if (box.hidden && (await openNew(row, row.querySelector("[data-find]").value.trim()))) return box.dataset.sentence;
  return keepNew(row, (source) => { choose(row, source); changed(); });
}

/** The field of the nth source that says something at which it is to be mended; without a number, of the unnamed one. */
export function fieldOf(number) {
  const rows = readSources();
  const said = Array.from(list.children).filter((_row, place) => isSaid(rows[place]));
  const isUnnamed = (row) => field(row, "basis").value === "unnamed";
  const row = said[number ?? said.findIndex(isUnnamed)] || list.firstElementChild;
  if (!row) return null;
  if (!isUnnamed(row)) return row.querySelector("[data-find]");
  const empty = ["described_as", "reason_unnamed"].map((name) => field(row, name)).find((input) => !input.value.trim());
  return empty || field(row, "basis");
}

export function writeSources(rows) {
  list.replaceChildren();
  for (const said of rows || []) addSource(said, false);
}

export function addSource(said = {}, focus = true) {
  const row = template.content.firstElementChild.cloneNode(true);
  serial += 1;
  const found = row.querySelector("[data-found]");
  found.id = `found-${serial}`;
  row.querySelector("[data-find]").setAttribute("aria-controls", found.id);
  if (said.asks) row.dataset.asks = said.asks;
  list.append(row);
  for (const input of row.querySelectorAll("[data-field]")) {
    if (said[input.dataset.field]) input.value = said[input.dataset.field];
  }
  writeTime(field(row, "said_at"), field(row, "said_precision"), said.said_at || "");
  // A post that says how it was said keeps that.
  if (said.medium) row.dataset.verb = "chosen";
  if (said.source || said.as_named) {
    choose(row, { id: said.source || "", label: said.label || said.as_named }, false);
    const { as_named = "", as_role = "", as_organisation = "", speaker_type = "" } = said;
    row.dataset.shown = JSON.stringify({ as_named, as_role, as_organisation, speaker_type });
  }
  wire(row, found);
  showBasis(row);
  if (focus) {
    row.querySelector("[data-find]").focus();
    row.scrollIntoView({ block: "nearest" });
  }
  return row;
}

/** Name a source that was found elsewhere, unless it is named already. */
export function addFound(source) {
  if (!Array.from(list.children).some((row) => row.dataset.source === String(source.id))) choose(addSource({}, false), source);
  changed();
}

/** Begin to make a source of this name. */
export function addNew(name) {
  const row = addSource({}, false);
  row.querySelector("[data-find]").value = name;
  showPicked(row);
  openNew(row, name);
  changed();
}

/** Say of the first row that says nothing yet, or of a further one, that it was we who saw it. */
export function sawIt() {
  const rows = readSources();
  const row = Array.from(list.children).find((_row, place) => !isSaid(rows[place])) || addSource({}, false);
  field(row, "basis").value = "witnessed";
  showBasis(row);
  changed();
}

/** Put words into a source's field for quotations, if there are any. */
export function setQuote(row, words) {
  if (words) field(row, "quote").value = words;
  showBasis(row);
  changed();
}

function choose(row, source, fresh = true) {
  const input = row.querySelector("[data-find]");
  row.dataset.source = source.id;
  row.dataset.label = source.label;
  if (fresh) delete row.dataset.shown;
  input.value = source.label;
  // Whoever names who says so has not seen it themselves.
  if (fresh && field(row, "basis").value === "witnessed") field(row, "basis").value = "on_record";
  if (fresh && source.type === "outlet") {
    field(row, "basis").value = "outlet";
    field(row, "verb").value = "reported";
  }
  showBasis(row);
}

/** What is typed as a name and is no source yet describes one who goes unnamed, and the other way round. */
function carry(row) {
  const [input, described] = [row.querySelector("[data-find]"), field(row, "described_as")];
  const unnamed = field(row, "basis").value === "unnamed";
  if (unnamed && !isPicked(row) && !described.value.trim()) {
    row.dataset.carried = described.value = input.value.trim();
    input.value = "";
  } else if (!unnamed && row.dataset.carried && row.dataset.carried === described.value && !input.value) {
    input.value = described.value;
    row.dataset.carried = described.value = "";
  }
}

const isPicked = (row) => Boolean(row.dataset.source || row.dataset.shown);

/** Say of a name that it is typed only, and what is to be done about it, once it is known whether there is such a one. */
function showPicked(row) {
  const [word, { known }] = [row.querySelector("[data-unpicked]"), row.dataset];
  word.hidden = isPicked(row) || !row.querySelector("[data-find]").value.trim();
  const text = word.dataset[known ? (known === "0" ? "make" : "pick") : "typed"];
  if (word.textContent !== text) word.textContent = text;
}

function showBasis(row) {
  const basis = field(row, "basis").value;
  row.querySelector("[data-unnamed]").hidden = basis !== "unnamed";
  row.querySelector("[data-nobody]").hidden = basis !== "unnamed";
  row.querySelector("[data-find]").closest("label").hidden = basis === "unnamed";
  showPicked(row);
  const who = row.querySelector("[data-who]");
  // What is quoted was said by somebody, also after a reload.
  const asks = field(row, "quote").value.trim() ? "speaker" : row.dataset.asks || "anyone";
  const text = who.dataset[basis === "outlet" ? "outlet" : asks];
  if (who.textContent !== text) who.textContent = text;
}

function wire(row, found) {
  const input = row.querySelector("[data-find]");
  const take = (source) => { choose(row, source); changed(); };
  wireList(input, found, {
    isPicked: () => isPicked(row),
    known: (count) => { row.dataset.known = count; showPicked(row); },
    make: () => openNew(row, input.value),
    pick: take,
  });
  input.addEventListener("input", () => {
    row.dataset.source = row.dataset.label = "";
    delete row.dataset.shown;
    showPicked(row);
  });
  row.querySelector("[data-drop]").addEventListener("click", () => { row.remove(); changed(); document.getElementById("add-source").focus(); });
  field(row, "basis").addEventListener("change", () => { carry(row); showBasis(row); });
  field(row, "verb").addEventListener("change", () => { row.dataset.verb = "chosen"; });
  field(row, "quote").addEventListener("input", () => showBasis(row));
  field(row, "medium").addEventListener("input", () => matchVerb(row));
  wireTime(field(row, "said_at"), field(row, "said_precision"));
  wireNew(row, input, take);
}

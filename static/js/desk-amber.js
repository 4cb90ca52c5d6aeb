// What rests on posts that turned out wrong: a count in the header, and the list to decide from.

import { act, land, undoOf } from "./desk-acts.js";
import { toast } from "./desk-dialogs.js";
import { goTo } from "./desk-pinned.js";
import { heard, now } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
const button = at("open-amber");
const headline = at("headline");
const list = at("amber-list");
const steers = document.querySelector(".steer") !== null;
let items = [];
/** Labels that are being changed: post -> what was typed. */
const typed = new Map();

/** Do the deed that leaves it as it is, and say that. */
async function keep(verb, content) {
  const data = await act(verb, content);
  if (data) toast("It stays as it is.", undoOf(data));
}

const deeds = {
  summary: () => [
    ["keep", () => keep("summarise", { lines: now.summary.map(({ text, knowing, post }) => ({ text, knowing, post })) })],
    ["change", () => { at("amber").close(); at("open-summary").click(); }],
  ],
  pin: ({ post }) => [["keep", () => keep("pin", { post })], ["unpin", () => act("unpin", {})]],
  key: ({ post, label, public: shown }) => (shown
    ? [["keep", () => keep("mark", { post, key_event: true, key_label: label })], ["unmark", () => act("mark", { post, key_event: false })]]
    : [["restore", () => act("restore", { post })]]),
};

/** A key event's label, to be changed where it is doubted. */
function labelOf({ post, label, title }) {
  const form = document.createElement("form");
  form.className = "relabel";
  form.dataset.post = post;
  const field = Object.assign(document.createElement("label"), { className: "field", textContent: `${list.dataset.label} ` });
  const input = Object.assign(document.createElement("input"), { type: "text", maxLength: 60, placeholder: title, value: typed.get(post) ?? label, lang: headline.lang, dir: headline.dir });
  input.oninput = () => typed.set(post, input.value);
  const save = Object.assign(document.createElement("button"), { textContent: list.dataset.save });
  save.setAttribute("aria-label", `${list.dataset.save}: ${label || title}`);
  field.append(input);
  form.append(field, save);
  form.onsubmit = async (e) => {
    e.preventDefault();
    if (await act("mark", { post, key_event: true, key_label: input.value })) typed.delete(post);
  };
  return form;
}

function item(one) {
  const line = document.createElement("li");
  const what = document.createElement("p");
  const name = document.createElement("strong");
  name.textContent = list.dataset[one.what];
  const said = Object.assign(document.createElement("bdi"), { lang: headline.lang, textContent: one.text || one.title });
  what.append(name, " ", said);
  const why = document.createElement("p");
  why.className = "about";
  why.textContent = one.text ? `${one.why} (\u2068${one.title}\u2069)` : one.why;
  const buttons = document.createElement("div");
  buttons.className = "send";
  const ways = one.what === "key" || steers ? deeds[one.what](one) : [];
  for (const [label, run] of [...ways, ["show", () => { at("amber").close(); goTo(one.post); }]]) {
    const way = Object.assign(document.createElement("button"), { type: "button", textContent: list.dataset[label], onclick: run });
    way.setAttribute("aria-label", `${list.dataset[label]}: ${one.text || one.title}`);
    buttons.append(way);
  }
  line.append(what, why, ...(one.what === "key" && one.public ? [labelOf(one)] : []), buttons);
  return line;
}

/** The lines as they were laid: item as JSON -> node. */
let lines = new Map();

/** Where the focus goes, once the lines are laid anew: whoever types a label goes on typing it, and presses no button. */
function goOn(here, post) {
  const input = post && list.querySelector(`form[data-post="${CSS.escape(post)}"] input`);
  if (here.isConnected) here.focus();
  else if (input) {
    input.focus();
    input.setSelectionRange(input.value.length, input.value.length);
  } else (list.querySelector("button") || at("amber").querySelector('[value="no"]')).focus();
}

function lay() {
  const here = document.activeElement;
  const inside = list.contains(here);
  const post = here.matches("input") ? here.form.dataset.post : "";
  lines = new Map(items.map((one) => [JSON.stringify(one), lines.get(JSON.stringify(one)) || item(one)]));
  list.replaceChildren(...lines.values());
  at("amber-none").hidden = items.length > 0;
  if (inside) goOn(here, post);
}

function show({ amber = [] }) {
  // Rows that were made anew have lost their mark.
  for (const row of document.querySelectorAll("#rows .row")) row.classList.toggle("amber", amber.some(({ post }) => post === row.dataset.id));
  if (JSON.stringify(amber) === JSON.stringify(items)) return;
  items = amber;
  // Its room stays: nothing in the header moves when there is something to check.
  button.dataset.none = items.length ? "" : "yes";
  button.querySelector("[data-number]").textContent = items.length ? String(items.length) : "";
  lay();
}

heard(show);
button.addEventListener("click", () => { lay(); at("amber").showModal(); });
// The button that has opened it is out of sight once nothing is left.
at("amber").addEventListener("close", () => land("#rows article"));

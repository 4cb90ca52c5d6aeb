// The page on which an article is made: each choice is kept on the server, and the article is fetched anew.

import { ask } from "./desk-send.js";

const at = (id) => document.getElementById(id);
const boxes = Array.from(document.querySelectorAll("#posts input"));
const FORMS = ["html", "md"];
const CHOICES = {
  all: () => true,
  none: () => false,
  key: (box) => "key" in box.dataset,
  foreground: (box) => box.dataset.kind !== "background" && !("entry" in box.dataset),
};
/** The keeping that is under way, null for none; whether something was chosen since it began. */
let keeping = null;
let again = false;
let asked = 0;
let shown = "read";
let soon = 0;

function count() {
  const chosen = boxes.filter((box) => box.checked).length;
  at("chosen").textContent = at("chosen").dataset.text.replace("{chosen}", chosen).replace("{all}", boxes.length);
}

function trouble(message) {
  at("trouble").textContent = message;
  at("trouble").hidden = !message;
}

async function text(form) {
  const answer = await fetch(`${document.body.dataset.base}article/${form}/`, { credentials: "same-origin", cache: "no-store" });
  if (!answer.ok || answer.redirected) throw new Error(answer.statusText);
  return answer.text();
}

async function fetchAll() {
  asked += 1;
  const mine = asked;
  try {
    const [html, md] = await Promise.all(FORMS.map(text));
    // Somebody has chosen anew meanwhile.
    if (mine !== asked) return;
    at("html").textContent = html;
    at("md").textContent = md;
    // Our own writer's, of words that were cleaned when they were stored.
    at("read").innerHTML = html;
    trouble("");
  } catch {
    trouble("The article could not be fetched. Your choice is kept here: choose again when the line is back.");
  }
}

function send() {
  const without = boxes.filter((box) => !box.checked).map((box) => box.value);
  // A correction stands with its post; its entry is left out until somebody puts it in.
  const within = boxes.filter((box) => box.checked && "entry" in box.dataset).map((box) => box.value);
  return ask("autosave/", { composer: "article", content: { without, within, title: at("title").value, standfirst: at("standfirst").value } });
}

/** One request at a time, and the last choice always. */
async function keepAll() {
  let answer;
  do {
    again = false;
    answer = await send();
  } while (again);
  keeping = null;
  if (answer.ok) fetchAll();
  else trouble(answer.data.error);
}

/** Keep what is chosen; answers once the server has it, or cannot be had. */
function keep() {
  clearTimeout(soon);
  soon = 0;
  again = true;
  keeping ??= keepAll();
  return keeping;
}

function changed() {
  count();
  keep();
}

function show(name) {
  shown = name;
  for (const id of ["read", ...FORMS]) at(id).hidden = id !== name;
  at("read-only").hidden = name === "read";
  at("state").textContent = "";
  for (const button of document.querySelectorAll("[data-show]")) button.setAttribute("aria-pressed", String(button.dataset.show === name));
}

/** The article as it reads, for a text that takes its looks and for one that does not. */
const rich = () => new ClipboardItem({
  "text/html": new Blob([at("html").textContent], { type: "text/html" }),
  "text/plain": new Blob([at("read").innerText], { type: "text/plain" }),
});

/** Copy what is shown: words with their looks, or html and Markdown as they are written. */
async function copy() {
  const { copied, failed } = at("copy").dataset;
  try {
    if (shown === "read") await navigator.clipboard.write([rich()]);
    else await navigator.clipboard.writeText(at(shown).textContent);
  } catch {
    // An older browser copies what is selected, its looks included.
    getSelection().selectAllChildren(at(shown));
    if (!document.execCommand("copy")) { at("state").textContent = failed; return; }
    getSelection().removeAllRanges();
  }
  at("state").textContent = copied;
}

at("posts").addEventListener("change", changed);
for (const id of ["title", "standfirst"]) {
  // While one types, once a pause is made; and when the field is left.
  at(id).addEventListener("input", () => { clearTimeout(soon); soon = setTimeout(keep, 500); });
  at(id).addEventListener("change", keep);
}
document.addEventListener("visibilitychange", () => { if (document.hidden && soon) keep(); });
for (const link of document.querySelectorAll("#copy ~ a")) {
  link.addEventListener("click", async (e) => {
    if (!boxes.some((box) => box.checked)) {
      e.preventDefault();
      trouble("No post is chosen: there is nothing to download.");
      return;
    }
    if (!soon && !keeping) return;
    // What was chosen a moment ago is in it.
    e.preventDefault();
    await (soon ? keep() : keeping);
    link.click();
  });
}
for (const button of document.querySelectorAll("[data-choose]")) {
  button.addEventListener("click", () => {
    for (const box of boxes) box.checked = CHOICES[button.dataset.choose](box);
    changed();
  });
}
for (const button of document.querySelectorAll("[data-show]")) button.addEventListener("click", () => show(button.dataset.show));
at("copy").addEventListener("click", copy);
// A browser puts back the boxes of an earlier visit; the server's choice is what counts.
for (const box of boxes) box.checked = box.defaultChecked;
for (const id of ["title", "standfirst"]) at(id).value = at(id).defaultValue;
count();
fetchAll();

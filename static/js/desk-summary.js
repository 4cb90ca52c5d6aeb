// The editor of "What we know so far": lines, each with what it claims and the post that it rests on.
// Lines are moved by dragging, by their buttons, and by Alt with the arrows.

import { undoOf } from "./desk-acts.js";
import { ask, newKey } from "./desk-send.js";
import { now, refresh } from "./desk-timeline.js";
import { toast } from "./desk-dialogs.js";
import { forgetLines, keepLines, keptLines } from "./desk-summary-kept.js";

const at = (id) => document.getElementById(id);
const lines = at("lines");
let key = newKey();
/** The summary as it was when the dialog was opened. */
let seen = [];
let dragged = null;

const place = (item) => Array.prototype.indexOf.call(lines.children, item) + 1;

function say(item) {
  at("summary-moved").textContent = `Line ${place(item)} of ${lines.childElementCount}`;
}

/** Move a line by one place; what had the focus in it keeps it. */
function move(item, step) {
  const focused = document.activeElement;
  if (step < 0) item.previousElementSibling?.before(item);
  else item.nextElementSibling?.after(item);
  if (item.contains(focused)) focused.focus();
  item.scrollIntoView({ block: "nearest" });
  say(item);
}

const option = (title, id) => Object.assign(new Option(title, id), { dir: "auto" });

/** What a line can rest on, {id, title, time, standing}: the newest posts, and the older ones that are in sight. */
function posts() {
  const all = new Map(now.latest.map((post) => [post.id, post]));
  for (const { dataset: { id, standing } } of document.querySelectorAll("#rows .row.published")) {
    if (!all.has(id)) all.set(id, { id, title: at(`title-${id}`).textContent.trim(), standing });
  }
  return all;
}

function options(rests, line) {
  const all = posts();
  if (line.post && !all.has(line.post)) all.set(line.post, { id: line.post, title: line.title || "an older post" });
  rests.append(...Array.from(all.values(), ({ id, title, time = "" }) => option(`${time} ${title}`.trim().slice(0, 90), id)));
  rests.value = line.post || "";
}

const bold = (text) => Object.assign(document.createElement("b"), { textContent: text });

/** Say how readers have a line, where there is more to it than its words; `line` is how it was loaded. */
function showSays(item, line) {
  const says = item.querySelector("[data-says]");
  const [text, knowing, post] = ["text", "knowing", "post"].map((name) => item.querySelector(`[data-line="${name}"]`).value);
  const label = says.dataset[knowing] || "";
  // Whatever claims nothing has its label, and needs no word of its post.
  const standing = label || !post ? "" : (posts().get(post) || line).standing || "";
  says.hidden = !text.trim() || !(label || standing);
  says.querySelector("bdi").replaceChildren(...[label && bold(label), text.trim(), standing && bold(standing)].filter(Boolean).flatMap((part) => [part, " "]));
}

function add(line = {}) {
  const item = at("line-of-summary").content.firstElementChild.cloneNode(true);
  options(item.querySelector('[data-line="post"]'), line);
  item.querySelector('[data-line="text"]').value = line.text || "";
  item.querySelector('[data-line="knowing"]').value = line.knowing || "known";
  item.querySelector("[data-drop]").addEventListener("click", () => { item.remove(); at("add-line").focus(); });
  for (const button of item.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => { move(item, Number(button.dataset.move)); button.focus(); });
  }
  item.addEventListener("keydown", (e) => {
    if (!e.altKey || e.ctrlKey || e.metaKey || !["ArrowUp", "ArrowDown"].includes(e.key)) return;
    e.preventDefault();
    move(item, e.key === "ArrowUp" ? -1 : 1);
  });
  item.addEventListener("input", () => showSays(item, line));
  drags(item);
  item.querySelector("textarea").addEventListener("keydown", (e) => {
    // One fact a line: the next one begins another.
    if (e.key !== "Enter" || e.ctrlKey || e.metaKey || e.isComposing) return;
    e.preventDefault();
    (item.nextElementSibling || add()).querySelector("textarea").focus();
  });
  lines.append(item);
  showSays(item, line);
  item.scrollIntoView({ block: "nearest" });
  return item;
}

/** Only the handle begins a drag: text can be chosen with the mouse as everywhere. */
function drags(item) {
  const handle = item.querySelector("[data-handle]");
  handle.addEventListener("dragstart", (e) => {
    dragged = item;
    e.dataTransfer.effectAllowed = "move";
    e.dataTransfer.setData("text/plain", item.querySelector('[data-line="text"]').value);
    e.dataTransfer.setDragImage(item, 0, 0);
    item.classList.add("dragged");
  });
  handle.addEventListener("dragend", () => {
    item.classList.remove("dragged");
    dragged = null;
  });
}

lines.addEventListener("dragover", (e) => {
  if (!dragged) return;
  e.preventDefault();
  const over = e.target.closest("#lines > li");
  if (!over || over === dragged) return;
  const box = over.getBoundingClientRect();
  if (e.clientY < box.top + box.height / 2) over.before(dragged);
  else over.after(dragged);
});
lines.addEventListener("drop", (e) => {
  if (!dragged) return;
  e.preventDefault();
  say(dragged);
  dragged.querySelector("textarea").focus();
});

/** The lines as they stand in the dialog. */
const written = () => Array.from(lines.children, (item) => {
  const line = {};
  for (const input of item.querySelectorAll("[data-line]")) line[input.dataset.line] = input.value;
  return line;
});

async function send() {
  const answer = await ask("deeds/summarise/", { key, lines: written(), seen });
  // Or our own was stored already, its answer lost, and was changed here since.
  if (answer.data.field === "seen" || answer.data.ask) { await overtaken(); return; }
  at("summary-trouble").hidden = answer.ok;
  at("summary-trouble").textContent = answer.ok ? "" : answer.data.error;
  if (!answer.ok) return;
  key = newKey();
  forgetLines();
  // Until the desk has heard of it.
  now.summary = written();
  at("summary-kept").hidden = true;
  lines.replaceChildren();
  at("summary").close();
  toast(answer.data.message, undoOf(answer.data));
  refresh();
}

/** Somebody else was faster: their lines join those that are here, and nothing goes out unread. */
async function overtaken() {
  await refresh();
  const here = new Set(Array.from(lines.querySelectorAll('[data-line="text"]'), (input) => input.value));
  const before = new Set(seen.map(({ text }) => text));
  for (const line of now.summary) if (!here.has(line.text) && !before.has(line.text)) add(line);
  seen = now.summary;
  key = newKey();
  at("summary-trouble").textContent = at("summary-trouble").dataset.both;
  at("summary-trouble").hidden = false;
}

/** Lay these lines, which were begun from what readers had then. */
function begin(all, from) {
  lines.replaceChildren();
  seen = from;
  for (const line of all) add(line);
  if (!all.length) add();
  at("summary-trouble").hidden = true;
  at("summary-moved").textContent = "";
}

at("open-summary").addEventListener("click", async () => {
  // Before the first answer we do not know what it says.
  if (now.sequence < 0) await refresh();
  const kept = keptLines(now.summary);
  begin(kept?.lines || now.summary, kept?.seen || now.summary);
  at("summary-kept").hidden = !kept;
  at("summary").showModal();
  at("summary").scrollTop = 0;
});
at("summary-anew").addEventListener("click", () => {
  forgetLines();
  begin(now.summary, now.summary);
  at("summary-kept").hidden = true;
  lines.querySelector("textarea").focus();
});
// Whatever was typed, moved, linked or taken out; one that is closed unasked has lost nothing.
for (const type of ["input", "click", "keyup", "drop", "close"]) at("summary").addEventListener(type, () => { if (lines.childElementCount) keepLines(written(), seen); });
at("add-line").addEventListener("click", () => add().querySelector("textarea").focus());
at("send-summary")?.addEventListener("click", send);

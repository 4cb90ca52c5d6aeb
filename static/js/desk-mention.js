// “@” in the text: finds a source while one writes, puts its name into the text and the source under it.

import { whenReady } from "./desk-editor.js";
import { ask } from "./desk-send.js";
import { followPointer, offer, room } from "./desk-source-list.js";
import { addFound, addNew } from "./desk-sources.js";

const list = document.getElementById("mention");
// At the beginning or after a space or an opening mark: an e-mail address is none.
const TYPED = /(?:^|[\s\ufffc(“"«])@([^\s@][^@]{0,40})?$/u;
const WORDS = 3;
let editor = null;
let typed = null;
let active = -1;
let waiting = 0;
/** Where the “@” stands for which nobody wants a list. */
let unwanted = -1;

/** What stands after the “@” before the cursor: {query, from, to} in the editor's places; null for none. */
function mention() {
  const { empty, $from, from } = editor.state.selection;
  if (!empty || !editor.isFocused) return null;
  const before = $from.parent.textBetween(0, $from.parentOffset, undefined, "\ufffc");
  const found = TYPED.exec(before);
  const query = found?.[1] || "";
  if (!found || query.trim().split(/\s+/).length > WORDS) return null;
  return { query: query.trim(), from: from - query.length - 1, to: from };
}

function close() {
  clearTimeout(waiting);
  typed = null;
  active = -1;
  list.hidden = true;
  editor.view.dom.removeAttribute("aria-activedescendant");
  editor.view.dom.removeAttribute("aria-controls");
}

function activate(next) {
  list.children[active]?.setAttribute("aria-selected", "false");
  active = next;
  const option = list.children[active];
  if (!option) { editor.view.dom.removeAttribute("aria-activedescendant"); return; }
  option.setAttribute("aria-selected", "true");
  option.scrollIntoView({ block: "nearest" });
  editor.view.dom.setAttribute("aria-activedescendant", option.id);
}

function show(sources, query) {
  offer(list, sources, query);
  list.hidden = !list.children.length;
  const { left, top, bottom } = editor.view.coordsAtPos(typed.from);
  const most = document.documentElement.clientWidth - list.offsetWidth - 8;
  list.style.insetInlineStart = `${Math.max(8, Math.min(left, most))}px`;
  list.style.maxBlockSize = "";
  const { up, height } = room(list, top, bottom);
  list.style.maxBlockSize = `min(16rem, ${height}px)`;
  list.style.insetBlock = up ? `auto ${innerHeight - top + 4}px` : `${bottom + 4}px auto`;
  editor.view.dom.setAttribute("aria-controls", list.id);
  // Enter takes what was found; a new source is made only by whoever goes there.
  activate(sources.length ? 0 : -1);
}

function look() {
  const found = mention();
  if (!found) { unwanted = -1; if (typed) close(); return; }
  if (found.from === unwanted) return;
  const same = typed && typed.query === found.query;
  typed = found;
  if (same) return;
  // Until the answer is there, Enter takes only what still fits.
  const shown = list.children[active]?.dataset.label?.toLowerCase() || "";
  if (!found.query.toLowerCase().split(/\s+/).every((word) => shown.includes(word))) activate(-1);
  clearTimeout(waiting);
  waiting = setTimeout(async () => {
    const { query } = found;
    const answer = await ask(`sources/?q=${encodeURIComponent(query)}`);
    if (!answer.ok || typed?.query !== query) return;
    show(answer.data.sources, query);
  }, 120);
}

function pick(option) {
  const { from, to, query } = typed;
  const name = option.dataset.make === undefined ? option.dataset.name : query;
  close();
  editor.view.dispatch(editor.state.tr.insertText(`${name} `, from, to));
  if (option.dataset.make !== undefined) { addNew(query); return; }
  addFound({ id: option.dataset.id, label: option.dataset.label, type: option.dataset.type });
  editor.view.focus();
}

function pressed(e) {
  if (!typed || list.hidden) return;
  const count = list.children.length;
  const moves = { ArrowDown: active + 1, ArrowUp: active < 0 ? count - 1 : active - 1 };
  if (e.key in moves) activate((moves[e.key] + count) % count);
  else if (e.key === "Escape") { unwanted = typed.from; close(); }
  else if ((e.key === "Enter" || e.key === "Tab") && active >= 0 && !e.ctrlKey && !e.metaKey) pick(list.children[active]);
  else return;
  e.preventDefault();
  e.stopPropagation();
}

whenReady("body", (ready) => {
  editor = ready;
  editor.on("update", look);
  editor.on("selectionUpdate", look);
  editor.on("blur", () => { if (typed) close(); });
  editor.view.dom.parentElement.addEventListener("keydown", pressed, true);
});
followPointer(list, activate);
list.addEventListener("mousedown", (e) => {
  e.preventDefault();
  const option = e.target.closest("[role=option]");
  if (option) pick(option);
});

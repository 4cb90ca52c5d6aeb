// What is under the pointer stays there: whoever is about to press a button presses that one, whatever comes in.

/** The lists beside the composer, each with the column that it scrolls in. */
const lists = Array.from(document.querySelectorAll("#rows, #inbox"), (list) => ({ list, column: list.closest("section") }));
/** A finger rests nowhere. */
const rests = matchMedia("(hover: hover)");

const top = (node) => node.getBoundingClientRect().top;

/** What may not move: the button under the pointer, else its row, else the row that comes next. */
function marks(list) {
  const rows = Array.from(list.children);
  const place = rows.findIndex((row) => row.matches(":hover"));
  if (place < 0) return [];
  const id = (row) => row.dataset.id;
  const button = rows[place].querySelector("[data-act]:hover, summary:hover");
  const kept = rows.slice(place).map((row) => ({ id: id(row), at: top(row) }));
  if (button) kept.unshift({ id: id(rows[place]), act: button.dataset.act || "", at: top(button) });
  return kept;
}

/** How far the first of the marks that is still there has moved, in pixels. */
function moved(list, kept) {
  const rows = new Map(Array.from(list.children, (row) => [row.dataset.id, row]));
  for (const { id, act, at } of kept) {
    const row = rows.get(id);
    const node = act === undefined ? row : row?.querySelector(act ? `[data-act="${act}"]` : "summary");
    if (node) return top(node) - at;
  }
  return 0;
}

/** Take back the room that was made. */
function release({ list, column }) {
  list.style.marginBlockStart = column.style.paddingBlockEnd = "";
}

/** Scroll by what has moved; where there is nothing to scroll, make room for as long as the pointer is there. */
function hold({ list, column }, by) {
  const before = column.scrollTop;
  column.scrollTop += by;
  const rest = by - (column.scrollTop - before);
  if (Math.abs(rest) < 1) return;
  if (rest < 0) {
    list.style.marginBlockStart = `${(parseFloat(list.style.marginBlockStart) || 0) - rest}px`;
  } else {
    const foot = parseFloat(getComputedStyle(column).paddingBlockEnd);
    column.style.paddingBlockEnd = `${foot + rest + column.clientHeight}px`;
    column.scrollTop += rest;
  }
}

/** Do what changes the lists, with what is under the pointer left where it is. */
export function atRest(change) {
  if (!rests.matches) { change(); return; }
  const before = lists.map(({ list }) => marks(list));
  change();
  for (const [place, one] of lists.entries()) {
    const by = before[place].length ? moved(one.list, before[place]) : 0;
    if (Math.abs(by) >= 1) hold(one, by);
  }
}

for (const one of lists) one.column.addEventListener("pointerleave", () => release(one));

// The timeline and the inbox beside the composer: rows that are replaced when they have changed.

import { atRest } from "./desk-rest.js";
import { ask } from "./desk-send.js";

const at = (id) => document.getElementById(id);
const listeners = [];
/** The rows as they stand. */
let shown = [];
export const now = { sequence: -1, state: document.body.dataset.state, summary: [], latest: [], waits: {} };

/** What the timeline shows: the column, or what lies in the trash; and how much of the inbox, 0 for the first page. */
export const view = { trash: false, find: "", inbox: 0 };

/** Show the trash in the place of the column, or the column again. */
export function showTrash(trash) {
  view.trash = trash;
  return afresh();
}

/** Show only what these parameters of `timeline/` find; all of it for none. */
export function look(find) {
  view.find = find;
  return afresh();
}

/** The address of the rows that are shown, with `more`. */
function address(more = {}) {
  const asked = new URLSearchParams({ ...Object.fromEntries(new URLSearchParams(view.find)), ...(view.trash && { trash: "1" }), ...(view.inbox && { inbox: view.inbox }), ...more }).toString();
  return asked ? `timeline/?${asked}` : "timeline/";
}

function afresh() {
  pool = null;
  at("rows").replaceChildren();
  at("older").dataset.done = "";
  return refresh();
}

/** Have a row looked at again, also one further down whose change is no reader's business. */
export function touch(post) { if (post) touched.add(post); }

/** Call `listener` after each answer, with the answer. */
export function heard(listener) { listeners.push(listener); }

/** One post is one row, the one that was read last: it may have gone on from state to state while the rows were read. */
function single(rows) {
  const last = new Map();
  for (const row of rows) {
    last.delete(row.id);
    last.set(row.id, row);
  }
  return Array.from(last.values());
}

/** The inbox's rows, each kind of them under a heading of its own. */
function grouped(rows) {
  let last = "";
  return rows.flatMap((row) => {
    if (row.state === last) return [row];
    last = row.state;
    const id = `group-${last}`;
    return [{ id, mark: last, html: `<p class="group" role="heading" aria-level="3" data-id="${id}">${at("inbox").dataset[last]}</p>` }, row];
  });
}

function lay(where, rows) {
  const there = new Map(Array.from(where.children, (child) => [child.dataset.id, child]));
  let before = null;
  let focused = null;
  for (const row of rows) {
    let node = there.get(row.id);
    there.delete(row.id);
    if (!node || node.dataset.mark !== row.mark) {
      const holder = document.createElement("template");
      holder.innerHTML = row.html;
      const fresh = holder.content.firstElementChild;
      fresh.dataset.mark = row.mark;
      if (node?.contains(document.activeElement)) focused = { node: fresh, act: document.activeElement.dataset.act || "" };
      if (node?.querySelector("details[open]")) fresh.querySelector("details")?.setAttribute("open", "");
      if (node) node.replaceWith(fresh);
      node = fresh;
    }
    const next = before ? before.nextElementSibling : where.firstElementChild;
    if (next !== node) where.insertBefore(node, next);
    before = node;
  }
  for (const gone of there.values()) gone.remove();
  // At the end: what is moved loses it.
  if (focused) (focused.node.querySelector(`[data-act="${focused.act}"]`) || focused.node).focus({ preventScroll: true });
}

let asking = null;
let again = null;
/** Once older rows are shown: id -> row of all that are. */
let pool = null;
const touched = new Set();

/** Ask for the present rows; answers the status, 0 when the line is down, once they are shown. */
export function refresh() {
  if (!asking) {
    asking = once().finally(() => { asking = null; });
    return asking;
  }
  // What is under way may have been answered before whatever we are called for.
  again ??= asking.catch(() => 0).then(() => { again = null; return refresh(); });
  return again;
}

async function once() {
  const wanted = address();
  const also = [...touched];
  touched.clear();
  const answer = await ask(pool ? address({ have: now.sequence, also: also.join() }) : wanted);
  // It was switched meanwhile; whoever did it has asked again.
  if (wanted !== address()) return answer.status;
  if (!answer.ok) also.forEach(touch);
  if (answer.ok) atRest(() => apply(answer.data));
  return answer.status;
}

/** The first page, and what is shown below it, each at its place. */
function withOlder(data) {
  if (!pool) return data.posts;
  const last = Array.from(pool.values(), ({ order }) => order).sort()[0];
  for (const id of data.gone) pool.delete(id);
  for (const row of data.changed) if (pool.has(row.id) || row.order > last) pool.set(row.id, row);
  for (const row of data.posts) pool.set(row.id, row);
  return Array.from(pool.values()).sort((one, two) => (one.order < two.order ? 1 : -1));
}

/** How many are published, as the page counts them, and how many lie in the trash. */
function showCounts({ total, trash }) {
  const [count, button] = [document.querySelector('[data-count="posts"]'), at("trash")];
  const text = count.dataset.text.replace("{count}", total);
  if (count.textContent !== text) count.textContent = text;
  const label = view.trash ? button.dataset.back : trash ? button.dataset.text.replace("{count}", trash) : button.dataset.empty;
  if (button.textContent !== label) button.textContent = label;
}

function apply(data) {
  const waiting = single(data.inbox);
  const inInbox = new Set(waiting.map(({ id }) => id));
  // The inbox is read after the column.
  const rows = single(withOlder(data)).filter(({ id }) => !inInbox.has(id));
  shown = rows;
  lay(at("rows"), rows);
  lay(at("inbox"), grouped(waiting));
  at("inbox-empty").hidden = data.inbox.length > 0 || view.find !== "";
  at("inbox-none").hidden = data.inbox.length > 0 || view.find === "";
  at("waiting").hidden = data.inbox.length >= data.waiting;
  at("older").hidden = !data.more || at("older").dataset.done === "yes";
  for (const count of document.querySelectorAll('[data-count="inbox"]')) count.textContent = data.waiting ? (count.dataset.text || "{count}").replace("{count}", data.waiting) : "";
  showCounts(data);
  Object.assign(now, { sequence: data.sequence, state: data.state, summary: data.summary, waits: data.waits, latest: data.latest });
  for (const listener of listeners) listener(data);
}

/** Show the next page of older rows; answers the first of them, null where there are none. */
export async function older() {
  if (at("older").hidden) return null;
  const before = at("rows").lastElementChild?.dataset.id;
  const wanted = address({ before });
  const answer = await ask(wanted);
  // Something else is looked for by now.
  if (!answer.ok || wanted !== address({ before })) return null;
  pool = new Map([...shown, ...answer.data.posts].map((row) => [row.id, row]));
  if (!answer.data.more) at("older").dataset.done = "yes";
  await refresh();
  return document.getElementById(`row-${answer.data.posts[0]?.id}`);
}

at("older").addEventListener("click", async () => (await older())?.focus({ preventScroll: true }));

at("waiting").addEventListener("click", async () => {
  const rows = () => Array.from(at("inbox").querySelectorAll("article"));
  const there = new Set(rows().map((row) => row.dataset.id));
  view.inbox = there.size + Number(at("waiting").dataset.more);
  await refresh();
  rows().find((row) => !there.has(row.dataset.id))?.focus({ preventScroll: true });
});

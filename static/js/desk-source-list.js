// The list of sources under a field: what was found, one of them active, and a new one last.

import { isolated } from "./desk-dialogs.js";
import { ask } from "./desk-send.js";

/** Pixels below which a list is too short to choose from, if there is more room on the other side. */
const LOW = 180;
/** Pixels between a list and what it must not touch. */
const AIR = 8;

/** Fill a list with the sources that were found, and with the making of a new one. */
export function offer(found, sources, typed) {
  const option = (text, more) => {
    const item = document.createElement("li");
    item.setAttribute("role", "option");
    item.setAttribute("aria-selected", "false");
    item.id = `${found.id}-${found.childElementCount}`;
    item.dir = "auto";
    item.append(text);
    Object.assign(item.dataset, more);
    found.append(item);
    return item;
  };
  found.replaceChildren();
  for (const source of sources) {
    const item = option(source.name, { id: source.id, name: source.name, label: source.label, type: source.type });
    if (source.about) {
      const about = Object.assign(document.createElement("small"), { dir: "auto" });
      about.textContent = source.about;
      item.append(" ", about);
    }
  }
  if (typed) option(isolated(`New source “${typed}”…`), { make: "" });
}

/** The room for a list at what reaches from `top` to `bottom`: {up, height}. It covers no button of the composer. */
export function room(list, top, bottom) {
  const composer = document.getElementById("composer");
  const foot = Math.min(composer.querySelector(":scope > .send").getBoundingClientRect().top, innerHeight) - bottom - AIR;
  // What moves begins below the title; on a phone the title moves too, but that of what is stored already stays.
  const { parentElement: column } = composer;
  const title = column.dataset.mode === "new" ? 0 : column.querySelector(".head").getBoundingClientRect().bottom;
  const sheet = composer.querySelector(".sheet").getBoundingClientRect().top;
  const head = top - Math.max(column.getBoundingClientRect().top, sheet, title, 0) - AIR;
  const up = foot < Math.min(list.scrollHeight, LOW) && head > foot;
  return { up, height: Math.max(0, up ? head : foot) };
}

/** Let the pointer mark what it moves over, so that one is marked by either: a list that opens under it is left alone. */
export function followPointer(list, activate) {
  list.addEventListener("mousemove", (e) => {
    const option = e.target.closest("[role=option]");
    if (!option || option.getAttribute("aria-selected") === "true") return;
    activate(Array.from(list.children).indexOf(option));
  });
}

function place(input, found) {
  const { top } = found.parentElement.getBoundingClientRect();
  found.style.maxBlockSize = "";
  const { up, height } = room(found, top, input.getBoundingClientRect().bottom);
  found.classList.toggle("up", up);
  found.style.maxBlockSize = `min(18rem, ${height}px)`;
}

/**
 * Let a field find sources. `known(count)` is told how many there are of what is typed, `pick(source)` and `make()` what
 * was chosen; `isPicked()` answers whether something is.
 */
export function wireList(input, found, { isPicked, known, pick, make }) {
  let waiting = 0;
  let active = -1;
  /** The only source that is called what is typed. */
  let exact = null;
  const close = () => { found.hidden = true; input.setAttribute("aria-expanded", "false"); active = -1; input.removeAttribute("aria-activedescendant"); };
  const activate = (next) => {
    const options = found.children;
    options[active]?.setAttribute("aria-selected", "false");
    active = next;
    options[active].setAttribute("aria-selected", "true");
    input.setAttribute("aria-activedescendant", options[active].id);
  };
  const move = (step) => {
    if (found.hidden || !found.children.length) return;
    activate((active + step + found.children.length) % found.children.length);
    found.children[active].scrollIntoView({ block: "nearest" });
  };
  const choose = ({ dataset }) => {
    exact = null;
    close();
    if (dataset.make !== undefined) make();
    else pick({ id: dataset.id, label: dataset.label, type: dataset.type });
  };
  const search = () => {
    clearTimeout(waiting);
    waiting = setTimeout(async () => {
      const typed = input.value.trim();
      const answer = await ask(`sources/?q=${encodeURIComponent(typed)}`);
      // Somebody has typed on, chosen one or left.
      if (!answer.ok || typed !== input.value.trim() || isPicked()) return;
      known(answer.data.sources.length);
      const same = answer.data.sources.filter(({ name }) => name.toLowerCase() === typed.toLowerCase());
      exact = same.length === 1 ? same[0] : null;
      if (document.activeElement !== input) return;
      offer(found, answer.data.sources, typed);
      found.hidden = !found.children.length;
      if (found.hidden) { close(); return; }
      input.setAttribute("aria-expanded", "true");
      place(input, found);
      // The best match; a new one only where there is none.
      active = -1;
      activate(0);
    }, 120);
  };
  input.addEventListener("input", () => { exact = null; search(); });
  // Left without a choice, it offers the list again.
  input.addEventListener("click", () => { if (found.hidden && input.value.trim() && !isPicked()) search(); });
  input.addEventListener("keydown", (e) => {
    if (e.key === "ArrowDown" || e.key === "ArrowUp") { e.preventDefault(); move(e.key === "ArrowDown" ? 1 : -1); }
    else if (e.key === "Enter" && !e.ctrlKey && !e.metaKey) { e.preventDefault(); if (!found.hidden) choose(found.children[active]); }
    else if (e.key === "Escape" && !found.hidden) { e.stopPropagation(); close(); }
  });
  input.addEventListener("blur", () => setTimeout(() => {
    close();
    // A whole name, and one person has it: that one is meant.
    if (exact && !isPicked() && input.isConnected && document.activeElement !== input) pick(exact);
    exact = null;
  }, 150));
  followPointer(found, activate);
  found.addEventListener("mousedown", (e) => { e.preventDefault(); const option = e.target.closest("[role=option]"); if (option) choose(option); });
}

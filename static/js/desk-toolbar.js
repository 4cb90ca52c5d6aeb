// The editor's toolbar by the keyboard: one stop of its own (Alt+F10), arrows within it, Escape back to the text.
// Tab passes it by: whoever goes on from the headline types into the text.

const SHOWN = "button:not(.hidden)";

/** The buttons that the arrows walk over: those of the open menu, or those of the bar. */
function stops(bar) {
  const menu = bar.querySelector("[popover]:popover-open");
  if (menu) return Array.from(menu.querySelectorAll(SHOWN));
  return Array.from(bar.querySelectorAll(SHOWN)).filter((button) => !button.closest("[popover]"));
}

function pressed(bar, text, e) {
  const all = stops(bar);
  const here = all.indexOf(document.activeElement);
  const to = {
    ArrowRight: here + 1, ArrowDown: here + 1, ArrowLeft: here - 1, ArrowUp: here - 1, Home: 0, End: all.length - 1,
  }[e.key];
  if (e.key === "Escape" && !bar.querySelector("[popover]:popover-open")) text.focus();
  else if (to !== undefined && all.length) all[(to + all.length) % all.length].focus();
  else return;
  e.preventDefault();
  e.stopPropagation();
}

/** The editor makes buttons anew as it goes. */
function settle(bar) {
  for (const button of bar.querySelectorAll("button")) button.tabIndex = -1;
  // The menu speaks of “Heading 4”: a post stands under an h3, and has one kind of heading in it.
  for (const name of bar.querySelectorAll('[data-name="heading4"] h4')) if (name.textContent !== "Sub-heading") name.textContent = "Sub-heading";
  for (const menu of bar.querySelectorAll("[popover]:not([data-wired])")) wireMenu(menu);
}

function wireMenu(menu) {
  menu.dataset.wired = "yes";
  menu.addEventListener("toggle", (e) => { if (e.newState === "open") menu.querySelector(SHOWN)?.focus(); });
  menu.addEventListener("focusout", (e) => {
    if (!menu.contains(e.relatedTarget) && menu.matches(":popover-open")) menu.hidePopover();
  });
}

/** Give the toolbar of the editor in `box` its keys; `text` is its editable. */
export function wireToolbar(box, text) {
  if (!box) return;
  const bar = box.querySelector(".prose-menubar");
  if (!bar) {
    // It is made a moment after the editor.
    new MutationObserver((_changes, observer) => {
      if (!box.querySelector(".prose-menubar")) return;
      observer.disconnect();
      wireToolbar(box, text);
    }).observe(box, { childList: true });
    return;
  }
  bar.setAttribute("role", "toolbar");
  bar.setAttribute("aria-label", text.getAttribute("aria-label"));
  settle(bar);
  new MutationObserver(() => settle(bar)).observe(bar, { childList: true, subtree: true });
  bar.addEventListener("keydown", (e) => pressed(bar, text, e));
  text.addEventListener("keydown", (e) => {
    if (e.key !== "F10" || !e.altKey) return;
    e.preventDefault();
    toToolbar(box);
  });
}

/** Go to the toolbar of the editor in `box`; answers false where it has none. */
export function toToolbar(box) {
  const bar = box?.querySelector(".prose-menubar");
  const first = bar && stops(bar)[0];
  if (!first) return false;
  first.focus();
  return true;
}

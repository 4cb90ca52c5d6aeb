/*
 * The embed's entry: the reader's page inside a partner's frame. It sleeps while nobody can see
 * it, and says its height and count to the page around it, in our words and in WordPress's. It
 * needs no storage and no origin: WordPress's sandbox gives it neither.
 */

import { page } from "./page.js";

const FIXED = 640;

const { connection, live } = page;
const { button } = page.pill;
const { body, documentElement } = document;
const isFramed = parent !== window;
// WordPress puts "#?secret=…" behind the address, and hears nobody without it.
const secret = isFramed && /[#?&]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];

/** Tell whoever frames us. Height and count alone: they are no secret, so any target will do. */
function tell(message) {
  if (isFramed) parent.postMessage(message, "*");
}

function tellWordPress(message, value) {
  if (secret) tell({ message, value, secret });
}

// --- height

let told = 0;
let places = new Map();

/** Where everything stands that may be read: Map of element -> its distance from the top in px. */
function survey() {
  const all = [...live.querySelectorAll("[data-part], #posts > *")];
  return new Map(all.map((element) => [element, element.getBoundingClientRect().top + scrollY]));
}

function measure() {
  const height = Math.ceil(body.getBoundingClientRect().height);
  if (Math.abs(height - told) <= 1) return;
  told = height;
  const were = places;
  places = survey();
  // The parent keeps the height within its bounds, and what is read there where it is: [where it was, by how much it
  // moved]. Once we scroll in here, the browser does that.
  const here = scrollY ? [] : [...places].filter(([element]) => were.has(element));
  const moved = here.map(([element, top]) => [were.get(element), top - were.get(element)]);
  tell({ lb: 1, type: "height", height, moved });
  tellWordPress("height", documentElement.dataset.mode === "auto" ? height : Math.min(FIXED, height));
}

// Once a frame, before it is painted, whatever has changed in it.
new ResizeObserver(measure).observe(body);

// --- what waits

// The words, too, while the count stays: background that waits is not counted, nor is the top of the page.
new MutationObserver(() =>
  tell({ lb: 1, type: "count", count: page.pill.count, label: button.textContent }),
).observe(button, { childList: true });

addEventListener("message", ({ source, data }) => {
  // The parent may ask for what its own pill offers, and for nothing else.
  if (isFramed && source === parent && data?.lb === 1 && data.type === "show" && !button.hidden) button.click();
});

// --- links

addEventListener("click", (e) => {
  if (e.defaultPrevented) return;
  const link = e.target.closest?.("a[href]");
  // <base> opens links beside the partner's page; a place in this one is no such link.
  if (link?.href.startsWith(`${location.href.split("#")[0]}#`)) link.target = "_self";
  else if (secret && link?.host === location.host) {
    // The sandbox opens no window: WordPress's page goes there itself.
    e.preventDefault();
    tellWordPress("link", link.href);
  }
});

// --- sleep

new IntersectionObserver((entries) => {
  connection.unseen = !entries.at(-1).isIntersecting;
  // Scrolled past and back at once: nothing was missed.
  if (connection.unseen || connection.asleep) connection.look();
  else connection.forget("sleep");
}).observe(live);

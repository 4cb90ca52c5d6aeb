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
let asked;

function measure() {
  asked = 0;
  const height = Math.ceil(body.getBoundingClientRect().height);
  if (Math.abs(height - told) <= 1) return;
  told = height;
  // The parent keeps it within its bounds.
  tell({ lb: 1, type: "height", height });
  tellWordPress("height", documentElement.dataset.mode === "auto" ? height : Math.min(FIXED, height));
}

// One message a frame at most, whatever changes in it.
new ResizeObserver(() => (asked ||= requestAnimationFrame(measure))).observe(body);

// --- what waits

live.addEventListener("lb:count", ({ detail: { count } }) =>
  tell({ lb: 1, type: "count", count, label: button.textContent }),
);

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

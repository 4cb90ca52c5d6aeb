/*
 * The embed's entry: the reader's page inside a partner's frame. It sleeps while nobody can see
 * it, and says its height and count to the page around it, in our words and in WordPress's. It
 * needs no storage and no origin: WordPress's sandbox gives it neither.
 */

import { page } from "./page.js";

const UNSEEN = 30000;
const FIXED = 640;
const MINIMUM = 200;
const MAXIMUM = 4000;

const live = document.getElementById("live");
const pill = document.getElementById("pill");
const framed = parent !== window;
const isAuto = document.documentElement.dataset.mode === "auto";
// WordPress puts "#?secret=…" behind the address, and hears nobody without it.
const secret = /[#?&]secret=([A-Za-z0-9]+)/.exec(location.hash)?.[1];

/** Tell whoever frames us. Height and count alone: they are no secret, so any target will do. */
function tell(type, fields) {
  if (framed) parent.postMessage({ lb: 1, type, ...fields }, "*");
}

function tellWordPress(message, value) {
  if (framed && secret) parent.postMessage({ message, value, secret }, "*");
}

// --- height

let told = 0;
let asked = 0;

function measure() {
  asked = 0;
  const height = Math.ceil(document.body.getBoundingClientRect().height);
  if (Math.abs(height - told) <= 1) return;
  told = height;
  tell("height", { height: Math.min(MAXIMUM, Math.max(MINIMUM, height)) });
  tellWordPress("height", isAuto ? height : Math.min(FIXED, height));
}

// One message a frame at most, whatever changes in it.
if (framed) new ResizeObserver(() => (asked ||= requestAnimationFrame(measure))).observe(document.body);

// --- what waits

live.addEventListener("lb:count", (e) => tell("count", { count: e.detail.count, label: pill.textContent }));

addEventListener("message", ({ source, data }) => {
  // The parent may ask for what its own pill offers, and for nothing else.
  if (framed && source === parent && data?.lb === 1 && data.type === "show" && !pill.hidden) pill.click();
});

// --- links

addEventListener("click", (e) => {
  const link = e.target.closest?.("a[href]");
  if (!link) return;
  const here = location.href.split("#", 1)[0];
  // <base> opens links beside the partner's page; a place in this one is no such link.
  if (link.hash && link.href.split("#", 1)[0] === here) link.target = "_self";
  else if (secret && link.host === location.host) {
    // The sandbox opens no window: WordPress's page goes there itself.
    e.preventDefault();
    tellWordPress("link", link.href);
  }
});

// --- sleep

let seen = true;
let timer;

function settle() {
  clearTimeout(timer);
  const { connection } = page;
  if (!seen) timer = setTimeout(() => connection.rest(), UNSEEN);
  else if (connection.asleep && !document.hidden) connection.wake();
}

new IntersectionObserver((entries) => {
  seen = entries.at(-1).isIntersecting;
  settle();
}).observe(live);
// The tab comes back and wakes the connection: not for a frame that is still out of sight.
document.addEventListener("visibilitychange", settle);

// How much came into the inbox since this person last looked at it; kept in this browser.

import { heard } from "./desk-timeline.js";

const { event, user } = document.body.dataset;
const place = `desk.looked.${event}.${user}`;
const inbox = document.getElementById("tab-inbox");
const title = document.title;
let looked = 0;
/** When those came in that are further down than the inbox shows. */
let unseen = [];
try { looked = Number(localStorage.getItem(place)) || 0; } catch { /* Forbidden: everything is new once a visit. */ }

const news = () => Array.from(document.querySelectorAll("#inbox [data-news]"));
const time = (row) => Date.parse(row.dataset.news);

function show() {
  let count = unseen.filter((at) => Date.parse(at) > looked).length;
  for (const row of news()) {
    const isNew = time(row) > looked;
    row.toggleAttribute("data-unread-row", isNew);
    count += isNew;
  }
  for (const place of document.querySelectorAll("[data-unread]")) {
    place.hidden = !count;
    const text = count ? (place.dataset.text || "{count}").replace("{count}", count) : "";
    if (place.textContent !== text) place.textContent = text;
  }
  document.title = count ? `(${count}) ${title}` : title;
}

/** They are at the inbox: what stands there is no news any more; what has no row yet goes on being some. */
function look() {
  if (document.hidden) return;
  const next = Math.min(Infinity, ...unseen.map(Date.parse).filter((at) => at > looked));
  const last = Math.max(0, ...news().map(time).filter((at) => at < next));
  if (last <= looked) return;
  looked = last;
  try { localStorage.setItem(place, String(looked)); } catch { /* Forbidden. */ }
  show();
}

for (const name of ["pointermove", "pointerdown", "focusin", "wheel"]) inbox.addEventListener(name, look, { passive: true });
document.querySelector('[data-tab-to="inbox"]').addEventListener("click", look);
// Another tab of the same person.
addEventListener("storage", (e) => { if (e.key === place) { looked = Number(e.newValue) || 0; show(); } });
heard((data) => {
  unseen = data.unseen;
  show();
});

/*
 * What stands between two posts: a new day in the event's zone, or a gap in time. The same rule
 * as the server's events/separators.py; tests/separators.json holds the two together.
 */

const GAP = 40;

/**
 * Return [[class, text]] for what stands before the post at `here`, after one at `above` (or
 * null at the top). Instants in ms. `how`: { zone, say, oldestFirst }.
 */
export function between(above, here, how) {
  const lines = [];
  if (above === null) return lines;
  const day = dayOf(here, how);
  if (dayOf(above, how) !== day) lines.push(["day", day]);
  const minutes = Math.floor(Math.abs(Math.floor(here / 1000) - Math.floor(above / 1000)) / 60);
  if (minutes >= GAP) lines.push(["gap", gap(minutes, how)]);
  return lines;
}

/** Which day it is in the zone, in words of the house: Intl's differ from browser to browser. */
function dayOf(moment, { zone, say }) {
  const plain = new Date(moment).toLocaleDateString("en-CA", { timeZone: zone });
  const [year, month, day] = plain.split("-").map(Number);
  const weekday = say.words.weekdays[(new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7];
  return say("day", { weekday, day, month: say.words.months[month - 1], year });
}

function gap(minutes, { say, oldestFirst }) {
  const [key, size] = minutes < 60 ? ["gapMinutes", 1] : minutes < 1440 ? ["gapHours", 60] : ["gapDays", 1440];
  return say(oldestFirst ? "gapLater" : "gapEarlier", { time: say(key, { n: Math.floor(minutes / size) }) });
}

/** Draw the lines between the posts in `box`; those that are right already are left alone. */
export function draw(box, how, since) {
  let above = null;
  for (const post of box.querySelectorAll("[data-post]")) {
    const here = Date.parse(post.dataset.published);
    const wanted = between(above, here, how);
    if (since && since.before === post.dataset.post) wanted.push(["since", since.text]);
    above = here;
    drawBefore(post, wanted);
  }
}

function drawBefore(post, wanted) {
  const drawn = [];
  for (let line = post.previousElementSibling; line && !line.dataset.post; line = line.previousElementSibling) {
    if ("separator" in line.dataset) drawn.unshift(line);
  }
  if (drawn.map((line) => `${line.className}|${line.textContent}`).join() === wanted.map((line) => line.join("|")).join()) return;
  for (const line of drawn) line.remove();
  for (const [name, text] of wanted) {
    const line = document.createElement("p");
    line.className = name;
    line.dataset.separator = "";
    line.textContent = text;
    post.before(line);
  }
}

/*
 * What stands between two posts: a new day in the event's zone, or a gap in time. The same rule
 * as the server's events/separators.py; tests/separators.json holds the two together.
 */

const GAP = 40;

/**
 * Return [[class, text]] for what stands before the post at `here`, after one at `above` (or
 * null at the top). Instants in ms. `how`: { zone, language, say, oldestFirst }.
 */
export function between(above, here, how) {
  const lines = [];
  const day = dayOf(here, how);
  if (above !== null && dayOf(above, how) !== day) lines.push(["day", day]);
  const minutes = above === null ? 0 : Math.floor(Math.abs(here - above) / 60000);
  if (minutes >= GAP) lines.push(["gap", gap(minutes, how)]);
  return lines;
}

function dayOf(moment, { zone, language }) {
  return new Intl.DateTimeFormat(language, { weekday: "long", day: "numeric", month: "long", timeZone: zone }).format(moment);
}

function gap(minutes, { say, oldestFirst }) {
  const time = minutes < 60 ? say("gapMinutes", { n: minutes }) : say("gapHours", { n: Math.floor(minutes / 60) });
  return say(oldestFirst ? "gapLater" : "gapEarlier", { time });
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

/*
 * All that the scripts say, in the event's language: sentences; what waits, on the pill, in the
 * title while the page is hidden and to a screen reader; "4 min ago" and "7:32 pm your time", by
 * the server's clock and one timer; LIVE only while somebody has posted lately; and what stands
 * between two posts. The server's own text, in the event's zone, is never touched.
 */

import { byId, make, write } from "./still.js";

const EVERY = 30000;
const MINUTE = 60000;
const QUARTER = 15 * MINUTE;
const GAP = 40;
const FOLD = "pinned-here";

/** Return say(key, {n, time}): a sentence of `json`, in its plural form; `say.words` is all of them. */
export function speaker(json, language) {
  const words = JSON.parse(json);
  const rules = new Intl.PluralRules(language);
  const say = (key, values) => {
    const word = words[key];
    const text = word.other ? (word[rules.select(values.n)] ?? word.other).trim() : word;
    return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  };
  say.words = words;
  return say;
}

/** Return "3 new updates" or "2 new, 1 correction"; with neither, what else waits, or "". `parts` are those that wait, by their names. */
export function sentence({ news, corrections, quiet }, parts, say) {
  const words = [];
  if (news && corrections) words.push(say("new", { n: news }), say("corrections", { n: corrections }));
  else if (news) words.push(say("updates", { n: news }));
  else if (corrections) words.push(say("corrections", { n: corrections }));
  else if (quiet) words.push(say("background"));
  if (parts.size) {
    const top = parts.size === 1 && parts.has("summary") ? "summary" : "top";
    words.push(say(words.length ? `${top}Too` : top));
  }
  return words.join(say("join"));
}

export class Pill {
  /** `page`: { live, say, emit(name, detail) }. */
  constructor(page) {
    this.page = page;
    this.button = byId("pill");
    this.tab = document.title;
    this.title = this.heading();
    this.count = 0;
    this.spoken = -EVERY;
    document.addEventListener("visibilitychange", () => this.mark());
  }

  /** Show what waits: the counts of posts, and whether a part waits. */
  show(waiting, parts) {
    const text = sentence(waiting, parts, this.page.say);
    const { news, corrections } = waiting;
    const count = news + corrections;
    write(this.button, text).hidden = !text;
    if (count !== this.count) {
      this.announce(count > this.count ? text : "");
      this.count = count;
      this.page.emit("count", { count, corrections });
    }
    this.mark();
  }

  /** The event's title as it now stands on the page. */
  heading() {
    return this.page.live.querySelector("h1")?.textContent ?? "";
  }

  mark() {
    const count = document.hidden && this.count ? `(${this.count}) ` : "";
    document.title = count + this.tab.replace(this.title, () => this.heading());
  }

  /** Tell a screen reader the latest text, at most each 30 s; "" takes back what waits, and what was said. */
  announce(text) {
    clearTimeout(this.timer);
    const status = byId("status");
    // What stands there already is not heard again.
    if (!text) return write(status, "");
    const speak = () => {
      this.spoken = performance.now();
      write(status, text);
    };
    this.timer = setTimeout(speak, this.spoken + EVERY - performance.now());
  }
}

export class Times {
  /** `page`: { live, say }. Language, zone and last post are read from the data of `live`. */
  constructor(page) {
    this.page = page;
    this.live = page.live;
    this.dress();
    setInterval(() => this.refresh(), MINUTE / 2);
  }

  /** Make the formats of the event's language and zone, and the reader's own. */
  dress() {
    const { language, zone } = this.live.dataset;
    const [code] = language.split("-");
    // The reader's own kind of the event's language ("7:32 pm" in India, "19:32" in London), with the server's digits.
    const own = `${navigator.languages.find((name) => name.split("-")[0] === code) ?? code}-u-nu-latn`;
    const isEnglish = code === "en";
    // Halves of the day are "in the evening", but in English "pm".
    const clock = { hour: "numeric", minute: "2-digit", dayPeriod: isEnglish ? undefined : "short" };
    this.own = new Intl.DateTimeFormat(own, clock);
    this.there = new Intl.DateTimeFormat(own, { ...clock, timeZone: zone });
    this.house = new Intl.DateTimeFormat(language, { ...clock, hour: "2-digit", hourCycle: "h23", timeZone: zone });
    const style = isEnglish ? "short" : "long";
    this.relative = new Intl.RelativeTimeFormat(isEnglish ? "en-GB" : language, { numeric: "auto", style });
  }

  /** Set by the server's time in ms: the reader's clock may be a day off. */
  set(server) {
    const isFirst = !this.origin;
    if (server) this.origin = server - performance.now();
    if (isFirst) this.refresh();
  }

  /** The server's time in ms, or NaN as long as no answer has told it. */
  now() {
    return this.origin + performance.now();
  }

  /** "14:02 GMT", in the event's zone and with the name that the house gives it, or its distance from UTC. */
  clock(moment) {
    const { zone, zoneName } = this.live.dataset;
    // As it is said in English: GMT+5:30, and none as GMT or GMT+0.
    const offset = () => dateIn(zone, moment).timeZoneName.replace(/GMT(\+0$)?/, "UTC").replace("-", "−");
    return `${this.house.format(moment)} ${zoneName || offset()}`;
  }

  /** The same, with the date unless that is today's. */
  at(moment) {
    const { say } = this.page;
    const dateOf = (instant) => dayOf(instant, { ...this.live.dataset, say }, "date");
    const [time, date] = [this.clock(moment), dateOf(moment)];
    return dateOf(this.now() || moment) === date ? time : say("on", { time, date });
  }

  ago(moment) {
    const minutes = Math.floor((this.now() - moment) / MINUTE);
    const hours = Math.floor(minutes / 60);
    if (!(hours < 24)) return "";
    return this.relative.format(...(hours > 0 ? [-hours, "hour"] : minutes > 0 ? [-minutes, "minute"] : [0, "second"]));
  }

  /** Bring the times inside `root` up to date. */
  refresh(root = this.live) {
    // A day without an hour is no instant.
    for (const time of root.querySelectorAll("time[datetime*=T]")) {
      const moment = Date.parse(time.dateTime);
      const own = this.own.format(moment);
      const title = this.page.say("yourTime", { time: own });
      if (time.title !== title) time.title = title;
      if ("ago" in time.dataset) note(time, "ago", this.ago(moment));
      if ("own" in time.dataset) note(time, "own", own === this.there.format(moment) ? "" : title);
    }
    const badge = root.querySelector("[data-live]");
    if (!badge) return;
    const last = Date.parse(this.live.dataset.last);
    badge.dataset.text ??= badge.textContent;
    const stale = badge.classList.toggle("stale", this.now() - last > badge.dataset.live * MINUTE);
    write(badge, stale ? this.page.say("lastUpdate", { time: this.at(last) }) : badge.dataset.text);
  }
}

function note(time, name, text) {
  const small = time.querySelector(`.${name}`);
  if (small) write(small, text);
  else if (text) time.append(" ", make("small", name, text));
}

/**
 * A new day in the event's zone, or a gap in time: the same rule as the server's
 * events/separators.py; tests/separators.json holds the two together. Return [[class,
 * text]] for what stands before the post at `here`, after one at `above` (or null at the top).
 * Instants in ms. `how`: { zone, say, oldestFirst, isDated: whether the day stands at the top too }.
 */
export function between(above, here, how) {
  const lines = [];
  const day = dayOf(here, how);
  if (above === null ? how.isDated : dayOf(above, how) !== day) lines.push(["day", day]);
  if (above === null) return lines;
  const minutes = Math.floor(Math.abs(Math.floor(here / 1000) - Math.floor(above / 1000)) / 60);
  if (minutes >= GAP) lines.push(["gap", gap(minutes, how)]);
  return lines;
}

const known = {};

/** The date in the zone, as numbers, and the zone's distance from UTC: { year, month, day, timeZoneName }. */
function dateIn(zone, moment) {
  // To make a format takes longer than to use it a hundred times, and that longer than to know what it said: days,
  // and whatever else clocks are put to, begin with a quarter of an hour.
  return (known[zone + Math.floor(moment / QUARTER)] ??= Object.fromEntries(
    (known[zone] ??= new Intl.DateTimeFormat("en-u-ca-gregory-nu-latn", { timeZone: zone, timeZoneName: "shortOffset" }))
      .formatToParts(moment)
      .map(({ type, value }) => [type, value]),
  ));
}

/** Which day it is in the zone, in words of the house, with its weekday or without: Intl's differ from browser to browser. */
function dayOf(moment, { zone, say }, key = "day") {
  const { year, month, day } = dateIn(zone, moment);
  const weekday = say.words.weekdays[(new Date(Date.UTC(year, month - 1, day)).getUTCDay() + 6) % 7];
  return say(key, { weekday, day, month: say.words.months[month - 1], year });
}

function gap(minutes, { say, oldestFirst }) {
  const [key, size] = minutes < 60 ? ["gapMinutes", 1] : minutes < 1440 ? ["gapHours", 60] : ["gapDays", 1440];
  return say(oldestFirst ? "gapLater" : "gapEarlier", { time: say(key, { n: Math.floor(minutes / size) }) });
}

/**
 * Draw the lines between the posts in `box`; those that are right already are left alone.
 * `waits(post)`: whether a post must not change its height now; it is drawn again when it may.
 */
export function draw(box, how, since, waits) {
  const pinned = document.querySelector("[data-pinned]")?.dataset.pinned;
  let above = null;
  for (const post of box.querySelectorAll("[data-post]")) {
    const here = Date.parse(post.dataset.published);
    const wanted = between(above, here, how);
    if (since?.before === post.dataset.post) wanted.push(["since", since.text]);
    // The pinned post is folded to a line, or unfolded, at once or when nobody looks at it.
    const isFolded = post.previousElementSibling?.className === FOLD;
    const isPinned = pinned === post.dataset.post;
    if (isFolded !== isPinned && waits(post) ? isFolded : isPinned) wanted.push([FOLD, how.say("pinnedHere")]);
    above = here;
    drawBefore(post, wanted);
  }
}

function drawBefore(post, wanted) {
  const drawn = [];
  for (let line = post.previousElementSibling; line && !line.dataset.post; line = line.previousElementSibling) {
    if ("separator" in line.dataset) drawn.unshift(line);
  }
  if (drawn.map((line) => [line.className, line.textContent]).join() === wanted.join()) return;
  for (const line of drawn) line.remove();
  for (const [name, text] of wanted) {
    const line = make("p", name, text);
    line.dataset.separator = "";
    post.before(line);
  }
}

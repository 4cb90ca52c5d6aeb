/*
 * What a reader has missed: what of the posts that were on the screen has turned out wrong since,
 * and what is new, corrections and key events first. Which posts were on the screen is kept in
 * this browser alone, for two weeks; the server is asked what every page asks that was away.
 */

import { load } from "./connection.js";
import { isLoud, tally } from "./posts.js";
import { firstOf } from "./sequence.js";
import { byId, make, parse } from "./still.js";
import { sentence } from "./words.js";

const PREFIX = "lb:";
const KEPT = 14 * 86400000;
const POSTS = 200;
const SHOWN = 3;
const AWAY = 5 * 60000;
// The times in what says that a post is wrong: a note, a tombstone's sentence, its standing.
const WRONG = ".note:not(.label) time, .sentence time, :is(.disputed, .false) + .standings time:last-of-type";

/** What was last found wrong with a post: { at: as the server writes times, text }; `at` is "" for nothing. */
function doubt(post) {
  let last = { at: "" };
  for (const time of post.querySelectorAll(WRONG)) {
    const at = time.dateTime;
    if (at >= last.at) last = { at, text: time.closest("p").textContent };
  }
  return last;
}

/** A line about a post: its headline, which leads there, and what is said of it. */
function item(post, text = "") {
  const heading = post.querySelector("h3");
  const link = make("a", "", heading.textContent);
  link.dir = heading.dir;
  link.href = post.querySelector(".when").href;
  link.dataset.to = post.dataset.post;
  const line = make("li");
  line.append(link, " ", text);
  return line;
}

function list(items) {
  const all = make("ul");
  all.append(...items.slice(0, SHOWN));
  return all;
}

/** What was kept under this key; undefined for nothing, and for nonsense. */
function read(key) {
  try {
    const left = JSON.parse(localStorage[key]);
    return { ...left, seen: new Map(left.seen) };
  } catch {
    // It is deleted, by whoever asks.
  }
}

export class Away {
  /** `page`: { live, posts, pill, shown, say }. */
  constructor(page) {
    this.page = page;
    this.live = page.live;
    this.key = PREFIX + this.live.dataset.slug;
    const left = (this.left = this.load());
    // Post -> when what was on the screen had been found wrong; the latest seen is the last.
    this.seen = new Map(left?.seen);
    this.here = new Set();
    this.observer = new IntersectionObserver((entries) => entries.forEach((entry) => this.meet(entry)));
    this.watch();
    this.live.addEventListener("lb:inserted", () => this.watch());
    document.addEventListener("visibilitychange", () => this.turn());
    addEventListener("pagehide", () => this.save());
    if (left?.sequence < this.live.dataset.sequence) this.ask(left);
  }

  watch() {
    for (const post of this.page.posts.all()) this.observer.observe(post);
  }

  /** A post comes on the screen, or leaves it as it then was. */
  meet({ target, isIntersecting }) {
    if (isIntersecting) this.here.add(target);
    if (isIntersecting || this.here.delete(target)) this.note(target);
  }

  note(post) {
    const id = post.dataset.post;
    this.seen.delete(id);
    this.seen.set(id, doubt(post).at);
  }

  turn() {
    if (document.hidden) this.left = this.save();
    else if (Date.now() - this.left?.at > AWAY) this.ask(this.left, true);
  }

  /** What the last visit left; what is older than two weeks, or cannot be read, is forgotten, of whichever event. */
  load() {
    try {
      for (const key of Object.keys(localStorage)) {
        if (key.startsWith(PREFIX) && !(Date.now() - read(key)?.at < KEPT)) delete localStorage[key];
      }
      return read(this.key);
    } catch {
      // Private or closed: then nothing is remembered.
    }
  }

  save() {
    this.here.forEach((post) => this.note(post));
    const seen = [...this.seen].slice(-POSTS);
    const { epoch, show, newest } = this.live.dataset;
    // A filtered or an older page does not show what is new.
    const sequence = ((show || newest) && this.left?.sequence) || this.page.shown;
    const left = { epoch, sequence, at: Date.now(), seen };
    try {
      localStorage[this.key] = JSON.stringify(left);
    } catch {
      // As above, or full.
    }
    return left;
  }

  /** Ask for all that has changed since, at a time of our own; `isBack`: the pill tells what is new. */
  async ask(left, isBack) {
    const { updates } = this.live.dataset;
    const changed = [];
    let answer = left;
    await new Promise((then) => setTimeout(then, Math.random() * (isBack ? 4000 : 1000)));
    do {
      const address = `${updates}?after=${answer.sequence}&epoch=${left.epoch}`;
      // No answer, or none that makes sense: another time.
      answer = await load(address).then((given) => given.json()).catch(() => left);
      changed.push(...(answer.updates ?? []));
    } while (answer.more);
    // Another history counts otherwise.
    if (answer.updates && answer.epoch === left.epoch) this.tell(left, changed, answer.reset, isBack);
  }

  /** Sort what has changed since `left`, and show it. */
  tell({ sequence, seen }, changed, isLong, isBack) {
    const before = new Map(seen);
    const wrong = [];
    const corrections = [];
    const keys = [];
    const others = [];
    const fresh = [];
    for (const update of changed) {
      const { post, html } = update;
      const element = html && parse(html).body.firstChild;
      const { at, text } = element ? doubt(element) : { at: "~" };
      if (at > before.get(post)) {
        this.seen.set(post, at);
        wrong.push(element ? item(element, text) : make("li", "", this.page.say("removed")));
      } else if (element && isLoud(update) && firstOf(update) > sequence) {
        fresh.push(update);
        const pile = update.kind === "correction" ? corrections : update.flags.includes("key") ? keys : others;
        pile.unshift(item(element));
      }
    }
    // Where the corrected posts are named, the corrections' own entries say nothing more.
    const items = [...(wrong.length ? [] : corrections), ...keys, ...others];
    const news = isBack ? "" : sentence(tally(fresh), new Map(), this.page.say);
    const isNew = !isBack && (news || isLong);
    if (wrong.length || isNew) this.show(wrong, news, isNew && items, sequence);
  }

  /** One line, which unfolds, and so lies in nobody's way; with nothing to unfold it is a link. */
  show(wrong, news, items, sequence) {
    const { say } = this.page;
    const box = byId("away");
    const told = wrong.length && say("doubted", { n: wrong.length });
    const since = say("away") + (news && `: ${news}`);
    const details = make("details");
    const isBare = !told && !items.length;
    const all = make("a", "", isBare ? since : say("changes"));
    const close = make("button", "", say("close"));
    all.href = `${box.dataset.since}${sequence}/`;
    close.onclick = () => (box.hidden = true);
    details.append(make("summary", "", told || since), list(wrong));
    if (told && items) details.append(make("h2", "", since));
    if (items) details.append(list(items));
    details.append(all);
    box.replaceChildren(isBare ? all : details, close);
    box.hidden = false;
    this.page.pill.announce(told || news);
  }
}

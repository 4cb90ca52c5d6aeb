/*
 * The entry: ties the pieces to the page's #live. Everything it knows stands in data-*.
 */

import { Connection, load } from "./connection.js";
import { isLoud, Parts, Posts, tally } from "./posts.js";
import { firstOf } from "./sequence.js";
import { share } from "./share.js";
import { byId, focusOn, isBusy, isPlaying, morph, postsIn, take, topOf, write } from "./still.js";
import { draw, Pill, speaker, Times } from "./words.js";

class Page {
  constructor(live) {
    this.live = live;
    this.box = byId("posts");
    const { words, language, state, sequence } = live.dataset;
    // Up to where all that came is shown.
    this.shown = Number(sequence);
    this.say = speaker(words, language);
    this.times = new Times(this);
    this.posts = new Posts(this);
    this.parts = new Parts(this);
    this.pill = new Pill(this);
    this.pill.button.addEventListener("click", () => this.insert());
    live.addEventListener("change", () => this.changed());
    live.classList.add("on");
    share(this);
    this.times.refresh();
    document.addEventListener("visibilitychange", () => this.leave());
    this.connection = new Connection(live.dataset, this);
    this.state(state);
    this.connection.start();
  }

  emit(name, detail) {
    this.live.dispatchEvent(new CustomEvent(`lb:${name}`, { detail, bubbles: true }));
  }

  /** Take one frame, or one whole answer. */
  apply(message) {
    const { dataset } = this.live;
    const { updates = [message], parts = {}, sequence } = message;
    for (const update of updates) {
      if (!update.post || update.html === undefined) continue;
      this.posts.take(update);
      if (isLoud(update) && update.published > dataset.last) dataset.last = update.published;
    }
    this.parts.take(parts);
    // The event's state as a header's html says it; the part itself may still wait.
    this.state(parts.header?.match(/data-state="(\w+)"/)?.[1] ?? dataset.state);
    dataset.sequence = sequence;
    if (!this.posts.pending.size) this.shown = sequence;
    this.emit("update", { updates, parts });
    this.times.refresh();
  }

  state(state) {
    const { dataset } = this.live;
    if (state === "ended" && dataset.state !== state) this.emit("ended", {});
    dataset.state = state;
    this.connection.setEnded(state === "ended");
  }

  /** Draw what stands between the posts, bring the times in `root` up to date. `away`: a post that is out of view. */
  redraw(root, away) {
    if (this.resetting) return;
    const { oldestFirst } = this.posts;
    const { zone, newest } = this.live.dataset;
    // While all that waits is put in, the reader has asked for it.
    const waits = (post) => !this.inserting && post !== away && this.posts.waits(post);
    // What does not begin with the newest begins with its day.
    draw(this.box, { zone, say: this.say, oldestFirst, isDated: oldestFirst || newest }, this.since, waits);
    if (root) this.times.refresh(root);
  }

  changed() {
    if (this.inserting) return;
    byId("empty").hidden = this.posts.all().length;
    const parts = this.parts.waiting;
    clearTimeout(this.retry);
    // A page without posts says that they appear by themselves.
    const isBlank = !this.posts.all().length && this.posts.pending.size;
    if (isBlank || (byId("auto")?.checked && (parts.size || this.posts.pending.size || this.posts.late.size))) {
      if (!isBusy()) return this.show();
      this.retry = setTimeout(() => this.changed(), 2000);
    }
    this.pill.show(tally(this.posts.pending.values()), parts);
  }

  /** All that waits, at once. Returns the new posts as elements, in reading order. */
  show() {
    this.inserting = true;
    this.parts.insert();
    const fresh = this.posts.insert();
    this.inserting = false;
    this.shown = Number(this.live.dataset.sequence);
    this.changed();
    return fresh;
  }

  /** The reader has tapped. */
  insert() {
    const { oldestFirst } = this.posts;
    const edge = this.posts.all().at(oldestFirst ? -1 : 0)?.dataset;
    const fresh = this.show();
    if (!fresh.length) return;
    // "New since" stands between what was there and what came at the end where news come.
    const first = edge && fresh.find((post) => post.dataset.order > edge.order);
    this.since = first && {
      before: oldestFirst ? first.dataset.post : edge.post,
      text: this.say("since", { time: this.times.at(Date.parse(edge.published)) }),
    };
    this.redraw();
    focusOn(fresh.find((post) => isLoud(post.dataset)) ?? fresh[0]);
  }

  /** Take the page again, as far down as the reader has come, quietly, and change in place what differs. */
  async reset() {
    const { dataset } = this.live;
    const { oldestFirst } = this.posts;
    const last = this.posts.all().filter((post) => topOf(post) < innerHeight).at(-1)?.dataset.order;
    const isShort = ({ oldest, newest }) => (oldestFirst ? last > newest : last < oldest);
    const lives = [];
    let next = document.baseURI;
    do {
      // Where the page may not read itself, a reload will do, once nobody reads.
      const page = await take(next).catch(() => this.renew());
      const live = page?.getElementById("live");
      if (!live) return null;
      lives.push(live);
      const { epoch, sequence } = live.dataset;
      // A cache gave the page that we have, or another history's.
      if (epoch === dataset.epoch ? sequence - dataset.sequence <= 0 : epoch !== lives[0].dataset.epoch) return null;
      const older = live.querySelector("#older");
      next = older && (older.href = new URL(older.getAttribute("href"), next).href);
    } while (next && isShort(lives.at(-1).dataset));
    const { lang, dir } = lives[0].ownerDocument.documentElement;
    Object.assign(document.documentElement, { lang, dir });
    const posts = lives.flatMap(postsIn);
    const further = posts.filter((post) => !this.posts.reaches(post.dataset));
    const sequence = Math.min(...lives.map((live) => live.dataset.sequence));
    Object.assign(dataset, lives[0].dataset, this.posts.edgeOf(lives.at(-1).dataset), { sequence });
    this.say = speaker(dataset.words, dataset.language);
    this.times.dress();
    this.inserting = this.resetting = true;
    try {
      this.posts.replace(posts, further);
    } finally {
      this.inserting = this.resetting = false;
    }
    const parts = [...lives[0].querySelectorAll("[data-part]")];
    this.parts.take(Object.fromEntries(parts.map((part) => [part.dataset.part, part.innerHTML])));
    this.redraw(this.live);
    this.shown = Math.min(sequence, ...[...this.posts.pending.values()].map((post) => firstOf(post) - 1));
    this.state(dataset.state);
    this.lead(lives.at(-1));
    this.emit("reset", lives[0]);
    return { epoch: dataset.epoch, have: sequence };
  }

  /** Let the link to older posts lead where that of `live` (not in the page) leads. */
  lead(live) {
    const link = byId("older");
    const other = live.querySelector("#older");
    if (link && other) morph(link, other);
    else if (other) this.box.after(other);
    else link?.remove();
  }

  /** Another release is out. */
  renew() {
    this.stale = true;
  }

  /** The reader looks elsewhere: now the page may be taken anew, if it can be had. */
  async leave() {
    const mayGo = () => this.stale && document.hidden && !isPlaying();
    // Asked where a sandbox may ask, too.
    if (mayGo() && (await load(this.connection.here()).catch(() => "")).ok && mayGo()) location.reload();
  }

  clock(ms) {
    this.times.set(ms);
  }

  gone() {
    this.emit("ended", { gone: true });
  }

  /** Say that the line is down, or stop saying so. */
  trouble(bad) {
    const line = byId("connection");
    line.hidden = !bad;
    if (!bad) {
      this.heard = this.times.now() || Date.now();
      return;
    }
    const time = this.times.at(this.heard ?? Date.parse(this.live.dataset.last));
    write(line.firstChild, this.say("reconnecting", { time }));
  }
}

/** The page around #live, for entries that add to it. */
export const page = new Page(byId("live"));

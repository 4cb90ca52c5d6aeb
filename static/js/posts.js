/*
 * What changes on the page: the column of posts, and the parts around it (header, summary, pinned,
 * key events). What is new waits as data until the reader asks; what is here is changed in place,
 * and nothing that is being read moves.
 */

import { isGone, isNewer } from "./sequence.js";
import { byId, hold, inView, keep, make, morph, morphChildren, parse, postsIn, whenAway } from "./still.js";

const element = (html) => parse(html).body.firstElementChild;
const stateOf = ({ dataset, outerHTML: html }) => ({ ...dataset, version: Number(dataset.version), html });

/** Whether a post in this state counts as news. */
export const isLoud = ({ flags }) => !flags.includes("quiet") && !flags.includes("tombstone");

/** How many of these updates are what: { news, corrections, quiet }. */
export function tally(updates) {
  const count = { news: 0, corrections: 0, quiet: 0 };
  for (const update of updates) count[isLoud(update) ? (update.kind === "correction" ? "corrections" : "news") : "quiet"]++;
  return count;
}

export class Posts {
  /** `page`: { live, box, say, emit(name, detail), changed(), redraw(element) }. */
  constructor(page) {
    this.page = page;
    this.box = page.box;
    this.oldestFirst = page.live.dataset.orderBy === "oldest";
    this.pending = new Map();
    this.known = new Map();
    this.late = new Set();
    // The last update of a post beyond this page's window.
    this.beyond = 0;
    for (const post of this.all()) this.remember(stateOf(post));
  }

  all() {
    return postsIn(this.page.live);
  }

  find(post) {
    return byId(`p-${post}`);
  }

  remember(state) {
    this.known.set(state.post, { version: state.version, gone: isGone(state) });
  }

  /** Whether this page reaches as far as a post in this state. */
  reaches({ order }) {
    const { oldest = "", newest } = this.page.live.dataset;
    return order >= oldest && (!newest || order <= newest);
  }

  /** The end of a page's window at which more can be asked for, as its data say it. */
  edgeOf({ oldest, newest }) {
    return this.oldestFirst ? { newest } : { oldest };
  }

  /** Whether this page, with its filter and its window, shows a post in this state. */
  belongs(update) {
    const isWanted = this.page.live.dataset.show !== "key" || update.flags.includes("key");
    return update.html && isWanted && this.reaches(update);
  }

  /** Take one state of one post. */
  take(update) {
    const { post } = update;
    if (!isNewer(this.known.get(post), update)) return;
    this.remember(update);
    if (update.sequence && !this.reaches(update)) this.beyond = update.sequence;
    const here = this.find(post);
    const belongs = this.belongs(update);
    if (here) {
      const words = update.html ? "" : this.page.say("removed");
      keep(() => (belongs ? this.revise(here, update) : this.leave(here, words)));
      this.page.emit(isGone(update) ? "withdrawn" : "revised", { post });
    } else if (belongs) this.pending.set(post, update);
    else this.pending.delete(post);
    this.page.changed();
  }

  revise(here, update) {
    const seen = inView(here);
    const fix = hold(here);
    const moved = here.dataset.order !== update.order;
    const fresh = element(update.html);
    fresh.classList.toggle("fresh", here.classList.contains("fresh"));
    morph(here, fresh);
    this.page.redraw(here);
    // What is withdrawn under somebody's eyes must not pull the rest up.
    if (seen && isGone(update)) {
      fix(here);
      this.whenAway(here, () => here.style.removeProperty("min-block-size"));
    }
    if (!moved) return;
    if (!this.waits(here, seen)) {
      this.place(here);
      this.page.redraw();
    }
  }

  /** Whether a post is in view, and so is put in its place, and drawn as it should be, once it is not. */
  waits(post, seen = inView(post)) {
    if (seen && !this.late.has(post)) {
      this.late.add(post);
      this.whenAway(post, () => {
        if (!this.late.delete(post) || !post.isConnected) return;
        this.place(post);
        this.page.redraw(null, post);
      });
    }
    return seen;
  }

  /** Delete a post; in view, a line of its height stays until it is out of view. */
  leave(here, words) {
    this.late.delete(here);
    if (inView(here)) {
      const line = make("p", "left", words);
      const fix = hold(here);
      here.replaceWith(line);
      fix(line);
      this.whenAway(line, () => (line.remove(), this.page.redraw()));
    } else {
      here.remove();
      this.page.redraw();
    }
  }

  whenAway(post, change) {
    whenAway(post, () => keep(change));
  }

  /** Put an element where its order says. */
  place(post) {
    const after = (other) => (other.dataset.order > post.dataset.order) === this.oldestFirst;
    let next = this.all().find((other) => other !== post && after(other));
    if (!next) this.box.append(post);
    else if (post.nextElementSibling !== next) {
      while (next.previousElementSibling?.matches("[data-separator], .left")) next = next.previousElementSibling;
      next.before(post);
    }
  }

  /** Show all that waits, in one batch; return the new posts as the reader reads. */
  insert() {
    const old = new Set(this.all());
    const posts = [...this.pending.keys()];
    keep(() => {
      for (const post of this.late) this.place(post);
      for (const { html } of this.pending.values()) {
        const post = element(html);
        post.classList.add("fresh");
        this.place(post);
      }
      this.page.redraw(this.box);
    });
    this.late.clear();
    this.pending.clear();
    if (posts.length) this.page.emit("inserted", { posts });
    return this.all().filter((post) => !old.has(post));
  }

  /** Put the posts of the next page behind those that are here; return the first of them. */
  append(posts) {
    const fresh = posts.filter(({ dataset }) => !this.find(dataset.post));
    for (const post of fresh) {
      this.remember(stateOf(post));
      this.pending.delete(post.dataset.post);
      this.place(post);
    }
    this.page.redraw(this.box);
    this.page.changed();
    this.page.emit("inserted", { posts: fresh.map(({ dataset }) => dataset.post) });
    return fresh[0];
  }

  /**
   * Become the posts of a page just taken: the same rule, with all versions forgotten. Those of
   * `further` lie beyond where this page ended, and are no news.
   */
  replace(posts, further) {
    const states = posts.filter((post) => !further.includes(post)).map(stateOf);
    const ids = new Set(states.map(({ post }) => post));
    this.known.clear();
    // Another history counts anew.
    this.beyond = Math.min(this.beyond, this.page.live.dataset.sequence);
    this.pending.clear();
    keep(() => this.all().forEach((post) => ids.has(post.dataset.post) || this.leave(post, "")));
    states.forEach((state) => this.take(state));
    if (further.length) this.append(further);
  }
}

/** They obey the pill: out of view they change at once, in view only when that moves nothing. */
export class Parts {
  /** `page`: { live, box, times, changed() }. */
  constructor(page) {
    this.page = page;
    this.waiting = new Map();
  }

  find(name) {
    return this.page.live.querySelector(`[data-part="${name}"]`);
  }

  /** Take { name: html }, those that changed. */
  take(parts) {
    for (const [name, html] of Object.entries(parts)) {
      const here = this.find(name);
      if (!here) continue;
      const waits = this.waiting.has(name);
      this.waiting.set(name, html);
      if (!inView(here) || this.fits(here, html)) this.show(name);
      else if (!waits) whenAway(here, () => (this.show(name), this.page.changed()));
    }
    this.page.changed();
  }

  show(name) {
    if (!this.waiting.has(name)) return;
    const here = this.find(name);
    keep(() => {
      morphChildren(here, parse(this.waiting.get(name)).body);
      this.page.times.refresh(here);
      // The post in its place is folded, or unfolded.
      if (name === "pinned") this.page.redraw();
    });
    this.waiting.delete(name);
  }

  /** Show all that waits. */
  insert() {
    for (const name of this.waiting.keys()) this.show(name);
  }

  /** Whether the part would be as high as it is: tried on copies that take no room. */
  fits(here, html) {
    const now = here.cloneNode(true);
    const then = here.cloneNode(false);
    then.append(...parse(html).body.childNodes);
    const open = now.querySelectorAll("details");
    then.querySelectorAll("details").forEach((details, i) => open[i] && (details.open = open[i].open));
    this.page.times.refresh(then);
    const [before, after] = [now, then].map((copy) => {
      copy.style.cssText = `position: absolute; visibility: hidden; inline-size: ${here.clientWidth}px`;
      here.after(copy);
      const { height } = copy.getBoundingClientRect();
      copy.remove();
      return height;
    });
    return Math.abs(before - after) < 1;
  }
}

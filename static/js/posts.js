/*
 * The column of posts. What is new waits as data until the reader asks; what is here is changed
 * in place, and nothing that is being read moves.
 */

import { element } from "./html.js";
import { morph } from "./morph.js";
import { isGone, isNewer } from "./sequence.js";
import { hold, inView, keep, whenAway } from "./view.js";

export class Posts {
  /** `page`: { live, box, say, emit(name, detail), changed(), redraw(box) }. */
  constructor(page) {
    Object.assign(this, page);
    const { orderBy, show, oldest, newest } = this.live.dataset;
    this.oldestFirst = orderBy === "oldest";
    this.show = show || "";
    this.window(oldest, newest);
    this.pending = new Map();
    this.known = new Map();
    this.late = new Set();
    for (const post of this.all()) this.remember(post.dataset);
  }

  window(oldest, newest) {
    this.from = oldest || "";
    this.to = newest || "";
  }

  all() {
    return [...this.box.querySelectorAll("[data-post]")];
  }

  remember({ post, version, flags = "" }) {
    this.known.set(post, { version: Number(version), gone: flags.split(" ").includes("tombstone") });
  }

  find(id) {
    return this.box.querySelector(`[data-post="${CSS.escape(id)}"]`);
  }

  /** Whether this page, with its filter and its window, shows a post in this state. */
  belongs({ html, flags, order }) {
    if (!html || (this.show === "key" && !flags.includes("key"))) return false;
    return order >= this.from && (!this.to || order <= this.to);
  }

  /** Take one state of one post. */
  take(update) {
    if (!isNewer(this.known.get(update.post), update)) return;
    this.known.set(update.post, { version: update.version, gone: isGone(update) });
    const here = this.find(update.post);
    const belongs = this.belongs(update);
    if (here && belongs) keep(this.box, () => this.revise(here, update));
    else if (here) keep(this.box, () => this.leave(here, update.html ? "" : this.say("removed")));
    else if (belongs) this.pending.set(update.post, update);
    else this.pending.delete(update.post);
    if (here) this.emit(isGone(update) ? "withdrawn" : "revised", { post: update.post });
    this.changed();
  }

  revise(here, update) {
    const seen = inView(here);
    const fix = hold(here);
    const moved = here.dataset.order !== update.order;
    const fresh = element(update.html);
    if (here.classList.contains("fresh")) fresh.classList.add("fresh");
    morph(here, fresh);
    this.redraw(here);
    // What is withdrawn under somebody's eyes must not pull the rest up.
    if (seen && isGone(update)) {
      fix(here);
      whenAway(here, () => keep(this.box, () => here.style.removeProperty("min-block-size")));
    }
    if (!moved) return;
    if (!seen) return this.place(here);
    this.late.add(here);
    whenAway(here, () => this.late.delete(here) && here.isConnected && keep(this.box, () => this.place(here)));
  }

  /** Delete a post; in view, a line of its height stays until it is out of view. */
  leave(here, words) {
    this.late.delete(here);
    if (inView(here)) {
      const line = document.createElement("p");
      line.className = "left";
      line.textContent = words;
      const fix = hold(here);
      here.replaceWith(line);
      fix(line);
      whenAway(line, () => keep(this.box, () => (line.remove(), this.redraw())));
    } else {
      here.remove();
      this.redraw();
    }
  }

  /** Put an element where its order says. */
  place(post) {
    const after = (other) => (other.dataset.order > post.dataset.order) === this.oldestFirst;
    document.getElementById("empty")?.remove();
    const next = this.all().find((other) => other !== post && after(other));
    if (!next) this.box.append(post);
    else if (post.nextElementSibling !== next) {
      let before = next;
      while (before.previousElementSibling?.matches("[data-separator], .left")) before = before.previousElementSibling;
      this.box.insertBefore(post, before);
    }
    this.redraw(post);
  }

  /** What waits: { news, corrections, quiet }, numbers. */
  waiting() {
    const count = { news: 0, corrections: 0, quiet: 0 };
    for (const { kind, flags } of this.pending.values()) {
      if (flags.includes("quiet") || flags.includes("tombstone")) count.quiet += 1;
      else if (kind === "correction") count.corrections += 1;
      else count.news += 1;
    }
    return count;
  }

  /** Show all that waits, in one batch; return the first new post as the reader reads, or undefined. */
  insert() {
    const old = new Set(this.all());
    const batch = [...this.pending.values()];
    this.pending.clear();
    keep(this.box, () => {
      for (const post of this.late) this.place(post);
      this.late.clear();
      for (const update of batch) {
        const post = element(update.html);
        post.classList.add("fresh");
        this.place(post);
      }
    });
    if (batch.length) this.emit("inserted", { posts: batch.map(({ post }) => post) });
    this.changed();
    return this.all().filter((post) => !old.has(post));
  }

  /** Become the posts of a page just taken: the same rule, with all versions forgotten. */
  replace(live, posts) {
    this.known.clear();
    this.window(live.dataset.oldest, live.dataset.newest);
    const states = [...posts].map((post) => ({
      ...post.dataset,
      version: Number(post.dataset.version),
      flags: (post.dataset.flags || "").split(" "),
      html: post.outerHTML,
      action: "publish",
    }));
    const ids = new Set(states.map(({ post }) => post));
    for (const id of [...this.pending.keys()]) if (!ids.has(id)) this.pending.delete(id);
    keep(this.box, () => this.all().forEach((post) => ids.has(post.dataset.post) || this.leave(post, "")));
    states.forEach((state) => this.take(state));
    this.changed();
  }
}

/*
 * The entry: ties the pieces to the page's #live. Everything it knows stands in data-*.
 */

import { Connection } from "./connection.js";
import { parse } from "./html.js";
import { Parts } from "./parts.js";
import { Pill } from "./pill.js";
import { Posts } from "./posts.js";
import { draw } from "./separators.js";
import { announcer } from "./status.js";
import { Times } from "./times.js";
import { isBusy, isPlaying } from "./view.js";
import { speaker } from "./words.js";

class Page {
  constructor(live) {
    this.live = live;
    this.box = live.querySelector("#posts");
    this.auto = document.getElementById("auto");
    const { words, language } = live.dataset;
    this.say = speaker(words, language);
    const emit = (name, detail) => live.dispatchEvent(new CustomEvent(`lb:${name}`, { detail, bubbles: true }));
    const shared = { live, box: this.box, say: this.say, emit, changed: () => this.changed() };
    this.emit = emit;
    this.times = new Times(shared);
    this.posts = new Posts({ ...shared, redraw: (post) => this.redraw(post) });
    this.parts = new Parts({ ...shared, redraw: (part) => this.times.refresh(part) });
    const button = document.getElementById("pill");
    this.pill = new Pill({ ...shared, button, announce: announcer(document.getElementById("status")) });
    button?.addEventListener("click", () => this.insert());
    this.auto?.closest("[data-script]")?.removeAttribute("hidden");
    this.auto?.addEventListener("change", () => this.changed());
    this.times.refresh();
  }

  /** Open the line to the server. */
  start() {
    const { socket, updates, epoch, sequence, release } = this.live.dataset;
    const address = new URL(socket, document.baseURI);
    address.protocol = address.protocol.replace("http", "ws");
    this.connection = new Connection({
      socket: address.href,
      updates,
      epoch,
      have: Number(sequence),
      release,
      on: {
        apply: (message) => this.apply(message),
        reset: () => this.reset(),
        gone: () => this.emit("ended", { gone: true }),
        trouble: (bad) => this.trouble(bad),
        clock: (ms) => this.times.set(ms),
        release: () => (this.stale = true),
      },
    });
    document.addEventListener("visibilitychange", () => this.renew());
    this.state(this.live.dataset.state);
    this.connection.start();
  }

  /** Take one frame, or one whole answer. */
  apply(message) {
    for (const update of message.updates ?? [message]) {
      if (update.post && update.html !== undefined) this.note(update);
    }
    if (message.parts) this.parts.take(message.parts);
    this.state(this.header(message.parts?.header) ?? this.live.dataset.state);
    this.live.dataset.sequence = message.sequence;
    this.times.refresh();
  }

  note(update) {
    this.posts.take(update);
    const quiet = update.flags.includes("quiet") || update.flags.includes("tombstone");
    if (!quiet && update.published > this.live.dataset.last) this.live.dataset.last = update.published;
  }

  /** The event's state as a header's html says it; the part itself may still wait. */
  header(html) {
    return html?.match(/data-state="(\w+)"/)?.[1];
  }

  state(state) {
    if (state === "ended" && this.live.dataset.state !== "ended") this.emit("ended", {});
    this.live.dataset.state = state;
    this.connection.setEnded(state === "ended");
  }

  redraw(post) {
    const { zone, orderBy } = this.live.dataset;
    draw(this.box, { zone, say: this.say, oldestFirst: orderBy === "oldest" }, this.since);
    if (post) this.times.refresh(post);
  }

  changed() {
    if (!this.posts || !this.parts || !this.pill || this.inserting) return;
    const waits = this.posts.pending.size + this.parts.waiting.size + this.posts.late.size;
    clearTimeout(this.retry);
    if (this.auto?.checked && waits) {
      if (!isBusy(this.box)) return this.show();
      this.retry = setTimeout(() => this.changed(), 2000);
    }
    this.pill.show(this.posts.waiting(), this.parts.waiting.size > 0);
  }

  /** All that waits, at once. Returns the new posts as elements, in reading order. */
  show() {
    this.inserting = true;
    this.parts.insert();
    const fresh = this.posts.insert();
    this.inserting = false;
    this.changed();
    return fresh;
  }

  /** The reader has tapped. */
  insert() {
    const old = this.posts.all();
    const edge = old.at(this.posts.oldestFirst ? -1 : 0);
    const fresh = this.show();
    if (!fresh.length) return;
    if (edge) {
      // "New since" stands between what was there and what came at the end where news come.
      const before = this.posts.oldestFirst ? fresh.find((post) => post.dataset.order > edge.dataset.order) : edge;
      const text = this.say("since", { time: this.times.at(Date.parse(edge.dataset.published)) });
      const ahead = !this.posts.oldestFirst && fresh[0].dataset.order > edge.dataset.order;
      this.since = before && (ahead || before !== edge) ? { before: before.dataset.post, text } : null;
      this.redraw();
    }
    const loud = fresh.find((post) => !/quiet|tombstone/.test(post.dataset.flags)) ?? fresh[0];
    const heading = loud.querySelector("h3") ?? loud;
    heading.tabIndex = -1;
    heading.focus();
  }

  /** Take the page again, quietly, and change in place what differs. */
  async reset() {
    const address = document.baseURI.split("#")[0];
    // Where the page may not read itself, a reload will do, once nobody reads.
    const answer = await fetch(address, { cache: "no-cache", credentials: "omit" }).catch(() => ((this.stale = true), {}));
    const fresh = answer.ok && parse(await answer.text()).getElementById("live");
    const { epoch, sequence } = this.live.dataset;
    // A cache gave the page that we have.
    if (!fresh || (fresh.dataset.epoch === epoch && Number(fresh.dataset.sequence) <= Number(sequence))) return null;
    for (const name of ["lang", "dir"]) {
      document.documentElement.setAttribute(name, fresh.ownerDocument.documentElement.getAttribute(name) ?? "");
    }
    for (const [name, value] of Object.entries(fresh.dataset)) this.live.dataset[name] = value;
    this.say = this.posts.say = this.times.say = this.pill.say = speaker(fresh.dataset.words, fresh.dataset.language);
    this.times.dress();
    this.posts.replace(fresh, fresh.querySelectorAll("#posts [data-post]"));
    const parts = [...fresh.querySelectorAll("[data-part]")];
    this.parts.take(Object.fromEntries(parts.map((part) => [part.dataset.part, part.innerHTML])));
    this.redraw(this.live);
    this.state(fresh.dataset.state);
    return { epoch: fresh.dataset.epoch, have: Number(fresh.dataset.sequence) };
  }

  /** Another release is out: take it while nobody reads. */
  renew() {
    if (this.stale && document.hidden && !isPlaying()) location.reload();
  }

  /** Say that the line is down, or stop saying so. */
  trouble(bad) {
    let line = document.getElementById("connection");
    if (!bad) this.heard = this.times.now() ?? Date.now();
    if (!line && !bad) return;
    if (!line) {
      line = document.createElement("p");
      line.id = "connection";
      this.box.before(line);
    }
    line.hidden = !bad;
    if (!bad) return;
    const link = document.createElement("a");
    link.href = "";
    link.textContent = this.say("refresh");
    const time = this.times.at(this.heard ?? Date.parse(this.live.dataset.last));
    line.replaceChildren(`${this.say("reconnecting", { time })} `, link);
  }
}

/** Bring the page around `live` to life; return it. */
export function start(live) {
  const page = new Page(live);
  page.start();
  return page;
}

const live = document.getElementById("live");
/** The page around #live, for entries that add to it. */
export const page = live && start(live);

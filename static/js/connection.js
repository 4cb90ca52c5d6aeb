/*
 * Keeps the page fed: by socket, by polling where sockets are refused, and not at all while
 * nobody looks. Knows no DOM beside the document's visibility; hands over what arrives.
 */

import { jitter, judge, patience } from "./sequence.js";

const POLL = 8000;
const STEADY = 30000;
const FULL = 60000;
const HIDDEN = 5 * 60000;
const UNSEEN = 30000;
const AFTER_END = 30 * 60000;
const TROUBLE = 15000;
const HELLO = 8000;
// What one message of the server makes many ask for, they ask for within this time.
const SPREAD = 2000;

/** Fetch what the server has now, as anybody may; the body too must come within ten seconds. */
export const load = (address) =>
  fetch(address, { cache: "no-cache", credentials: "omit", signal: AbortSignal.timeout?.(10000) });

export class Connection {
  /**
   * `socket`, `updates`: addresses. `epoch`, `sequence`, `release`: where the page is.
   * `page`: { apply(message), reset() -> {epoch, have} or null, gone(), trouble(bool), clock(ms), renew() }.
   */
  constructor({ socket, updates, epoch, sequence, release }, page) {
    Object.assign(this, { updates, epoch, release, page });
    this.socket = new URL(socket, document.baseURI.replace(/^http/, "ws")).href;
    this.have = this.head = Number(sequence);
    this.attempt = this.failures = this.until = 0;
    this.pulse = 25;
    this.timers = {};
  }

  start() {
    document.addEventListener("visibilitychange", () => this.look());
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (e) => e.persisted && this.look());
    addEventListener("offline", () => this.bad());
    // A socket from before may look open for minutes.
    addEventListener("online", () => this.asleep || (this.rest(), this.wake()));
    this.open();
    // Opened in a tab behind this one, and perhaps never looked at.
    if (document.hidden) this.look();
  }

  /** Nobody sees us: sleep after a while; else wake. `unseen` is an embed's, scrolled away. */
  look() {
    this.forget("sleep");
    if (this.unseen || document.hidden) this.later("sleep", this.unseen ? UNSEEN : HIDDEN, () => this.rest());
    else this.wake();
  }

  /** The coverage has ended (or goes on): corrections still come for half an hour. */
  setEnded(ended) {
    if (ended === this.ended) return;
    this.ended = ended;
    this.forget("end");
    if (ended) this.later("end", AFTER_END, () => ((this.over = true), this.rest()));
    else if (this.over) {
      this.over = false;
      this.wake();
    }
  }

  forget(...names) {
    for (const name of names) this.timers[name] = clearTimeout(this.timers[name]);
  }

  later(name, ms, then) {
    this.forget(name);
    this.timers[name] = setTimeout(then, ms);
  }

  /** The catch-up address, asked from where the page is. */
  here() {
    return `${this.updates}?${this.place()}`;
  }

  place() {
    return `after=${this.have}&epoch=${this.epoch}`;
  }

  // --- the socket

  open() {
    this.forget("retry");
    if (this.asleep || this.over || this.ws) return;
    try {
      const ws = (this.ws = new WebSocket(`${this.socket}?${this.place()}`));
      ws.onmessage = (e) => ws === this.ws && this.hear(e.data);
      ws.onclose = (e) => ws === this.ws && this.lost(e.code);
    } catch {
      return this.lost();
    }
    this.listen(HELLO);
    // A page from a cache must not wait for a socket that may never speak.
    if (!this.attempt) this.later("check", 1200, () => this.up || this.soon(500));
  }

  /** Leave a socket that says nothing for so long; its own close may take minutes. */
  listen(ms) {
    this.later("silence", ms, () => this.lost());
  }

  shut() {
    const { ws } = this;
    this.ws = null;
    this.up = false;
    this.forget("silence", "steady");
    ws?.close();
  }

  lost(code) {
    this.shut();
    if (code === 4404) return this.end();
    this.bad();
    // Most are back before the first poll is due.
    this.timers.poll ?? this.poll();
    this.retry(code === 4429 ? FULL + jitter(0, FULL) : jitter(this.attempt++));
  }

  retry(ms) {
    this.later("retry", ms, () => this.open());
  }

  hear(text) {
    this.listen(this.pulse * 2500);
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return this.soon(SPREAD);
    }
    const { type, at } = message;
    if (at) this.page.clock(Date.parse(at));
    this.good();
    if (type === "hello") this.greet(message);
    // A pulse, and word that we are behind, are frames of which nothing is here.
    else if (/^(updates?|pulse|behind)$/.test(type)) this.take(message);
    else if (type === "gone") this.end();
    else if (type === "bye") {
      this.shut();
      this.retry(message.after_ms + jitter(0, SPREAD));
    }
  }

  greet({ epoch, sequence, pulse, release }) {
    this.up = true;
    this.pulse = pulse;
    this.forget("poll");
    this.later("steady", STEADY, () => (this.attempt = 0));
    if (release !== this.release) this.page.renew();
    if (epoch !== this.epoch) return this.soon(SPREAD);
    // The answer to after= should be on its way; without it, ask.
    this.later("check", 1000, () => this.want(sequence));
  }

  take(message) {
    let verdict = judge(this, message);
    if (verdict === "apply") {
      try {
        this.page.apply(message);
        this.have = message.sequence;
        if (message.more) this.soon(50);
      } catch {
        // What cannot be put into this page can be had with a fresh one.
        verdict = "reset";
      }
    }
    if (verdict === "reset") this.later("reset", jitter(0, SPREAD), () => this.reset());
    else if (verdict === "fetch") this.want(message.sequence);
  }

  /** Something up to `sequence` exists: ask for it unless it is here. */
  want(sequence) {
    this.head = Math.max(this.head, sequence);
    if (this.have < this.head) this.soon(SPREAD);
  }

  // --- the catch-up address

  /** Ask the catch-up address at a random time within so many ms of now, or of when it wishes to be asked again. */
  soon(within) {
    const wait = Math.max(0, this.until - performance.now());
    this.timers.soon ??= setTimeout(() => this.fetch(), wait + jitter(0, within));
  }

  /** Whoever asks meanwhile shares the answer. */
  fetch() {
    this.forget("soon");
    if (!this.asleep) this.fetching ??= this.ask().finally(() => (this.fetching = null));
  }

  async ask() {
    try {
      const answer = await load(this.here());
      if (!answer.ok) return this.refused(answer);
      this.page.clock(Date.parse(answer.headers.get("Date")));
      const message = await answer.json();
      this.good();
      this.take(message);
      if (message.reset) return;
      // It ended before what sent us here: a cache answered.
      if (this.have < this.head) this.again();
      else this.failures = 0;
    } catch {
      this.again();
    }
  }

  refused({ status, headers }) {
    if (status === 404 || status === 410) return this.end();
    // It makes no sense of where we are; a fresh page does.
    if (status === 400) return this.reset();
    this.until = performance.now() + patience(headers.get("Retry-After"));
    this.again();
  }

  /** Ask again, each time later. */
  again() {
    if (!this.up) this.bad();
    this.soon(Math.min(2 * POLL, 1000 * 2 ** ++this.failures));
  }

  poll() {
    this.later("poll", POLL * (0.75 + Math.random() / 2), () => {
      this.soon(0);
      this.poll();
    });
  }

  /** Take the page again; a cache may give the old one, so not twice in a hurry. */
  async reset() {
    if (this.resetting || this.asleep) return;
    this.resetting = true;
    const place = await this.page.reset().catch(() => null);
    this.resetting = false;
    if (!place) return this.again();
    Object.assign(this, place);
    this.head = place.have;
    this.soon(1000);
  }

  // --- sleep, waking, the end

  rest() {
    this.asleep = true;
    this.shut();
    this.forget("retry", "poll", "soon", "reset", "check", "trouble");
  }

  /** Somebody looks (again): ask soon, and see to a socket unless one is there or due. */
  wake() {
    if (this.stopped) return;
    this.asleep = false;
    this.forget("soon");
    this.soon(1000);
    this.timers.retry ?? this.retry(jitter(0, 1000));
  }

  end() {
    this.rest();
    this.stopped = true;
    this.good();
    this.page.gone();
  }

  good() {
    this.forget("trouble");
    this.page.trouble(false);
  }

  bad() {
    // A socket is coming, or polls are answered: only when neither is so for a while is it worth a word.
    if (!this.asleep) this.timers.trouble ??= setTimeout(() => this.page.trouble(true), TROUBLE);
  }
}

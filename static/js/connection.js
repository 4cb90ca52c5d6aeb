/*
 * Keeps the page fed: by socket, by polling where sockets are refused, and not at all while
 * nobody looks. Knows no DOM beside the document's visibility; hands over what arrives.
 */

import { jitter, judge } from "./sequence.js";

const POLL = 8000;
const STEADY = 30000;
const SLEEP = 5 * 60000;
const AFTER_END = 30 * 60000;
const TROUBLE = 15000;
const HELLO = 8000;

export class Connection {
  /**
   * `socket`, `updates`: addresses. `epoch`, `have`, `release`: where the page is.
   * `on`: { apply(message), reset() -> {epoch, have} or null, gone(), trouble(bool), clock(ms), release() }.
   */
  constructor({ socket, updates, epoch, have, release, on }) {
    Object.assign(this, { socket, updates, epoch, have, release, on });
    this.head = have;
    this.attempt = 0;
    this.pulse = 25;
    this.timers = {};
    this.fetching = null;
  }

  start() {
    document.addEventListener("visibilitychange", () => (document.hidden ? this.hide() : this.show()));
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (e) => e.persisted && this.wake());
    // A socket from before may look open for minutes.
    addEventListener("online", () => (this.shut(), this.wake()));
    this.open();
  }

  /** The coverage has ended (or goes on): corrections still come for half an hour. */
  setEnded(ended) {
    if (ended === Boolean(this.ended)) return;
    this.ended = ended;
    if (ended) this.later("end", AFTER_END, () => ((this.over = true), this.rest()));
    else {
      clearTimeout(this.timers.end);
      this.over = false;
      if (this.asleep) this.wake();
    }
  }

  later(name, ms, then) {
    clearTimeout(this.timers[name]);
    this.timers[name] = setTimeout(then, ms);
  }

  // --- the socket

  open() {
    if (this.stopped || this.asleep || this.ws) return;
    let ws;
    try {
      ws = new WebSocket(`${this.socket}?after=${this.have}&epoch=${this.epoch}`);
    } catch {
      return this.lost(1006);
    }
    this.ws = ws;
    this.up = false;
    ws.onmessage = (e) => ws === this.ws && this.hear(e.data);
    ws.onclose = (e) => ws === this.ws && this.lost(e.code);
    this.later("silence", HELLO, () => this.drop());
    // A page from a cache must not wait for a socket that may never speak.
    if (!this.clocked) this.later("check", 1200, () => this.up || this.fetch());
  }

  /** Leave a socket that says nothing; its own close may take minutes. */
  drop() {
    this.shut();
    this.lost(1006);
  }

  shut() {
    const ws = this.ws;
    this.ws = null;
    this.up = false;
    clearTimeout(this.timers.silence);
    clearTimeout(this.timers.steady);
    ws?.close();
  }

  lost(code) {
    const greeted = this.up;
    this.shut();
    if (code === 4404) return this.end();
    this.bad();
    if (!greeted || code === 4429) this.poll();
    this.retry(code === 4429 ? 60000 + jitter(0, 60000, 60000) : jitter(this.attempt++));
  }

  retry(ms) {
    this.later("retry", ms, () => this.open());
  }

  hear(text) {
    this.later("silence", this.pulse * 2500, () => this.drop());
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return this.fetchSoon(1000);
    }
    if (message.at && message.type !== "updates") this.on.clock(Date.parse(message.at));
    if (message.type === "hello") this.greet(message);
    else if (message.type === "update" || message.type === "updates") this.take(message);
    else if (message.type === "pulse") this.want(message.sequence, 500);
    else if (message.type === "behind") this.want(message.sequence, 2000);
    else if (message.type === "gone") this.end();
    else if (message.type === "bye") {
      this.shut();
      this.retry(message.after_ms + jitter(0, 2000));
    }
  }

  greet(hello) {
    this.up = true;
    this.pulse = hello.pulse || this.pulse;
    clearTimeout(this.timers.poll);
    this.later("steady", STEADY, () => (this.attempt = 0));
    this.good();
    if (hello.release && hello.release !== this.release) this.on.release();
    if (hello.epoch !== this.epoch) return this.fetchSoon(1000);
    this.head = Math.max(this.head, hello.sequence);
    // The answer to after= should be on its way; without it, or without a clock, ask.
    this.later("check", 1000, () => this.have < this.head && this.fetch());
    if (!hello.at && !this.clocked) this.fetchSoon(3000);
  }

  take(message) {
    const verdict = judge(this, message);
    if (verdict === "apply") {
      this.have = message.sequence;
      this.on.apply(message);
    } else if (verdict === "reset") this.reset();
    else if (verdict === "fetch") this.want(message.sequence, message.post && !message.html ? 2000 : 300);
  }

  /** Something up to `sequence` exists: ask for it unless it is here. */
  want(sequence, within) {
    this.head = Math.max(this.head, sequence);
    if (this.have < this.head) this.fetchSoon(within);
  }

  // --- the catch-up address

  fetchSoon(within) {
    if (!this.soon) this.soon = setTimeout(() => ((this.soon = null), this.fetch()), Math.random() * within);
  }

  /** Ask the catch-up address; whoever asks meanwhile shares the answer. */
  fetch() {
    if (this.stopped) return null;
    return (this.fetching ??= this.ask().finally(() => (this.fetching = null)));
  }

  async ask() {
    try {
      const answer = await fetch(`${this.updates}?after=${this.have}&epoch=${this.epoch}`, {
        cache: "no-cache",
        credentials: "omit",
        // The body too must come in time.
        signal: AbortSignal.timeout?.(10000),
      });
      if (answer.status === 404 || answer.status === 410) return this.end();
      if (!answer.ok) throw new Error(answer.status);
      const date = Date.parse(answer.headers.get("Date"));
      this.clocked = true;
      if (date) this.on.clock(date);
      const message = await answer.json();
      this.failures = 0;
      this.good();
      this.take(message);
      // It ended before what sent us here: a cache answered. Or there are more pages.
      if (message.more) this.fetchSoon(50);
      else if (this.have < this.head && !message.reset) this.later("again", 500 + jitter(0, 1500), () => this.fetch());
    } catch {
      this.failures = (this.failures || 0) + 1;
      if (!this.up) this.bad();
      else this.later("again", 500 + jitter(this.failures), () => this.fetch());
    }
  }

  poll() {
    if (this.up || this.asleep || this.stopped) return;
    this.fetchSoon(1000);
    this.later("poll", POLL * (0.75 + Math.random() / 2), () => this.poll());
  }

  /** Take the page again; a cache may give the old one, so not twice in a hurry. */
  async reset() {
    if (this.resetting || this.stopped) return;
    this.resetting = true;
    const place = await this.on.reset().catch(() => null);
    this.resetting = false;
    if (!place) return this.later("reset", 2000 + jitter(0, 4000), () => this.fetch());
    Object.assign(this, place);
    this.head = place.have;
    this.fetchSoon(1000);
  }

  // --- sleep, waking, the end

  hide() {
    this.later("sleep", SLEEP, () => this.rest());
  }

  show() {
    clearTimeout(this.timers.sleep);
    if (this.asleep) this.wake();
  }

  rest() {
    this.asleep = true;
    this.shut();
    for (const name of ["retry", "poll", "trouble", "again", "check"]) clearTimeout(this.timers[name]);
  }

  wake() {
    if (this.stopped) return;
    this.fetchSoon(1000);
    if (this.over) return;
    this.asleep = false;
    this.retry(jitter(0, 1000));
  }

  end() {
    this.rest();
    this.stopped = true;
    this.good();
    this.on.gone();
  }

  good() {
    clearTimeout(this.timers.trouble);
    this.timers.trouble = null;
    this.on.trouble(false);
  }

  bad() {
    // A socket is coming, or polls are answered: only when neither is so for a while is it worth a word.
    if (!this.timers.trouble) this.timers.trouble = setTimeout(() => this.on.trouble(true), TROUBLE);
  }
}

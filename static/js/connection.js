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
   * `socket`, `updates`: addresses. `epoch`, `sequence`, `release`: where the page is.
   * `page`: { apply(message), reset() -> {epoch, have} or null, gone(), trouble(bool), clock(ms), renew() }.
   */
  constructor({ socket, updates, epoch, sequence, release }, page) {
    Object.assign(this, { updates, epoch, release, page });
    this.socket = new URL(socket, document.baseURI.replace(/^http/, "ws")).href;
    this.have = this.head = Number(sequence);
    this.attempt = 0;
    this.failures = 0;
    this.pulse = 25;
    this.timers = {};
    this.ended = false;
  }

  start() {
    document.addEventListener("visibilitychange", () => {
      this.forget("sleep");
      if (document.hidden) this.later("sleep", SLEEP, () => this.rest());
      else if (this.asleep) this.wake();
    });
    addEventListener("pagehide", () => this.rest());
    addEventListener("pageshow", (e) => e.persisted && this.wake());
    // A socket from before may look open for minutes.
    addEventListener("online", () => (this.shut(), this.wake()));
    this.open();
  }

  /** The coverage has ended (or goes on): corrections still come for half an hour. */
  setEnded(ended) {
    if (ended === this.ended) return;
    this.ended = ended;
    this.over = false;
    this.forget("end");
    if (ended) this.later("end", AFTER_END, () => ((this.over = true), this.rest()));
    else if (this.asleep) this.wake();
  }

  forget(...names) {
    for (const name of names) this.timers[name] = clearTimeout(this.timers[name]);
  }

  later(name, ms, then) {
    this.forget(name);
    this.timers[name] = setTimeout(then, ms);
  }

  place() {
    return `after=${this.have}&epoch=${this.epoch}`;
  }

  // --- the socket

  open() {
    if (this.stopped || this.asleep || this.ws) return;
    try {
      const ws = (this.ws = new WebSocket(`${this.socket}?${this.place()}`));
      ws.onmessage = (e) => ws === this.ws && this.hear(e.data);
      ws.onclose = (e) => ws === this.ws && this.lost(e.code);
    } catch {
      return this.lost();
    }
    this.listen(HELLO);
    // A page from a cache must not wait for a socket that may never speak.
    if (!this.clocked) this.later("check", 1200, () => this.up || this.fetch());
  }

  /** Leave a socket that says nothing for so long; its own close may take minutes. */
  listen(ms) {
    this.later("silence", ms, () => (this.shut(), this.lost()));
  }

  shut() {
    const { ws } = this;
    this.ws = null;
    this.up = false;
    this.forget("silence", "steady");
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
    this.listen(this.pulse * 2500);
    let message;
    try {
      message = JSON.parse(text);
    } catch {
      return this.fetchSoon(1000);
    }
    const { type, at, sequence } = message;
    if (at) this.page.clock(Date.parse(at));
    if (type === "hello") this.greet(message);
    else if (/^updates?$/.test(type)) this.take(message);
    else if (type === "pulse") this.want(sequence, 500);
    else if (type === "behind") this.want(sequence, 2000);
    else if (type === "gone") this.end();
    else if (type === "bye") {
      this.shut();
      this.retry(message.after_ms + jitter(0, 2000));
    }
  }

  greet(hello) {
    this.up = true;
    this.pulse = hello.pulse;
    this.forget("poll");
    this.later("steady", STEADY, () => (this.attempt = 0));
    this.good();
    if (hello.release !== this.release) this.page.renew();
    if (hello.epoch !== this.epoch) return this.fetchSoon(1000);
    this.head = Math.max(this.head, hello.sequence);
    // The answer to after= should be on its way; without it, ask.
    this.later("check", 1000, () => this.have < this.head && this.fetch());
  }

  take(message) {
    const verdict = judge(this, message);
    if (verdict === "apply") {
      this.have = message.sequence;
      this.page.apply(message);
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
    this.timers.soon ??= setTimeout(() => (this.forget("soon"), this.fetch()), Math.random() * within);
  }

  /** Ask the catch-up address; whoever asks meanwhile shares the answer. */
  fetch() {
    if (!this.stopped) this.fetching ??= this.ask().finally(() => (this.fetching = null));
  }

  async ask() {
    try {
      const answer = await fetch(`${this.updates}?${this.place()}`, {
        cache: "no-cache",
        credentials: "omit",
        // The body too must come in time.
        signal: AbortSignal.timeout?.(10000),
      });
      if (answer.status === 404 || answer.status === 410) return this.end();
      if (!answer.ok) throw new Error(answer.status);
      this.clocked = true;
      this.page.clock(Date.parse(answer.headers.get("Date")));
      const message = await answer.json();
      this.failures = 0;
      this.good();
      this.take(message);
      // It ended before what sent us here: a cache answered. Or there are more pages.
      if (message.more) this.fetchSoon(50);
      else if (this.have < this.head && !message.reset) this.later("again", 500 + jitter(0, 1500), () => this.fetch());
    } catch {
      this.failures += 1;
      if (this.up) this.later("again", 500 + jitter(this.failures), () => this.fetch());
      else this.bad();
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
    const place = await this.page.reset().catch(() => null);
    this.resetting = false;
    if (!place) return this.later("reset", 2000 + jitter(0, 4000), () => this.fetch());
    Object.assign(this, place);
    this.head = place.have;
    this.fetchSoon(1000);
  }

  // --- sleep, waking, the end

  rest() {
    this.asleep = true;
    this.shut();
    this.forget("retry", "poll", "trouble", "again", "check");
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
    this.page.gone();
  }

  good() {
    this.forget("trouble");
    this.page.trouble(false);
  }

  bad() {
    // A socket is coming, or polls are answered: only when neither is so for a while is it worth a word.
    this.timers.trouble ??= setTimeout(() => this.page.trouble(true), TROUBLE);
  }
}

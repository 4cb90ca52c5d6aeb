/*
 * "4 min ago" and "7:32 pm your time", by the server's clock and one timer; and LIVE only while
 * somebody has posted lately. The server's own text, in the event's zone, is never touched.
 */

const MINUTE = 60000;
const LIVE = 90 * MINUTE;

export class Times {
  /** `page`: { live, say }. Language, zone and last post are read from the data of `live`. */
  constructor(page) {
    Object.assign(this, page);
    this.dress();
    this.timer = setInterval(() => this.refresh(), MINUTE / 2);
  }

  /** Make the formats of the event's language and zone, and the reader's own. */
  dress() {
    const { language = "en", zone } = this.live.dataset;
    // The reader's own kind of the event's language: "7:32 pm" in India, "19:32" in London.
    const own = navigator.languages?.find((name) => name.split("-")[0] === language.split("-")[0]) ?? language;
    const clock = { hour: "numeric", minute: "2-digit" };
    this.own = new Intl.DateTimeFormat(own, clock);
    this.there = new Intl.DateTimeFormat(own, { ...clock, timeZone: zone });
    this.house = new Intl.DateTimeFormat(language, { ...clock, hour: "2-digit", hourCycle: "h23", timeZone: zone });
    this.relative = new Intl.RelativeTimeFormat(language === "en" ? "en-GB" : language, {
      numeric: "auto",
      style: "short",
    });
  }

  /** Set by the server's time in ms: the reader's clock may be a day off. */
  set(server) {
    const first = this.origin === undefined;
    this.origin = server - performance.now();
    if (first) this.refresh();
  }

  /** The server's time in ms, or undefined as long as no answer has told it. */
  now() {
    return this.origin === undefined ? undefined : this.origin + performance.now();
  }

  /** "14:02 GMT", in the event's zone and with the name that the house gives it. */
  at(moment) {
    return `${this.house.format(moment)} ${this.live.dataset.zoneName || ""}`.trim();
  }

  ago(moment) {
    const minutes = Math.floor((this.now() - moment) / MINUTE);
    if (!(minutes < 24 * 60)) return "";
    if (minutes < 1) return this.relative.format(0, "second");
    return minutes < 60 ? this.relative.format(-minutes, "minute") : this.relative.format(-Math.floor(minutes / 60), "hour");
  }

  /** Bring the times inside `root` up to date. */
  refresh(root = this.live) {
    for (const time of root.querySelectorAll("time[datetime]")) {
      const moment = Date.parse(time.dateTime);
      // A day without an hour is no instant.
      if (!moment || !time.dateTime.includes("T")) continue;
      const own = this.own.format(moment);
      if (!time.title) time.title = this.say("yourTime", { time: own });
      if ("ago" in time.dataset) note(time, "ago", this.ago(moment));
      if ("own" in time.dataset && own !== this.there.format(moment)) note(time, "own", time.title);
    }
    this.badge(root);
  }

  badge(root) {
    const badge = root.querySelector("[data-live]");
    const last = Date.parse(this.live.dataset.last);
    if (!badge) return;
    const stale = this.now() - last > LIVE;
    badge.dataset.text ??= badge.textContent;
    badge.classList.toggle("stale", stale);
    const text = stale ? this.say("lastUpdate", { time: this.at(last) }) : badge.dataset.text;
    if (badge.textContent !== text) badge.textContent = text;
  }
}

function note(time, name, text) {
  let small = time.querySelector(`.${name}`);
  if (!small && text) {
    small = document.createElement("small");
    small.className = name;
    time.append(" ", small);
  }
  if (small && small.textContent !== text) small.textContent = text;
}

/*
 * What the scripts say, in the event's language; and what waits, said on the pill, in the title
 * while the page is hidden, and to a screen reader.
 */

import { write } from "./still.js";

const EVERY = 30000;

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

/** Return "3 new updates" or "2 new, 1 correction"; with neither, what else waits, or "". */
export function sentence({ news, corrections, quiet }, parts, say) {
  const words = [];
  if (news && corrections) words.push(say("new", { n: news }), say("corrections", { n: corrections }));
  else if (news) words.push(say("updates", { n: news }));
  else if (corrections) words.push(say("corrections", { n: corrections }));
  else if (quiet) words.push(say("background"));
  if (parts) words.push(say("top"));
  return words.join(say("join"));
}

export class Pill {
  /** `page`: { say, emit(name, detail) }. */
  constructor(page) {
    this.page = page;
    this.button = document.getElementById("pill");
    this.title = document.title;
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

  mark() {
    document.title = document.hidden && this.count ? `(${this.count}) ${this.title}` : this.title;
  }

  /** Tell a screen reader the latest text, at most each 30 s; "" takes back what waits. */
  announce(text) {
    clearTimeout(this.timer);
    if (!text) return;
    const speak = () => {
      this.spoken = performance.now();
      write(document.getElementById("status"), text);
    };
    this.timer = setTimeout(speak, this.spoken + EVERY - performance.now());
  }
}

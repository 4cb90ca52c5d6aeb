/* What waits, in words: on the pill, in the title while hidden, to a screen reader. */

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
  /** `page`: { button, announce(text), say, emit(name, detail) }. */
  constructor(page) {
    Object.assign(this, page);
    this.title = document.title;
    this.count = 0;
    document.addEventListener("visibilitychange", () => this.mark());
  }

  /** Show what waits: the counts of posts, and whether a part waits. */
  show(waiting, parts) {
    const text = sentence(waiting, parts, this.say);
    const count = waiting.news + waiting.corrections;
    if (this.button) {
      if (this.button.textContent !== text) this.button.textContent = text;
      this.button.hidden = !text;
    }
    if (count !== this.count) {
      this.announce(count > this.count ? text : "");
      this.count = count;
      this.emit("count", { count, corrections: waiting.corrections });
    }
    this.mark();
  }

  mark() {
    const title = document.hidden && this.count ? `(${this.count}) ${this.title}` : this.title;
    if (document.title !== title) document.title = title;
  }
}

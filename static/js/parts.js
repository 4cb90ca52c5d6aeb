/*
 * Header, summary, pinned and key events. They obey the pill: out of view they change at once,
 * in view only when that moves nothing; otherwise the reader's tap decides.
 */

import { nodes } from "./html.js";
import { morphChildren } from "./morph.js";
import { inView, keep, whenAway } from "./view.js";

export class Parts {
  /** `page`: { live, box, changed(), redraw(element) }. */
  constructor(page) {
    Object.assign(this, page);
    this.waiting = new Map();
  }

  find(name) {
    return this.live.querySelector(`[data-part="${CSS.escape(name)}"]`);
  }

  /** Take { name: html }, those that changed. */
  take(parts) {
    for (const [name, html] of Object.entries(parts)) {
      const here = this.find(name);
      if (!here) continue;
      if (!inView(here) || this.fits(here, html)) this.show(name, html);
      else this.wait(name, here, html);
    }
    this.changed();
  }

  wait(name, here, html) {
    const waits = this.waiting.has(name);
    this.waiting.set(name, html);
    if (waits) return;
    whenAway(here, () => {
      if (!this.waiting.has(name)) return;
      this.show(name, this.waiting.get(name));
      this.changed();
    });
  }

  show(name, html) {
    this.waiting.delete(name);
    const here = this.find(name);
    keep(this.box, () => {
      morphChildren(here, nodes(html));
      this.redraw(here);
    });
  }

  /** Show all that waits. */
  insert() {
    for (const [name, html] of [...this.waiting]) this.show(name, html);
    this.changed();
  }

  /** Whether the part would be as high as it is: tried on copies that take no room. */
  fits(here, html) {
    const now = here.cloneNode(true);
    const then = here.cloneNode(false);
    then.append(...nodes(html).childNodes);
    const open = now.querySelectorAll("details");
    then.querySelectorAll("details").forEach((details, i) => open[i] && (details.open = open[i].open));
    this.redraw(then);
    return Math.abs(this.measure(here, now) - this.measure(here, then)) < 1;
  }

  measure(here, copy) {
    copy.style.cssText = `position: absolute; visibility: hidden; inline-size: ${here.clientWidth}px`;
    here.after(copy);
    const { height } = copy.getBoundingClientRect();
    copy.remove();
    return height;
  }
}

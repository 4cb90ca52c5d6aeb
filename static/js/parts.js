/*
 * Header, summary, pinned and key events. They obey the pill: out of view they change at once,
 * in view only when that moves nothing; otherwise the reader's tap decides.
 */

import { fragment } from "./html.js";
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
      morphChildren(here, fragment(html));
      this.redraw(here);
    });
  }

  /** Show all that waits. */
  insert() {
    for (const [name, html] of [...this.waiting]) this.show(name, html);
    this.changed();
  }

  /** Whether the part would be as high as it is: tried on a copy that takes no room. */
  fits(here, html) {
    const { width, height } = here.getBoundingClientRect();
    const copy = here.cloneNode(false);
    copy.removeAttribute("data-part");
    Object.assign(copy.style, { position: "absolute", visibility: "hidden", inlineSize: `${width}px` });
    copy.append(fragment(html));
    const open = [...here.querySelectorAll("details")];
    copy.querySelectorAll("details").forEach((details, i) => open[i] && (details.open = open[i].open));
    this.redraw(copy);
    here.after(copy);
    const fits = Math.abs(copy.getBoundingClientRect().height - height) < 1;
    copy.remove();
    return fits;
  }
}

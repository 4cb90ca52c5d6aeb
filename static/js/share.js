/*
 * Share a post or the event: the system's own sheet where there is one, else the address is
 * copied, else it is shown, to be copied by hand. Nobody is told; without scripts it is a link.
 */

import { byId, onLink, write } from "./still.js";

const SAID = 4000;

/** Make every link with data-share do so. `page`: { say }. */
export function share(page) {
  onLink("[data-share]", async (link, e) => {
    e.preventDefault();
    const { href: url, dataset } = link;
    const label = (dataset.label ??= link.textContent);
    const status = byId("status");
    // What stands there already is not heard again.
    write(status, "");
    try {
      if (navigator.share) return await navigator.share({ title: dataset.share, url });
      await navigator.clipboard.writeText(url);
      const copied = page.say("copied");
      write(status, copied);
      write(link, copied);
      setTimeout(() => write(link, label), SAID);
    } catch (error) {
      // Who has closed the sheet wants nothing more.
      if (error.name !== "AbortError") getSelection().selectAllChildren(write(link, url));
    }
  });
}

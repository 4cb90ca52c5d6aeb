/*
 * The loader behind /embed/v1.js: defines <live-blog>, an iframe in a shadow root.
 *
 * A classic script, since partners paste it with `async` into pages of every age. Styles are
 * set through the object model only: a strict policy on the partner's page refuses a <style>.
 */
(() => {
  "use strict";
  if (!("customElements" in window) || customElements.get("live-blog")) return;

  const FROM = 200;
  const TO = 4000;
  const between = (number, otherwise) => Math.min(TO, Math.max(FROM, Math.round(+number) || otherwise));

  class LiveBlog extends HTMLElement {
    static get observedAttributes() {
      return ["src", "height", "mode", "theme", "lang", "posts", "show", "partner"];
    }

    connectedCallback() {
      const address = this.address();
      // A mistake in `src` shows the partner's own link, not an empty box.
      if (!address || this.frame) return;
      const root = this.shadowRoot || this.attachShadow({ mode: "open" });
      const frame = document.createElement("iframe");
      this.frame = frame;
      this.origin = address.origin;
      this.style.display = "block";
      frame.style.cssText = "display:block;border:0;inline-size:100%;color-scheme:normal";
      frame.allow = "fullscreen; web-share; clipboard-write";
      frame.loading = "lazy";
      frame.lang = this.lang;
      this.measure();
      this.name();
      // The parser makes the element before the link inside it: the name is known later.
      frame.onload = () => this.name();
      frame.src = address.href;
      root.append(frame);
      this.hear = (e) => this.message(e);
      addEventListener("message", this.hear);
    }

    disconnectedCallback() {
      if (!this.frame) return;
      removeEventListener("message", this.hear);
      this.frame.remove();
      this.frame = null;
      this.offer("");
    }

    attributeChangedCallback(name) {
      if (!this.frame) {
        if (this.isConnected) this.connectedCallback();
      } else if (name === "height") {
        this.measure();
      } else {
        this.disconnectedCallback();
        this.connectedCallback();
      }
    }

    /** The iframe's URL, or null when `src` is no address of an event. */
    address() {
      let url;
      try {
        url = new URL(this.getAttribute("src"), document.baseURI);
      } catch {
        return null;
      }
      const found = /^\/(?:events|embed)\/([\w-]+)\/$/.exec(url.pathname);
      if (!found || !/^https?:$/.test(url.protocol)) return null;
      const partner = this.getAttribute("partner");
      const own = partner && /^[\w-]+$/.test(partner) ? `p_${partner}/` : "";
      const address = new URL(`/embed/${found[1]}/${own}`, url);
      for (const name of ["mode", "posts", "show", "theme"]) {
        if (this.hasAttribute(name)) address.searchParams.set(name, this.getAttribute(name));
      }
      return address;
    }

    name() {
      this.frame.title = this.title || this.textContent.trim() || "Live";
    }

    measure(wanted) {
      this.frame.style.blockSize = between(wanted || this.getAttribute("height"), 640) + "px";
    }

    /** A message of the frame itself and of its origin alone; `null` is never right here. */
    message(e) {
      const data = e.data;
      if (e.source !== this.frame.contentWindow || e.origin !== this.origin || !data || data.lb !== 1) return;
      const auto = this.getAttribute("mode") === "auto";
      if (data.type === "height" && auto && data.height > 0) {
        this.fit(data);
      } else if (data.type === "count" && data.count >= 0) {
        if (auto) this.offer(String(data.label).slice(0, 80));
        if (data.count === (this.count || 0)) return;
        this.count = data.count;
        this.dispatchEvent(new CustomEvent("lb:count", { bubbles: true, detail: { count: data.count } }));
      }
    }

    /** Be as tall as the words, and leave what is read where it is: this page's own anchoring sees only a frame. */
    fit({ height, moved = [] }) {
      const { top, bottom, height: before } = this.frame.getBoundingClientRect();
      if (Math.abs(height - before) > 1) this.measure(height);
      if (top >= 0) return;
      let by = 0;
      let nearest = -1;
      for (const [at, shift] of moved) if (at <= -top && at > nearest) [nearest, by] = [at, shift];
      // All of it is above the screen: most browsers see that themselves.
      if (bottom <= 0) by = CSS.supports("overflow-anchor", "auto") ? 0 : this.frame.offsetHeight - before;
      scrollBy({ top: by, behavior: "instant" });
    }

    /** In a frame as tall as its words, its own pill may be off the screen: this one is not. */
    offer(label) {
      if (!this.pill) {
        if (!label) return;
        this.pill = document.createElement("button");
        this.pill.type = "button";
        this.pill.style.cssText =
          "position:sticky;inset-block-start:12px;z-index:1;display:block;margin:0 auto;margin-block-end:-44px;" +
          "min-block-size:44px;padding:0 20px;border:0;border-radius:22px;background:#17191d;color:#fff;" +
          "font:600 14px/1 system-ui,sans-serif;cursor:pointer;box-shadow:0 4px 16px rgba(0,0,0,.25)";
        this.pill.onclick = () => {
          this.frame.contentWindow.postMessage({ lb: 1, type: "show" }, this.origin);
          this.scrollIntoView({ behavior: "instant" });
        };
        this.shadowRoot.prepend(this.pill);
      }
      this.pill.textContent = label;
      this.pill.style.display = label ? "block" : "none";
    }
  }

  customElements.define("live-blog", LiveBlog);
})();

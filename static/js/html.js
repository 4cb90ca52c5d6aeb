/* The one place where text becomes nodes. The server's policy (nh3) has made it safe; ours names it. */

let policy;

/** Return `html` as a document of its own; nothing in it loads or runs before it is in the page. */
export function parse(html) {
  policy ??= globalThis.trustedTypes?.createPolicy("liveblog", { createHTML: (text) => text });
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html");
}

/** Return the element whose children are the nodes of `html`. */
export const nodes = (html) => parse(html).body;

/** Return the first element of `html`. */
export const element = (html) => nodes(html).firstElementChild;

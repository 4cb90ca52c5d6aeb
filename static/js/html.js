/* The one place where text becomes nodes. The server's policy (nh3) has made it safe; ours names it. */

let policy;

function trusted(text) {
  policy ??= globalThis.trustedTypes?.createPolicy("liveblog", { createHTML: (html) => html }) ?? {
    createHTML: (html) => html,
  };
  return policy.createHTML(text);
}

/** Return the nodes of `html` in a fragment; nothing in it loads or runs before it is in the page. */
export function fragment(html) {
  const template = document.createElement("template");
  template.innerHTML = trusted(html);
  return template.content;
}

/** Return the first element of `html`. */
export function element(html) {
  return fragment(html).firstElementChild;
}

/** Return a whole page as a document of its own. */
export function page(html) {
  return new DOMParser().parseFromString(trusted(html), "text/html");
}

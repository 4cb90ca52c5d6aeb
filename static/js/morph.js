/*
 * Make one element like another and leave alone whatever is alike already: a selection, the
 * focus, an open <details>, a player that plays.
 */

const PLAYER = /^(AUDIO|VIDEO|IFRAME)$/;

/** Make `from` (in the page) like `to` (not in the page; its nodes may be taken). */
export function morph(from, to) {
  if (from.nodeType !== Node.ELEMENT_NODE) {
    if (from.nodeValue !== to.nodeValue) from.nodeValue = to.nodeValue;
    return;
  }
  for (const { name } of [...from.attributes]) {
    // `open` is the reader's, `style` and `title` are the client's.
    if (!to.hasAttribute(name) && !/^(open|style|title|tabindex)$/.test(name)) from.removeAttribute(name);
  }
  for (const { name, value } of to.attributes) {
    if (name !== "open" && from.getAttribute(name) !== value) from.setAttribute(name, value);
  }
  if (!PLAYER.test(from.nodeName)) morphChildren(from, to);
}

/** Make the children of `from` like those of `to`. */
export function morphChildren(from, to) {
  const wanted = [...to.childNodes];
  let here = from.firstChild;
  wanted.forEach((node, index) => {
    const match = find(here, node, wanted.slice(index + 1));
    if (!match) return from.insertBefore(node, here);
    while (here !== match) here = remove(here);
    if (!here.isEqualNode(node)) morph(here, node);
    here = here.nextSibling;
  });
  while (here) here = remove(here);
}

function find(here, node, later) {
  const rest = [];
  for (let next = here; next; next = next.nextSibling) rest.push(next);
  return (
    rest.find((candidate) => candidate.isEqualNode(node)) ??
    // One that equals a later node is kept for that.
    rest.find((candidate) => isAlike(candidate, node) && !later.some((other) => other.isEqualNode(candidate)))
  );
}

function isAlike(one, other) {
  if (one.nodeName !== other.nodeName || one.id !== other.id) return false;
  // A class may change `position`, and that switches scroll anchoring off for the frame.
  if (one.getAttribute?.("class") !== other.getAttribute?.("class")) return false;
  return !PLAYER.test(one.nodeName) || one.getAttribute("src") === other.getAttribute("src");
}

function remove(node) {
  const next = node.nextSibling;
  node.remove();
  return next;
}

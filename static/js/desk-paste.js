// What is pasted from Word, Google Docs or a web page, reduced to the tags that a post has. Parsed where nothing
// runs and nothing loads; the server's policy has the last word.

const JUNK = "script, style, svg, math, noscript, template, iframe, object, button, select, input, textarea, del, .msoDel, [hidden], [style*='mso-element:comment'], a.msocomanchor, meta, link, title";
const BLOCKS = "p, h1, h2, h3, h4, h5, h6, ul, ol, li, blockquote, div, table, section, article, pre, figure, dl";
// A number, letter or Roman numeral before a full stop or a bracket; bullets are none of these.
const NUMBERED = /^\(?(?:\d+|[a-z]|[ivxlc]+)[.)]/i;

/** The address behind a redirect that Google Docs and Gmail put before each link; null for what is no web address. */
function address(href) {
  let url;
  try { url = new URL(href); } catch { return null; }
  if (url.hostname === "www.google.com" && url.pathname === "/url") return address(url.searchParams.get("q") || "");
  return ["http:", "https:", "mailto:"].includes(url.protocol) ? url.href : null;
}

const unwrap = (node) => node.replaceWith(...node.childNodes);
const isBlank = (node) => !node.textContent.replace(/[\s\u00a0\u200b]/g, "") && !node.querySelector("hr");

/** A copy of `node` under another name, without attributes. */
function renamed(node, name) {
  const fresh = node.ownerDocument.createElement(name);
  fresh.append(...node.childNodes);
  node.replaceWith(fresh);
  return fresh;
}

/** Word writes lists as paragraphs with a mark of their own; what follows each other becomes one list. */
function wordLists(root) {
  let open = [];
  let last = null;
  for (const line of Array.from(root.querySelectorAll("p[style*='mso-list:'], h1[style*='mso-list:']"))) {
    const level = Number(/mso-list:[^;]*level(\d)/.exec(line.getAttribute("style"))?.[1]);
    if (!level) continue;
    const marks = Array.from(line.querySelectorAll("[style*='mso-list:Ignore'], [style*='mso-list: Ignore']"));
    const name = NUMBERED.test(marks.map((mark) => mark.textContent).join("").trim()) ? "ol" : "ul";
    for (const mark of marks) mark.remove();
    if (line.previousElementSibling !== last) open = [];
    open.length = Math.min(open.length, level);
    if (open[level - 1] && open[level - 1].localName !== name) open.length = level - 1;
    while (open.length < level) {
      const list = root.ownerDocument.createElement(name);
      const outer = open.at(-1);
      if (outer) (outer.lastElementChild || outer.appendChild(root.ownerDocument.createElement("li"))).append(list);
      else line.before(list);
      open.push(list);
    }
    const item = root.ownerDocument.createElement("li");
    open[level - 1].append(item);
    item.append(line);
    renamed(line, "p");
    last = open[0];
  }
}

/** Each row of a table as a line of its own. */
function tables(root) {
  for (const row of root.querySelectorAll("tr")) {
    const line = root.ownerDocument.createElement("p");
    for (const cell of Array.from(row.cells || []).filter((one) => !isBlank(one))) {
      if (line.hasChildNodes()) line.append(" · ");
      for (const block of Array.from(cell.querySelectorAll(BLOCKS)).reverse()) { block.before(" "); unwrap(block); }
      line.append(...cell.childNodes);
    }
    row.closest("table").before(line);
  }
  for (const table of root.querySelectorAll("table")) table.remove();
}

function links(root) {
  for (const link of root.querySelectorAll("a")) {
    const to = address(link.getAttribute("href") || "");
    if (to && !isBlank(link)) link.setAttribute("href", to);
    else unwrap(link);
  }
}

function headings(root) {
  for (const heading of root.querySelectorAll("h1, h2, h3, h4, h5, h6")) {
    if (heading.closest("li, blockquote")) { renamed(heading, "p"); continue; }
    const plain = renamed(heading, "h4");
    for (const strong of plain.querySelectorAll("b, strong, span")) unwrap(strong);
  }
}

/** Nothing is left that runs, loads or names; Tiptap reads bold and italic from `style`. */
function attributes(root) {
  for (const node of root.querySelectorAll("*")) {
    for (const { name } of Array.from(node.attributes)) if (name !== "href" && name !== "style") node.removeAttribute(name);
  }
}

function spaces(root) {
  const walker = root.ownerDocument.createTreeWalker(root, NodeFilter.SHOW_TEXT | NodeFilter.SHOW_COMMENT);
  const comments = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) {
    if (node.nodeType === Node.COMMENT_NODE) { comments.push(node); continue; }
    // One that stands alone was meant; a run of them is somebody's way to push text to the right.
    const text = node.data.replace(/[\u200b\ufeff\u00ad]/g, "").replace(/[ \t\r\n\u00a0]*(?:\u00a0[ \t\r\n\u00a0]|[ \t\r\n]\u00a0)[ \t\r\n\u00a0]*/g, " ");
    if (text !== node.data) node.data = text;
  }
  for (const comment of comments) comment.remove();
}

/** Pasted html with our few tags and no more. What one of our own editors copied is left as it is. */
export function cleaned(html) {
  if (html.includes("data-pm-slice")) return html;
  const root = new DOMParser().parseFromString(html, "text/html").body;
  for (const node of root.querySelectorAll(JUNK)) node.remove();
  // Google Docs puts all of it into one bold that is none.
  for (const node of root.querySelectorAll("b[id^='docs-internal'], b[style*='font-weight:normal'], b[style*='font-weight: normal']")) unwrap(node);
  spaces(root);
  wordLists(root);
  tables(root);
  links(root);
  headings(root);
  for (const rest of root.querySelectorAll("br")) {
    const sides = [rest.previousElementSibling, rest.nextElementSibling];
    if (rest.className.includes("interchange") || (sides.some((side) => side?.matches(BLOCKS)) && !rest.closest("p, li, h4"))) rest.remove();
  }
  for (const block of Array.from(root.querySelectorAll("p, h4, li, blockquote, div")).reverse()) if (isBlank(block)) block.remove();
  attributes(root);
  return root.innerHTML;
}

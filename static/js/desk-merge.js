// Two texts of one post put together: part by part, each chosen, nothing lost.

const at = (id) => document.getElementById(id);
const FIELDS = ["headline", "kind", "byline", "standing", "key_event", "key_label", "occurred_at", "occurred_precision", "attributions"];

/** The blocks of an html text: {html, text, key}; parsed where nothing runs. */
function blocks(html) {
  const parsed = new DOMParser().parseFromString(html, "text/html");
  return Array.from(parsed.body.childNodes, (node) => {
    const text = node.textContent.trim();
    const own = node.nodeType === Node.ELEMENT_NODE ? node.outerHTML : "";
    return { html: own || (text && node.cloneNode() && `<p>${escaped(text)}</p>`), text, key: `${node.nodeName}|${text}` };
  }).filter((block) => block.text);
}

function escaped(text) {
  const holder = document.createElement("p");
  holder.textContent = text;
  return holder.innerHTML;
}

/** Pairs [theirs, mine] of blocks in their order; null where one side has none. Longest common sequence. */
function pairs(theirs, mine) {
  const long = Array.from({ length: theirs.length + 1 }, () => new Array(mine.length + 1).fill(0));
  for (let i = theirs.length - 1; i >= 0; i -= 1) {
    for (let j = mine.length - 1; j >= 0; j -= 1) {
      long[i][j] = theirs[i].key === mine[j].key ? long[i + 1][j + 1] + 1 : Math.max(long[i + 1][j], long[i][j + 1]);
    }
  }
  const found = [];
  let [i, j, left, right] = [0, 0, [], []];
  const flush = () => {
    for (let n = 0; n < Math.max(left.length, right.length); n += 1) found.push([left[n] || null, right[n] || null]);
    [left, right] = [[], []];
  };
  while (i < theirs.length || j < mine.length) {
    if (i < theirs.length && j < mine.length && theirs[i].key === mine[j].key) { flush(); found.push([theirs[i], mine[j]]); i += 1; j += 1; }
    else if (j >= mine.length || (i < theirs.length && long[i + 1][j] >= long[i][j + 1])) { left.push(theirs[i]); i += 1; }
    else { right.push(mine[j]); j += 1; }
  }
  flush();
  return found;
}

/** Whose part is proposed: whoever changed what we both began from; mine where both did. */
function proposed(theirs, mine, began) {
  if (!theirs) return began.has(mine.key) ? "theirs" : "mine";
  if (!mine) return began.has(theirs.key) ? "mine" : "theirs";
  return began.has(mine.key) && !began.has(theirs.key) ? "theirs" : "mine";
}

function said(name, value) {
  if (name !== "attributions") return value === true ? "✓" : String(value || "");
  const names = (row) => [row.label || row.as_named || row.described_as, row.basis, row.verb, row.medium, row.quote && `“${row.quote}”`, row.link];
  return (value || []).map((row) => names(row).filter(Boolean).join(", ")).join("; ");
}

let count = 0;

/** One choice: a fieldset with a button of each side; answers () => the chosen name. */
function choice(legend, theirs, mine, chosen, both) {
  const parts = at("merge-parts").dataset;
  const set = document.createElement("fieldset");
  set.className = "differs";
  const title = document.createElement("legend");
  title.textContent = legend;
  set.append(title);
  count += 1;
  for (const [name, text] of [["theirs", theirs], ["mine", mine], ...(both ? [["both", ""]] : [])]) {
    const label = document.createElement("label");
    const input = Object.assign(document.createElement("input"), { type: "radio", name: `merge-${count}`, value: name, checked: name === chosen });
    const whose = document.createElement("strong");
    whose.textContent = parts[name];
    const words = Object.assign(document.createElement("span"), { lang: at("headline").lang, dir: "auto" });
    words.textContent = name === "both" ? "" : text || `(${parts.nothing})`;
    label.append(input, whose, words);
    set.append(label);
  }
  at("merge-parts").append(set);
  return () => set.querySelector("input:checked").value;
}

function same(text) {
  const line = Object.assign(document.createElement("p"), { className: "same", lang: at("headline").lang, dir: "auto" });
  line.textContent = text;
  at("merge-parts").append(line);
}

function layFields(theirs, mine, base) {
  const takers = [];
  for (const name of FIELDS) {
    const [one, two] = [said(name, theirs.words[name]), said(name, mine[name])];
    if (one === two) { if (name === "headline" && one) same(one); continue; }
    const field = document.querySelector(`label[for="${name}"]`);
    const title = field ? field.firstChild.textContent.trim() : name.replace("_", " ");
    const mineIsOld = name in base && said(name, base[name]) === two;
    const chosen = choice(title, one, two, mineIsOld ? "theirs" : "mine", false);
    takers.push({ name, chosen, loses: () => !mineIsOld && Boolean(two) && chosen() === "theirs" });
  }
  return takers;
}

function layBody(theirs, mine, base) {
  const began = new Set(blocks(base.body || "").map((block) => block.key));
  const differs = at("merge-parts").dataset.differs;
  return pairs(blocks(theirs.html), blocks(mine.body)).map(([one, two], place) => {
    if (one && two && one.key === two.key) { same(two.text); return { html: () => two.html, loses: () => false }; }
    const chosen = choice(differs.replace("{number}", place + 1), one?.text, two?.text, proposed(one, two, began), Boolean(one && two));
    const ways = { theirs: one?.html || "", mine: two?.html || "", both: `${one?.html}${two?.html}` };
    return { html: () => ways[chosen()], loses: () => Boolean(two) && !began.has(two.key) && chosen() === "theirs" };
  });
}

/**
 * Show both texts part by part; `base` has the words that `mine` began from, as far as they are known. Answers "over",
 * null for going on with one's own, or {words, loses}: put together, and whether anything of mine is not in them.
 */
export function merge(message, theirs, mine, base) {
  const dialog = at("merge");
  at("merge-text").textContent = message;
  at("merge-stays").textContent = at("merge-stays").dataset[theirs.began ? "draft" : "post"];
  at("merge-by").textContent = `${theirs.by}, ${theirs.at}`;
  at("merge-parts").replaceChildren();
  const fields = layFields(theirs, mine, base);
  const bodies = layBody(theirs, mine, base);
  dialog.returnValue = "write";
  dialog.showModal();
  dialog.querySelector(".differs input:checked")?.focus();
  return new Promise((resolve) => {
    dialog.onclose = () => {
      if (dialog.returnValue === "over") { resolve("over"); return; }
      if (dialog.returnValue !== "merge") { resolve(null); return; }
      const words = { ...mine, body: bodies.map(({ html }) => html()).join("") };
      for (const { name, chosen } of fields) if (chosen() === "theirs") words[name] = theirs.words[name];
      resolve({ words, loses: [...fields, ...bodies].some(({ loses }) => loses()) });
    };
  });
}

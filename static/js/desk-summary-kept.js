// The lines of a summary that is being written: in this browser until they are out, or what readers have is taken again.

const { event, user } = document.body.dataset;
const place = `desk.summary.${event}.${user}`;
/** Where nothing can be stored: until the page is closed. */
let here = "";

const put = (text) => {
  here = text;
  try {
    if (text) localStorage.setItem(place, text);
    else localStorage.removeItem(place);
  } catch { /* Full or forbidden. */ }
};

const taken = () => {
  try { return localStorage.getItem(place) || here; } catch { return here; }
};

const bare = (lines) => lines.map(({ text, knowing, post }) => ({ text: text.trim(), knowing, post: post || "" })).filter(({ text }) => text);
/** Whether two summaries say the same; empty lines say nothing. */
const isSame = (one, two) => JSON.stringify(bare(one)) === JSON.stringify(bare(two));

/** Keep `lines`, which were begun from `seen`; nothing is kept where they are that still. */
export function keepLines(lines, seen) {
  put(isSame(lines, seen) ? "" : JSON.stringify({ lines: bare(lines), seen: bare(seen) }));
}

/** What was written and not published, {lines, seen}; null where readers have that already. */
export function keptLines(published) {
  let kept = null;
  try { kept = JSON.parse(taken() || "null"); } catch { /* What somebody else has put there. */ }
  return kept && !isSame(kept.lines, published) ? kept : null;
}

/** They are out, or not wanted. */
export const forgetLines = () => put("");

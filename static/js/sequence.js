/*
 * The client's whole rule, apart from any page: what to do with a message, and which of two
 * states of a post is the later one. The contract names it; tests/js holds it.
 */

/**
 * Judge a frame or a catch-up answer against where the page is.
 * Returns "ignore", "apply", "fetch" (something is missing) or "reset" (take the page again).
 */
export function judge({ epoch, have }, message) {
  if (message.epoch && message.epoch !== epoch) return "reset";
  if (message.reset && (message.type === "updates" || message.sequence > have)) return "reset";
  if (!(message.sequence > have)) return "ignore";
  if (!(message.after <= have)) return "fetch";
  // A frame over 16 KB comes without its html.
  if (message.type === "update" && message.post && message.html === undefined) return "fetch";
  return "apply";
}

/** Whether `update` is a later state of a post than `known`, a {version, gone} or undefined. */
export function isNewer(known, update) {
  if (!known || update.version > known.version) return true;
  return update.version === known.version && !known.gone && isGone(update);
}

/** Whether the words of the post are withdrawn in this state. */
export const isGone = (update) =>
  update.action === "withdraw" || update.html === "" || update.flags.includes("tombstone");

/** The sequence with which a post came, as its order says. */
export const firstOf = ({ order }) => Number(order.split("-")[1]);

/** Full jitter: a random time in ms up to `base` doubled `attempt` times, `most` at most. */
export const jitter = (attempt, base = 10000, most = 60000, random = Math.random) =>
  random() * Math.min(most, base * 2 ** attempt);

/** How many ms a Retry-After (seconds; a date, nonsense or null count as none) asks for: two minutes at most. */
export const patience = (header) => Math.min(parseInt(header) || 0, 120) * 1000;

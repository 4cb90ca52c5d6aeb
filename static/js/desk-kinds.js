// The kind of a post is proposed from what is in the composer, until somebody chooses one.

import { about, body, isEmpty, setBody } from "./desk-composer.js";
import { addSource, readSources, setQuote } from "./desk-sources.js";

const form = document.getElementById("composer");
const kinds = document.getElementById("kinds");
const says = document.getElementById("kind-says");
const hint = document.getElementById("quote-hint");
/** A text of more characters tells something of its own beside what it quotes. */
const SHORT = 280;

const plain = () => new DOMParser().parseFromString(body().replace(/<\/(?:p|li|h4|blockquote)>|<br>/g, "$&\n"), "text/html").body.textContent.trim();

function proposed(sources) {
  const quoted = sources.some(({ quote, basis }) => quote.trim() && basis !== "outlet");
  if (quoted && plain().length <= SHORT) return "quote";
  return sources.some(({ basis }) => basis === "outlet") ? "elsewhere" : "news";
}

function look() {
  const sources = readSources();
  const free = about.mode !== "revise" && !about.kindChosen;
  if (free) form.elements.kind.value = proposed(sources);
  kinds.classList.toggle("proposed", free);
  const meant = says.dataset[free ? "guessed" : form.elements.kind.value] || "";
  if (says.textContent !== meant) says.textContent = meant;
  hint.hidden = free || form.elements.kind.value !== "quote";
  // Marks and speaker come from the source's field: without it readers would not see that it is a quotation.
  const none = !hint.hidden && !isEmpty() && !sources.some(({ quote }) => quote.trim());
  const text = hint.dataset[none ? "none" : "said"];
  if (hint.textContent !== text) hint.textContent = text;
  hint.classList.toggle("warn", none);
  document.getElementById("make-quote").hidden = !none || !plain();
  order(!hint.hidden);
}

/** Where the kind is a quotation by choice, what was said stands before the text, as on the page. One that is only
 *  guessed moves nothing; whichever of the two is not written in is the one that moves. */
function order(quoteFirst) {
  const [said, text] = [form.querySelector(".sources"), form.querySelector(".body")];
  const [first, last] = quoteFirst ? [said, text] : [text, said];
  if (first.nextElementSibling === last) return;
  if (first.contains(document.activeElement)) first.after(last);
  else last.before(first);
}

/** What choosing a kind has set, to be taken back with it: a row for whoever says so, and the standing. */
let opened = { key: "", row: null, standing: "" };

/** Take back what the kind chosen before had set, as far as nobody has used it. */
function close() {
  const { row, standing } = opened;
  const fields = row?.isConnected ? Array.from(row.querySelectorAll("input, textarea")) : [];
  if (fields.length && !fields.some(({ value }) => value.trim())) row.remove();
  const chosen = document.getElementById("standing");
  if (standing && chosen.value === standing) chosen.value = "reported";
}

/** A quotation has a speaker. What another outlet reports has its name, and is not confirmed by us, until somebody says
 *  otherwise. */
function open() {
  if (opened.key === about.key) close();
  opened = { key: about.key, row: null, standing: "" };
  const [kind, standing] = [form.elements.kind.value, document.getElementById("standing")];
  if (kind === "quote" && !readSources().length) opened.row = addSource({ asks: "speaker" }, false);
  if (kind !== "elsewhere") return;
  if (!readSources().some(({ basis }) => basis === "outlet")) opened.row = addSource({ basis: "outlet", verb: "reported" }, false);
  if (standing.value === "reported") standing.value = opened.standing = "not_confirmed";
}

// Before the form hears of it, and proposes another.
kinds.addEventListener("input", () => {
  about.kindChosen = true;
  open();
});
form.addEventListener("change", look);
form.addEventListener("composer:shown", look);
document.getElementById("make-quote").addEventListener("click", () => {
  const words = plain();
  const row = document.querySelector("#attributions > *") || addSource({}, false);
  setQuote(row, words);
  if (words) setBody("");
  row.querySelector("[data-find]").focus();
  row.querySelector('[data-field="quote"]').scrollIntoView({ block: "nearest" });
});

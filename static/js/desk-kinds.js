// The kind of a post is proposed from what is in the composer, until somebody chooses one.

import { about, body, setBody } from "./desk-composer.js";
import { addSource, readSources, setQuote } from "./desk-sources.js";

const form = document.getElementById("composer");
const kinds = document.getElementById("kinds");
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
  // Marks and speaker come from the source's field: without it readers would not see that it is a quotation.
  hint.hidden = form.elements.kind.value !== "quote" || sources.some(({ quote }) => quote.trim());
}

// Before the form hears of it, and proposes another.
kinds.addEventListener("input", () => { about.kindChosen = true; });
form.addEventListener("change", look);
form.addEventListener("composer:shown", look);
document.getElementById("make-quote").addEventListener("click", () => {
  const words = plain();
  const row = document.querySelector("#attributions > *") || addSource({}, false);
  setQuote(row, words);
  if (words) setBody("");
  row.querySelector("[data-find]").focus();
});

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

/** What choosing “Reported elsewhere” has set, to be taken back with it: a row for the outlet, and the standing. */
let opened = { key: "", row: null, standing: "" };

/** What another outlet reports has its name, and is not confirmed by us, until somebody says otherwise. */
function openElsewhere() {
  const standing = document.getElementById("standing");
  if (opened.key !== about.key) opened = { key: about.key, row: null, standing: "" };
  if (form.elements.kind.value === "elsewhere") {
    if (!readSources().some(({ basis }) => basis === "outlet")) opened.row = addSource({ basis: "outlet", verb: "reported" }, false);
    if (standing.value === "reported") standing.value = opened.standing = "not_confirmed";
    return;
  }
  if (opened.row?.isConnected && !opened.row.querySelector("[data-find]").value) opened.row.remove();
  if (opened.standing && standing.value === opened.standing) standing.value = "reported";
  opened.row = null;
  opened.standing = "";
}

// Before the form hears of it, and proposes another.
kinds.addEventListener("input", () => {
  about.kindChosen = true;
  openElsewhere();
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

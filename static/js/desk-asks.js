// The server asks before it publishes: a twin, a text of another event, a text that waited, a post that was held.

import { inTurn, isolated } from "./desk-dialogs.js";

const at = (id) => document.getElementById(id);

/** What is asked about otherwise than what goes out: where no post is named. */
const WAYS = { held: "held", repeated: "anew" };
const WORDS = /[\p{L}\p{N}\p{M}]+/gu;

/** Put the message there, and mark the words in it that `said` has too. Answers whether there are any. */
function mark(message, said) {
  const ours = new Set(said.toLowerCase().match(WORDS));
  const parts = message.split(/([\p{L}\p{N}\p{M}]+)/u).map((part) => {
    if (part.length < 3 || !ours.has(part.toLowerCase())) return part;
    return Object.assign(document.createElement("mark"), { textContent: part });
  });
  at("asks-text").replaceChildren(...parts);
  return parts.some((part) => typeof part !== "string");
}

/** Show the question; answers "sure", "see", "add" or "no". `post` is the one that it is about, if any; `said`, what
 *  is to be published, shows why a twin is asked about. */
export const asked = (message, post, reason = "", said = "") => inTurn(() => put(message, post, reason, said));

function put(message, post, reason, said) {
  const dialog = at("asks");
  const title = at("asks-title");
  title.textContent = title.dataset[!post && WAYS[reason] ? WAYS[reason] : reason !== "twin" ? "asks" : post ? "twin" : "writing"];
  at("asks-sure").textContent = at("asks-sure").dataset[(!post && WAYS[reason]) || "asks"];
  at("asks-why").hidden = !mark(isolated(message), reason === "twin" && post ? said : "");
  for (const button of dialog.querySelectorAll("[data-with-post]")) button.hidden = !post;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue || "no");
  });
}

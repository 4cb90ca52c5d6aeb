// The composer's words as readers will see them: made by the server in the readers' own template.

import * as composer from "./desk-composer.js";
import { ask } from "./desk-send.js";
import { halfTime } from "./desk-times.js";

const at = (id) => document.getElementById(id);
const dialog = at("preview");
/** What sends the composer's post, whatever it is called at the moment. */
const main = at("publish") || at("submit");

/** Show the preview, or say at the composer why there is none. */
async function preview() {
  const half = halfTime(at("composer"));
  if (half) { composer.trouble(half.sentence, half.input); return; }
  const { change, note } = composer.content();
  const answer = await ask("preview/", { words: composer.words(), post: composer.about.post, change, note });
  if (!answer.ok) { composer.trouble(answer.data.error, answer.data.field, answer.data.row); return; }
  composer.trouble("");
  at("preview-publish").textContent = main.querySelector("span").textContent;
  dialog.showModal();
  // A new one each time, when it is in sight: what is loaded before, or into one that was hidden, may stay unpainted.
  // Nothing can run in there: the iframe is a sandbox without scripts, and the words are clean.
  const iframe = at("preview-frame").cloneNode();
  iframe.srcdoc = answer.data.html;
  at("preview-frame").replaceWith(iframe);
}

at("show-preview").addEventListener("click", preview);
at("preview-publish").addEventListener("click", () => {
  dialog.close();
  main.click();
});
dialog.addEventListener("change", (e) => { at("preview-frame").className = e.target.value; });

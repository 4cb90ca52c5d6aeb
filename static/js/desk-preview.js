// The composer's words as readers will see them: made by the server in the readers' own template.

import * as composer from "./desk-composer.js";
import { ask } from "./desk-send.js";

const at = (id) => document.getElementById(id);
const dialog = at("preview");
const iframe = at("preview-frame");

/** Show the preview, or say at the composer why there is none. */
export async function preview() {
  if (dialog.open) { dialog.close(); return; }
  const answer = await ask("preview/", { words: composer.words(), post: composer.about.post });
  if (!answer.ok) { composer.trouble(answer.data.error, answer.data.field, answer.data.row); return; }
  composer.trouble("");
  // Nothing can run in there: the iframe is a sandbox without scripts, and the words are clean.
  iframe.srcdoc = answer.data.html;
  dialog.showModal();
}

at("show-preview").addEventListener("click", preview);
dialog.addEventListener("change", (e) => { iframe.className = e.target.value; });

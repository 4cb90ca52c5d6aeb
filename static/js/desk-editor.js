// Waits for the rich text editor, and gives it the name that its label has: the editable itself has none.
// Loaded before the editor on every page that has one, so that no `ready` is missed.

import { cleaned } from "./desk-paste.js";
import { wireToolbar } from "./desk-toolbar.js";

const made = new Map();
const waiting = new Map();

/** Call `take` with the editor of the textarea that has this id, now or when it is ready. */
export function whenReady(id, take) {
  if (made.has(id)) take(made.get(id));
  else waiting.set(id, take);
}

function nameOf(textarea) {
  const label = textarea.labels?.[0];
  return textarea.getAttribute("aria-label") || label?.textContent.trim().replace(/:$/, "") || "Text";
}

/** An empty text begins at the side of its language; what is written runs as readers will see it, by its first letter. */
function directed({ lang, dir }) {
  return ({ doc }) => ({ ...(lang && { lang }), dir: /\p{L}/u.test(doc.textContent) ? "auto" : dir || "auto" });
}

document.addEventListener("prose-editor:ready", (e) => {
  const { editor, textarea } = e.detail;
  const editable = editor.view.dom;
  editable.setAttribute("aria-label", nameOf(textarea));
  editable.setAttribute("role", "textbox");
  editable.setAttribute("aria-multiline", "true");
  editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML: cleaned, attributes: directed(textarea) } });
  wireToolbar(editable.closest(".prose-editor"), editable);
  made.set(textarea.id, editor);
  waiting.get(textarea.id)?.(editor);
});

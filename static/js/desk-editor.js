// Waits for the rich text editor, and gives it the name that its label has: the editable itself has none.
// Loaded before the editor on every page that has one, so that no `ready` is missed.

import { cleaned } from "./desk-paste.js";

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

/** The editor's menu speaks of “Heading 4”: a post stands under an h3, and has one kind of heading in it. */
function nameSubHeading(textarea) {
  const option = textarea.closest(".prose-editor")?.querySelector('[data-name="heading4"] h4');
  if (option) option.textContent = "Sub-heading";
}

document.addEventListener("prose-editor:ready", (e) => {
  const { editor, textarea } = e.detail;
  const editable = editor.view.dom;
  editable.setAttribute("aria-label", nameOf(textarea));
  editable.setAttribute("role", "textbox");
  editable.setAttribute("aria-multiline", "true");
  editor.setOptions({ editorProps: { ...editor.options.editorProps, transformPastedHTML: cleaned } });
  nameSubHeading(textarea);
  made.set(textarea.id, editor);
  waiting.get(textarea.id)?.(editor);
});

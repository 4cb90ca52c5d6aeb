// Gives the rich text editor the name that its label has: the editable itself has none.

function nameOf(textarea) {
  const label = textarea.labels?.[0];
  return textarea.getAttribute("aria-label") || label?.textContent.trim().replace(/:$/, "") || "Text";
}

document.addEventListener("prose-editor:ready", (e) => {
  const { editor, textarea } = e.detail;
  const editable = editor.view.dom;
  editable.setAttribute("aria-label", nameOf(textarea));
  editable.setAttribute("role", "textbox");
  editable.setAttribute("aria-multiline", "true");
});

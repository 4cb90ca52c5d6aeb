// The server asks before it publishes: a twin, a text of another event, a text that waited.

const at = (id) => document.getElementById(id);

/** Show the question; answers "sure", "see", "add" or "no". `post` is the one that it is about, if any. */
export function asked(message, post) {
  const dialog = at("asks");
  at("asks-text").textContent = message;
  for (const button of dialog.querySelectorAll("[data-with-post]")) button.hidden = !post;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue || "no");
  });
}

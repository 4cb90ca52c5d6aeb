// Toast and questions.

const at = (id) => document.getElementById(id);

let ticking = 0;

/** Say something for a while; with `undo`, offer to take it back for ten seconds. */
export function toast(message, undo) {
  const box = at("toast");
  const button = box.querySelector("button");
  const seconds = box.querySelector("[data-seconds]");
  clearInterval(ticking);
  box.querySelector("span").textContent = message;
  button.hidden = !undo;
  button.onclick = () => { hide(); undo(); };
  box.hidden = false;
  let left = undo ? 10 : 5;
  const show = () => { seconds.textContent = String(left); };
  const hide = () => { clearInterval(ticking); box.hidden = true; };
  show();
  ticking = setInterval(() => { left -= 1; show(); if (left <= 0) hide(); }, 1000);
}

/** Ask before something that cannot simply be typed again; answers null for no, else the sentence. */
export function question({ title, text, yes, sentence = false, value = "" }) {
  const dialog = at("ask");
  at("ask-title").textContent = title;
  at("ask-text").textContent = text;
  at("ask-yes").textContent = yes;
  at("ask-field").hidden = !sentence;
  at("ask-note").value = value;
  dialog.returnValue = "no";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes" ? at("ask-note").value : null);
  });
}

/** No clock runs, so nothing can be held back: whether it is to go out at once. */
export async function atOnce(message) {
  const text = `${message} Publish without the delay?`;
  return (await question({ title: "Publish at once?", text, yes: "Publish at once" })) !== null;
}

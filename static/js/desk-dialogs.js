// Toast and questions.

const at = (id) => document.getElementById(id);

/** Seconds for which something is said, and for which it can be taken back. */
const [SAID, UNDO] = [5, 10];
let ticking = 0;
/** What can still be taken back: {message, undo, until}. */
let open = null;

/**
 * Say something for a while; with `undo`, offer to take it back for ten seconds, whatever is merely said meanwhile.
 * `null` is a further deed that cannot be taken back: what went before it is no longer offered.
 */
export function toast(message, undo) {
  const box = at("toast");
  const button = box.querySelector("button");
  const hide = () => { clearInterval(ticking); box.hidden = true; };
  clearInterval(ticking);
  if (undo) open = { message, undo, until: Date.now() + UNDO * 1000 };
  if (undo === null || open?.until <= Date.now()) open = null;
  // What the button takes back stands beside it.
  box.querySelector("span").textContent = undo || !open ? message : `${message} – ${open.message}`;
  button.hidden = !open;
  button.onclick = () => { const { undo: back } = open; open = null; hide(); back(); };
  box.hidden = false;
  const until = Math.max(Date.now() + SAID * 1000, open?.until || 0);
  const show = () => {
    const left = Math.ceil(((open?.until || 0) - Date.now()) / 1000);
    if (left <= 0) { open = null; button.hidden = true; }
    box.querySelector("[data-seconds]").textContent = String(Math.max(0, left));
    if (Date.now() >= until) hide();
  };
  show();
  ticking = setInterval(show, 1000);
}

/** Ask before something that cannot simply be typed again; answers null for no, else the sentence.
 *  `instead`, [[id, title], …], offers posts to be read instead: the chosen one is the value of #ask-instead. */
export function question({ title, text, yes, sentence = false, value = "", room = 300, instead = [] }) {
  const dialog = at("ask");
  at("ask-title").textContent = title;
  at("ask-text").textContent = text;
  at("ask-yes").textContent = yes;
  at("ask-field").hidden = !sentence;
  at("ask-note").value = value;
  at("ask-note").maxLength = room;
  at("ask-instead-field").hidden = !instead.length;
  at("ask-instead").length = 1;
  at("ask-instead").append(...instead.map(([id, label]) => new Option(label.slice(0, 80), id)));
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

// The event's lead picture in its dialog: chosen, dropped or pasted, sent at once, shown from the server.

import { ask } from "./desk-send.js";

const at = (id) => document.getElementById(id);
const box = at("lead-picture");
const field = box?.querySelector('[data-about="lead_picture"]');
let sending = Promise.resolve(true);
let turn = 0;

const words = () => box.querySelectorAll("#picture-words [data-about]");

function say(sentence) {
  at("picture-told").textContent = sentence;
  at("picture-told").hidden = !sentence;
}

/** Show what the field holds: a picture and what is said of it, or how to choose one. */
export function showPicture() {
  if (!box) return;
  const there = Boolean(field.value);
  const shown = at("picture-shown");
  const address = there ? `${document.body.dataset.base}pictures/${field.value}/` : "";
  if (there && shown.getAttribute("src") !== address) shown.src = address;
  if (!there) shown.removeAttribute("src");
  shown.hidden = !there;
  at("picture-none").hidden = there;
  at("picture-words").hidden = !there;
  at("picture-away").hidden = !there;
  const choose = at("picture-choose");
  choose.dataset.first ??= choose.textContent;
  choose.textContent = there ? choose.dataset.other : choose.dataset.first;
  say("");
}

/** Begin with what the field holds: what was refused, or is on its way still, belongs to a dialog that was closed. */
export function openPicture() {
  turn += 1;
  sending = Promise.resolve(true);
  showPicture();
}

/** Whether what was chosen last has arrived. */
export const pictureArrived = () => sending;

async function take(file) {
  const mine = ++turn;
  if (file.size > Number(box.dataset.most)) { say(box.dataset.large); return false; }
  say(box.dataset.taking);
  const content = new FormData();
  content.append("picture", file);
  const answer = await ask("pictures/", content);
  // Another one was chosen meanwhile.
  if (mine !== turn) return sending;
  if (!answer.ok) { say(answer.status ? answer.data.error : box.dataset.slow); return false; }
  field.value = answer.data.picture;
  showPicture();
  words()[0].focus();
  return true;
}

function chosen(files) {
  const file = [...files].find((one) => one.type.startsWith("image/")) || files[0];
  if (file) sending = take(file);
}

if (box) {
  const file = at("picture-file");
  at("picture-choose").addEventListener("click", () => file.click());
  file.addEventListener("change", () => { chosen(file.files); file.value = ""; });
  at("picture-away").addEventListener("click", () => {
    turn += 1;
    sending = Promise.resolve(true);
    field.value = "";
    for (const input of words()) input.value = "";
    showPicture();
    at("picture-choose").focus();
  });
  const dialog = box.closest("dialog");
  dialog.addEventListener("paste", (e) => {
    if (!e.clipboardData.files.length) return;
    e.preventDefault();
    chosen(e.clipboardData.files);
  });
  // Anywhere in the dialog: a file dropped beside the field must not take the desk's place in the tab.
  for (const name of ["dragenter", "dragover"]) {
    dialog.addEventListener(name, (e) => {
      if (!e.dataTransfer.types.includes("Files")) return;
      e.preventDefault();
      box.classList.add("over");
    });
  }
  dialog.addEventListener("dragleave", () => box.classList.remove("over"));
  dialog.addEventListener("drop", (e) => {
    box.classList.remove("over");
    if (!e.dataTransfer.files.length) return;
    e.preventDefault();
    chosen(e.dataTransfer.files);
  });
}

// What was not sent: brought back into the composer when the desk opens; what else there is waits above it.

import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { forgetOther, keep, keepOther, kept } from "./desk-keep.js";
import { waits } from "./desk-outbox.js";
import { newKey } from "./desk-send.js";
import { tab } from "./desk-tab.js";

const box = document.getElementById("unsent");
const list = box.querySelector("ul");
const template = box.querySelector("template");

const called = ({ words = {} }) => {
  const text = new DOMParser().parseFromString(words.body || "", "text/html").body.textContent.trim();
  return words.headline || (text.length > 80 ? `${text.slice(0, 80)}…` : text) || box.dataset.untitled;
};

function drop(line, composerOf) {
  line.remove();
  box.hidden = !list.children.length;
  composer.focus();
  return forgetOther(composerOf);
}

function add({ composer: from, content, elsewhere }) {
  const line = template.content.firstElementChild.cloneNode(true);
  line.querySelector("strong").textContent = called(content);
  line.querySelector(".about").textContent = box.dataset[elsewhere ? "elsewhere" : content.aside ? "aside" : "left"];
  line.querySelector("[data-unsent=here]").addEventListener("click", () => {
    if (!composer.isEmpty()) { dialogs.toast(box.dataset.full); return; }
    // The other window may still send its own: two texts, two keys.
    composer.load({ ...content, key: elsewhere ? newKey() : content.key });
    keep();
    drop(line, from);
  });
  line.querySelector("[data-unsent=drop]").addEventListener("click", async (e) => {
    if ((await dialogs.question({ title: box.dataset.sure, text: called(content), yes: e.target.textContent })) !== null) drop(line, from);
  });
  list.append(line);
}

/** Offer above the composer what is in it and will not be sent as it is. */
export function putAside(whole) {
  const content = { ...whole, key: newKey(), aside: true };
  const id = newKey().slice(5, 23);
  keepOther(id, content);
  add({ composer: id, content, elsewhere: false });
  box.hidden = false;
}

/** Bring back what this tab, or one that is no more, had not sent; offer the rest. */
export async function bringBack() {
  const { mine, others } = await kept();
  const rest = others.filter(({ content }) => !waits(content.key));
  for (const one of rest) add(one);
  box.hidden = !rest.length;
  if (!mine || waits(mine.content.key)) { composer.show(); return; }
  composer.load(mine.content);
  document.getElementById("kept").textContent = "Brought back what you had not sent";
  if (mine.composer === tab) return;
  keep();
  forgetOther(mine.composer);
}

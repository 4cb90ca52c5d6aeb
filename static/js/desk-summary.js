// The editor of "What we know so far": lines, each with what it claims and the post that it rests on.

import { ask, newKey } from "./desk-send.js";
import { now, refresh } from "./desk-timeline.js";
import { toast } from "./desk-dialogs.js";

const at = (id) => document.getElementById(id);
const lines = at("lines");
let key = newKey();

function add(line = {}) {
  const item = at("line-of-summary").content.firstElementChild.cloneNode(true);
  const rests = item.querySelector('[data-line="post"]');
  for (const id of now.posts) {
    const title = document.getElementById(`title-${id}`)?.textContent.trim();
    if (title) rests.append(new Option(title.slice(0, 80), id));
  }
  if (line.post && !now.posts.includes(line.post)) rests.append(new Option("an older post", line.post));
  item.querySelector('[data-line="text"]').value = line.text || "";
  item.querySelector('[data-line="knowing"]').value = line.knowing || "known";
  rests.value = line.post || "";
  item.querySelector("[data-drop]").addEventListener("click", () => { item.remove(); at("add-line").focus(); });
  for (const button of item.querySelectorAll("[data-move]")) {
    button.addEventListener("click", () => {
      if (button.dataset.move === "-1") item.previousElementSibling?.before(item);
      else item.nextElementSibling?.after(item);
      button.focus();
    });
  }
  lines.append(item);
  return item;
}

async function send() {
  const said = Array.from(lines.children, (item) => {
    const line = {};
    for (const input of item.querySelectorAll("[data-line]")) line[input.dataset.line] = input.value;
    return line;
  });
  const answer = await ask("deeds/summarise/", { key, lines: said });
  at("summary-trouble").hidden = answer.ok;
  at("summary-trouble").textContent = answer.ok ? "" : answer.data.error;
  if (!answer.ok) return;
  key = newKey();
  at("summary").close();
  toast(answer.data.message);
  refresh();
}

at("open-summary").addEventListener("click", () => {
  lines.replaceChildren();
  for (const line of now.summary) add(line);
  if (!now.summary.length) add();
  at("summary-trouble").hidden = true;
  at("summary").showModal();
});
at("add-line").addEventListener("click", () => add().querySelector("textarea").focus());
at("send-summary")?.addEventListener("click", send);

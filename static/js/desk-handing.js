// What goes from hand to hand: claims, what is sent back, notes for the desk, the handover.

import { act, rows, titleOf } from "./desk-acts.js";
import * as dialogs from "./desk-dialogs.js";
import { ask, newKey } from "./desk-send.js";
import { heard, refresh, touch } from "./desk-timeline.js";
import { send } from "./desk-writing.js";

const at = (id) => document.getElementById(id);
const row = (post) => document.getElementById(`row-${post}`);
let handover = "";

/** Somebody else has written here meanwhile: their text stands above one's own, which has not it already. */
async function both(dialog, input, before, theirs) {
  await refresh();
  const there = theirs();
  const mine = before && input.value.startsWith(before) ? input.value.slice(before.length).trimStart() : input.value;
  input.value = [there, mine].filter(Boolean).join("\n\n");
}

/** Open a dialog with one text; `attempt` sends it and what it began from. What is refused stays there, with the
 *  sentence; `theirs` answers the text as it is stored by now. */
function asked(name, value, attempt, theirs = () => "") {
  const dialog = at(name);
  const box = at(`${name.replace("-dialog", "")}-trouble`);
  const input = dialog.querySelector("[data-says]");
  const trouble = (message) => {
    box.textContent = message;
    box.hidden = !message;
    if (message) input.setAttribute("aria-invalid", "true");
    else input.removeAttribute("aria-invalid");
  };
  let busy = false;
  input.value = value;
  trouble("");
  dialog.querySelector("form").onsubmit = async (e) => {
    if (e.submitter?.value !== "yes") return;
    e.preventDefault();
    if (busy) return;
    busy = true;
    const answer = await attempt(input.value, value);
    busy = false;
    if (answer.data.field === "seen") { await both(dialog, input, value, theirs); value = theirs(); }
    if (!answer.ok) { trouble(answer.data.field === "seen" ? `${answer.data.error} ${dialog.dataset.both}` : answer.data.error); input.focus(); return; }
    dialog.close();
    dialogs.toast(answer.data.message);
    await refresh();
  };
  dialog.showModal();
  input.focus();
}

async function claim(post, button) {
  const key = newKey();
  const holder = button.closest("[data-id]").dataset.claimed;
  let over = Boolean(holder && holder !== "mine");
  if (over && !(await mayTakeOver(`${holder} has claimed this.`))) return;
  const answer = await ask("deeds/claim/", { key, post, over });
  if (answer.data.field !== "claimed") { await said(answer); return; }
  // Somebody was faster than what this row shows.
  over = await mayTakeOver(answer.data.error);
  if (over) await said(await ask("deeds/claim/", { key: newKey(), post, over }));
  else await refresh();
}

async function mayTakeOver(text) {
  return (await dialogs.question({ title: "Take it over?", text, yes: "Take over" })) !== null;
}

async function said(answer) {
  dialogs.toast(answer.ok ? answer.data.message : answer.data.error);
  await refresh();
}

Object.assign(rows, {
  claim,
  unclaim: (post) => act("unclaim", { post }),
  sendBack: (post) => {
    const key = newKey();
    const title = document.getElementById("send-back-title");
    title.textContent = title.dataset.text.replace("{title}", () => titleOf(post));
    asked("send-back", "", (reason) => ask("deeds/send_back/", { key, post, reason }));
  },
  note: (post) => {
    const theirs = () => row(post)?.querySelector("[data-note]")?.dataset.note || "";
    asked("note-dialog", theirs(), (note, seen) => {
      touch(post);
      return ask("deeds/note/", { key: newKey(), post, note, seen });
    }, theirs);
  },
});

at("open-handover").addEventListener("click", () => {
  asked("handover", handover, (text, seen) => ask("deeds/handover/", { key: newKey(), handover: text, seen }), () => handover);
});
at("submit-on")?.addEventListener("click", () => send("submit"));

heard((data) => {
  if (data.handover === undefined) return;
  handover = data.handover;
  const button = at("open-handover");
  const label = button.dataset[handover ? "there" : "empty"];
  if (button.textContent !== label) button.textContent = label;
});

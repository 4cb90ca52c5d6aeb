// The event's own fields, the freeze and the embargo: for those who steer.

import { act, steers } from "./desk-acts.js";
import { question, toast } from "./desk-dialogs.js";
import { openPicture, pictureArrived, showPicture } from "./desk-picture.js";
import { ask, newKey } from "./desk-send.js";
import { heard, refresh } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
const dialog = at("event-dialog");
let key = newKey();
let present = {};

heard((data) => {
  if (data.about) present = { ...data.about, embargo_until: data.embargo };
  const frozen = at("freeze");
  if (frozen) frozen.setAttribute("aria-checked", String(data.frozen));
});

const fields = () => dialog.querySelectorAll("[data-about]");

function trouble(message, field = "") {
  const box = at("event-trouble");
  box.textContent = message;
  box.hidden = !message;
  for (const input of fields()) input.removeAttribute("aria-invalid");
  const input = message && dialog.querySelector(`[data-about="${CSS.escape(field)}"]`);
  if (!input) return;
  input.setAttribute("aria-invalid", "true");
  (input.type === "hidden" ? at("picture-choose") : input).focus();
}

/** Somebody else was faster: what they have changed is shown, and what was typed here stays, to be sent once more. */
async function overtaken() {
  await refresh();
  for (const input of fields()) {
    const theirs = String(present[input.dataset.about] ?? "");
    if (input.value === input.dataset.was) input.value = theirs;
    input.dataset.was = theirs;
    if (input.value !== theirs) input.title = theirs;
  }
  showPicture();
}

async function send() {
  if (!await pictureArrived()) { at("picture-choose").focus(); return; }
  const content = { key };
  // Only what was changed here: somebody else may have changed the rest meanwhile.
  content.seen = {};
  for (const input of fields()) {
    if (input.value === input.dataset.was) continue;
    content[input.dataset.about] = input.value;
    content.seen[input.dataset.about] = input.dataset.was;
  }
  const answer = await ask("deeds/change/", content);
  if (answer.data.field === "seen") await overtaken();
  if (!answer.ok) { key = newKey(); trouble(answer.data.error, answer.data.field); return; }
  dialog.close();
  const isNobodys = content.lead_picture && !dialog.querySelector('[data-about="picture_credit"]').value.trim();
  toast(isNobodys ? `${answer.data.message} ${dialog.dataset.nobody}` : answer.data.message);
  refresh();
}

if (dialog) {
  dialog.querySelector("form").addEventListener("submit", (e) => {
    if (e.submitter?.value !== "yes") return;
    e.preventDefault();
    send();
  });
}

const readers = dialog?.querySelector('[data-about="visibility"]');

/** Who will read it, by what is chosen. */
function sayWho() { at("visibility-means").textContent = at("visibility-means").dataset[readers.value] || ""; }

readers?.addEventListener("change", sayWho);

Object.assign(steers, {
  event: async () => {
    // Opened before the desk has heard anything, it would show an event without a word.
    if (!("title" in present)) await refresh();
    if (!("title" in present)) { toast("The event’s fields have not arrived yet. Press again when the line is back."); return; }
    key = newKey();
    for (const input of fields()) {
      // As text: a hidden field has no value of another kind.
      input.value = String(present[input.dataset.about] ?? "");
      input.dataset.was = input.value;
      // What somebody else had put there, the last time.
      input.removeAttribute("title");
    }
    trouble("");
    openPicture();
    sayWho();
    dialog.showModal();
  },
  show: async () => {
    await steers.event();
    readers.focus();
  },
  freeze: async () => {
    if (at("freeze").getAttribute("aria-checked") === "true") { await steers.unfreeze(); return; }
    const text = "Nothing public changes until somebody lifts it: only hold, withdraw and remove work. Drafts can be saved.";
    if ((await question({ title: "Freeze the event?", text, yes: "Freeze" })) !== null) await act("freeze", {});
  },
  unfreeze: async () => {
    await act("unfreeze", {});
    at("freeze").focus();
  },
  lift: async () => {
    const text = "From now on posts can go out. Lifting it publishes nothing.";
    if ((await question({ title: "Lift the embargo?", text, yes: "Lift it" })) !== null) await act("lift", {});
  },
});

// The end of the coverage: a wrap-up where one is wanted, then the way to the article.

import { steers, toSteer } from "./desk-acts.js";
import { ask, newKey } from "./desk-send.js";
import { now, refresh } from "./desk-timeline.js";

const at = (id) => document.getElementById(id);
let key = newKey();
/** What the summary had given; what somebody has written over it stays. */
let given = null;

function show() {
  const wanted = Boolean(at("ending-wanted")?.checked);
  if (at("ending-post")) at("ending-post").hidden = !wanted;
  const yes = at("ending-yes");
  yes.textContent = wanted ? yes.dataset.with : yes.dataset.bare;
}

function trouble(message, field = "") {
  const box = at("ending-trouble");
  box.textContent = message;
  box.hidden = !message;
  for (const input of at("ending").querySelectorAll("[aria-invalid]")) input.removeAttribute("aria-invalid");
  if (!message) return;
  const input = at(field === "headline" ? "ending-headline" : "ending-wrap_up");
  if (!field || !input || at("ending-post").hidden) return;
  input.setAttribute("aria-invalid", "true");
  input.focus();
}

/** What is in the inbox, and would stay there. */
function showWaits() {
  const box = at("ending-waits");
  const what = ["submitted", "draft", "scheduled"].filter((state) => now.waits[state]).map((state) => box.dataset[state].replace("{n}", now.waits[state]));
  box.hidden = !what.length;
  box.textContent = box.dataset.text.replace("{what}", what.join(", "));
}

async function begin() {
  await refresh();
  const text = now.summary.map(({ says }) => says).join("\n\n");
  const box = at("ending-wrap_up");
  if (box && (given === null || box.value === given)) {
    box.value = given = text;
    at("ending-wanted").checked = Boolean(text);
    at("ending-from").hidden = !text;
  }
  at("ending-known").hidden = !now.summary.length;
  showWaits();
  trouble("");
  show();
  at("ending").showModal();
}

async function send() {
  const wanted = Boolean(at("ending-wanted")?.checked);
  const content = { key };
  if (wanted) Object.assign(content, { headline: at("ending-headline").value, wrap_up: at("ending-wrap_up").value, pin: at("ending-pin").checked });
  at("ending-yes").disabled = true;
  const answer = await ask("deeds/end/", content);
  at("ending-yes").disabled = false;
  if (!answer.ok) { trouble(answer.data.error, answer.data.field); return; }
  key = newKey();
  given = null;
  at("ending-headline")?.form.reset();
  at("ending").close();
  await refresh();
  at("ended").showModal();
}

at("ending")?.querySelector("form").addEventListener("submit", (e) => {
  if (e.submitter?.value !== "yes") return;
  e.preventDefault();
  send();
});
at("ending-wanted")?.addEventListener("change", () => {
  show();
  if (at("ending-wanted").checked) at("ending-headline").focus();
});
at("ending-summary")?.addEventListener("click", () => {
  at("ending").close();
  at("open-summary").click();
  // And back to what was begun, with the lines as they are by then.
  at("summary").addEventListener("close", begin, { once: true });
});
// “End…” has gone with the coverage.
at("ended")?.addEventListener("close", toSteer);
steers.end = begin;

// Posts that wait for their time: scheduled from the composer or the inbox, counted down, stopped, missed.

import { act, rows, tab } from "./desk-acts.js";
import * as composer from "./desk-composer.js";
import * as dialogs from "./desk-dialogs.js";
import { keep } from "./desk-keep.js";
import { ask, newKey } from "./desk-send.js";
import { isSaid } from "./desk-sources.js";
import { heard, refresh } from "./desk-timeline.js";
import { send, sent, takeBack } from "./desk-writing.js";
import { inWords, localAt, secondAt, shownAt } from "./desk-zones.js";

const at = (id) => document.getElementById(id);
const { zone, zoneName } = document.body.dataset;
const input = at("due_at");
const off = at("clock-off");
const ownZone = new Intl.DateTimeFormat().resolvedOptions().timeZone;
let ahead = 0;

/** Milliseconds by the server's clock. */
const now = () => Date.now() + ahead;
const row = (post) => document.getElementById(`row-${post}`);

function showOwn() {
  const moment = input.value ? localAt(input.value, zone) : NaN;
  // With 24 hours, as all else here, whatever clock the browser's own field has.
  at("due-own").textContent = Number.isNaN(moment)
    ? ""
    : `${shownAt(moment, zone)} ${zoneName}; ${shownAt(moment)} here (${ownZone}), ${inWords((moment - now()) / 1000)}`;
}

/** The next quarter of an hour that is at least ten minutes away, on the event's clocks. */
function proposed() {
  const quarter = 15 * 60000;
  return shownAt(Math.ceil((now() + 10 * 60000) / quarter) * quarter, zone).replace(" ", "T");
}

/** Ask when; answers the time as typed, null for never mind. `due` is when it was to go out so far. */
function when(due, trouble) {
  const dialog = at("schedule-dialog");
  const former = due ? Date.parse(due) : 0;
  if (!trouble) input.value = former > now() ? shownAt(former, zone).replace(" ", "T") : proposed();
  input.removeAttribute("aria-invalid");
  if (trouble) input.setAttribute("aria-invalid", "true");
  at("schedule-trouble").textContent = trouble;
  at("schedule-trouble").hidden = !trouble;
  showOwn();
  dialog.returnValue = "no";
  dialog.showModal();
  input.focus();
  return new Promise((resolve) => {
    dialog.onclose = () => resolve(dialog.returnValue === "yes" ? input.value : null);
  });
}

/** Ask, and try, until it is a time at which the post can go out; answers the last answer, null for never mind. */
async function untilItFits(due, attempt) {
  let trouble = "";
  for (;;) {
    const typed = await when(due, trouble);
    if (typed === null) return null;
    const answer = await attempt(typed);
    if (!answer || answer.ok || answer.data.field !== "due_at") return answer;
    trouble = answer.data.error;
  }
}

async function scheduleComposer() {
  const { dataset } = row(composer.about.post) || { dataset: {} };
  const answer = await untilItFits(dataset.due || dataset.wasDue, async (typed) => {
    const answered = await send("schedule", null, { due_at: typed });
    // Said in the dialog, which is open again.
    if (answered?.data.field === "due_at") composer.trouble("");
    // Refused here already: the focus is where it is to be mended.
    return answered || { ok: false, data: {} };
  });
  if (answer === null) at("schedule").focus();
}

async function scheduleRow(post, button) {
  const loaded = await ask(`posts/${post}/`);
  if (!loaded.ok) { dialogs.toast(loaded.data.error); return; }
  const { words, began, pin, pin_minutes } = loaded.data;
  const answer = await untilItFits(row(post)?.dataset.due, (typed) =>
    ask("deeds/schedule/", { key: newKey(), post, words, began, pin, pin_minutes, due_at: typed }));
  if (answer) dialogs.toast(answer.ok ? answer.data.message : answer.data.error);
  await refresh();
  (row(post) || button).focus();
}

/** Stop a post that the send delay holds back: into the composer, if nothing else is there. */
async function stop(post) {
  const loaded = await ask(`posts/${post}/`);
  const done = await act("unschedule", { post });
  if (!done) return;
  sent.delete(post);
  if (!loaded.ok || !composer.isEmpty()) { row(post)?.focus(); return; }
  const { words, began, pin, pin_minutes } = loaded.data;
  composer.load({ mode: "draft", post, words, began, pin, pin_minutes, stored: true });
  keep();
  tab("write");
  composer.focus();
}

async function backToDrafts(post) {
  await act("unschedule", { post });
  row(post)?.focus();
}

/** Count down; whoever has just reached nought is looked for among the published. */
function tick() {
  for (const waiting of document.querySelectorAll("#inbox [data-due]")) {
    const left = (Date.parse(waiting.dataset.due) - now()) / 1000;
    waiting.querySelector("[data-countdown]").textContent = inWords(left);
    waiting.classList.toggle("missed", waiting.hasAttribute("data-missed") || left < -60);
    if (left <= 0 && left > -3) setTimeout(refresh, 600);
  }
  const own = composer.about.mode === "draft" && row(composer.about.post)?.matches("[data-due]:not([data-missed])");
  at("composing-due").hidden = !own;
  at("draft").firstElementChild.textContent = at("draft").dataset[own ? "scheduled" : "draft"];
}

/** What waited for its time when we last looked: post id -> {due, title}. */
let waited = new Map();

/** Say of what went out at its time that it did, and look at what waits now. */
function sayWhatWentOut(published) {
  for (const [post, { due, title }] of waited) {
    if (!published.has(post) || sent.has(post) || due > now()) continue;
    dialogs.toast(off.dataset.out.replace("{title}", title), undefined, () => { tab("timeline"); row(post)?.focus(); });
  }
  // What left the inbox is perhaps not among the published yet: the answer was made while it went out.
  const between = Array.from(waited).filter(([post, { due }]) => !published.has(post) && due <= now() && due > now() - 60000);
  waited = new Map([...between, ...Array.from(document.querySelectorAll("#inbox [data-due]"), (one) => {
    const title = one.querySelector("h3, p:not(.about)")?.textContent.trim() || "";
    return [one.dataset.id, { due: Date.parse(one.dataset.due), title: title.length > 60 ? `${title.slice(0, 60)}…` : title }];
  })]);
}

heard((data) => {
  ahead = Date.parse(data.at) - Date.now();
  if (off) off.hidden = data.clock;
  const published = new Set(data.latest.map(({ id }) => id));
  if (off) sayWhatWentOut(published);
  for (const [post, whole] of sent) {
    if (!published.has(post)) continue;
    sent.delete(post);
    const named = whole.words.kind === "correction" || whole.words.attributions.some(isSaid);
    dialogs.toast(named ? "Published." : "Published, with no source named.", () => takeBack(post, whole), null, "now");
  }
  tick();
});

Object.assign(rows, { schedule: scheduleRow, unschedule: backToDrafts, stop });
/** Another time is no longer the one that was refused. */
function another() {
  at("schedule-trouble").hidden = true;
  input.removeAttribute("aria-invalid");
  showOwn();
}

input.addEventListener("input", another);
for (const button of document.querySelectorAll("[data-in]")) {
  button.addEventListener("click", () => {
    // To the second: in five minutes is neither in four nor in six.
    input.value = secondAt(now() + Number(button.dataset.in) * 60000, zone);
    another();
  });
}
at("schedule")?.addEventListener("click", scheduleComposer);
setInterval(tick, 1000);

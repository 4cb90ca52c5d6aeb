// Toast and questions.

const at = (id) => document.getElementById(id);

/** A sentence whose quotations in a script from right to left leave the rest of it in its order. */
export const isolated = (text) => text.replace(/“([^”]*[\u0590-\u08ff\ufb1d-\ufefc][^”]*)”/g, "“\u2068$1\u2069”");

/** Seconds for which something is said, and for which it can be taken back. */
const [SAID, UNDO] = [5, 10];
let ticking = 0;
/** What can still be taken back: {message, undo, until, out}. */
let open = null;

/** Where it covers no button of the composer: over the foot of the timeline, or on a phone above the buttons. */
function place(box) {
  const wide = matchMedia("(min-width: 48.01rem)").matches;
  const column = at("tab-timeline").parentElement.getBoundingClientRect();
  const timeline = at("tab-timeline").getBoundingClientRect();
  const bar = document.querySelector("#composer > .send")?.getBoundingClientRect();
  const inbox = at("tab-inbox").getBoundingClientRect();
  const foot = inbox.top > timeline.top ? inbox.top : column.bottom;
  const above = bar?.height ? Math.min(innerHeight - bar.top, innerHeight / 2) : 0;
  const start = getComputedStyle(document.body).direction === "rtl" ? innerWidth - timeline.right : timeline.left;
  box.style.setProperty("--above", `${wide ? innerHeight - foot : above}px`);
  box.style.setProperty("--beside", `${wide ? start : 0}px`);
  box.style.setProperty("--most", `${timeline.width - 32}px`);
}

new ResizeObserver(() => { if (!at("toast").hidden) place(at("toast")); }).observe(document.querySelector("#composer > .send"));

/**
 * Say something for a while; with `undo`, offer to take it back for ten seconds, whatever is merely said meanwhile.
 * `null` is a further deed that cannot be taken back: what went before it is no longer offered.
 * `see` goes to what is spoken of. `out` is "now" of a post that has just gone out, "later" of one that will: what
 * Undo means is said, and of the first what there is after it.
 */
export function toast(message, undo, see = null, out = "") {
  const box = at("toast");
  const button = box.querySelector("[data-undo]");
  const way = box.querySelector("[data-see]");
  const hide = () => { clearInterval(ticking); box.hidden = true; };
  clearInterval(ticking);
  if (undo) open = { message, undo, until: Date.now() + UNDO * 1000, out };
  if (undo === null || open?.until <= Date.now()) open = null;
  // What the button takes back stands beside it.
  box.querySelector("span").textContent = isolated(undo || !open ? message : `${message} – ${open.message}`);
  button.hidden = !open;
  button.onclick = () => { const { undo: back } = open; open = null; hide(); back(); };
  way.hidden = !see;
  way.onclick = () => { hide(); see(); };
  box.hidden = false;
  let until = Math.max(Date.now() + SAID * 1000, open?.until || 0);
  const show = () => {
    const left = Math.ceil(((open?.until || 0) - Date.now()) / 1000);
    if (left <= 0 && open?.out === "now") {
      box.querySelector("span").textContent = box.dataset.over;
      until = Date.now() + SAID * 1000;
    }
    if (left <= 0) { open = null; button.hidden = true; }
    const what = open?.out ? box.dataset.undo : "";
    if (box.querySelector("[data-what]").textContent !== what) box.querySelector("[data-what]").textContent = what;
    box.querySelector("[data-seconds]").textContent = String(Math.max(0, left));
    if (Date.now() >= until) hide();
    else place(box);
  };
  show();
  ticking = setInterval(show, 1000);
}

/** What readers will see: the sentence of a withdrawal, and after it what was typed, unless that is the sentence again. */
function showSaid(says) {
  const { dataset } = at("ask");
  const begun = dataset[says].replace(/[ .।]+$/, "");
  let note = at("ask-note").value.split(/\s+/).join(" ").trim();
  if (note.toLowerCase().startsWith(begun.toLowerCase()) && !/^[\p{L}\p{N}]/u.test(note.slice(begun.length))) {
    note = note.slice(begun.length).replace(/^[ .,:;।–—-]+/, "");
    note = note.slice(0, 1).toUpperCase() + note.slice(1);
  }
  const time = `${at("event-time").textContent} ${document.body.dataset.zoneName}`;
  const link = at("ask-instead").value ? dataset.instead : "";
  at("ask-says").querySelector("bdi").textContent = [dataset[says], note, time, link].filter(Boolean).join(" ");
}

let last = Promise.resolve();

/** Ask, `put` answering a promise, once whatever is asked already is answered: an answer of the server that comes
 *  meanwhile must not put its question in the place of the one that somebody is typing an answer to. */
export function inTurn(put) {
  const answer = last.then(put);
  last = answer.catch(() => {});
  return answer;
}

/** Ask before something that cannot simply be typed again; answers null for no, else the sentence.
 *  `instead`, [[id, title], …], offers posts to be read instead, `chosen` first: the choice is the value of #ask-instead.
 *  `no` names what is the better answer than yes.
 *  `says`, "withdraw" or "retract", shows the public line as it is typed; `ways` explains what else could be done. */
export const question = (about) => inTurn(() => put(about));

function put({ title, text, yes, sentence = false, value = "", room = 300, instead = [], chosen = "", says = "", ways = Boolean(says), no = "" }) {
  const dialog = at("ask");
  at("ask-title").textContent = isolated(title);
  at("ask-text").textContent = isolated(text);
  at("ask-yes").textContent = yes;
  at("ask-no").textContent = no || at("ask-no").dataset.no;
  for (const [button, isMain] of [["ask-yes", !no], ["ask-no", Boolean(no)]]) at(button).classList.toggle("main", isMain);
  at("ask-field").hidden = !sentence;
  at("ask-note").value = value;
  at("ask-note").maxLength = room;
  at("ask-instead-field").hidden = !instead.length;
  at("ask-instead").length = 1;
  at("ask-instead").append(...instead.map(([id, label]) => Object.assign(new Option(label.slice(0, 80), id), { dir: "auto" })));
  at("ask-instead").value = chosen;
  at("ask-label").textContent = at("ask-label").dataset[says ? "why" : "sentence"];
  at("ask-says").hidden = !says;
  at("ask-ways").hidden = !ways;
  dialog.oninput = says ? () => showSaid(says) : null;
  if (says) showSaid(says);
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

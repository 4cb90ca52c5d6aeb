// Hears that something changed: the readers' socket where there is one, and asking where there is not.

import { onLogin, say } from "./desk-presence.js";
import * as desk from "./desk-socket.js";
import { heard, now, refresh } from "./desk-timeline.js";

const line = document.getElementById("line");
/** The readers' socket, empty while nobody else may read the event. */
let address = document.body.dataset.socket;
let socket = null;
let open = false;
let tries = 0;
/** When the process that we hear has said that it ends, the milliseconds after which to come back. */
let bye = null;

/** Whether public deeds are heard of: by the readers' socket, and where there is none by the desk's own. */
const hears = () => (address ? open : desk.isOpen());

let last = 200;

function show(status = last) {
  last = status;
  const name = status === 401 ? "out" : status === 0 ? "off" : hears() ? "on" : "poll";
  line.textContent = line.dataset[name];
  line.dataset.is = name;
}

async function look() {
  const status = await refresh();
  show(status);
  if (status === 401) desk.leave();
}

function changed(about) {
  if (about.includes("inbox") || about.includes("timeline")) look();
  if (about.includes("presence")) say();
}

function connect() {
  if (!address || socket) return;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const here = new WebSocket(`${scheme}//${location.host}${address}`);
  socket = here;
  socket.onopen = () => { open = true; tries = 0; look(); };
  socket.onmessage = (e) => {
    let frame;
    try { frame = JSON.parse(e.data); } catch { return; }
    if (frame.type === "bye") {
      bye = frame.after_ms;
      here.close();
    } else if (frame.sequence > now.sequence) {
      look();
    }
  };
  socket.onclose = (e) => {
    open = false;
    socket = null;
    show();
    if (e.code === 4404) return;
    tries += bye === null ? 1 : 0;
    const after = bye ?? Math.min(30000, 500 * 2 ** tries);
    bye = null;
    setTimeout(connect, after * (0.5 + Math.random()));
  };
}

heard((data) => {
  // Shown to readers since, or to nobody any more.
  if (data.socket === address) return;
  address = data.socket;
  if (socket) socket.close();
  else connect();
});

/** Begin to listen. Where a socket is missing, what it would tell of is asked for every few seconds. */
export function listen() {
  connect();
  desk.connect(changed, () => show());
  // Within seconds, and not at the next press.
  onLogin(look);
  look();
  let beat = 0;
  setInterval(() => {
    beat += 1;
    if (document.hidden) return;
    // Seldom even when both are there: a signal may be lost on the way.
    if (!hears() || beat % (desk.isOpen() ? 12 : 4) === 0) look();
  }, 2500);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("online", look);
  addEventListener("offline", () => show(0));
}

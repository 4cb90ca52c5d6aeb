// Hears that something changed: the readers' socket where there is one, and asking where there is not.

import { now, refresh } from "./desk-timeline.js";

const line = document.getElementById("line");
const address = document.body.dataset.socket;
let open = false;
let tries = 0;

function show(status) {
  const name = status === 401 ? "out" : status === 0 ? "off" : open ? "on" : "poll";
  line.textContent = line.dataset[name];
  line.dataset.is = name;
}

async function look() {
  show(await refresh());
}

function connect() {
  if (!address) return;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  const socket = new WebSocket(`${scheme}//${location.host}${address}`);
  socket.onopen = () => { open = true; tries = 0; look(); };
  socket.onmessage = (e) => {
    let frame;
    try { frame = JSON.parse(e.data); } catch { return; }
    if (frame.sequence > now.sequence) look();
  };
  socket.onclose = (e) => {
    open = false;
    show(200);
    if (e.code === 4404) return;
    tries += 1;
    setTimeout(connect, Math.min(30000, 500 * 2 ** tries) * (0.5 + Math.random()));
  };
}

/** Begin to listen. The inbox has no socket: it is asked for every few seconds. */
export function listen() {
  connect();
  look();
  let beat = 0;
  setInterval(() => {
    beat += 1;
    if (document.hidden) return;
    if (!open || beat % 4 === 0) look();
  }, 2500);
  document.addEventListener("visibilitychange", () => { if (!document.hidden) look(); });
  addEventListener("online", look);
  addEventListener("offline", () => show(0));
}

// The desk's own socket: says that something changed. Without it the desk asks.

const address = document.body.dataset.deskSocket;
let open = false;
let socket = null;
let tries = 0;

export const isOpen = () => open;

/** Call `changed(about)` at each signal, a list of what changed, and `lost()` when it closes; comes back by itself. */
export function connect(changed, lost) {
  if (!address) return;
  const scheme = location.protocol === "https:" ? "wss:" : "ws:";
  socket = new WebSocket(`${scheme}//${location.host}${address}`);
  // What changed while we were away.
  socket.onopen = () => { open = true; tries = 0; changed(["timeline", "presence"]); };
  socket.onmessage = (e) => {
    try { changed(JSON.parse(e.data).about || []); } catch { /* Not ours. */ }
  };
  socket.onclose = (e) => {
    open = false;
    lost();
    if (e.code === 4403) return;
    // The login has ended: have it shown.
    if (e.code === 4401) changed(["timeline"]);
    tries += 1;
    setTimeout(connect, Math.min(60000, 1000 * 2 ** tries) * (0.5 + Math.random()), changed, lost);
  };
}

/** Logged out: close, and come back with the next try once logged in again. */
export function leave() {
  if (open) socket.close();
}

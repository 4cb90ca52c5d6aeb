// Keys: one table of them, which the sheet shows. Chords work while typing; single letters only where no field has
// the focus, and they can be turned off. A post takes letters once it was walked to by keys: whoever has merely clicked
// on its words may go on typing, and what they type must do nothing to it.

const at = (id) => document.getElementById(id);
const place = "desk.letters";
const table = [];

let letters = true;
try { letters = localStorage.getItem(place) !== "off"; } catch { /* Forbidden: they are on. */ }

/** Give `key` ("Mod+Enter", "Alt+KeyS", or a single letter) an action; `label` is what the sheet says. */
export function bind(key, label, action) { table.push({ key, label, action }); }

/** The post that was walked to by keys. */
let armed = "";

function arm(post) {
  armed = post;
  document.body.dataset.walked = post ? "yes" : "";
}

const rowNow = () => document.activeElement?.closest?.("#rows > article");

function nameOf(e) {
  if ((e.ctrlKey || e.metaKey) && e.key === "Enter") return "Mod+Enter";
  // By what it writes: the mark is elsewhere on each keyboard; with Alt a Mac writes the other.
  if (e.altKey && !e.ctrlKey && !e.metaKey) return ["?", "¿"].includes(e.key) ? "Alt+?" : `Alt+${e.code}`;
  if (e.altKey || e.ctrlKey || e.metaKey) return "";
  return e.key;
}

const isField = (node) => Boolean(node?.closest?.("input, textarea, select, [contenteditable=true], [role=textbox]"));

function pressed(e) {
  if (e.isComposing || e.defaultPrevented) return;
  const name = nameOf(e);
  const chord = name.includes("+") && name.length > 1;
  if (!chord && (!letters || isField(e.target))) return;
  // Before the dialogs, which have keys of their own.
  if (document.querySelector("dialog[open]")) return;
  const one = table.find(({ key }) => key === name);
  // An action that has nothing to do answers false, and leaves the key to the browser.
  if (!one || one.action() === false) return;
  e.preventDefault();
  e.stopPropagation();
}

const mac = /Mac|iPhone|iPad/.test(navigator.platform);
const onMac = (text) => (mac ? text.replace("Ctrl ", "⌘").replace("Alt ", "⌥") : text);

const shown = (key) => onMac(key.replace("Mod", "Ctrl").replace("Key", "").replace("Digit", "").replace("Arrow", "").replace("+", " ").replace("Enter", "↵"));

function showLetters() { document.body.dataset.letters = letters ? "on" : "off"; }

/** Show the sheet of all keys. */
function sheet() {
  const rows = table.map(({ key, label }) => {
    const row = document.createElement("tr");
    const [name, what] = [document.createElement("td"), document.createElement("td")];
    const kbd = document.createElement("kbd");
    kbd.textContent = shown(key);
    name.append(kbd);
    what.textContent = label;
    row.append(name, what);
    return row;
  });
  at("keys-table").replaceChildren(...rows);
  at("letters").checked = letters;
  at("keys").showModal();
}

/** Where `steps` further is in the timeline; the first row when none has the focus. */
function walk(steps) {
  const rows = Array.from(document.querySelectorAll("#rows > article"));
  const here = rows.indexOf(rowNow());
  const next = rows[here < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, here + steps))];
  if (!next) return false;
  arm(next.dataset.id);
  next.focus();
  next.scrollIntoView({ block: "nearest" });
  return true;
}

/** Press the button of the row that has the focus; with a letter only of one that was walked to. */
function press(act, letter = true) {
  const row = rowNow();
  const button = letter && row?.dataset.id !== armed ? null : row?.querySelector(`[data-act="${act}"]`);
  if (!button) return false;
  button.click();
  return true;
}

/** The keys that only need the page. */
export function bindRows() {
  for (const key of ["j", "ArrowDown"]) bind(key, at("keys").dataset.down, () => (key === "j" || document.activeElement?.closest?.("#rows") ? walk(1) : false));
  for (const key of ["k", "ArrowUp"]) bind(key, at("keys").dataset.up, () => (key === "k" || document.activeElement?.closest?.("#rows") ? walk(-1) : false));
  bind("e", at("keys").dataset.edit, () => press("edit"));
  // It takes the post from the readers at once: a chord, which no sentence has in it.
  bind("Alt+KeyH", at("keys").dataset.hold, () => press("hold", false));
  bind("p", at("keys").dataset.pin, () => press("pin") || press("unpin"));
  for (const key of ["Alt+?", "?"]) bind(key, at("keys").dataset.sheet, sheet);
  bind("Alt+KeyT", at("keys").dataset.timeline, () => {
    // On a phone it is one of three parts.
    document.querySelector("[data-tab-to=timeline]").click();
    return walk(0);
  });
}

at("letters").addEventListener("change", (e) => {
  letters = e.target.checked;
  showLetters();
  try {
    if (letters) localStorage.removeItem(place);
    else localStorage.setItem(place, "off");
  } catch { /* Forbidden: until the page is closed. */ }
});
showLetters();
if (mac) for (const kbd of document.querySelectorAll("kbd")) kbd.textContent = onMac(kbd.textContent);
at("open-keys").addEventListener("click", sheet);
document.addEventListener("keydown", pressed, true);
document.addEventListener("pointerdown", () => arm(""), true);
document.addEventListener("focusin", () => { if (rowNow()?.dataset.id !== armed) arm(""); });

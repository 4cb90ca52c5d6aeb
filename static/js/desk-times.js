// Times of the composer: a time and how exactly it is known; of what is known to the day alone, a day is asked.

const CLOCK = "12:00";
const SENTENCES = {
  date: "This date is not whole: write its day, month and year.",
  "datetime-local": "This time is not whole: write its day and its time of day, or choose a precision “to the day”.",
};

/** Let the field ask for what `precision` says is known, with the day that it has. */
function fit(input, precision) {
  const type = precision.value === "day" ? "date" : "datetime-local";
  if (type === input.type) return;
  const [given, half] = [input.value, input.validity.badInput];
  if (type === "date" && given) input.dataset.clock = given.slice(11, 16);
  // In this order: each kind takes no value of the other.
  input.value = "";
  input.type = type;
  input.value = type === "date" ? given.slice(0, 10) : given && `${given}T${input.dataset.clock || CLOCK}`;
  // What was begun cannot be read from a field: it is asked for again, not dropped.
  input.dataset.half = half ? "yes" : "";
  if (half) input.focus();
}

/** Bind a time to the select that says how exactly it is known. */
export function wireTime(input, precision) {
  precision.addEventListener("change", () => fit(input, precision));
  input.addEventListener("input", () => { input.dataset.half = ""; });
}

/** Put a time there, as the server writes it; empty for none. */
export function writeTime(input, precision, value) {
  Object.assign(input.dataset, { clock: "", half: "" });
  // Takes away what was begun, too.
  input.value = "";
  input.type = "datetime-local";
  input.value = value;
  fit(input, precision);
}

/** The time as the server reads it; the time of a day is the one that it came with. */
export function readTime(input) {
  return input.value && input.type === "date" ? `${input.value}T${input.dataset.clock || CLOCK}` : input.value;
}

/** The first time in there that is begun and not whole, and what is to be said of it; null for none. */
export function halfTime(place) {
  const times = Array.from(place.querySelectorAll('input[type="date"], input[type="datetime-local"]'));
  const input = times.find(({ validity, dataset }) => validity.badInput || dataset.half);
  return input ? { input, sentence: SENTENCES[input.type] } : null;
}

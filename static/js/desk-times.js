// Times of the composer: a day, its time of day, and how exactly both are known. Of what is known to the day alone the
// time of day asks for nothing, and keeps what was typed.

const CLOCK = "12:00";
const SENTENCES = {
  date: "This date is not whole: write its day, month and year.",
  time: "This time is not whole: write its time of day, or choose a precision “to the day”.",
};

const clockOf = (input) => input.closest("[data-moment]").querySelector("[data-clock]");

/** Bind a day to the select that says how exactly it is known. */
export function wireTime(input, precision) {
  precision.addEventListener("change", () => { clockOf(input).disabled = precision.value === "day"; });
}

/** Put a time there, as the server writes it; empty for none. */
export function writeTime(input, precision, value) {
  // In two steps: takes away what was begun, too.
  for (const [field, part] of [[input, value.slice(0, 10)], [clockOf(input), value.slice(11, 16)]]) {
    field.value = "";
    field.value = part;
  }
  clockOf(input).disabled = precision.value === "day";
}

/** The time as the server reads it; of a day it is the time that it came with. What is begun is kept as it is. */
export function readTime(input) {
  const clock = clockOf(input);
  const time = clock.value || (clock.disabled ? CLOCK : "");
  return input.value || (clock.value && !clock.disabled) ? `${input.value}T${time}` : "";
}

/** A time as it was read, empty for one that is only begun. */
export const whole = (time) => (/^[\d-]+T\d/.test(time) ? time : "");

/** The first part of a time in there that is begun and not whole, and what is to be said of it; null for none. */
export function halfTime(place) {
  for (const moment of place.querySelectorAll("[data-moment]")) {
    const [day, clock] = [moment.querySelector('[type="date"]'), moment.querySelector("[data-clock]")];
    const timed = !clock.disabled;
    if (day.validity.badInput || (timed && clock.value && !day.value)) return { input: day, sentence: SENTENCES.date };
    if (timed && (clock.validity.badInput || (day.value && !clock.value))) return { input: clock, sentence: SENTENCES.time };
  }
  return null;
}

// Between an instant and what the clocks of a zone show.

const shape = {
  year: "numeric", month: "2-digit", day: "2-digit", hour: "2-digit", minute: "2-digit", hourCycle: "h23",
};

/** What the clocks of `timeZone` (one's own by default) show then: "2027-03-18 14:00". */
export function shownAt(moment, timeZone) {
  const parts = {};
  for (const { type, value } of new Intl.DateTimeFormat("en-GB", { ...shape, timeZone }).formatToParts(moment)) {
    parts[type] = value;
  }
  return `${parts.year}-${parts.month}-${parts.day} ${parts.hour}:${parts.minute}`;
}

/** The same to the second, as a field for times takes it: "2027-03-18T14:00:23"; zones differ by whole minutes. */
export function secondAt(moment, timeZone) {
  const second = String(Math.floor(moment / 1000) % 60).padStart(2, "0");
  return `${shownAt(moment, timeZone).replace(" ", "T")}:${second}`;
}

/** The instant at which the clocks of `timeZone` show "2027-03-18T14:00" or "2027-03-18T14:00:23", in milliseconds;
 *  about it where they jump. */
export function localAt(typed, timeZone) {
  const whole = Date.parse(`${typed}Z`);
  const rest = whole % 60000;
  const wanted = whole - rest;
  let moment = wanted;
  // Twice: the first guess may lie on the other side of a jump.
  for (let i = 0; i < 2 && !Number.isNaN(moment); i += 1) {
    moment += wanted - Date.parse(`${shownAt(moment, timeZone).replace(" ", "T")}Z`);
  }
  return moment + rest;
}

/** So many seconds from now, in words. */
export function inWords(seconds) {
  const whole = Math.ceil(seconds);
  if (whole <= 0) return whole > -3 ? "now" : `due ${length(-whole)} ago`;
  return `in ${length(whole)}`;
}

function length(seconds) {
  if (seconds < 60) return `${seconds} s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes} min`;
  if (minutes < 48 * 60) return `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
  return `${Math.floor(minutes / 1440)} days`;
}

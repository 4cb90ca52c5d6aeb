/* The client's few sentences, from data-words, in the event's language. English where one is missing. */

const ENGLISH = {
  updates: { one: "{n} new update", other: "{n} new updates" },
  new: { other: "{n} new" },
  corrections: { one: "{n} correction", other: "{n} corrections" },
  join: ", ",
  background: "New background",
  top: "Top of the page changed",
  since: "New since {time}",
  removed: "This post was removed.",
  reconnecting: "Reconnecting – last update {time}",
  refresh: "Refresh",
  lastUpdate: "Last update {time}",
  yourTime: "{time} your time",
  gapMinutes: { one: "{n} minute", other: "{n} minutes" },
  gapHours: { one: "{n} hour", other: "{n} hours" },
  gapEarlier: "{time} earlier",
  gapLater: "{time} later",
};

/** Return say(key, {n, time}): the sentence in its plural form. `json` is data-words. */
export function speaker(json, language) {
  const words = { ...ENGLISH, ...parse(json) };
  const rules = new Intl.PluralRules(language);
  return (key, values = {}) => {
    const word = words[key];
    const text = typeof word === "string" ? word : (word[rules.select(values.n)] ?? word.other);
    return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  };
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

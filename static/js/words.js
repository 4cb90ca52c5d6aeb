/* The client's few sentences, from data-words, in the event's language. */

/** Return say(key, {n, time}): a sentence in its plural form; `say.words` is all of them. */
export function speaker(json, language) {
  const words = parse(json);
  const rules = new Intl.PluralRules(language);
  const say = (key, values = {}) => {
    const word = words[key] ?? key;
    const text = word.other ? (word[rules.select(values.n)] ?? word.other).trim() : word;
    return text.replace(/\{(\w+)\}/g, (_all, name) => values[name]);
  };
  say.words = words;
  return say;
}

function parse(json) {
  try {
    return JSON.parse(json);
  } catch {
    return {};
  }
}

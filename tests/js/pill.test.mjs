import assert from "node:assert/strict";
import test from "node:test";
import "./modules.mjs";

const { sentence, speaker } = await import("../../static/js/words.js");

const english = {
  updates: { one: "{n} new update", other: "{n} new updates" },
  new: { one: "{n} new", other: "{n} new " },
  corrections: { one: "{n} correction", other: "{n} corrections" },
  join: ", ",
  background: "New background",
  top: "Top of the page changed",
  topToo: "top of the page changed",
  summary: "New summary",
  summaryToo: "new summary",
};
const say = speaker(JSON.stringify(english), "en");
const none = { news: 0, corrections: 0, quiet: 0 };
const nothing = new Map();

test("the pill counts in plain English", () => {
  assert.equal(sentence({ ...none, news: 1 }, nothing, say), "1 new update");
  assert.equal(sentence({ ...none, news: 3 }, nothing, say), "3 new updates");
  assert.equal(sentence({ ...none, news: 2, corrections: 1 }, nothing, say), "2 new, 1 correction");
  assert.equal(sentence({ ...none, corrections: 2 }, nothing, say), "2 corrections");
});
test("background raises no number", () => {
  assert.equal(sentence({ ...none, quiet: 2 }, nothing, say), "New background");
  assert.equal(sentence({ ...none, news: 1, quiet: 2 }, nothing, say), "1 new update");
});
test("a part that waits is named", () => {
  assert.equal(sentence(none, new Map([["pinned", ""]]), say), "Top of the page changed");
  assert.equal(sentence({ ...none, news: 1 }, new Map([["summary", ""], ["keys", ""]]), say), "1 new update, top of the page changed");
});
test("a summary alone is named", () => {
  const parts = new Map([["summary", ""]]);
  assert.equal(sentence(none, parts, say), "New summary");
  assert.equal(sentence({ ...none, news: 1 }, parts, say), "1 new update, new summary");
});
test("nothing waits, nothing is said", () => assert.equal(sentence(none, nothing, say), ""));
test("plural forms are the language's own, and a missing one falls back", () => {
  const arabic = speaker(JSON.stringify({ updates: { two: "تحديثان", few: "{n} تحديثات", other: "{n} تحديث" } }), "ar");
  assert.equal(arabic("updates", { n: 2 }), "تحديثان");
  assert.equal(arabic("updates", { n: 5 }), "5 تحديثات");
  assert.equal(arabic("updates", { n: 11 }), "11 تحديث");
});

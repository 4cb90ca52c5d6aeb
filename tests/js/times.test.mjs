import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import "./modules.mjs";

const { speaker, Times } = await import("../../static/js/words.js");
const cases = JSON.parse(readFileSync(new URL("../times.json", import.meta.url), "utf-8"));

/** The page's times for an event and a reader, without a page. */
function times({ language, zone, zoneName }, languages = ["en"]) {
  Object.defineProperty(globalThis, "navigator", { configurable: true, value: { languages } });
  const made = Object.create(Times.prototype);
  // As templates/reader/event.html has it.
  made.live = { dataset: { language: language === "ar" ? "ar-u-nu-latn" : language, zone, zoneName } };
  made.dress();
  return made;
}

for (const row of cases) {
  test(row.name, () => assert.equal(times(row).clock(Date.parse(row.at)), row.clock));
}

test("what was not today is said with its date", () => {
  const london = times({ language: "en", zone: "Europe/London", zoneName: "GMT" });
  const months = ["January", "February", "March"];
  const said = { date: "{day} {month} {year}", on: "{time} on {date}", weekdays: [], months };
  london.page = { say: speaker(JSON.stringify(said), "en") };
  const last = Date.parse("2025-03-18T23:50:00Z");
  assert.equal(london.at(last), "23:50 GMT");
  london.now = () => Date.parse("2025-03-18T23:59:00Z");
  assert.equal(london.at(last), "23:50 GMT");
  london.now = () => Date.parse("2025-03-19T00:01:00Z");
  assert.equal(london.at(last), "23:50 GMT on 18 March 2025");
});

test("how long ago it was is told in time and not by the clock", () => {
  const london = times({ language: "en", zone: "Europe/London", zoneName: "GMT" });
  london.now = () => Date.parse("2025-10-26T01:30:00Z");
  assert.equal(london.ago(Date.parse("2025-10-26T01:26:00Z")), "4 min ago");
  // From half past one to half past one, over the hour that comes twice.
  assert.equal(london.ago(Date.parse("2025-10-26T00:30:00Z")), "1 hr ago");
  london.now = () => Date.parse("2025-03-30T01:05:00Z");
  assert.equal(london.ago(Date.parse("2025-03-30T00:55:00Z")), "10 min ago");
  assert.equal(london.ago(Date.parse("2025-03-29T01:00:00Z")), "");
});

test("other languages say it in whole words, and every page has one kind of digits", () => {
  const at = Date.parse("2025-03-18T14:02:00Z");
  for (const [language, reader, ago, own] of [
    ["hi", "hi-IN", "4 मिनट पहले", "शाम 7:32"],
    ["ar", "ar-EG", "قبل 4 دقائق", "7:32 مساءً"],
    ["ar", "fr", "قبل 4 دقائق", "7:32 مساءً"],
  ]) {
    const page = times({ language, zone: "Asia/Kolkata", zoneName: "" }, [reader, "en"]);
    page.now = () => at + 4 * 60000;
    assert.equal(page.ago(at), ago);
    assert.equal(page.there.format(at), own);
  }
  assert.match(times({ language: "en", zone: "Asia/Kolkata" }, ["en-IN"]).there.format(at), /^7:32\s?pm$/i);
  assert.equal(times({ language: "en", zone: "Asia/Kolkata" }, ["en-GB"]).there.format(at), "19:32");
});

import assert from "node:assert/strict";
import test from "node:test";
import "./modules.mjs";

const { inWords, localAt, secondAt, shownAt } = await import("../../static/js/desk-zones.js");

test("what the clocks of a zone show, there and back", () => {
  for (const [zone, shown, instant] of [
    ["Europe/London", "2027-07-18 14:00", "2027-07-18T13:00Z"],
    ["Asia/Kolkata", "2027-03-18 00:15", "2027-03-17T18:45Z"],
    ["America/New_York", "2027-03-14 03:00", "2027-03-14T07:00Z"],
    ["America/New_York", "2027-03-14 01:59", "2027-03-14T06:59Z"],
    ["Europe/Berlin", "2027-10-31 03:00", "2027-10-31T02:00Z"],
    ["Pacific/Apia", "2027-12-31 23:59", "2027-12-31T10:59Z"],
  ]) {
    assert.equal(shownAt(Date.parse(instant), zone), shown);
    assert.equal(localAt(shown.replace(" ", "T"), zone), Date.parse(instant), `${zone} ${shown}`);
  }
});

test("to the second, there and back", () => {
  const instant = Date.parse("2027-03-17T18:45:23.700Z");
  assert.equal(secondAt(instant, "Asia/Kolkata"), "2027-03-18T00:15:23");
  assert.equal(localAt("2027-03-18T00:15:23", "Asia/Kolkata"), Date.parse("2027-03-17T18:45:23Z"));
});

test("nonsense is no time", () => {
  assert.ok(Number.isNaN(localAt("", "UTC")));
  assert.ok(Number.isNaN(localAt("2027-02-40T10:00", "UTC")));
});

test("how long it is, in words", () => {
  assert.equal(inWords(8.2), "in 9 s");
  assert.equal(inWords(308), "in 5 min");
  assert.equal(inWords(2 * 3600 + 300), "in 2 h 5 min");
  assert.equal(inWords(3 * 86400), "in 3 days");
  assert.equal(inWords(0), "now");
  assert.equal(inWords(-2400), "due 40 min ago");
});

import assert from "node:assert/strict";
import test from "node:test";
import "./modules.mjs";

const { isNewer, jitter, judge, patience } = await import("../../static/js/sequence.js");

const page = { epoch: "e", have: 10 };
const frame = (after, sequence, more = {}) => ({ type: "update", after, sequence, ...more });
const answer = (after, sequence, more = {}) => ({ type: "updates", epoch: "e", after, sequence, updates: [], ...more });

test("the next frame is applied", () => assert.equal(judge(page, frame(10, 11)), "apply"));
test("a frame that was here is ignored", () => {
  assert.equal(judge(page, frame(9, 10)), "ignore");
  assert.equal(judge(page, frame(3, 4)), "ignore");
});
test("a frame after a hole asks for what is missing", () => assert.equal(judge(page, frame(11, 12)), "fetch"));
test("an answer that begins earlier and ends later is applied", () => assert.equal(judge(page, answer(4, 12)), "apply"));
test("an answer that begins later is not", () => assert.equal(judge(page, answer(11, 15)), "fetch"));
test("an old answer is ignored", () => assert.equal(judge(page, answer(4, 9)), "ignore"));
test("an answer in another epoch takes the page again", () =>
  assert.equal(judge(page, answer(0, 3, { epoch: "f" })), "reset"));
test("an answer that says so takes the page again", () =>
  assert.equal(judge(page, answer(10, 2000, { reset: true })), "reset"));
test("a frame with reset takes the page again, but only once", () => {
  assert.equal(judge(page, frame(10, 11, { reset: true })), "reset");
  assert.equal(judge(page, frame(9, 10, { reset: true })), "ignore");
});
test("a post too big for its frame is fetched", () => {
  assert.equal(judge(page, frame(10, 11, { post: "a", version: 1, flags: [] })), "fetch");
  assert.equal(judge(page, frame(10, 11, { post: "a", version: 1, flags: [], html: "" })), "apply");
});
test("an update without a post is applied", () => assert.equal(judge(page, frame(10, 11, { parts: {} })), "apply"));
test("nonsense is ignored", () => {
  assert.equal(judge(page, {}), "ignore");
  assert.equal(judge(page, { sequence: "x", after: null }), "ignore");
});

const state = (version, more = {}) => ({ action: "revise", version, flags: [], html: "<article>", ...more });

test("the higher version wins", () => {
  assert.equal(isNewer({ version: 3, gone: false }, state(4)), true);
  assert.equal(isNewer({ version: 3, gone: false }, state(2)), false);
  assert.equal(isNewer(undefined, state(1)), true);
});
test("at equal versions a withdrawal wins, and only once", () => {
  assert.equal(isNewer({ version: 3, gone: false }, state(3, { action: "withdraw", html: "" })), true);
  assert.equal(isNewer({ version: 3, gone: true }, state(3, { action: "withdraw", html: "" })), false);
  assert.equal(isNewer({ version: 3, gone: true }, state(3)), false);
  assert.equal(isNewer({ version: 3, gone: false }, state(3)), false);
});
test("a restored post is a higher version than its withdrawal", () =>
  assert.equal(isNewer({ version: 3, gone: true }, state(4)), true));

test("jitter is anywhere below a growing bound, and the bound has an end", () => {
  assert.equal(jitter(0, 1000, 30000, () => 0), 0);
  assert.equal(jitter(0, 1000, 30000, () => 1), 1000);
  assert.equal(jitter(3, 1000, 30000, () => 1), 8000);
  assert.equal(jitter(50, 1000, 30000, () => 1), 30000);
});
test("readers of a killed server come back within ten seconds, and then ever later, up to a minute", () => {
  const bounds = [0, 1, 2, 3, 60].map((attempt) => jitter(attempt, undefined, undefined, () => 1));
  assert.deepEqual(bounds, [10000, 20000, 40000, 60000, 60000]);
});
test("the dice are thrown for each reader", () => assert.notEqual(jitter(0), jitter(0)));

test("Retry-After is kept in seconds, two minutes at most", () => {
  assert.equal(patience("5"), 5000);
  assert.equal(patience("0"), 0);
  assert.equal(patience("86400"), 120000);
});
test("a Retry-After that is missing, a date or nonsense asks for nothing", () => {
  for (const header of [null, "", "Wed, 21 Oct 2026 07:28:00 GMT", "soon"]) assert.equal(patience(header), 0);
});

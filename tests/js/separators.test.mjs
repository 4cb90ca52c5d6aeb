import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import "./modules.mjs";

const { between, speaker } = await import("../../static/js/words.js");
const table = JSON.parse(readFileSync(new URL("../separators.json", import.meta.url), "utf-8"));

for (const { name, zone, language, oldestFirst, isDated, posts, lines } of table.cases) {
  test(name, () => {
    const say = speaker(JSON.stringify(table.words[language]), language);
    const moments = posts.map((post) => Date.parse(post));
    const drawn = moments.map((here, i) => between(i ? moments[i - 1] : null, here, { zone, say, oldestFirst, isDated }));
    assert.deepEqual(drawn, lines);
  });
}

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import test from "node:test";
import "./modules.mjs";

const { between } = await import("../../static/js/separators.js");
const { speaker } = await import("../../static/js/words.js");
const table = JSON.parse(readFileSync(new URL("../separators.json", import.meta.url)));

// As `data-published` says it: to the second.
const instant = (text) => Date.parse(text.replace(/\.\d+Z$/, "Z"));

for (const { name, zone, language, oldestFirst, posts, lines } of table.cases) {
  test(name, () => {
    const say = speaker(JSON.stringify(table.words[language]), language);
    let above = null;
    const drawn = posts.map(instant).map((here) => {
      const found = between(above, here, { zone, say, oldestFirst });
      above = here;
      return found;
    });
    assert.deepEqual(drawn, lines);
  });
}

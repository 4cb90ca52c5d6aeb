import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import test from "node:test";
import "./modules.mjs";

const { between } = await import("../../static/js/separators.js");
const { speaker } = await import("../../static/js/words.js");

// axe-core, which looks for what keeps people from using a page, and what it is asked to look for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Run in a page, it makes `axe` there. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** All its rules; what passes is counted and not described, which would take half of the time. */
const EVERYTHING = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };

/** What it finds wrong on a page: the rule and where. */
export async function violations(page) {
  await page.evaluate(AXE);
  const found = await page.evaluate((options) => axe.run(document, options), EVERYTHING);
  assert.ok(found.passes.length > 10, "axe looked");
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`);
}

// axe-core, which looks for what keeps people from using a page, and what it is asked to look for.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Run in a page, it makes `axe` there. */
const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** All its rules; what passes is counted and not described, which would take half of the time. */
const EVERYTHING = { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] };

/** The rules whose answer depends on colours; the others have the same answer light and dark. */
const COLOURS = { runOnly: { type: "rule", values: ["color-contrast", "link-in-text-block"] }, resultTypes: ["violations"] };

/** What it finds wrong on a page: the rule and where. */
export const violations = (page) => look(page, EVERYTHING, 40);

/** What it finds wrong with the colours of a page. */
export const faintColours = (page) => look(page, COLOURS, COLOURS.runOnly.values.length);

async function look(page, options, rules) {
  await page.evaluate(AXE);
  const found = await page.evaluate((options) => axe.run(document, options), options);
  const told = [found.passes, found.violations, found.incomplete, found.inapplicable].flat().length;
  assert.ok(told >= rules, "axe looked");
  return found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`);
}

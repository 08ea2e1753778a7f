// axe-core, which looks for what keeps people from using a page, and what it is asked to look for.

import { readFileSync } from "node:fs";
import { createRequire } from "node:module";

/** Run in a page, it makes `axe` there. */
export const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
export const EVERYTHING = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];

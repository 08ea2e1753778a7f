// Tells the stories one after another in a real Chromium, and counts.
//   node run.mjs             all of them
//   node run.mjs WORD…       those whose name, or whose file, holds one of the words
//   PICTURES=1 node run.mjs  keeps a picture of each page on which a story failed, in out/

import { mkdirSync, readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import * as portal from "./portal.mjs";
import { arrive, depart } from "./visitor.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
// Without these Chromium asks its maker's hosts at every start.
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
/** Milliseconds after which a story is told badly. */
const LONGEST = 300_000;

const wanted = process.argv.slice(2);
const count = { passed: 0, failed: 0 };
let site;
let browser;

try {
  site = await portal.open();
  browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
  for (const file of readdirSync(join(HERE, "stories")).filter((name) => name.endsWith(".mjs")).sort()) {
    const { stories } = await import(join(HERE, "stories", file));
    for (const [name, tell] of Object.entries(stories)) {
      if (isWanted(file, name)) await one(name, tell);
    }
  }
} catch (error) {
  count.failed += 1;
  console.log(`FAILED  the stories could not be told\n${words(error)}`);
}
await browser?.close().catch(() => {});
site?.close();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed || !count.passed ? 1 : 0);

function isWanted(file, name) {
  return !wanted.length || wanted.some((word) => name.includes(word) || file.includes(word));
}

async function one(name, tell) {
  const faults = [];
  const visitors = [];
  const open = async (options) => {
    const visitor = await arrive(browser, site.base, faults, options);
    visitors.push(visitor);
    return visitor.page;
  };
  let timer;
  try {
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not told within ${LONGEST / 1000} s`)), LONGEST); });
    await Promise.race([tell({ open, base: site.base, site, browser }), late]);
    for (const visitor of visitors) await depart(visitor, faults);
    if (faults.length) throw new Error([...new Set(faults)].slice(0, 10).join("\n"));
    count.passed += 1;
    console.log(`ok      ${name}`);
  } catch (error) {
    count.failed += 1;
    // Everything after that fails for want of a portal; the first reason is the one to read.
    console.log(`FAILED  ${name}\n${site.death() ? `        ${site.death()}\n` : ""}${words(error)}`);
    if (process.env.PICTURES) await pictures(name, visitors);
  } finally {
    clearTimeout(timer);
    await Promise.all(visitors.map(({ context }) => context.close().catch(() => {})));
  }
}

function words(error) {
  return String(error.stack ?? error).split("\n").slice(0, 14).map((line) => `        ${line}`).join("\n");
}

async function pictures(name, visitors) {
  mkdirSync(join(HERE, "out"), { recursive: true });
  for (const [index, { page }] of visitors.entries()) {
    await page.screenshot({ path: join(HERE, "out", `${name.replace(/\W+/g, "-")}-${index + 1}.png`) }).catch(() => {});
  }
}

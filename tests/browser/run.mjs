// Tells the stories in a real Chromium, a few at a time, and counts.
//   node run.mjs             all of them
//   node run.mjs WORD…       those whose name, or whose file, holds one of the words
//   PICTURES=1 node run.mjs  keeps a picture of each page on which a story failed, in out/
//
// One teller more than the machine has cores (four at most), each a process with a portal and a browser of its own, take the stories one by one:
// a story shares its portal with those before it, and never with one that is told at the same time.
//
// Stories of playing, framing and sending are told in Chromium as people have it; those that read pages and fill in forms in its headless
// shell, which lays out the same page with a third less work: `export const browser = "headless-shell"` in their file. Before a release
// (tests/run --long) all of them are told in the whole of it.

import { fork } from "node:child_process";
import { mkdirSync, readdirSync } from "node:fs";
import { availableParallelism } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import * as portal from "./portal.mjs";
import { arrive, depart } from "./visitor.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
// Without these Chromium asks its maker's hosts at every start.
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"];
const BROWSERS = { chromium: "/usr/bin/chromium", "headless-shell": "/usr/bin/chromium-headless-shell" };
/** Browsers and portals at once, however large the machine is. */
const MOST_TELLERS = 4;
/** Milliseconds after which a story is told badly. */
const LONGEST = 300_000;

if (process.send) await teller(); else await narrator(process.argv.slice(2));

/** Hands the stories out and counts what became of them. */
async function narrator(words) {
  const isWanted = (file, name) => !words.length || words.some((word) => name.includes(word) || file.includes(word));
  const open = [];
  for (const file of readdirSync(join(HERE, "stories")).filter((name) => name.endsWith(".mjs")).sort()) {
    const { stories } = await import(join(HERE, "stories", file));
    open.push(...Object.keys(stories).filter((name) => isWanted(file, name)).map((name) => ({ file, name })));
  }
  if (open.length) await portal.prepare();
  const count = { passed: 0, failed: 0 };
  const tell = ({ passed, text }) => {
    count[passed ? "passed" : "failed"] += 1;
    console.log(text);
  };
  const tellers = Array.from({ length: Math.min(availableParallelism() + 1, MOST_TELLERS, open.length) }, async () => {
    // One whose portal or browser died is followed by another, as long as each of them tells a story.
    while (await oneTeller(open, tell)) { /* the next */ }
  });
  await Promise.all(tellers);
  for (const { name } of open) tell({ passed: false, text: `FAILED  ${name}\n        nobody was left to tell it` });
  console.log(`${count.passed} passed, ${count.failed} failed`);
  process.exit(count.failed || !count.passed ? 1 : 0);
}

/** Hands stories to a process until there are none, or it ends. Answers whether it is worth it to start another. */
function oneTeller(open, tell) {
  return new Promise((resolve) => {
    const child = fork(fileURLToPath(import.meta.url));
    let told = null;
    let count = 0;
    const next = () => {
      told = open.shift() ?? null;
      child.send(told, () => {});
    };
    child.on("message", ({ ready, isLast, ...story }) => {
      if (!ready) {
        told = null;
        count += 1;
        tell(story);
      }
      if (!isLast) next();
    });
    child.on("error", () => {});
    // Only when its last message has been read: then it is known which story it was at.
    child.on("close", (code, signal) => {
      if (told) tell({ passed: false, text: `FAILED  ${told.name}\n        its teller ended (${signal ?? code})` });
      else if (!count && (code || signal)) tell({ passed: false, text: `FAILED  a teller could not begin (${signal ?? code})` });
      resolve(open.length > 0 && count > 0);
    });
  });
}

/** Tells the stories it is handed, one after another. */
async function teller() {
  process.on("disconnect", () => process.exit(1));
  const site = await portal.open();
  const started = {};
  const start = (name) => chromium.launch({ executablePath: BROWSERS[process.env.TERUGKIJKEN_PATIENCE ? "chromium" : name], args: QUIET });
  process.on("message", async (story) => {
    if (story) {
      const { stories, browser: name = "chromium" } = await import(join(HERE, "stories", story.file));
      const browser = started[name] ??= await start(name);
      const told = await one(story.name, stories[story.name], { site, browser });
      // Without a portal or a browser every other story would fail as well.
      const isLast = Boolean(site.death()) || !browser.isConnected();
      process.send({ ...told, isLast }, () => isLast && process.exit(1));
      return;
    }
    await Promise.all(Object.values(started).map((browser) => browser.close().catch(() => {})));
    site.close();
    process.exit(0);
  });
  process.send({ ready: true });
}

async function one(name, tell, { site, browser }) {
  const faults = [];
  const visitors = [];
  const open = async (options) => {
    const visitor = await arrive(browser, site.base, faults, options);
    visitors.push(visitor);
    return visitor.page;
  };
  const began = Date.now();
  let timer;
  try {
    const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`not told within ${LONGEST / 1000} s`)), LONGEST); });
    await Promise.race([tell({ open, base: site.base, site, browser }), late]);
    for (const visitor of visitors) await depart(visitor, faults);
    if (faults.length) throw new Error([...new Set(faults)].slice(0, 10).join("\n"));
    return { passed: true, text: `ok      ${name} (${Math.round((Date.now() - began) / 1000)} s)` };
  } catch (error) {
    if (process.env.PICTURES) await pictures(name, visitors);
    // Everything after that fails for want of a portal; the first reason is the one to read.
    return { passed: false, text: `FAILED  ${name}\n${site.death() ? `        ${site.death()}\n` : ""}${words(error)}` };
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

// Tells the stories one after another in a real Chromium, and counts. `node run.mjs WORD` tells those whose name holds WORD.

import { readdirSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import * as portal from "./portal.mjs";

const HERE = dirname(fileURLToPath(import.meta.url));
// Without these Chromium asks its maker's hosts at every start.
const QUIET = ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync", "--autoplay-policy=no-user-gesture-required"];
const LONGEST = 120_000;

const wanted = process.argv[2] ?? "";
const site = await portal.open();
const browser = await chromium.launch({ executablePath: "/usr/bin/chromium", args: QUIET });
const count = { passed: 0, failed: 0 };

/** A fresh browser window. Whatever it asks elsewhere, logs as an error or keeps as a cookie is a failure of its story. */
async function visitor(faults, options = {}) {
  const context = await browser.newContext({ locale: "nl-NL", viewport: { width: 1280, height: 900 }, ...options });
  const page = await context.newPage();
  page.setDefaultTimeout(20_000);
  const own = [site.base, ...(options.alsoAllowed ?? [])];
  context.on("request", (request) => {
    if (!own.some((origin) => request.url().startsWith(origin)) && !request.url().startsWith("data:")) faults.push(`asked ${request.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error" && !options.expectsErrors) faults.push(`console: ${message.text()}`);
  });
  page.on("pageerror", (error) => faults.push(`script: ${error.message}`));
  return { context, page };
}

for (const file of readdirSync(join(HERE, "stories")).sort()) {
  const { stories } = await import(join(HERE, "stories", file));
  for (const [name, tell] of Object.entries(stories)) {
    if (!name.includes(wanted)) continue;
    const faults = [];
    const opened = [];
    const open = async (options) => { const one = await visitor(faults, options); opened.push(one.context); return one.page; };
    let timer;
    try {
      const late = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error("took too long")), LONGEST); });
      await Promise.race([tell({ open, base: site.base, site, browser }), late]);
      for (const context of opened) {
        const cookies = await context.cookies();
        if (cookies.length) faults.push(`cookies: ${cookies.map((cookie) => cookie.name)}`);
      }
      if (faults.length) throw new Error(faults.join("\n"));
      count.passed += 1;
      console.log(`ok      ${name}`);
    } catch (error) {
      count.failed += 1;
      console.log(`FAILED  ${name}\n        ${String(error.stack ?? error).split("\n").slice(0, 12).join("\n        ")}`);
    } finally {
      clearTimeout(timer);
      await Promise.all(opened.map((context) => context.close().catch(() => {})));
    }
  }
}
await browser.close();
site.close();
console.log(`${count.passed} passed, ${count.failed} failed`);
process.exit(count.failed || !count.passed ? 1 : 0);

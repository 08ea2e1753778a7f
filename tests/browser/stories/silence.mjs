// That nothing leaves the portal is watched in every story; here the watch itself is held to the test.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { recordings } from "../portal.mjs";
import { watch } from "../pages.mjs";
import { arrive, depart } from "../visitor.mjs";

export const stories = {
  "the watch over visitors notices each thing it is there for": async ({ browser, base }) => {
    const stranger = createServer((_, answer) => answer.end());
    await new Promise((resolve) => stranger.listen(0, "127.0.0.1", resolve));
    const faults = [];
    const visitor = await arrive(browser, base, faults);
    try {
      await visitor.page.goto(`${base}/privacy`);
      assert.deepEqual(faults, [], "a page that keeps the rules");
      const noticed = async (what, work, pattern) => {
        faults.length = 0;
        await visitor.page.evaluate(work.body, work.with).catch(() => {});
        await depart(visitor, faults);
        assert.ok(faults.some((fault) => pattern.test(fault)), `${what}: ${faults}`);
      };
      const address = `http://127.0.0.1:${stranger.address().port}/`;
      await noticed("the policy forbids another site", { body: (url) => fetch(url), with: address }, /console: .*Content Security Policy/);
      await noticed("a script in the page is refused", { body: () => { const script = document.createElement("script"); script.textContent = "1"; document.head.append(script); } }, /console: .*Content Security Policy/);
      await noticed("an answer that fails", { body: () => fetch("/assets/nothing.js") }, /^404 from/);
      await noticed("a cookie", { body: () => { document.cookie = "a=b"; } }, /^cookies: a/);
      faults.length = 0;
      await visitor.page.goto(address);
      assert.ok(faults.some((fault) => fault === `asked ${address}`), `another port is another site: ${faults}`);
    } finally {
      await visitor.context.close();
      stranger.close();
    }
  },

  "a visit from home to the last second leaves no cookie and asks nobody else": async ({ open, base }) => {
    const page = await open();
    const asked = [];
    page.on("request", (request) => asked.push(new URL(request.url()).pathname.split("/")[1]));
    await page.goto(base);
    await page.goto(watch(base, (await recordings(base))[7]));
    await page.locator("video").evaluate((player) => { player.muted = true; player.currentTime = player.duration || 63; return player.play(); });
    await page.waitForFunction(() => document.querySelector("video").ended);
    for (const kind of ["assets", "media", "posters"]) assert.ok(asked.includes(kind), `the premise: ${kind} were asked for`);
    assert.deepEqual(await page.evaluate(async () => [sessionStorage.length, (await indexedDB.databases()).length, (await caches.keys()).length, (await navigator.serviceWorker.getRegistrations()).length]), [0, 0, 0, 0]);
  },
};

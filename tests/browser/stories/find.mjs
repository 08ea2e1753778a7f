// Finding within one recording while it plays.

import assert from "node:assert/strict";
import { violations } from "../axe.mjs";

const PHONE = { viewport: { width: 360, height: 740 } };

export const stories = {
  "search: within a recording each place is shown without leaving the page, and without script by links": async ({ base, open }) => {
    const page = await open();
    await page.goto(`${base}/search?q=jongeren`);
    await page.locator("main .moments a[href*='find=']").first().click();
    await page.waitForURL(/find=jongeren/);
    const section = page.locator(".watch-transcript");
    assert.ok(await section.locator("mark").count() >= 1);
    await page.evaluate(() => { window.stays = true; });
    const input = section.locator("input[type=search]");
    await input.fill("online");
    await input.press("Enter");
    const status = section.locator("[data-found]");
    await page.waitForFunction(() => location.search.includes("find=online"));
    assert.match((await status.textContent()).trim(), /^1 van \d/);
    const count = await section.locator("[data-hit]").count();
    const now = () => section.locator("[data-hit=now]").getAttribute("id");
    await input.press("Enter");
    assert.equal(await now(), "hit-2");
    assert.match((await status.textContent()).trim(), /^2 van/);
    await input.press("Shift+Enter");
    await section.locator("[data-step='-1']").click();
    assert.equal(await now(), `hit-${count}`);
    assert.ok(await section.locator("[data-hit=now]").evaluate((line) => {
      const box = line.getBoundingClientRect();
      return box.top >= 0 && box.bottom <= innerHeight;
    }));
    assert.deepEqual(await violations(page), []);
    const line = section.locator("[data-hit] a").first();
    const at = Number(await line.getAttribute("data-at")) / 1000;
    await line.click();
    await page.waitForFunction((at) => Math.abs(document.querySelector("video, audio").currentTime - at) < 2, at);
    assert.ok(await page.evaluate(() => window.stays), "the page was not left");
    assert.match(page.url(), /find=online/);
    await input.fill("");
    await input.press("Enter");
    await page.waitForFunction(() => !document.querySelector(".watch-transcript [data-hit]"));

    const plain = await open({ ...PHONE, javaScriptEnabled: false });
    await plain.goto(page.url().replace(/\?.*/, ""));
    await plain.locator(".watch-transcript input[type=search]").fill("jongeren");
    await plain.locator(".watch-transcript input[type=search]").press("Enter");
    assert.match(await plain.locator(".watch-transcript [data-found]").textContent(), /1 van/);
    await plain.locator(".watch-transcript [data-step='1']").click();
    assert.match(plain.url(), /hit=2#hit-2$/);
    assert.equal(await plain.locator("[data-hit=now]").getAttribute("id"), "hit-2");
  },
};

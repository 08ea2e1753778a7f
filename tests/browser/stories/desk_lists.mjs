// The lists and the ways through the desk, as wide as a desk and as narrow as a phone.

import assert from "node:assert/strict";
import { deskStory } from "../pages.mjs";

export const browser = "headless-shell";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };

/** How high something is, in pixels. */
const height = async (one) => (await one.boundingBox()).height;

export const stories = {
  "desk: on a phone the places of the desk are one row that opens without script, and beside the page on a desk": deskStory(async ({ base, coordinator }) => {
    const page = await coordinator({ ...PHONE, javaScriptEnabled: false });
    await page.goto(`${base}/desk/recordings`);
    const places = page.getByRole("navigation", { name: "Bureau" });
    assert.ok(await height(places) <= 48, `${await height(places)} px`);
    assert.equal(await places.getByRole("link").count() + await page.getByRole("button", { name: "Log uit" }).count(), 0);
    const menu = places.locator("summary");
    assert.match(await menu.innerText(), /Menu\s+Opnamen/);
    assert.ok(await height(menu) >= 44);
    await menu.click();
    for (const link of await places.getByRole("link").all()) assert.ok(await height(link) >= 44, await link.innerText());
    await places.getByRole("link", { name: "Reeksen" }).click();
    await page.getByRole("heading", { level: 1, name: "Reeksen" }).waitFor();
    await page.setViewportSize({ width: 1280, height: 900 });
    assert.equal(await places.getByRole("link").count(), 11);
    assert.ok(!await menu.isVisible());
    assert.equal(await places.getByRole("link", { name: "Reeksen" }).getAttribute("aria-current"), "page");
  }),

  "desk: tabs are large enough for a thumb": deskStory(async ({ base, desk, coordinator }) => {
    const page = await coordinator(PHONE);
    for (const [address, tabs] of [[desk, 5], [`${base}/desk/series/1`, 4], [`${base}/desk/messages`, 2]]) {
      await page.goto(address);
      const links = await page.locator("main nav.tabs a").all();
      assert.ok(links.length >= tabs, `${address}: ${links.length}`);
      for (const link of links) assert.ok(await height(link) >= 44, `${address}: ${await link.innerText()} is ${await height(link)} px high`);
    }
  }),
};

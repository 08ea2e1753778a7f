// Searching: while one types, with the keyboard, on a phone, and without script.

import assert from "node:assert/strict";
import { violations } from "../axe.mjs";

export const browser = "headless-shell";

const PHONE = { viewport: { width: 360, height: 740 } };
const field = (page) => page.locator("main input[type=search]");
const suggestions = (page) => page.locator("main .search-form ul a");
const hasNoScrollbar = (page) => page.evaluate(() => document.documentElement.scrollWidth <= innerWidth);

export const stories = {
  "search: what one types is found while one types, and the keyboard leads to the sentence": async ({ base, open }) => {
    const page = await open();
    await page.goto(`${base}/search`);
    await field(page).focus();
    await page.keyboard.type("schermfo");
    await suggestions(page).first().waitFor();
    assert.match(await page.locator("main .search-form [role=status]").textContent(), /^1 gevonden/);
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("ArrowDown");
    assert.ok(await suggestions(page).first().evaluate((link) => link === document.activeElement));
    await page.keyboard.press("Escape");
    assert.ok(await suggestions(page).first().isHidden());
    assert.ok(await field(page).evaluate((input) => input === document.activeElement));
    await page.keyboard.type("to");
    await suggestions(page).first().waitFor();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    await page.waitForURL(/\/watch\/[^?]+\?t=13/);
  },

  "search: on a phone and without script a sentence is found, marked, and its moment is a link": async ({ base, open }) => {
    const page = await open({ ...PHONE, javaScriptEnabled: false });
    await page.goto(`${base}/search`);
    await field(page).fill("iets over een schermfoto van het gesprek");
    await field(page).press("Enter");
    const moment = page.locator("main ol a[href*='t=']").first();
    assert.match(await moment.locator("mark").first().textContent(), /schermfoto/i);
    assert.match(await moment.getAttribute("href"), /t=13/);
    await page.goto(`${base}/search?q=online`);
    await page.locator("main details summary").click();
    const filter = page.locator("main details a").first();
    const count = await page.locator("main ol > li article").count();
    await filter.click();
    assert.ok(await page.locator("main ol > li article").count() < count, "it narrows the results");
  },

  "search: results with their sentences and filters are clean for everyone, wide and narrow": async ({ base, open }) => {
    for (const options of [{}, PHONE, { ...PHONE, colorScheme: "dark" }]) {
      const page = await open(options);
      for (const question of ["risico's", "schermfoto gesprek olifant", "jongernwerk", "online&length=short"]) {
        await page.goto(`${base}/search?q=${question}`);
        assert.deepEqual(await violations(page), [], question);
        assert.ok(await hasNoScrollbar(page), question);
      }
    }
  },

  "search: within a recording is clean for everyone, wide and narrow": async ({ base, open }) => {
    for (const options of [{}, PHONE, { ...PHONE, colorScheme: "dark" }]) {
      const page = await open(options);
      await page.goto(`${base}/search?q=jongeren`);
      const address = await page.locator("main .moments a[href*='find=']").first().getAttribute("href");
      for (const question of ["jongeren", "jongernwerk", "olifant", "online+jongeren+112"]) {
        await page.goto(`${base}${address.replace(/find=[^#&]*/, `find=${question}`)}`);
        assert.deepEqual(await violations(page), [], question);
        assert.ok(await hasNoScrollbar(page), question);
      }
    }
  },
};

// Without script every step of the way is a link or a form.

import assert from "node:assert/strict";
import { moment, reachesWithoutScript } from "../pages.mjs";
import { recordings } from "../portal.mjs";

export const stories = {
  "without script home, series, watch and the next one are links, in both languages": async ({ open, base }) => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(base);
    for (const [lang, other, next] of [["nl", "English", /Volgende/], ["en", "Nederlands", /Next/]]) {
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      await page.getByRole("link", { name: "Voorbeeldreeks: online jongerenwerk" }).first().click();
      await page.waitForURL(/\/series\//);
      await page.getByRole("link", { name: "De risico's van online werken" }).first().click();
      await page.waitForURL(/\/watch\//);
      assert.equal(await page.locator("html").getAttribute("lang"), lang, "the language comes along");
      await page.getByRole("link", { name: next }).first().click();
      await page.getByRole("heading", { level: 1, name: "De meerwaarde van online contact" }).waitFor();
      await page.goto(`${base}/${lang === "nl" ? "" : "?lang=en"}`);
      await page.getByRole("banner").getByRole("link", { name: other }).click();
    }
  },

  "without script a chapter is a page that begins there, and it plays": async ({ open, base }) => {
    const page = await open({ javaScriptEnabled: false });
    const { id } = (await recordings(base))[3];
    await page.goto(`${base}/watch/${id}?lang=nl`);
    const { link, seconds } = await moment(page, "chapters", 2);
    assert.ok(seconds > 5, "the premise");
    await link.click();
    await page.waitForURL(new RegExp(`t=${seconds}`));
    await page.locator("video").focus();
    await page.keyboard.press("Space");
    await reachesWithoutScript(page, seconds + 0.5);
    assert.ok(await page.locator("video").evaluate((player) => player.currentTime) < seconds + 20);
  },

  "without script nothing stands there that only script could do": async ({ open, base }) => {
    const page = await open({ javaScriptEnabled: false });
    for (const { id, state } of await recordings(base)) {
      if (state !== "ready") continue;
      await page.goto(`${base}/watch/${id}`);
      const buttons = await page.getByRole("button").evaluateAll((all) => all.filter((one) => one.type !== "submit" && one.checkVisibility()).map((one) => one.textContent));
      assert.deepEqual(buttons, [], id);
      assert.equal(await page.getByRole("combobox").filter({ visible: true }).count(), 0);
    }
  },

  "without script one finds, opens, jumps and plays": async ({ open, base }) => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(base);
    await page.getByRole("searchbox").first().fill("risico");
    await page.keyboard.press("Enter");
    await page.getByRole("link", { name: /De risico's van online werken/ }).click();
    assert.ok(await page.locator("video[controls]").isVisible());
    assert.equal(await page.getByRole("button", { name: "10 s terug" }).isVisible(), false, "nothing to press that does nothing");
    await page.locator("section:has(#chapters) a").nth(2).click();
    await page.waitForURL(/\?t=\d+/);
    const start = new URL(page.url()).searchParams.get("t");
    assert.ok((await page.locator("video source").first().getAttribute("src")).endsWith(`#t=${start}`));
    const asked = page.waitForResponse((answer) => answer.url().includes("/media/"));
    await page.locator("video").focus();
    await page.keyboard.press("Space");
    assert.equal((await asked).status(), 206);
    await page.getByRole("banner").getByRole("link", { name: "English" }).click();
    await page.getByRole("heading", { name: "What is said" }).waitFor();
  },
};

// The lists and the ways through the desk, as wide as a desk and as narrow as a phone.

import assert from "node:assert/strict";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { deskStory } from "../pages.mjs";
import { open as openPortal } from "../portal.mjs";

export const browser = "headless-shell";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true };

/** How high something is, in pixels. */
const height = async (one) => (await one.boundingBox()).height;

/** Of each choice in a form: whether its longest option is wider than the place it has. Names of series and people can be of any length. */
const cutOff = (form) => form.evaluate((one) => [...one.querySelectorAll("select:not([name=series], [name=keeper])")].filter((select) => {
  const whole = select.cloneNode(true);
  whole.style.cssText = "position: absolute; inline-size: auto";
  select.after(whole);
  const wide = whole.getBoundingClientRect().width;
  whole.remove();
  return wide > select.getBoundingClientRect().width + 0.5;
}).map((select) => select.name));

/** The upper edges of what stands in a form, each once. */
const lines = (all) => all.evaluateAll((ones) => [...new Set(ones.filter((one) => one.offsetParent).map((one) => Math.round(one.getBoundingClientRect().bottom)))].length);

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
    assert.equal(await places.getByRole("link").count(), 12);
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

  "desk: five filters stand in a row on a desk, and no word of them is cut off, in both languages": deskStory(async ({ base, coordinator }) => {
    const page = await coordinator();
    for (const lang of ["nl", "en"]) {
      await page.goto(`${base}/desk/recordings?lang=${lang}`);
      const filter = page.locator("form.filter");
      assert.equal(await filter.locator("select, input[type=search], button").count(), 6);
      assert.equal(await lines(filter.locator("select, input[type=search], button")), 1, lang);
      assert.deepEqual(await cutOff(filter), [], lang);
    }
  }),

  "desk: many are ticked with one press, and the bar that says how many stays in view": deskStory(async ({ base, coordinator }) => {
    const page = await coordinator();
    await page.goto(`${base}/desk/recordings`);
    const [all, bar, boxes] = [page.getByRole("checkbox", { name: "Alles op deze pagina aanvinken" }), page.locator(".bulk"), page.locator("tbody input")];
    const count = bar.getByRole("status");
    assert.equal(await page.getByRole("link", { name: /^Alles/ }).count(), 0, "the checkbox took its place");
    const inView = async () => { const { y, height: high } = await bar.boundingBox(); return y >= 0 && y + high <= 901; };
    assert.ok(await inView());
    assert.equal(await count.innerText(), "Nog niets aangevinkt");
    await boxes.nth(1).check();
    assert.equal(await count.innerText(), "1 aangevinkt");
    assert.ok(await all.evaluate((one) => one.indeterminate));
    await all.check();
    assert.equal(await count.innerText(), "13 aangevinkt");
    for (const to of [0, 300, 100_000]) { await page.evaluate((y) => scrollTo(0, y), to); assert.ok(await inView(), `at ${to}`); }
    await boxes.nth(4).uncheck();
    assert.deepEqual([await count.innerText(), await all.isChecked()], ["12 aangevinkt", false]);
    await page.getByRole("combobox", { name: "Wat wil je doen" }).selectOption("speaker");
    await page.getByRole("textbox", { name: "Naam van een spreker" }).fill("Bo");
    await page.getByRole("button", { name: "Bekijk wat er verandert" }).click();
    await page.getByText("12 opnamen").first().waitFor();
    await page.goto(`${base}/desk/recordings`);
    await all.check();
    await all.uncheck();
    assert.equal(await page.locator("tbody input:checked").count(), 0);
  }),

  "desk: on a phone a row of the table has its series and its state, and is not scrolled sideways": deskStory(async ({ base, coordinator }) => {
    for (const javaScriptEnabled of [true, false]) {
      const page = await coordinator({ ...PHONE, javaScriptEnabled });
      await page.goto(`${base}/desk/recordings`);
      const row = page.getByRole("row", { name: /De risico's van online werken/ });
      for (const words of ["Voorbeeldreeks: online jongerenwerk", "openbaar", "1 min"]) {
        const cell = row.getByRole("cell", { name: words, exact: true });
        const { x, width } = await cell.boundingBox();
        assert.ok(width > 0 && x >= 0 && x + width <= 360, words);
      }
      const table = page.getByRole("region", { name: "Opnamen" });
      assert.ok(await table.evaluate((one) => one.scrollWidth <= one.clientWidth));
      assert.ok(await height(row) < 110, `${await height(row)} px`);
    }
  }),

  "a long word of a title ends its line with a hyphen, which is neither copied nor read out": async ({ open }) => {
    const title = "Gezondheidszorgmedewerkersbijeenkomst in Bergen";
    const site = await openPortal((media) => {
      mkdirSync(join(media, "reeks"), { recursive: true });
      writeFileSync(join(media, "reeks", "series.toml"), "visibility = \"public\"\n");
      writeFileSync(join(media, "reeks", "01-lang.toml"), `title = "${title}"\n`);
    });
    try {
      const page = await open({ ...PHONE, viewport: { width: 320, height: 700 }, alsoAllowed: [site.base] });
      for (const lang of ["nl", "en"]) {
        await page.goto(`${site.base}/series/reeks?lang=${lang}`);
        const link = page.getByRole("heading", { name: title, exact: true }).getByRole("link");
        assert.equal(await link.evaluate((one) => one.textContent), title);
        assert.equal(await link.evaluate((one) => { getSelection().selectAllChildren(one); return getSelection().toString(); }), title);
        // The lines of the first word, as long as it is: each but its last ends where a hyphen may stand.
        const ends = await link.evaluate((one) => {
          const walker = document.createTreeWalker(one, NodeFilter.SHOW_TEXT);
          const ends = [];
          let [before, text] = [null, ""];
          for (let node; (node = walker.nextNode());) {
            for (let at = 0; at < node.length; at += 1) {
              const range = document.createRange();
              range.setStart(node, at);
              range.setEnd(node, at + 1);
              const top = Math.round(range.getBoundingClientRect().top);
              if (before !== null && top > before + 4 && node.data[at] !== " " && !/\s$/.test(text)) ends.push(at);
              if (node.data[at] !== " ") before = top;
              text += node.data[at];
            }
          }
          return ends;
        });
        assert.ok(ends.length > 0, "the word is broken");
        assert.deepEqual(ends.filter((at) => at !== 0), [], "only between its pieces");
        assert.equal(await page.evaluate(() => document.scrollingElement.scrollWidth), 320);
      }
    } finally {
      site.close();
    }
  },
};

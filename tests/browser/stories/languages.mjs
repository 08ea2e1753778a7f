// A page says which language it is in, and which of its parts are in another (WCAG 2.2 §3.1.1, §3.1.2); what a screen
// reader is told has names in both.

import assert from "node:assert/strict";
import { everyPage, withLang } from "../pages.mjs";
import { recordings } from "../portal.mjs";

export const browser = "headless-shell";

const NAMED = ["link", "button", "textbox", "searchbox", "combobox", "image", "navigation", "slider", "checkbox"];

export const stories = {
  "each page is in the language that was chosen, and says so": async ({ open, base }) => {
    const titles = new Map();
    for (const lang of ["nl", "en"]) {
      const page = await open();
      for (const path of await everyPage(base)) {
        await page.goto(base + withLang(path, lang));
        assert.equal(await page.locator("html").getAttribute("lang"), lang, path);
        titles.set(path, [...(titles.get(path) ?? []), await page.evaluate(() => document.body.innerText)]);
      }
    }
    for (const [path, [dutch, english]] of titles) assert.notEqual(dutch, english, `${path} reads the same in both languages`);
  },

  "without a choice the browser's language counts": async ({ open, base }) => {
    for (const [locale, lang] of [["nl-NL", "nl"], ["en-GB", "en"], ["nl-BE", "nl"]]) {
      const page = await open({ locale });
      await page.goto(base);
      assert.equal(await page.locator("html").getAttribute("lang"), lang, locale);
    }
  },

  "Dutch titles on an English page are marked as Dutch": async ({ open, base }) => {
    const known = await recordings(base);
    const titles = [...known.map(({ title }) => title), "Voorbeeldreeks: online jongerenwerk"];
    const page = await open({ locale: "en-GB" });
    let seen = 0;
    const unmarked = [];
    for (const path of await everyPage(base)) {
      await page.goto(base + path);
      const found = await page.evaluate((wanted) => {
        const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
        const all = [];
        for (let node = walker.nextNode(); node; node = walker.nextNode()) {
          // What is there to be copied is one value, whatever languages it holds.
          if (node.parentElement.matches("textarea[readonly]")) continue;
          if (wanted.some((title) => node.textContent.includes(title))) all.push({ text: node.textContent.trim(), lang: node.parentElement.closest("[lang]").lang });
        }
        return all;
      }, titles);
      seen += found.length;
      unmarked.push(...found.filter(({ lang }) => lang !== "nl").map(({ text }) => `${path}: ${text}`));
    }
    assert.ok(seen > 30, "the premise: there are titles to look at");
    assert.deepEqual([...new Set(unmarked)], [], `${unmarked.length} of ${seen} titles`);
  },

  "a screen reader finds landmarks, one first heading and a name for everything, in both languages": async ({ open, base }) => {
    const page = await open();
    const session = await page.context().newCDPSession(page);
    for (const lang of ["nl", "en"]) {
      for (const path of await everyPage(base)) {
        await page.goto(base + withLang(path, lang));
        const { nodes } = await session.send("Accessibility.getFullAXTree");
        const shown = nodes.filter((node) => !node.ignored);
        const of = (role) => shown.filter((node) => node.role?.value === role);
        const isEmbed = path.startsWith("/embed");
        for (const landmark of isEmbed ? ["main"] : ["banner", "main", "contentinfo", "search"]) assert.equal(of(landmark).length, 1, `${path} ${lang}: ${of(landmark).length} × ${landmark}`);
        const first = of("heading").filter((node) => node.properties.find(({ name }) => name === "level").value.value === 1);
        assert.equal(first.length, 1, `${path} ${lang} has one first heading`);
        assert.ok(first[0].name.value.trim(), `${path} ${lang}: its first heading says something`);
        for (const role of NAMED) {
          for (const node of of(role)) assert.ok(node.name?.value?.trim(), `${path} ${lang}: a ${role} without a name`);
        }
        const navigations = of("navigation").map((node) => node.name.value);
        assert.equal(new Set(navigations).size, navigations.length, `${path} ${lang}: two navigations of one name: ${navigations}`);
      }
    }
  },
};

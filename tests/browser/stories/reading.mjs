// Everyone can use it: with a screen reader, a small screen, a thumb, large letters.

import assert from "node:assert/strict";
import { faintColours, violations } from "../axe.mjs";
import { recordings } from "../portal.mjs";

export const browser = "headless-shell";

async function everyPage(base) {
  const all = await recordings(base);
  const path = (recording) => new URL(recording.watch_url).pathname;
  return [
    "/", "/series/online-jongerenwerk", path(all[3]), path(all[4]), path(all[12]), `/embed/${all[3].id}`, "/speakers/trainer-jongerenwerk",
    "/search", "/search?q=contact", "/search?q=bestaatniet", "/privacy", "/accessibility", "/in-the-picture", "/nergens",
  ];
}

const withLang = (path, lang) => path + (path.includes("?") ? "&" : "?") + "lang=" + lang;

export const stories = {
  "axe finds nothing on any page, in both languages, light and dark": async ({ open, base }) => {
    for (const [colorScheme, langs, look] of [["light", ["nl", "en"], violations], ["dark", ["nl"], faintColours]]) {
      const page = await open({ colorScheme, bypassCSP: true, expectsErrors: true });
      for (const lang of langs) {
        for (const path of await everyPage(base)) {
          await page.goto(base + withLang(path, lang));
          assert.deepEqual(await look(page), [], `${path} ${lang} ${colorScheme}`);
        }
      }
    }
  },

  "no page scrolls sideways, from 320 to 2560 pixels": async ({ open, base }) => {
    const page = await open({ expectsErrors: true });
    for (const lang of ["nl", "en"]) {
      for (const path of await everyPage(base)) {
        await page.goto(base + withLang(path, lang));
        for (const width of [320, 360, 768, 1440, 2560]) {
          await page.setViewportSize({ width, height: 800 });
          const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
          assert.ok(wide <= 0, `${path} ${lang} is ${wide} px wider than ${width}`);
        }
      }
    }
  },

  "letters of twice the size fit as well": async ({ open, base }) => {
    const page = await open({ viewport: { width: 640, height: 900 }, bypassCSP: true, expectsErrors: true });
    for (const path of await everyPage(base)) {
      await page.goto(base + path);
      await page.addStyleTag({ content: "html { font-size: 200% !important }" });
      const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
      assert.ok(wide <= 0, `${path} is ${wide} px too wide`);
    }
  },

  "targets are large enough for a thumb": async ({ open, base }) => {
    const page = await open({ viewport: { width: 360, height: 800 }, hasTouch: true, expectsErrors: true });
    for (const path of await everyPage(base)) {
      await page.goto(base + path);
      const small = await page.evaluate(() => [...document.querySelectorAll("a, button, select, input, summary")].filter((target) => {
        const box = target.getBoundingClientRect();
        // WCAG 2.2 §2.5.8 leaves out links in a line of text.
        const isInText = getComputedStyle(target).display === "inline" && [...target.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
        // A link that covers its card is as large as the card.
        const covers = getComputedStyle(target, "::after").position === "absolute";
        return box.width && !isInText && !covers && !target.classList.contains("skip") && (box.height < 24 || box.width < 24);
      }).map((target) => target.outerHTML.slice(0, 80)));
      assert.deepEqual(small, [], path);
    }
  },

  "a walk through the tree that a screen reader reads": async ({ open, base }) => {
    const page = await open({ expectsErrors: true });
    const session = await page.context().newCDPSession(page);
    for (const path of (await everyPage(base)).filter((one) => !one.startsWith("/embed"))) {
      await page.goto(base + path);
      const { nodes } = await session.send("Accessibility.getFullAXTree");
      const shown = nodes.filter((node) => !node.ignored);
      const of = (role) => shown.filter((node) => node.role?.value === role);
      for (const landmark of ["banner", "main", "contentinfo", "search"]) assert.ok(of(landmark).length, `${path} has no ${landmark}`);
      const levels = of("heading").map((node) => node.properties.find((one) => one.name === "level").value.value);
      assert.equal(levels.filter((level) => level === 1).length, 1, `${path} has one first heading`);
      levels.forEach((level, index) => assert.ok(index === 0 || level <= levels[index - 1] + 1, `${path}: headings skip a level: ${levels}`));
      for (const role of ["link", "button", "textbox", "searchbox", "combobox", "image"]) {
        for (const node of of(role)) assert.ok(node.name?.value?.trim(), `${path}: a ${role} without a name`);
      }
    }
  },
};

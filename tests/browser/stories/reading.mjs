// Everyone can use it: with a keyboard, a screen reader, a small screen, large letters, without script.

import assert from "node:assert/strict";
import { AXE, EVERYTHING } from "../axe.mjs";
import { recordings } from "../portal.mjs";

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
    for (const colorScheme of ["light", "dark"]) {
      const page = await open({ colorScheme, bypassCSP: true, expectsErrors: true });
      for (const lang of ["nl", "en"]) {
        for (const path of await everyPage(base)) {
          await page.goto(base + withLang(path, lang));
          await page.evaluate(AXE);
          const found = await page.evaluate((runOnly) => axe.run(document, { runOnly }), EVERYTHING);
          assert.ok(found.passes.length > 10, "axe looked");
          const lines = found.violations.map((one) => `${one.id}: ${one.nodes.map((node) => node.target).join(" | ")}`);
          assert.deepEqual(lines, [], `${path} ${lang} ${colorScheme}`);
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

  "a walk by keyboard alone": async ({ open, base }) => {
    const page = await open();
    await page.goto(base);
    await page.keyboard.press("Tab");
    assert.equal(await page.evaluate(() => document.activeElement.textContent), "Naar de inhoud");
    const reach = async (what) => {
      for (let step = 0; step < 60; step += 1) {
        const here = await page.evaluate(() => {
          // A link that covers its card shows the ring around the card.
          const rings = [null, "::after"].map((part) => getComputedStyle(document.activeElement, part));
          return { name: document.activeElement.name || document.activeElement.textContent || document.activeElement.tagName, ring: rings.some((style) => style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2), tag: document.activeElement.tagName };
        });
        assert.ok(here.ring || ["VIDEO", "BODY"].includes(here.tag), `no visible focus on ${here.tag} ${here.name}`);
        if (here.name.includes(what)) return;
        await page.keyboard.press("Tab");
      }
      assert.fail(`${what} was not reached`);
    };
    await reach("q");
    await page.keyboard.type("risico");
    await page.keyboard.press("Enter");
    await page.waitForURL(/search\?q=risico/);
    await page.keyboard.press("Tab");
    await reach("De risico's van online werken");
    await page.keyboard.press("Enter");
    await page.waitForURL(/watch/);
    for (let step = 0; step < 60 && await page.evaluate(() => !["VIDEO", "AUDIO"].includes(document.activeElement.tagName)); step += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Space");
    await page.waitForFunction(() => document.querySelector("video, audio").currentTime > 0.5);
    await page.keyboard.press("Space");
    const link = page.locator("section:has(#chapters) a").nth(2);
    const seconds = Number(await link.getAttribute("data-at")) / 1000;
    for (let step = 0; step < 80 && !(await link.evaluate((one) => one === document.activeElement)); step += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Enter");
    await page.waitForFunction((from) => document.querySelector("video, audio").currentTime >= from, seconds);
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

// Pages bear what readers do to them: their own spacing of letters and lines, and a narrow column (WCAG 2.2 §1.4.10, §1.4.12).

import assert from "node:assert/strict";
import { everyPage, withLang } from "../pages.mjs";

export const browser = "headless-shell";

/** Runs in the page: texts that are cut off although nobody can scroll to the rest. */
const cutOff = () => [...document.querySelectorAll("body *")].filter((one) => {
  const style = getComputedStyle(one);
  const isHidden = style.clipPath !== "none" || one.closest("[hidden]") || one.getBoundingClientRect().width <= 1;
  const clips = ["hidden", "clip"].includes(style.overflowX) || ["hidden", "clip"].includes(style.overflowY);
  const isCutShort = style.textOverflow === "ellipsis" || style.webkitLineClamp !== "none";
  return clips && !isHidden && !isCutShort && one.innerText?.trim() && (one.scrollWidth > one.clientWidth + 1 || one.scrollHeight > one.clientHeight + 1);
}).map((one) => `${one.localName} "${one.innerText.trim().slice(0, 30)}"`);

export const stories = {
  "wider letters, words and lines cut nothing off": async ({ open, base }) => {
    for (const width of [320, 1280]) {
      const page = await open({ viewport: { width, height: 900 } });
      for (const lang of ["nl", "en"]) {
        for (const path of (await everyPage(base)).filter((one) => !one.startsWith("/embed"))) {
          await page.goto(base + withLang(path, lang));
          await page.evaluate(() => {
            const sheet = new CSSStyleSheet();
            sheet.replaceSync("* { line-height: 1.5 !important; letter-spacing: .12em !important; word-spacing: .16em !important } p { margin-block-end: 2em !important }");
            document.adoptedStyleSheets = [sheet];
          });
          assert.ok(await page.evaluate(() => parseFloat(getComputedStyle(document.querySelector("h1")).letterSpacing)) > 1, "the premise: the letters stand apart");
          assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth), `${path} ${lang} scrolls sideways at ${width} px`);
          assert.deepEqual(await page.evaluate(cutOff), [], `${path} ${lang} ${width} px`);
        }
      }
    }
  },
};

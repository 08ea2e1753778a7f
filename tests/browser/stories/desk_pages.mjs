// Every page of the desk is looked at: by axe, in all widths, and with a keyboard.

import assert from "node:assert/strict";
import { faintColours, violations } from "../axe.mjs";
import { everywhere } from "../pages.mjs";
import { walk } from "./keyboard.mjs";

export const browser = "headless-shell";

const sizes = (...all) => all.map(([width, height]) => ({ viewport: { width, height }, hasTouch: width < 768, reducedMotion: "reduce" }));

/** Looks at a page in each of the widths that go with the one it was opened in: a finger or a mouse stays what it is. */
async function inWidths(page, widths, look) {
  const { width: first, height } = page.viewportSize();
  const faults = [];
  for (const width of widths[first]) {
    await page.setViewportSize({ width, height });
    faults.push(...(await page.evaluate(look)).map((fault) => `${width} px: ${fault}`));
  }
  await page.setViewportSize({ width: first, height });
  return faults;
}

async function stopsAreSeen(page) {
  const there = await walk(page, "Tab");
  // Behind the last stop the way back begins at the last stop.
  const back = await walk(page, "Shift+Tab");
  assert.ok(Math.min(there.stops, back.stops) > 5, `${there.stops} and ${back.stops} stops`);
  return [...there.faults, ...back.faults];
}

export const stories = {
  "desk: axe finds nothing on any page, in both languages": everywhere([{ bypassCSP: true }], ["nl", "en"], violations),

  "desk: all can be read in the dark": everywhere([{ colorScheme: "dark", bypassCSP: true }], ["nl"], faintColours),

  "desk: what is wrong has a link to its field": everywhere([{}], ["nl"], async (page) => page.getByRole("alert").getByRole("link").evaluateAll((links) => links
    .filter((link) => !document.getElementById(link.hash.slice(1))?.matches("input, textarea, select, fieldset"))
    .map((link) => `${link.textContent} leads nowhere: ${link.hash}`))),

  "desk: no page scrolls sideways from 320 to 1280 pixels, and targets are large enough for a thumb": everywhere(sizes([320, 800], [768, 800]), ["nl", "en"], (page) => inWidths(page, { 320: [320, 360], 768: [768, 1280] }, () => {
    const wide = document.scrollingElement.scrollWidth - innerWidth;
    const small = [...document.querySelectorAll("a, button, select, input, textarea, summary")].filter((target) => {
      // A label takes the press as well.
      const boxes = [target, ...(target.labels ?? [])].map((one) => one.getBoundingClientRect());
      // WCAG 2.2 §2.5.8 leaves out links in a line of text.
      const isInText = getComputedStyle(target).display === "inline" && [...target.parentElement.childNodes].some((node) => node.nodeType === 3 && node.textContent.trim());
      return boxes[0].width && !isInText && !target.classList.contains("skip") && boxes.every((box) => box.height < 24 || box.width < 24);
    });
    return [...(wide > 0 ? [`${wide} px too wide`] : []), ...small.map((target) => `small: ${target.outerHTML.slice(0, 80)}`)];
  })),

  "desk: each stop of the keyboard is seen, forwards and backwards": everywhere(sizes([1280, 900]), ["nl"], stopsAreSeen),

  "desk: each stop of the keyboard is seen on a phone": everywhere(sizes([360, 740]), ["nl"], stopsAreSeen),
};

// Every stop of a walk with Tab is seen: it has a ring, and nothing lies over it (WCAG 2.2 §2.4.7, §2.4.11).

import assert from "node:assert/strict";
import { watch } from "../pages.mjs";
import { recordings } from "../portal.mjs";

export const browser = "headless-shell";

/** More stops than any page of the demonstration has. */
const MANY = 200;

/** Runs in the page: what has the focus now, whether a ring shows and whether any of it can be seen. */
const stop = () => {
  const here = document.activeElement;
  const isPlayer = here.matches("video, audio");
  // Once around is enough; the player's own buttons, and the day, month and year of a date, are several stops on one element.
  const isSeveral = isPlayer || here.matches("[type=date], [type=datetime-local], iframe");
  if (here === document.body || (here.dataset.walked && !isSeveral)) return null;
  here.dataset.walked = "yes";
  const rings = [null, "::after", "::before"].map((part) => getComputedStyle(here, part));
  const ring = rings.some((style) => (style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2) || style.boxShadow !== "none");
  const boxes = [...here.getClientRects()];
  const spots = [0.05, 0.5, 0.95];
  const seen = boxes.some((whole) => spots.some((across) => spots.some((down) => {
    // Of what is longer than the screen the part on the screen is looked at.
    const box = { left: Math.max(whole.left, 0), top: Math.max(whole.top, 0), right: Math.min(whole.right, innerWidth), bottom: Math.min(whole.bottom, innerHeight) };
    if (box.right <= box.left || box.bottom <= box.top) return false;
    const top = document.elementFromPoint(box.left + (box.right - box.left) * across, box.top + (box.bottom - box.top) * down);
    return top && here.contains(top);
  })));
  // Inside a player and on the calendar of a date the browser draws its own ring, around its own buttons.
  const isOwnRing = isPlayer || (isSeveral && !here.matches(":focus-visible"));
  return { isFrame: here.localName === "iframe", name: `${here.localName} "${(here.textContent || here.getAttribute("name") || "").trim().replace(/\s+/g, " ").slice(0, 40)}"`, ring: ring || isOwnRing, seen };
};

/** A browser shows what has the focus inside a frame, and nothing around the frame. */
async function ringWithin(page) {
  const rings = await Promise.all(page.frames().slice(1).map((frame) => frame.evaluate(() => {
    const style = document.activeElement !== document.body && getComputedStyle(document.activeElement);
    return style && document.activeElement.matches(":focus-visible") && style.outlineStyle === "solid" && parseFloat(style.outlineWidth) >= 2;
  })));
  return rings.some(Boolean);
}

/** Runs in the page: on its way into a frame the focus is nowhere until some pictures have been drawn; on a busy machine, many. */
const settled = () => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)));

/** Presses Tab, or Shift and Tab, as the browser hears it, and answers what has the focus then. Asked thousands of times, so without detours. */
async function presser(page, key) {
  const browser = await page.context().newCDPSession(page);
  await page.evaluate(`window.stopOfTheWalk = ${stop}; for (const one of document.querySelectorAll("[data-walked]")) delete one.dataset.walked`);
  const tab = { key: "Tab", code: "Tab", windowsVirtualKeyCode: 9, modifiers: key === "Shift+Tab" ? 8 : 0 };
  const look = async () => (await browser.send("Runtime.evaluate", { expression: "stopOfTheWalk()", returnByValue: true })).result.value;
  const press = async () => {
    await Promise.all(["rawKeyDown", "keyUp"].map((type) => browser.send("Input.dispatchKeyEvent", { ...tab, type })));
    return look();
  };
  return { press, look, end: () => browser.detach() };
}

/** Goes from stop to stop until the end: how many there are, and which of them do not show. */
export async function walk(page, key) {
  const faults = [];
  const { press, look, end } = await presser(page, key);
  let stops = 0;
  for (; stops < MANY; stops += 1) {
    let here = await press();
    for (let drawn = 0; !here && drawn < (page.frames().length > 1 ? 60 : 1); drawn += 1) {
      await page.evaluate(settled);
      here = await look();
    }
    if (!here) break;
    if (here.isFrame) here.ring = await ringWithin(page);
    // What lies in a frame is scrolled into sight by another process, some pictures later.
    for (let drawn = 0; here.isFrame && !here.seen && drawn < 60; drawn += 1) {
      await page.evaluate(settled);
      here.seen = (await look())?.seen ?? false;
    }
    if (!here.ring) faults.push(`no ring: ${here.name}`);
    if (!here.seen) faults.push(`covered: ${here.name}`);
  }
  await end();
  assert.ok(stops < MANY, "the walk comes to an end: no trap");
  return { stops, faults };
}

export const stories = {
  "each stop of the keyboard is seen, forwards and backwards, on screens of all sizes": async ({ open, base }) => {
    const all = await recordings(base);
    const faults = [];
    for (const [width, height] of [[1280, 900], [768, 1000], [375, 740]]) {
      const page = await open({ viewport: { width, height }, reducedMotion: "reduce" });
      for (const address of [`${base}/`, `${base}/series/online-jongerenwerk`, `${base}/search?q=contact`, watch(base, all[3]), watch(base, all[4]), `${base}/share/${all[3].id}`]) {
        const counts = [];
        for (const key of ["Tab", "Shift+Tab"]) {
          await page.goto(address);
          const walked = await walk(page, key);
          counts.push(walked.stops);
          faults.push(...walked.faults.map((fault) => `${width} px, ${new URL(address).pathname}, ${key}: ${fault}`));
        }
        assert.ok(counts[0] > 8 && Math.abs(counts[0] - counts[1]) <= 2, `${address}: ${counts} stops there and back`);
      }
    }
    assert.deepEqual(faults.slice(0, 12), [], `${faults.length} stops`);
  },

  "the first stop skips to the content, and goes on from there": async ({ open, base }) => {
    const page = await open();
    for (const address of [`${base}/`, watch(base, (await recordings(base))[3]), `${base}/privacy`]) {
      await page.goto(address);
      await page.keyboard.press("Tab");
      assert.equal(await page.evaluate(() => document.activeElement.textContent.trim()), "Naar de inhoud");
      await page.keyboard.press("Enter");
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => document.querySelector("main, footer ~ *, footer").compareDocumentPosition(document.activeElement) & Node.DOCUMENT_POSITION_CONTAINED_BY || document.activeElement.closest("footer")), `${address}: the next stop lies in the content`);
    }
  },
};

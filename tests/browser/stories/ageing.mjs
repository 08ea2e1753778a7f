// Firefox, as it is and as it was: its sheet with the newest of CSS gone, and with all of CSS that is younger than 2020 gone.

import assert from "node:assert/strict";
import { age } from "../ageing.mjs";
import * as firefox from "../firefox.mjs";
import { everyPage } from "../pages.mjs";
import { recordings } from "../portal.mjs";

const NEWEST = /light-dark\(|color-mix\(|oklch\(|oklab\(|:has\(|text-wrap|@container|container-type|@starting-style|@scope|:user-valid|field-sizing/;
/** An older one does not even know layers, and so reads nothing that stands in one. */
const YOUNG = new RegExp(`${NEWEST.source}|@layer|aspect-ratio|:is\\(|:where\\(|clamp\\(|inset-|:focus-visible`);

/** Runs in the page: its sheets leave, these take their place. */
const dress = (sheets) => {
  for (const link of document.querySelectorAll('link[rel="stylesheet"]')) link.remove();
  document.adoptedStyleSheets = sheets.map((text) => { const sheet = new CSSStyleSheet(); sheet.replaceSync(text); return sheet; });
};

/** Runs in the page: lines of text that lie over each other, as far as they can be seen at all. */
const overlaps = () => {
  const clipped = (box, element) => {
    for (let one = element; one; one = one.parentElement) {
      const style = getComputedStyle(one);
      if (style.clipPath !== "none" && one.getBoundingClientRect().width <= 1) return null;
      if (style.overflowX === "visible" && style.overflowY === "visible") continue;
      const frame = one.getBoundingClientRect();
      box = { left: Math.max(box.left, frame.left), right: Math.min(box.right, frame.right), top: Math.max(box.top, frame.top), bottom: Math.min(box.bottom, frame.bottom) };
      if (box.right - box.left < 2 || box.bottom - box.top < 2) return null;
    }
    return box;
  };
  const lines = [];
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    if (!node.textContent.trim() || node.parentElement.closest("body > a[href^='#'], option, video, audio, details:not([open]) > :not(summary)")) continue;
    const range = document.createRange();
    range.selectNodeContents(node);
    for (const box of range.getClientRects()) {
      const seen = clipped(box, node.parentElement);
      if (seen) lines.push({ node, box: seen });
    }
  }
  const found = [];
  for (const [index, one] of lines.entries()) {
    for (const other of lines.slice(index + 1)) {
      if (one.node === other.node) continue;
      const [a, b] = [one.box, other.box];
      const over = Math.min(a.right, b.right) - Math.max(a.left, b.left);
      const under = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
      // The boxes of large letters reach a little beyond their lines.
      if (over > 3 && under > 0.35 * Math.min(a.bottom - a.top, b.bottom - b.top)) found.push(`"${one.node.textContent.trim().slice(0, 25)}" and "${other.node.textContent.trim().slice(0, 25)}"`);
    }
  }
  return { count: lines.length, found };
};

/** Runs in the page: contrast of each text with what lies behind it (WCAG 2.2 §1.4.3), for text on plain colours. */
const faint = () => {
  const parse = (colour) => {
    const [red, green, blue, alpha = 1] = colour.match(/^rgba?\(([^)]+)\)/)[1].split(/[,\s/]+/).map(Number);
    return { rgb: [red, green, blue], alpha };
  };
  const canvas = parse(getComputedStyle(document.body).backgroundColor).alpha ? null : [255, 255, 255];
  const behind = (element) => {
    const layers = [];
    for (let one = element; one; one = one.parentElement) {
      const layer = parse(getComputedStyle(one).backgroundColor);
      layers.push(layer);
      if (layer.alpha === 1) break;
    }
    return layers.reverse().reduce((ground, { rgb, alpha }) => rgb.map((value, index) => value * alpha + ground[index] * (1 - alpha)), canvas ?? [255, 255, 255]);
  };
  const light = (rgb) => rgb.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  const texts = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const all = [];
  for (let node = texts.nextNode(); node; node = texts.nextNode()) {
    const one = node.parentElement;
    if (!node.textContent.trim() || !one.getClientRects().length || one.closest("video, audio, option, script, style")) continue;
    const [text, ground] = [light(parse(getComputedStyle(one).color).rgb), light(behind(one))];
    all.push({ text: node.textContent.trim().slice(0, 40), ratio: (Math.max(text, ground) + 0.05) / (Math.min(text, ground) + 0.05) });
  }
  return { count: all.length, faint: all.filter(({ ratio }) => ratio < 4.5) };
};

/** Goes through the pages with a style sheet of an age, wide and narrow. */
async function readable(base, unknown, hasLook) {
  const browser = await firefox.open();
  try {
    const faults = [];
    let taken = 0;
    for (const [width, height] of [[1280, 900], [375, 740]]) {
      await browser.size(width, height);
      for (const path of (await everyPage(base)).filter((one) => !one.startsWith("/embed"))) {
        await browser.go(base + path);
        const addresses = await browser.run(() => [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => link.href));
        const sheets = await Promise.all(addresses.map(async (address) => age(await (await fetch(address)).text(), unknown)));
        taken += sheets.reduce((sum, one) => sum + one.taken, 0);
        await browser.run(dress, sheets.map(({ sheet }) => sheet));
        const { count, faint: pale } = await browser.run(faint);
        assert.ok(count > 8, `${path}: ${count} texts`);
        faults.push(...pale.map(({ text, ratio }) => `${path} ${width}: "${text}" ${ratio.toFixed(2)}`));
        const { count: lines, found } = await browser.run(overlaps);
        assert.ok(lines > 8, `${path}: ${lines} lines`);
        faults.push(...found.map((one) => `${path} ${width}: ${one}`));
        const wide = await browser.run(() => document.scrollingElement.scrollWidth - innerWidth);
        if (hasLook && wide > 0) faults.push(`${path} ${width}: ${wide} px too wide`);
      }
    }
    assert.deepEqual(faults.slice(0, 12), [], `${faults.length} faults`);
    return taken;
  } finally {
    browser.close();
  }
}

export const stories = {
  "in Firefox nothing lies over anything else and all can be read": async ({ base }) => {
    assert.equal(await readable(base, /^\b$/, true), 0, "the premise: nothing was taken away");
  },

  "with the newest CSS unknown nothing lies over anything else and all can be read": async ({ base }) => {
    assert.ok(await readable(base, NEWEST, true) > 0, "the premise: there was something to take away");
  },

  "a browser that knows no layers still shows pages that can be read": async ({ base }) => {
    assert.ok(await readable(base, YOUNG, false) > 10, "the premise: there was something to take away");
  },

  "Firefox asks nobody else, jumps to a chapter and shows captions": async ({ base }) => {
    const browser = await firefox.open();
    try {
      const { id } = (await recordings(base))[3];
      await browser.go(`${base}/watch/${id}?lang=nl`);
      const wanted = await browser.run(async () => {
        const player = document.querySelector("video");
        player.muted = true;
        for (const track of player.textTracks) track.mode = track.language === "nl" ? "showing" : "disabled";
        const link = document.querySelectorAll(':is(#chapters, section:has(#chapters)) a[href*="t="]')[2];
        link.click();
        const seconds = Number(new URL(link.href).searchParams.get("t"));
        const moments = (isThere) => new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`at ${player.currentTime}, ${player.error?.message}`)), 15_000);
          player.addEventListener("timeupdate", () => { if (isThere()) { clearTimeout(timer); resolve(); } });
        });
        await moments(() => player.currentTime > seconds + 0.3 && [...player.textTracks].some((track) => track.activeCues?.length));
        return { seconds, at: player.currentTime, frames: player.getVideoPlaybackQuality().totalVideoFrames };
      });
      assert.ok(wanted.seconds > 5 && wanted.at < wanted.seconds + 15 && wanted.frames > 0, JSON.stringify(wanted));
      assert.ok(browser.asked().some((url) => url.includes("/media/")), "the premise: what it asks is heard");
      assert.deepEqual(browser.faults(), []);
    } finally {
      browser.close();
    }
  },
};

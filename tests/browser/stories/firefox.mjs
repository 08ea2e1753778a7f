// Another browser altogether, and one that is older than our style sheet.

import assert from "node:assert/strict";
import * as firefox from "../firefox.mjs";
import { recordings } from "../portal.mjs";

/** Runs in the page: plays and answers how far it came within fifteen seconds. */
const play = () => new Promise((resolve, reject) => {
  const player = document.querySelector("video, audio");
  player.muted = true;
  const timer = setTimeout(() => reject(new Error(`stood still at ${player.currentTime}, error ${player.error?.message}`)), 15_000);
  player.addEventListener("timeupdate", () => { if (player.currentTime > 0.5) { clearTimeout(timer); resolve(player.currentTime); } });
  player.play().catch(reject);
});

/** Runs in the page: contrast of what is read with what is behind it (WCAG 2.2). */
const contrasts = () => {
  const parse = (colour) => colour.match(/[\d.]+/g).map(Number);
  const behind = (element) => {
    for (let one = element; one; one = one.parentElement) {
      const colour = parse(getComputedStyle(one).backgroundColor);
      if (colour.length < 4 || colour[3] > 0) return colour;
    }
    return [255, 255, 255];
  };
  const light = ([red, green, blue]) => [red, green, blue].map((channel) => channel / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4)).reduce((sum, value, index) => sum + value * [0.2126, 0.7152, 0.0722][index], 0);
  return [...document.querySelectorAll("h1, h2, h3, p, a, li, button, label")].filter((one) => one.offsetParent && one.textContent.trim()).map((one) => {
    const pair = [light(parse(getComputedStyle(one).color)), light(behind(one))];
    return { text: one.textContent.trim().slice(0, 40), ratio: (Math.max(...pair) + 0.05) / (Math.min(...pair) + 0.05) };
  });
};

/** Runs in the page: the style sheet as a browser of five years ago would understand it. */
const grownOld = async () => {
  const sheets = [...document.querySelectorAll('link[rel="stylesheet"]')];
  let taken = 0;
  for (const link of sheets) {
    const text = await (await fetch(link.href)).text();
    const plain = text.split("\n").filter((line) => {
      const isNew = /light-dark\(|color-mix\(|oklch\(|:has\(|@container|text-wrap|clip-path/.test(line);
      taken += isNew;
      return !isNew;
    }).join("\n");
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(plain);
    document.adoptedStyleSheets = [...document.adoptedStyleSheets, sheet];
    link.remove();
  }
  return taken;
};

export const stories = {
  "Firefox shows home, series and watch, and plays": async ({ base }) => {
    const browser = await firefox.open();
    try {
      const all = await recordings(base);
      await browser.go(base);
      assert.ok((await browser.run(() => document.body.innerText)).includes("Voorbeeldreeks"));
      await browser.go(`${base}/series/online-jongerenwerk`);
      assert.ok((await browser.run(() => document.querySelectorAll("article").length)) >= 13);
      for (const number of [8, 4, 5]) {
        await browser.go(base + new URL(all[number - 1].watch_url).pathname);
        assert.ok((await browser.run(play)) > 0.5, `recording ${number}`);
      }
    } finally {
      browser.close();
    }
  },

  "with the newest of its style sheet taken away everything stays readable": async ({ base }) => {
    const browser = await firefox.open();
    try {
      const all = await recordings(base);
      for (const path of ["/", "/series/online-jongerenwerk", new URL(all[3].watch_url).pathname, "/search?q=contact", "/privacy", "/nergens"]) {
        await browser.go(base + path);
        assert.ok((await browser.run(grownOld)) > 0, "there was something to take away");
        const read = await browser.run(contrasts);
        assert.ok(read.length > 5, path);
        const faint = read.filter((one) => one.ratio < 4.5);
        assert.deepEqual(faint, [], path);
        const wide = await browser.run(() => document.scrollingElement.scrollWidth - innerWidth);
        assert.ok(wide <= 0, `${path} is ${wide} px too wide`);
      }
    } finally {
      browser.close();
    }
  },
};

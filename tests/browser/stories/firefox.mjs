// Another browser altogether, and one that is older than our style sheet.

import assert from "node:assert/strict";
import * as firefox from "../firefox.mjs";
import { line } from "../line.mjs";
import { recordings } from "../portal.mjs";

/** Runs in the page: plays and answers how far it came within fifteen seconds. */
const play = () => new Promise((resolve, reject) => {
  const player = document.querySelector("video, audio");
  player.muted = true;
  const timer = setTimeout(() => reject(new Error(`stood still at ${player.currentTime}, error ${player.error?.message}`)), 15_000);
  player.addEventListener("timeupdate", () => { if (player.currentTime > 0.5) { clearTimeout(timer); resolve(player.currentTime); } });
  player.play().catch(reject);
});

/** Runs in the page: waits until the words about the connection are there, or are gone. */
const says = (words) => new Promise((resolve, reject) => {
  const shown = () => document.querySelector("[data-lost-words]").textContent;
  const timer = setTimeout(() => reject(new Error(`it says "${shown()}", at ${document.querySelector("video").currentTime}`)), 90_000);
  const look = () => { if (shown().includes(words) && Boolean(shown()) === Boolean(words)) { clearTimeout(timer); resolve(true); } else setTimeout(look, 50); };
  look();
});

/** Runs in the page: waits until the film goes on, and answers where it was left and where it goes on. */
const wentOn = () => new Promise((resolve, reject) => {
  const timer = setTimeout(() => reject(new Error("it does not go on")), 60_000);
  const look = () => { if (window.wentOnAt !== undefined) { clearTimeout(timer); resolve([window.leftAt, window.wentOnAt]); } else setTimeout(look, 50); };
  look();
});

/** Runs in the page: waits until the film has come this far. */
const comes = (far) => new Promise((resolve, reject) => {
  const player = document.querySelector("video");
  const timer = setTimeout(() => reject(new Error(`stood still at ${player.currentTime}, error ${player.error?.message}`)), 60_000);
  const look = () => { if (player.currentTime >= far) { clearTimeout(timer); resolve(player.currentTime); } else setTimeout(look, 50); };
  look();
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

  "in Firefox captions, keys, chapters and the list of what is said do what they do elsewhere": async ({ base }) => {
    const browser = await firefox.open();
    try {
      const all = await recordings(base);
      await browser.go(base + new URL(all[3].watch_url).pathname);
      const found = await browser.run(async () => {
        const [player, captions] = [document.querySelector("video"), document.querySelector("[data-captions]")];
        player.muted = true;
        const until = (is) => new Promise((resolve, reject) => {
          const timer = setTimeout(() => reject(new Error(`not so: ${is}`)), 15_000);
          const look = () => { if (is()) { clearTimeout(timer); resolve(); } else requestAnimationFrame(look); };
          look();
        });
        const press = (key) => document.body.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
        captions.click();
        press("k");
        await until(() => player.currentTime > 0.5 && !player.paused);
        await until(() => player.textTracks[0].activeCues?.length);
        press("k");
        await until(() => player.paused);
        press(">");
        document.querySelectorAll("[data-chapter-marks] span")[1].click();
        const title = document.querySelectorAll("[data-chapter-marks] span")[1].title;
        await until(() => document.querySelector("[data-chapter-now]").textContent === title);
        press("k");
        press("?");
        return {
          mode: player.textTracks[0].mode,
          pressed: captions.getAttribute("aria-pressed"),
          speed: player.playbackRate,
          stops: document.querySelectorAll(".watch-transcript [data-lines] a:not([tabindex='-1'])").length,
          list: document.querySelector("[data-keys-list]").open,
        };
      });
      assert.deepEqual(found, { mode: "showing", pressed: "true", speed: 1.25, stops: 1, list: true });
      await browser.go(base + new URL(all[4].watch_url).pathname);
      assert.ok(await browser.run(() => document.querySelector("[data-captions]").getAttribute("aria-pressed") === "true"), "on again the next time");
    } finally {
      browser.close();
    }
  },

  "in Firefox a line that drops is waited for, and the film goes on where it was": async ({ base }) => {
    const film = new URL((await recordings(base))[3].watch_url).pathname;
    for (const how of ["by hand", "when the browser says that there is a line again", "by itself"]) {
      const [browser, tram] = [await firefox.open(), await line(base)];
      try {
        tram.gives(250_000);
        await browser.go(`${tram.base}${film}?lang=nl`);
        await browser.run(() => {
          const player = document.querySelector("video");
          Object.assign(player, { muted: true, defaultPlaybackRate: 2, playbackRate: 2 });
          // First it plays what it has.
          player.addEventListener("timeupdate", () => { window.furthest = Math.max(window.furthest ?? 0, player.currentTime); });
          player.addEventListener("emptied", () => { window.leftAt = window.furthest; });
          player.addEventListener("playing", () => { if (window.leftAt) window.wentOnAt ??= player.currentTime; });
          player.play().catch(() => {});
        });
        await browser.run(comes, 2);
        tram.cut();
        await browser.run(says, "Verbinding kwijt");
        assert.deepEqual(await browser.run(() => ({ film: document.querySelector("video").hidden, refusal: document.querySelector("[data-refusal]").hidden })), { film: false, refusal: true }, "no file is to blame");
        tram.mend();
        await browser.run((how) => {
          const player = document.querySelector("video");
          if (how === "by hand") document.querySelector(".lost button").click();
          else if (how.startsWith("when")) window.dispatchEvent(new Event("online"));
        }, how);
        const [left, on] = await browser.run(wentOn);
        assert.ok(left >= 2 && Math.abs(on - left) < 1, `it was at ${left} and goes on at ${on}`);
        await browser.run(comes, on + 1);
        await browser.run(says, "");
        assert.equal(await browser.run(() => document.querySelector("video").playbackRate), 2);
      } finally {
        tram.close();
        browser.close();
      }
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

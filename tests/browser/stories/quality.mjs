// Films for weak lines: what a small screen takes, what one may choose, and what happens on a line that is too slow.

import assert from "node:assert/strict";
import { copyFileSync, mkdirSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { film } from "../clips.mjs";
import { line } from "../line.mjs";
import { meter, play, reaches, reachesWithoutScript } from "../pages.mjs";
import { json, open as openPortal } from "../portal.mjs";

const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };
/** The tram: bits a second, and milliseconds of a round trip. */
const TRAM = [1_500_000, 300];
/** Seconds in which a busy machine has made the renditions of a film. */
const PATIENCE = 90;

/** A portal with one film, of which it has made what it makes by itself. */
async function portal(seconds) {
  const fill = (media) => {
    const folder = join(media, "reeks");
    mkdirSync(folder, { recursive: true });
    writeFileSync(join(folder, "series.toml"), 'title = "Reeks"\nvisibility = "public"\n');
    copyFileSync(film(seconds), join(folder, "01-film.mp4"));
    const lines = ["WEBVTT\n", ...Array.from({ length: seconds }, (_, at) => `00:${String(Math.floor(at / 60)).padStart(2, "0")}:${String(at % 60).padStart(2, "0")}.000 --> 00:${String(Math.floor((at + 1) / 60)).padStart(2, "0")}:${String((at + 1) % 60).padStart(2, "0")}.000\nregel ${at}\n`)];
    for (const language of ["nl", "en"]) writeFileSync(join(folder, `01-film.${language}.vtt`), lines.join("\n"));
    for (const name of ["01-film.mp4", "01-film.nl.vtt", "01-film.en.vtt"]) utimesSync(join(folder, name), 1_700_000_000, 1_700_000_000);
  };
  const site = await openPortal(fill, { TERUGKIJKEN_FFMPEG: "ffmpeg", TERUGKIJKEN_FREE_MB: "0", TERUGKIJKEN_NICENESS: "0", TERUGKIJKEN_PICTURES: "none" });
  const [{ id }] = (await json(site.base, "/api/series/reeks")).recordings;
  const deadline = Date.now() + PATIENCE * 1000;
  for (;;) {
    const { renditions, sources: [original] } = await json(site.base, `/api/recordings/${id}`);
    if (original && renditions.length === 3) {
      const files = [["original", original.url, original.size_bytes], ...renditions.map((one) => [one.kind, one.url, one.size_bytes])];
      const paths = Object.fromEntries(files.map(([kind, url]) => [kind, new URL(url).pathname]));
      return { ...site, id, paths, sizes: Object.fromEntries(files.map(([kind, , size]) => [kind, size])) };
    }
    if (Date.now() > deadline || site.death()) throw new Error("what is made of a film is not there");
    await new Promise((again) => setTimeout(again, 250));
  }
}

/** Looks at the player from the beginning: when it began, how often it waited after that and before it began anew, and what it asked for. */
async function watched(page) {
  const asked = new Set();
  page.on("request", (request) => { const { pathname } = new URL(request.url()); if (pathname.startsWith("/media/") && !pathname.endsWith(".vtt")) asked.add(pathname); });
  await page.addInitScript(() => {
    window.seen = { waits: 0, began: 0, isAnew: false };
    document.addEventListener("playing", () => { window.seen.began ||= performance.now(); }, true);
    document.addEventListener("emptied", () => { if (window.seen.began) window.seen.isAnew = true; }, true);
    // For the line alone: a busy machine also waits for its decoder, with film in hand.
    const hasMore = ({ buffered, currentTime }) => Array.from({ length: buffered.length }, (_, at) => at).some((at) => buffered.start(at) <= currentTime && buffered.end(at) > currentTime + 1);
    document.addEventListener("waiting", ({ target }) => { if (window.seen.began && !window.seen.isAnew && !target.seeking && !hasMore(target)) window.seen.waits += 1; }, true);
  });
  return { asked: () => [...asked], seen: () => page.evaluate(() => window.seen) };
}

const state = (page) => page.locator("video").evaluate((player) => ({
  at: player.currentTime, speed: player.playbackRate, plays: !player.paused, file: new URL(player.currentSrc).pathname, height: player.videoHeight,
  captions: [...player.textTracks].find(({ mode }) => mode === "showing")?.language ?? "", volume: player.volume,
}));
/** Whether an option of the list names this size. */
const costs = (option, bytes) => Math.abs(Number(option.match(/(\d+)\s+kB/)?.[1]) * 1000 - bytes) < 1000;
const choice = (page) => page.getByRole("combobox", { name: "Beeld en geluid" });


export const stories = {
  "quality: in the tram a phone takes the small picture, and a minute of it plays without standing still": async ({ open }) => {
    const site = await portal(66);
    const tram = await line(site.base);
    try {
      tram.slow(...TRAM);
      const page = await open({ ...PHONE, alsoAllowed: [tram.base] });
      const { asked, seen } = await watched(page);
      const count = await meter(page);
      await page.goto(`${tram.base}/watch/${site.id}`);
      assert.deepEqual(asked(), [], "nothing of the film before somebody plays");
      // Twice as fast is twice as much to fetch in a second: what holds then holds for who listens at ease.
      await page.locator("[data-speed]").selectOption("2");
      const pressed = await page.evaluate(() => performance.now());
      await play(page);
      await page.waitForFunction(() => window.seen.began, null, { timeout: 60_000 });
      const first = ((await seen()).began - pressed) / 1000;
      assert.ok(await page.locator("video").evaluate((player) => player.readyState >= 2 && player.videoHeight === 360), "there is a picture");
      await page.waitForFunction(() => document.querySelector("video").currentTime >= 60, null, { timeout: 70_000 });
      const { waits, isAnew } = await seen();
      assert.deepEqual([waits, isAnew], [0, false], "it never stands still");
      assert.deepEqual(asked(), [site.paths["360p"]]);
      assert.ok(count.bytes <= site.sizes["360p"] * 1.05 && site.sizes["360p"] * 4 < site.sizes.original, JSON.stringify([count, site.sizes]));
      console.log(`        tram: first picture after ${first.toFixed(1)} s, 60 s of film at twice the speed with ${waits} waits, ${count.requests} requests, ${count.bytes} of ${site.sizes["360p"]} bytes (original ${site.sizes.original})`);
    } finally {
      tram.close();
      site.close();
    }
  },

  "quality: where it stands still twice it goes one down, says so, and goes up again by hand alone": async ({ open }) => {
    const site = await portal(40);
    const tram = await line(site.base);
    try {
      tram.slow(...TRAM);
      for (const path of [`/watch/${site.id}`, `/embed/${site.id}`]) {
        const page = await open({ alsoAllowed: [tram.base] });
        const { seen } = await watched(page);
        await page.goto(tram.base + path);
        await play(page);
        const said = page.getByText("Je verbinding is traag, we zijn overgestapt op klein beeld.");
        await said.waitFor({ timeout: 60_000 });
        const { waits } = await seen();
        const before = await state(page);
        assert.equal(waits, 2, "the second time");
        await page.waitForFunction(() => document.querySelector("video").videoHeight === 360 && document.querySelector("video").readyState > 2);
        const after = await state(page);
        assert.equal(after.file, site.paths["360p"]);
        assert.ok(after.at >= before.at && after.at > 0.5 && after.plays, JSON.stringify([before, after]));
        await page.getByRole("button", { name: "Terug naar beter beeld" }).click();
        await page.waitForFunction(() => document.querySelector("video").videoHeight === 720);
        assert.equal(await said.isVisible(), false);
        assert.ok((await state(page)).at >= after.at);
        // Who chose is asked.
        const ask = page.getByRole("button", { name: "Verder met klein beeld" });
        await ask.waitFor({ timeout: 60_000 });
        assert.equal((await state(page)).file, site.paths.original);
        assert.deepEqual(await page.evaluate(() => JSON.parse(localStorage.getItem("terugkijken.choices"))?.quality), undefined, "a slow line is no choice");
        await ask.click();
        await page.waitForFunction(() => document.querySelector("video").videoHeight === 360);
        await page.close();
      }
    } finally {
      tram.close();
      site.close();
    }
  },

  "quality: one chooses among what there is, with what it costs, and all else stays as it was": async ({ open }) => {
    const site = await portal(40);
    try {
      const page = await open({ alsoAllowed: [site.base] });
      await page.goto(`${site.base}/watch/${site.id}`);
      const offered = await choice(page).locator("option").allTextContents();
      assert.equal(offered.length, 3);
      for (const [place, pattern] of [/^Beste beeld · 15 MB$/, /^Klein beeld \(360p\) · [\d,.]+ MB$/, /^Alleen geluid · \d+ kB$/].entries()) assert.match(offered[place].replaceAll("\u00a0", " "), pattern);
      assert.ok(costs(offered[2], site.sizes.opus) && !costs(offered[2], site.sizes.sound), `${offered[2]} of ${JSON.stringify(site.sizes)}`);
      assert.equal((await choice(page).inputValue()), "best");
      await page.getByRole("button", { name: "Ondertiteling" }).click();
      await page.getByRole("combobox", { name: "Taal van de ondertiteling" }).selectOption("1");
      await page.locator("[data-speed]").selectOption("1.5");
      await play(page);
      await reaches(page, 3);
      const before = await state(page);
      assert.equal(before.file, site.paths.original);
      for (const [word, kind, height] of [["360p", "360p", 360], ["sound", "opus", 0], ["best", "original", 720]]) {
        const from = await state(page);
        await choice(page).selectOption(word);
        await page.waitForFunction((path) => document.querySelector("video").currentSrc.includes(path) && document.querySelector("video").readyState > 2, site.paths[kind]);
        const to = await state(page);
        assert.ok(to.at >= from.at - 0.2 && to.at < from.at + 10, JSON.stringify([from, to]));
        assert.deepEqual({ ...to, at: 0 }, { ...before, at: 0, file: site.paths[kind], height });
        await reaches(page, to.at + 1);
        assert.ok(await page.locator("video").evaluate((player) => [...player.textTracks].some(({ activeCues }) => activeCues?.length)), "captions go on");
      }
      // Where it stands still it stays so.
      await page.locator("video").evaluate((player) => { player.pause(); player.currentTime = 20; });
      await choice(page).selectOption("sound");
      await page.waitForFunction(() => document.querySelector("video").readyState > 0 && Math.abs(document.querySelector("video").currentTime - 20) < 0.1);
      assert.equal((await state(page)).plays, false);
      // It is remembered, and nothing else is asked for.
      const { asked } = await watched(page);
      await page.reload();
      assert.equal(await choice(page).inputValue(), "sound");
      await play(page);
      await reaches(page, 1);
      assert.deepEqual(asked(), [site.paths.opus]);
      await page.evaluate(() => localStorage.setItem("terugkijken.choices", JSON.stringify({ quality: "720p" })));
      await page.reload();
      assert.equal(await choice(page).inputValue(), "360p", "not more than was chosen elsewhere");
      // A browser that does not take Opus in MP4 gets the sound in AAC.
      const old = await open({ alsoAllowed: [site.base] });
      await old.addInitScript(() => {
        const { canPlayType } = HTMLMediaElement.prototype;
        HTMLMediaElement.prototype.canPlayType = function (type) { return type.includes("opus") ? "" : canPlayType.call(this, type); };
        localStorage.setItem("terugkijken.choices", JSON.stringify({ quality: "sound" }));
      });
      for (const path of ["/watch/", "/embed/"]) {
        const asked = new Set();
        old.on("request", (request) => { const { pathname } = new URL(request.url()); if (/\.(mp4|m4a)$/.test(pathname)) asked.add(pathname); });
        await old.goto(`${site.base}${path}${site.id}`);
        const left = await old.locator("[data-quality] option").allTextContents();
        assert.equal(left.length, 3);
        assert.ok(costs(left[2], site.sizes.sound), left[2]);
        await play(old);
        await reaches(old, 1);
        assert.deepEqual([...asked], [site.paths.sound]);
        old.removeAllListeners("request");
      }
    } finally {
      site.close();
    }
  },

  "quality: a small screen and who saves data begin small, with and without script, and in a frame": async ({ open }) => {
    const site = await portal(40);
    try {
      const upright = PHONE.viewport;
      const cases = [
        ["/watch/", {}, true, "original"], ["/watch/", { viewport: upright }, true, "360p"], ["/watch/", { viewport: { width: 740, height: 360 } }, true, "360p"],
        ["/watch/", {}, false, "original"], ["/watch/", { viewport: upright }, false, "360p"],
        ["/embed/", { viewport: { width: 560, height: 315 } }, true, "360p"], ["/embed/", {}, false, "original"],
        ["/watch/", { savesData: true }, true, "360p"], ["/embed/", { savesData: true }, true, "360p"],
      ];
      for (const [path, { savesData, ...options }, javaScriptEnabled, kind] of cases) {
        const page = await open({ ...options, javaScriptEnabled, alsoAllowed: [site.base] });
        if (savesData) await page.addInitScript(() => Object.defineProperty(navigator, "connection", { value: { saveData: true } }));
        const { asked } = await watched(page);
        await page.goto(`${site.base}${path}${site.id}`);
        await play(page);
        await (javaScriptEnabled ? reaches(page, 1) : reachesWithoutScript(page, 1));
        assert.deepEqual(asked(), [site.paths[kind]], JSON.stringify([path, savesData, options, javaScriptEnabled]));
        const links = page.locator(".keep a[href*='/media/']");
        const shown = await links.filter({ visible: true }).allTextContents();
        assert.equal(shown.length, !javaScriptEnabled && path === "/watch/" ? 3 : 0);
        if (shown.length) {
          assert.match(shown[2], /^Alleen geluid · /);
          const targets = await links.evaluateAll((all) => all.map((link) => new URL(link.href).pathname));
          assert.deepEqual(targets, [site.paths.original, site.paths["360p"], site.paths.sound]);
        }
        await page.close();
      }
      // Below the player of a phone all buttons there are take two rows, each large enough for a finger.
      for (const lang of ["nl", "en"]) {
        const page = await open({ ...PHONE, alsoAllowed: [site.base] });
        await page.goto(`${site.base}/watch/${site.id}?lang=${lang}`);
        await page.locator("[data-captions]").click();
        await play(page);
        await reaches(page, 1);
        const boxes = await page.evaluate(() => [...document.querySelectorAll("[data-bar] :is(button, select)")].filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().toJSON()));
        assert.ok(boxes.length >= 9, `${boxes.length}`);
        assert.ok(new Set(boxes.map(({ top }) => Math.round(top))).size <= 2, JSON.stringify(boxes));
        for (const { width, height, right } of boxes) assert.ok(width >= 44 && height >= 44 && right <= 360, `${width} × ${height}`);
      }
    } finally {
      site.close();
    }
  },
};

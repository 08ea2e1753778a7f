// What a youth worker does without thinking: press the picture, follow a link to a moment, come back later.

import assert from "node:assert/strict";
import { meter, moment, play, reaches, watch } from "../pages.mjs";
import { recordings } from "../portal.mjs";

/** Bytes of media that a page may fetch before anybody presses play. */
const BEFORE_PLAY = 300_000;

export const stories = {
  "every recording draws pictures, or none, and makes sound": async ({ open, base }) => {
    const page = await open();
    for (const [index, recording] of (await recordings(base)).slice(0, 12).entries()) {
      await page.goto(watch(base, recording));
      await play(page);
      await reaches(page, 0.5);
      await page.waitForFunction(() => document.querySelector("video, audio").webkitAudioDecodedByteCount > 0);
      const { kind, frames } = await page.locator("video, audio").evaluate((player) => ({ kind: player.localName, frames: player.getVideoPlaybackQuality?.().totalVideoFrames ?? 0 }));
      assert.equal(kind, index === 4 ? "audio" : "video", recording.title);
      assert.equal(frames > 2, kind === "video", `${recording.title}: ${frames} frames`);
    }
  },

  "the index of recording 11 stands at its end, and its last minute is reached at once": async ({ open, base }) => {
    const recording = (await recordings(base))[10];
    const detail = await (await fetch(`${base}/api/recordings/${recording.id}`)).json();
    const bytes = Buffer.from(await (await fetch(base + new URL(detail.sources[0].url).pathname)).arrayBuffer());
    assert.ok(bytes.indexOf("moov") > bytes.indexOf("mdat") && bytes.indexOf("mdat") > 0, "the premise");
    const page = await open();
    await page.goto(`${watch(base, recording)}?t=50`);
    await play(page);
    await reaches(page, 50.3);
  },

  "a link to a moment begins there, and a chapter chosen before play wins over it": async ({ open, base }) => {
    const page = await open();
    const recording = (await recordings(base))[3];
    await page.goto(`${watch(base, recording)}?t=30`);
    const { link, seconds } = await moment(page, "chapters", 1);
    assert.ok(seconds > 0 && seconds < 25, "the chapter lies before the moment of the link");
    await page.locator("video").evaluate((player) => { player.muted = true; });
    await link.click();
    await reaches(page, seconds + 0.3);
    assert.ok(await page.locator("video").evaluate((player) => player.currentTime) < seconds + 10);
    await page.reload();
    await play(page);
    await reaches(page, 30.2);
    assert.ok(await page.locator("video").evaluate((player) => player.currentTime) < 40);
  },

  "captions on the picture say what the list beside it says": async ({ open, base }) => {
    const page = await open();
    const recording = (await recordings(base))[1];
    await page.goto(watch(base, recording));
    const { link, seconds } = await moment(page, "transcript", 4);
    const said = (await link.innerText()).replace(/\s+/g, " ");
    await page.locator("video").evaluate((player) => {
      player.muted = true;
      for (const track of player.textTracks) track.mode = track.language === "nl" ? "showing" : "disabled";
    });
    await link.click();
    await reaches(page, seconds);
    const shown = await (await page.waitForFunction(() => {
      const track = [...document.querySelector("video").textTracks].find((one) => one.mode === "showing");
      return track?.activeCues?.length ? [...track.activeCues].map((cue) => cue.text).join(" ") : null;
    })).jsonValue();
    const plain = shown.replace(/<[^>]+>/g, "").replace(/\s+/g, " ");
    assert.ok(said.includes(plain), `on the picture "${plain}", in the list "${said}"`);
  },

  "no page fetches more than 300 kB of any recording before play": async ({ open, base }) => {
    const page = await open();
    const count = await meter(page);
    const all = (await recordings(base)).slice(0, 12);
    for (const [index, { id }] of all.entries()) {
      // The links to a moment and the frames: of sound, of WebM, and of the one with its index at the end.
      const others = [4, 7, 10].includes(index) ? [`/watch/${id}?t=20`, `/embed/${id}`] : [];
      for (const path of [`/watch/${id}`, ...others]) {
        const before = count.bytes;
        await page.goto(base + path, { waitUntil: "networkidle" });
        assert.ok(count.bytes - before <= BEFORE_PLAY, `${path}: ${count.bytes - before} bytes`);
      }
    }
    await play(page);
    await reaches(page, 0.3);
    assert.ok(count.bytes > 0, "the premise: the counter counts");
  },

  "a press on the picture plays": async ({ open, base }) => {
    const recording = (await recordings(base))[3];
    for (const options of [{}, { viewport: { width: 375, height: 740 }, hasTouch: true, isMobile: true }]) {
      for (const path of [`/watch/${recording.id}`, `/embed/${recording.id}`]) {
        const page = await open(options);
        await page.goto(base + path);
        const box = await page.locator("video").boundingBox();
        const [x, y] = [box.x + box.width / 2, box.y + box.height / 2];
        if (options.hasTouch) await page.touchscreen.tap(x, y); else await page.mouse.click(x, y);
        await page.waitForFunction(() => document.querySelector("video").currentTime > 0.3, null, { timeout: 5000 }).catch(() => assert.fail(`${path} stands still after a ${options.hasTouch ? "tap" : "click"} in the middle`));
      }
    }
  },

  "what the home page offers to go on with begins where one stopped": async ({ open, base }) => {
    const recording = (await recordings(base))[2];
    for (const lang of ["nl", "en"]) {
      const page = await open();
      await page.goto(`${base}/?lang=${lang}`);
      const offer = page.getByRole("link", { name: new RegExp(recording.title.slice(0, 10)) });
      const plain = await offer.count();
      await page.goto(`${watch(base, recording)}?lang=${lang}`);
      await play(page);
      await page.locator("video").evaluate((player) => { player.currentTime = 15; });
      await reaches(page, 16);
      await page.goto(`${base}/?lang=${lang}`);
      assert.equal(await offer.count(), plain + 1, "the home page offers it once more than before");
      await offer.first().click();
      await page.waitForURL(/watch/);
      assert.equal(await page.locator("html").getAttribute("lang"), lang);
      const resume = page.getByRole("button", { name: /0:1\d/ });
      if (await resume.isVisible()) await resume.click(); else await play(page);
      await reaches(page, 15);
      assert.ok(await page.locator("video").evaluate((player) => player.currentTime) < 25);
    }
  },

  "who comes back finds a button to go on, and the focus goes with it": async ({ open, base }) => {
    const page = await open();
    const recording = (await recordings(base))[2];
    await page.goto(watch(base, recording));
    await play(page);
    await page.locator("video").evaluate((player) => { player.currentTime = 15; });
    await reaches(page, 16);
    await page.goto(`${base}/series/online-jongerenwerk`);
    await page.goto(watch(base, recording));
    const resume = page.getByRole("button", { name: /Verder op 0:1\d/ });
    await resume.focus();
    await page.keyboard.press("Enter");
    await reaches(page, 15.3);
    assert.equal(await resume.isVisible(), false);
    assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY", "the focus fell off the page");
  },

  "buttons pressed while it loads do not stop it": async ({ open, base }) => {
    const page = await open();
    const recording = (await recordings(base))[3];
    let letThrough = [];
    await page.route("**/media/**", (route) => (letThrough ? letThrough.push(route) : route.continue()));
    await page.goto(watch(base, recording));
    await page.locator("video").evaluate((player) => { player.muted = true; });
    await page.locator("video").focus();
    await page.keyboard.press("Space");
    await page.waitForFunction(() => !document.querySelector("video").paused);
    await page.getByRole("button", { name: /^10 s.* verder/ }).click();
    const held = letThrough;
    letThrough = null;
    for (const route of held) await route.continue().catch(() => { /* the browser has given it up and asks again */ });
    await reaches(page, 10.3).catch(async () => {
      const state = await page.locator("video").evaluate(({ paused, currentTime, readyState }) => ({ paused, currentTime, readyState }));
      assert.fail(`10 s forward while it loads: ${JSON.stringify(state)}`);
    });
  },

  "where nothing can be fetched the page says so and offers the file": async ({ open, base }) => {
    const page = await open({ expectsErrors: true });
    await page.route("**/media/**", (route) => route.abort());
    await page.goto(watch(base, (await recordings(base))[3]));
    const words = page.getByText("Verbinding kwijt");
    assert.equal(await words.count(), 0, "not before there is a reason");
    await page.locator("video").focus();
    await page.keyboard.press("Space");
    await words.first().waitFor();
    assert.ok(await page.getByRole("button", { name: "Nu proberen" }).isVisible());
    assert.ok(await page.getByRole("link", { name: /Download/ }).first().isVisible());
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
    // A list is one stop; within it the arrows lead on.
    const link = page.locator("section:has(#chapters) a").nth(2);
    const seconds = Number(await link.getAttribute("data-at")) / 1000;
    for (let step = 0; step < 40 && !(await page.evaluate(() => document.activeElement.closest("section")?.querySelector("#chapters"))); step += 1) await page.keyboard.press("Tab");
    await page.keyboard.press("Home");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("ArrowDown");
    assert.ok(await link.evaluate((one) => one === document.activeElement));
    await page.keyboard.press("Enter");
    await page.waitForFunction((from) => document.querySelector("video, audio").currentTime >= from, seconds);
  },
};

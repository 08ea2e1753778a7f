// A youth worker watches: every recording really plays, leads to a moment, and shows what is said.

import assert from "node:assert/strict";
import { recordings } from "../portal.mjs";

const time = (page) => page.evaluate(() => document.querySelector("video, audio").currentTime);
const until = (page, condition, argument) => page.waitForFunction(condition, argument, { timeout: 20_000 });

export const stories = {
  "from the home page to moving pictures": async ({ open, base }) => {
    const page = await open();
    await page.goto(base);
    await page.getByRole("link", { name: "Voorbeeldreeks: online jongerenwerk" }).first().click();
    await page.getByRole("link", { name: "De risico's van online werken" }).first().click();
    await page.getByRole("heading", { level: 1, name: "De risico's van online werken" }).waitFor();
    assert.equal(await time(page), 0);
    await page.evaluate(() => document.querySelector("video, audio").play());
    await until(page, () => document.querySelector("video, audio").currentTime > 1.5);
    const frames = await page.evaluate(() => document.querySelector("video, audio").getVideoPlaybackQuality().totalVideoFrames);
    assert.ok(frames > 10, `${frames} frames were drawn`);
  },

  "twelve recordings play and one is to follow": async ({ open, base }) => {
    const page = await open();
    const all = await recordings(base);
    assert.equal(all.length, 13);
    const kinds = new Set();
    for (const recording of all.slice(0, 12)) {
      await page.goto(base + new URL(recording.watch_url).pathname);
      await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; return player.play(); });
      await until(page, () => document.querySelector("video, audio").currentTime > 0.5);
      kinds.add(await page.evaluate(() => document.querySelector("video, audio").currentSrc.split(".").pop().replace(/#.*/, "")));
    }
    assert.deepEqual([...kinds].sort(), ["m4a", "mp4", "webm"]);
    await page.goto(base + new URL(all[12].watch_url).pathname);
    await page.getByText("Opname volgt").first().waitFor();
    assert.equal(await page.locator("video, audio").count(), 0);
  },

  "chapters and lines lead to their moment without loading the page again": async ({ open, base }) => {
    const page = await open();
    const fourth = (await recordings(base))[10];
    await page.goto(base + new URL(fourth.watch_url).pathname);
    await page.evaluate(() => { window.isTheSamePage = true; document.querySelector("video, audio").muted = true; });
    for (const list of ["#chapters", "#transcript"]) {
      const link = page.locator(`section:has(${list}) a[data-at]`).nth(3);
      const seconds = Number(await link.getAttribute("data-at")) / 1000;
      assert.ok(seconds > 5, `${list} has a moment to go to`);
      await link.click();
      await until(page, (from) => { const at = document.querySelector("video, audio").currentTime; return at >= from && at < from + 5; }, seconds);
    }
    assert.ok(await page.evaluate(() => window.isTheSamePage));
    await until(page, () => document.querySelector("section:has(#transcript) [aria-current]"));
  },

  "who writes a message while it plays finds the moment filled in": async ({ open, base }) => {
    const page = await open();
    const film = (await recordings(base))[3];
    const writes = async () => {
      await page.getByRole("link", { name: "Stuur een bericht" }).click();
      const at = page.getByRole("textbox", { name: /Op welk moment/ });
      return [new URL(page.url()).searchParams.get("t"), await at.inputValue()];
    };
    await page.goto(base + new URL(film.watch_url).pathname);
    assert.deepEqual(await writes(), [null, ""], "nothing has been played");
    await page.goto(base + new URL(film.watch_url).pathname);
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; player.currentTime = 31; return player.play(); });
    await until(page, () => document.querySelector("video, audio").currentTime > 31.2);
    const [seconds, at] = await writes();
    assert.ok(seconds >= 31 && seconds < 60, seconds);
    assert.equal(at, `0:${seconds}`);
  },

  "who reports a mistake in the captions while it plays finds the line of that moment, also after finding": async ({ open, base }) => {
    const page = await open();
    const film = (await recordings(base))[3];
    await page.goto(base + new URL(film.watch_url).pathname);
    await page.getByRole("searchbox", { name: "Zoek in deze opname" }).fill("online");
    await page.keyboard.press("Enter");
    await until(page, () => document.querySelector("[data-hit=now]"));
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; player.currentTime = 31; return player.play(); });
    await until(page, () => document.querySelector("video, audio").currentTime > 31.2);
    await page.getByRole("link", { name: "Fout in de ondertiteling? Meld hem" }).click();
    const address = new URL(page.url());
    assert.equal(address.searchParams.get("kind"), "captions");
    assert.ok(Number(address.searchParams.get("t")) >= 31, address.search);
    assert.notEqual(await page.getByRole("textbox", { name: "Zo moet het zijn" }).inputValue(), "");
  },

  "captions are shown in both languages": async ({ open, base }) => {
    const page = await open();
    const first = (await recordings(base))[0];
    await page.goto(base + new URL(first.watch_url).pathname);
    for (const language of ["nl", "en"]) {
      await page.evaluate((wanted) => {
        const player = document.querySelector("video, audio");
        player.muted = true;
        for (const track of player.textTracks) track.mode = track.language === wanted ? "showing" : "disabled";
        player.currentTime = 3;
        return player.play();
      }, language);
      await until(page, (wanted) => [...document.querySelector("video, audio").textTracks].some((track) => track.language === wanted && track.activeCues?.length && track.activeCues[0].text.length > 5), language);
    }
  },

  "nothing of the recording is fetched before play, and no more than 300 kB": async ({ open, base }) => {
    const page = await open();
    let bytes = 0;
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    const media = new Set();
    session.on("Network.requestWillBeSent", (event) => { if (event.request.url.includes("/media/")) media.add(event.requestId); });
    session.on("Network.dataReceived", (event) => { if (media.has(event.requestId)) bytes += event.dataLength; });
    await page.goto(base + new URL((await recordings(base))[10].watch_url).pathname, { waitUntil: "networkidle" });
    assert.ok(bytes <= 300_000, `${bytes} bytes`);
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; return player.play(); });
    await until(page, () => document.querySelector("video, audio").currentTime > 0.3);
    assert.ok(media.size > 0 && bytes > 0, "the counter counts");
  },

  "one goes on where one stopped, and the home page says so": async ({ open, base }) => {
    const page = await open();
    const third = (await recordings(base))[2];
    const watch = base + new URL(third.watch_url).pathname;
    await page.goto(watch);
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; player.currentTime = 31; return player.play(); });
    await until(page, () => document.querySelector("video, audio").currentTime > 32);
    await page.evaluate(() => document.querySelector("video, audio").pause());
    await page.goto(base);
    await page.getByRole("heading", { name: "Verder kijken" }).waitFor();
    await page.getByRole("link", { name: /Wat doe je wel en niet online\?/ }).first().click();
    await page.waitForURL(/t=3\d/);
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; return player.play(); });
    await until(page, () => document.querySelector("video, audio").currentTime > 31);
    await page.goto(watch);
    await page.getByRole("button", { name: /Verder op 0:3\d/ }).click();
    await until(page, () => document.querySelector("video, audio").currentTime > 31);
  },

  "a browser that refuses storage loses nothing else": async ({ open, base }) => {
    const page = await open();
    await page.addInitScript(() => Object.defineProperty(window, "localStorage", { get() { throw new DOMException("no", "SecurityError"); } }));
    await page.goto(base);
    await page.goto(base + new URL((await recordings(base))[2].watch_url).pathname);
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; return player.play(); });
    await until(page, () => document.querySelector("video, audio").currentTime > 0.5);
    await page.evaluate(() => document.querySelector("video, audio").pause());
  },
};

// The frame in somebody else's page, in the sizes that other sites give it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { meter } from "../pages.mjs";
import { recordings } from "../portal.mjs";

/** Widths and heights: what WordPress, newsletters' web versions and narrow columns give a frame. */
const SIZES = [[560, 315], [600, 400], [360, 203], [320, 180], [1280, 720]];

/** A site by another name, which keeps of a frame only what WordPress keeps. */
async function wordpress(frame, [width, height]) {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><html lang="nl"><title>Elders</title><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="${frame}#?secret=abc" width="${width}" height="${height}" title="Opname"></iframe>`);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { address: `http://localhost:${server.address().port}`, close: () => server.close() };
}

/** Opens somebody's page and answers the frame in it, once it has been read. */
async function framed(open, other) {
  const page = await open({ alsoAllowed: [other.address] });
  await page.goto(other.address);
  const frame = page.frames().find((one) => one.url().includes("/embed/"));
  await frame.waitForLoadState("load");
  return { page, frame };
}

export const stories = {
  "in a frame the player is in sight as a whole, without scrolling": async ({ open, base }) => {
    const all = await recordings(base);
    const faults = [];
    for (const [kind, { id }] of [["video", all[3]], ["audio", all[4]], ["planned", all[12]]]) {
      for (const size of SIZES) {
        const page = await open({ viewport: { width: size[0], height: size[1] } });
        await page.goto(`${base}/embed/${id}`);
        const seen = await page.evaluate(() => {
          const box = document.querySelector("video, audio")?.getBoundingClientRect();
          const page = document.scrollingElement;
          const inSight = !box || (box.left >= -1 && box.top >= -1 && box.right <= innerWidth + 1 && box.bottom <= innerHeight + 1 && box.width > 200 && box.height > 30);
          return { down: page.scrollHeight - innerHeight, across: page.scrollWidth - innerWidth, inSight, hasPlayer: Boolean(box), text: document.body.innerText.trim().length };
        });
        assert.equal(seen.hasPlayer, kind !== "planned", "the premise");
        if (seen.down > 0 || seen.across > 0 || !seen.inSight || !seen.text) faults.push(`${kind} in ${size.join(" × ")}: ${JSON.stringify(seen)}`);
      }
    }
    assert.deepEqual(faults, []);
  },

  "sound and pictures play in the frame of another site that takes away all it can": async ({ open, base }) => {
    const all = await recordings(base);
    for (const number of [4, 5, 8]) {
      const other = await wordpress(`${base}/embed/${all[number - 1].id}`, [600, 400]);
      try {
        const { frame } = await framed(open, other);
        const premise = await frame.evaluate(() => { try { return `storage: ${localStorage.length}`; } catch (error) { return `${origin} ${error.name}`; } });
        assert.equal(premise, "null SecurityError", "the premise: no origin, no storage");
        // A press of a key in the player, as a visitor would; nothing of the site around it helps.
        await frame.locator("video, audio").focus();
        await frame.page().keyboard.press("Space");
        await frame.waitForFunction(() => document.querySelector("video, audio").currentTime > 0.5);
        assert.equal(await frame.locator("video, audio").evaluate((player) => player.muted), false);
      } finally {
        other.close();
      }
    }
  },

  "captions can be shown in the frame in each language, and the address can be read": async ({ open, base }) => {
    const { id } = (await recordings(base))[3];
    const other = await wordpress(`${base}/embed/${id}`, [600, 400]);
    try {
      const { frame } = await framed(open, other);
      assert.ok(await frame.getByText(`/watch/${id}`).isVisible(), "the address of the page stands there as text");
      for (const language of ["nl", "en"]) {
        const text = await (await frame.waitForFunction((wanted) => {
          const player = document.querySelector("video");
          for (const track of player.textTracks) track.mode = track.language === wanted ? "showing" : "disabled";
          if (player.paused) { player.muted = true; player.play(); }
          const track = [...player.textTracks].find((one) => one.language === wanted);
          return track.activeCues?.length ? track.activeCues[0].text : null;
        }, language)).jsonValue();
        assert.ok(text.length > 5, `${language}: ${text}`);
      }
    } finally {
      other.close();
    }
  },

  "a page full of frames fetches no recording": async ({ open, base }) => {
    const { id } = (await recordings(base))[3];
    const page = await open();
    const count = await meter(page);
    await page.goto(`${base}/embed/${id}?start=20`, { waitUntil: "networkidle" });
    assert.ok(count.bytes <= 300_000, `${count.bytes} bytes`);
  },
};

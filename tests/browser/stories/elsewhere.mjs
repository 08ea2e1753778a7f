// The player in other people's pages, also where they take away all they can.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { recordings } from "../portal.mjs";

/** A page of somebody else, on another port, with the frame as WordPress leaves it: sandboxed, without an origin. */
async function elsewhere(frame) {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html");
    answer.end(`<!doctype html><title>Elders</title><link rel="icon" href="data:,"><iframe sandbox="allow-scripts" src="${frame}" width="600" height="400" title="Speler"></iframe>`);
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

export const stories = {
  "the embed plays and shows captions in a sandbox without an origin": async ({ open, base }) => {
    const third = (await recordings(base))[2];
    const other = await elsewhere(`${base}/embed/${third.id}#?secret=abc`);
    try {
      const page = await open({ alsoAllowed: [other.address] });
      await page.goto(other.address);
      const frame = page.frames().find((one) => one.url().includes("/embed/"));
      await frame.waitForSelector("video");
      assert.equal(await frame.evaluate(() => origin), "null", "the frame has no origin");
      const text = await frame.evaluate(() => document.body.innerText);
      assert.ok(text.includes(`/watch/${third.id}`), "the address of the page stands there as text, before it plays");
      await frame.evaluate(() => {
        const player = document.querySelector("video, audio");
        player.muted = true;
        player.textTracks[0].mode = "showing";
        player.currentTime = 3;
        return player.play();
      });
      await frame.waitForFunction(() => document.querySelector("video, audio").currentTime > 4);
      await frame.waitForFunction(() => document.querySelector("video, audio").textTracks[0].activeCues?.length > 0);
    } finally {
      other.close();
    }
  },

  "an embed begins where it was told to": async ({ open, base }) => {
    const third = (await recordings(base))[2];
    const page = await open();
    await page.goto(`${base}/embed/${third.id}?start=30`);
    await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; return player.play(); });
    await page.waitForFunction(() => document.querySelector("video, audio").currentTime >= 30);
  },

  "a page of the portal cannot be framed by another site": async ({ open, base }) => {
    const other = await elsewhere(`${base}/`);
    try {
      const page = await open({ alsoAllowed: [other.address, "chrome-error:"], expectsErrors: true });
      const refused = page.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
      await page.goto(other.address);
      await refused;
    } finally {
      other.close();
    }
  },
};

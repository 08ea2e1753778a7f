// Ninety minutes, three gigabytes, and the index at the very end: what a meeting program leaves behind.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { closeSync, ftruncateSync, mkdirSync, openSync, readFileSync, statSync, writeFileSync, writeSync } from "node:fs";
import { join } from "node:path";
import * as portal from "../portal.mjs";

const MINUTES = 90;
const PADDING = 3_000_000_000;

/** Few frames, then a `free` box of three gigabytes (sparse on disk) before the index; chunk offsets stay true. */
function make(media) {
  const series = join(media, "lang");
  mkdirSync(series, { recursive: true });
  writeFileSync(join(series, "series.toml"), 'visibility = "public"\n');
  const small = join(media, ".small.mp4");
  execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", `testsrc2=size=320x180:rate=1:duration=${MINUTES * 60}`, "-f", "lavfi", "-i", `anullsrc=r=16000:cl=mono:d=${MINUTES * 60}`,
    "-c:v", "libx264", "-preset", "ultrafast", "-g", "30", "-pix_fmt", "yuv420p", "-c:a", "aac", "-b:a", "16k", "-shortest", small]);
  const bytes = readFileSync(small);
  const index = bytes.lastIndexOf("moov") - 4;
  assert.ok(index > bytes.indexOf("mdat"), "the index stands at the end");
  const file = openSync(join(series, "01-lang.mp4"), "w");
  writeSync(file, bytes.subarray(0, index));
  const head = Buffer.alloc(16);
  head.writeUInt32BE(1, 0);
  head.write("free", 4);
  head.writeBigUInt64BE(BigInt(PADDING), 8);
  writeSync(file, head);
  ftruncateSync(file, index + PADDING);
  writeSync(file, bytes.subarray(index), 0, bytes.length - index, index + PADDING);
  closeSync(file);
  assert.ok(statSync(join(series, "01-lang.mp4")).size > PADDING);
}

export const stories = {
  "ninety minutes with the index at the end of three gigabytes play and seek": async ({ open }) => {
    const site = await portal.open(make);
    try {
      const page = await open({ alsoAllowed: [site.base] });
      const [recording] = (await portal.json(site.base, "/api/series/lang")).recordings;
      assert.equal(Math.round(recording.duration_ms / 60_000), MINUTES);
      let bytes = 0;
      const session = await page.context().newCDPSession(page);
      await session.send("Network.enable");
      session.on("Network.dataReceived", (event) => { bytes += event.dataLength; });
      await page.goto(site.base + new URL(recording.watch_url).pathname);
      await page.evaluate(() => { const player = document.querySelector("video, audio"); player.muted = true; return player.play(); });
      await page.waitForFunction(() => document.querySelector("video, audio").currentTime > 1);
      await page.evaluate(() => { document.querySelector("video, audio").currentTime = 80 * 60; });
      await page.waitForFunction(() => document.querySelector("video, audio").currentTime > 80 * 60 + 1);
      assert.ok(bytes > 0 && bytes < 100_000_000, `${bytes} bytes for two looks into three gigabytes`);
    } finally {
      site.close();
    }
  },
};

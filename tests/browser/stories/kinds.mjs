// Recordings of every kind that coordinators bring: what a browser plays of a file it also plays on its page.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import * as firefox from "../firefox.mjs";
import * as portal from "../portal.mjs";

const H264 = "-c:v libx264 -preset ultrafast -pix_fmt yuv420p -g 10";
const VP8 = "-c:v libvpx -deadline realtime -cpu-used 8";

/** Files and the options of ffmpeg that make them, each with another picture or pitch. */
const FILES = [
  ["pcm16.mov", `${H264} -c:a pcm_s16le`],
  ["pcm24.mov", `${H264} -c:a pcm_s24le`],
  ["telephone.mov", `${H264} -c:a pcm_mulaw`],
  ["dolby.mp4", `${H264} -c:a ac3`],
  ["dolby-plus.mp4", `${H264} -c:a eac3`],
  ["dolby-matroska.mkv", `${H264} -c:a ac3`],
  ["apple.mov", `${H264} -c:a alac`],
  ["two-sounds.mov", `${H264} -map 0:v -map 1:a -map 1:a -c:a:0 pcm_s16le -c:a:1 aac`],
  ["mp3.wav", "-vn -c:a libmp3lame"],
  ["float.wav", "-vn -c:a pcm_f32le"],
  ["plain.wav", "-vn -c:a pcm_s16le"],
  ["layer-2.mp2", "-vn -c:a mp2"],
  ["mp3-in.mp4", `${H264} -c:a libmp3lame`],
  ["opus-in.mp4", `${H264} -c:a libopus`],
  ["flac-in.mp4", `${H264} -c:a flac -strict -2`],
  ["divx.mp4", "-c:v mpeg4 -c:a aac"],
  ["vp9.mp4", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"],
  ["vp9-matroska.mkv", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"],
  ["vp9-webm.webm", "-c:v libvpx-vp9 -deadline realtime -cpu-used 8 -c:a libopus"],
  ["av1.mp4", "-c:v libsvtav1 -preset 12 -c:a aac"],
  ["av1-matroska.mkv", "-c:v libsvtav1 -preset 12 -c:a libopus"],
  ["hevc.mp4", "-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 -c:a aac"],
  ["ten-bit.mp4", "-c:v libx264 -preset ultrafast -pix_fmt yuv420p10le -c:a aac"],
  ["film.mkv", `${H264} -c:a aac`],
  ["live.webm", `${VP8} -c:a libopus -live 1`],
  ["fragments.mp4", `${H264} -c:a aac -movflags dash+frag_keyframe+empty_moov`],
  ["flash-4.f4v", `${H264} -c:a aac -f mp4`],
  ["book.m4b", "-vn -c:a aac -f ipod"],
  ["voice.weba", "-vn -c:a libopus -f webm"],
  ["voice-matroska.mka", "-vn -c:a libopus -f matroska"],
  ["sound.flac", "-vn -c:a flac"],
  ["sound-aac.aac", "-vn -c:a aac -f adts"],
  ["sound-opus.opus", "-vn -c:a libopus"],
  ["sound-vorbis.ogg", "-vn -c:a libvorbis"],
  ["sound-lossless.oga", "-vn -c:a flac -f ogg"],
  ["sound-mp3.mp3", "-vn -c:a libmp3lame"],
  ["theora.ogv", "-c:v libtheora -c:a libvorbis"],
];

/**
 * Runs in the page: how far a file plays by itself, without a type that says what it is, and its length; 0 when it does not. A film of which
 * only the sound is heard does not play.
 */
const alone = (address, isFilm) => new Promise((resolve) => {
  const player = document.createElement("video");
  player.muted = true;
  const timer = setTimeout(() => resolve([0, 0]), 8000);
  const done = (at) => { clearTimeout(timer); resolve([at, Number.isFinite(player.duration) ? player.duration : 0]); player.removeAttribute("src"); player.load(); };
  player.addEventListener("error", () => done(0));
  player.addEventListener("timeupdate", () => { if (player.currentTime > 0.3) done(isFilm && !player.videoWidth ? 0 : player.currentTime); });
  player.src = address;
  player.play().catch(() => {});
});

/** The text of what runs in the page: `alone` for each of the files, a few at a time, and what the browser says to the type on their pages. */
const EACH = `async (files) => (${async (alone, files) => {
  const told = [];
  for (let at = 0; at < files.length; at += 6) told.push(...await Promise.all(files.slice(at, at + 6).map(({ address, type }) => alone(address, type?.startsWith("video/")))));
  return told.map(([at, seconds], index) => [at, seconds, files[index].type && document.createElement("video").canPlayType(files[index].type)]);
}})(${alone}, files)`;

/** Runs in the page: a second of film as the browser itself records it, as Base64; `null` where it does not make this kind. */
const record = async (type) => {
  if (!MediaRecorder.isTypeSupported(type)) return null;
  const canvas = document.createElement("canvas");
  canvas.width = 320;
  canvas.height = 180;
  const pen = canvas.getContext("2d");
  const drawing = setInterval(() => { pen.fillStyle = `hsl(${performance.now() / 5} 80% 50%)`; pen.fillRect(0, 0, 320, 180); }, 40);
  const recorder = new MediaRecorder(canvas.captureStream(25), { mimeType: type });
  const parts = [];
  recorder.addEventListener("dataavailable", ({ data }) => parts.push(data));
  recorder.start();
  await new Promise((resolve) => { setTimeout(resolve, 1500); });
  await new Promise((resolve) => { recorder.addEventListener("stop", resolve); recorder.stop(); });
  clearInterval(drawing);
  const bytes = new Uint8Array(await new Blob(parts).arrayBuffer());
  return btoa(Array.from(bytes, (byte) => String.fromCharCode(byte)).join(""));
};

function fill(media, recorded) {
  const folder = join(media, "soorten");
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, "series.toml"), 'title = "Soorten"\nvisibility = "public"\n');
  for (const [index, [name, options]] of FILES.entries()) {
    const source = ["-f", "lavfi", "-i", `testsrc=size=320x180:rate=10:duration=2,hue=h=${index * 9}`, "-f", "lavfi", "-i", `sine=frequency=${300 + index * 7}:duration=2`];
    execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-y", ...source, ...options.split(" "), join(folder, name)], { stdio: "ignore" });
  }
  // What "not stated" looks like in the record of a picture.
  const bytes = readFileSync(join(folder, "vp9.mp4"));
  bytes[bytes.indexOf("vpcC") + 9] = 0;
  writeFileSync(join(folder, "level-0.mp4"), bytes);
  for (const [name, text] of recorded) writeFileSync(join(folder, name), Buffer.from(text, "base64"));
}

/** Every file of the portal, with the type on its page. */
async function files(base) {
  const { series: [{ slug }] } = await portal.json(base, "/api/series");
  const { recordings } = await portal.json(base, `/api/series/${slug}`);
  return Promise.all(recordings.map(async ({ id }) => {
    const { title, duration_ms, watch_url, sources: [source] } = await portal.json(base, `/api/recordings/${id}`);
    const path = new URL(watch_url).pathname;
    const page = await (await fetch(base + path)).text();
    const type = page.match(/<source [^>]*type="([^"]*)"/)?.[1].replaceAll("&quot;", '"');
    return { title, ms: duration_ms, path, address: new URL(source.url).pathname, playable: source.playable, type };
  }));
}

/** Holds every file against what a browser does with it by itself. */
async function judge(all, run, knowsLengths) {
  const wrong = [];
  let played = 0;
  const told = await run(all);
  for (const [index, { title, ms, type, playable }] of all.entries()) {
    const [at, seconds, answer] = told[index];
    if (at > 0) played += 1;
    if (at > 0 && !answer) wrong.push(`${title} plays, but not as ${type}`);
    if (at > 0 && !playable && title !== "Ten bit") wrong.push(`${title} plays, and is called unplayable`);
    // Firefox finds out the length of a recording in fragments while it plays.
    if (knowsLengths && at > 0 && seconds > 0 && Math.abs(seconds - ms / 1000) > 0.25) wrong.push(`${title} lasts ${seconds} s, not ${ms} ms`);
  }
  assert.deepEqual(wrong, []);
  return played;
}


export const stories = {
  "whatever a browser plays by itself it plays on its page as well": async ({ open, base, browser }) => {
    const page = await open();
    await page.goto(`${base}/privacy`);
    const recorded = [];
    for (const [name, type] of [["recorder.webm", "video/webm;codecs=vp8"], ["recorder-vp9.webm", "video/webm;codecs=vp9"], ["recorder-mp4.mp4", "video/mp4;codecs=vp9"], ["recorder-avc.mp4", "video/mp4;codecs=avc1.42e01e"]]) {
      const text = await page.evaluate(record, type);
      if (text) recorded.push([name, text]);
    }
    assert.ok(recorded.length >= 2, "this browser records");
    const site = await portal.open((media) => fill(media, recorded));
    const context = await browser.newContext();
    try {
      const wanted = FILES.length + 1 + recorded.length;
      let all = [];
      for (const until = Date.now() + 60_000; Date.now() < until && all.length < wanted;) all = await files(site.base);
      assert.equal(all.length, wanted);
      const visitor = await context.newPage();
      const broken = [];
      visitor.on("pageerror", (error) => broken.push(error.message));
      await visitor.goto(`${site.base}/privacy`);
      const played = await judge(all, (files) => visitor.evaluate(`(${EACH})(${JSON.stringify(files)})`), true);
      assert.ok(played >= 34, `${played} of ${wanted} play`);

      // The numbers jump; while the length is not known they do nothing, and break nothing.
      for (const { path } of all.filter(({ title }) => /^(Live|Recorder|Pcm16|Dolby)$/.test(title))) {
        await visitor.goto(site.base + path);
        await visitor.evaluate(() => { const player = document.querySelector("video"); player.muted = true; return player.play(); });
        await visitor.waitForFunction(() => document.querySelector("video").currentTime > 0.3);
        await visitor.keyboard.press("5");
        await visitor.keyboard.press("0");
      }
      assert.deepEqual(broken, []);
      // And it can be marked as seen, with the length that stands on the page.
      const endless = all.find(({ title }) => title === "Live");
      await visitor.goto(site.base + endless.path);
      await visitor.evaluate(() => { const player = document.querySelector("video"); player.muted = true; player.load(); });
      await visitor.waitForFunction(() => document.querySelector("video").readyState > 0);
      assert.equal(await visitor.evaluate(() => document.querySelector("video").duration), Infinity, "the premise");
      await visitor.locator("[data-mark-seen]").click();
      const [seen] = await visitor.evaluate(() => Object.values(JSON.parse(localStorage.getItem("terugkijken.seen"))));
      assert.ok(seen.done && Math.abs(seen.of - endless.ms / 1000) <= 1, JSON.stringify(seen));

      const other = await firefox.open();
      try {
        await other.go(`${site.base}/privacy`);
        assert.ok((await judge(all, (files) => other.run(EACH, files), false)) >= 15);
      } finally {
        await other.close();
      }
    } finally {
      await context.close();
      site.close();
    }
  },
};

// The program on a copy of the demonstration series, for as long as the stories are told.

import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readdirSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import * as programs from "./programs.mjs";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const PROGRAM = process.env.TERUGKIJKEN_PROGRAM || join(process.env.CARGO_TARGET_DIR || join(ROOT, "target"), "debug", "terugkijken");

/** Seconds within which a portal on a busy machine has started and read its folder. */
const PATIENCE = 60;

/** Where `prepare` left the demonstration series, for the processes that tell the stories. */
const PREPARED = "TERUGKIJKEN_PREPARED";

/**
 * Lets a portal read the demonstration series and draw its pictures, once; every portal without a `fill` begins with a copy of what it
 * leaves behind, instead of drawing the same pictures again.
 */
export async function prepare() {
  const site = await open();
  const pictures = readdirSync(join(site.media, "online-jongerenwerk")).filter((name) => name.endsWith(".jpg")).length;
  const drawn = () => readdirSync(join(site.folder, "data", "posters")).length;
  await until("the pictures are drawn", async () => (await fetch(`${site.base}/healthz`)).ok && drawn() >= 2 * pictures);
  // Those of mails, with the button to play in them, are drawn when they are first asked for.
  const shared = ["series/online-jongerenwerk", ...(await recordings(site.base)).map(({ id }) => id)];
  for (const preview of shared.map((one) => `${site.base}/share/${one}/preview`)) {
    for (const [, src] of (await (await fetch(preview)).text()).matchAll(/<img[^>]* src="([^"]+)"/g)) await (await fetch(src)).arrayBuffer();
  }
  await site.stop();
  process.env[PREPARED] = site.folder;
}

/**
 * Starts a portal on a free port. `fill(media)` puts recordings there; without it the demonstration series is copied. `run` is
 * its command line, beside the running portal and in the same folders; it answers what the program prints. `settings`: more of its
 * environment.
 */
export async function open(fill, settings = {}) {
  const folder = mkdtempSync(join(tmpdir(), "terugkijken-"));
  const media = join(folder, "media");
  if (fill) fill(media);
  else if (process.env[PREPARED]) cpSync(process.env[PREPARED], folder, { recursive: true });
  else cpSync(join(ROOT, "media"), media, { recursive: true });
  // What ffmpeg makes of recordings is told by the stories of it; the others do not wait for it.
  const env = { TERUGKIJKEN_LISTEN: "127.0.0.1:0", TERUGKIJKEN_MEDIA: media, TERUGKIJKEN_DATA: join(folder, "data"), TERUGKIJKEN_FFMPEG: "", ...settings };
  let started;
  const run = (args, input = "") => execFileSync(PROGRAM, args, { cwd: folder, env: { PATH: process.env.PATH, ...env }, input, encoding: "utf8", stdio: ["pipe", "pipe", "pipe"] });
  let death = "";
  let words = "";
  const start = async () => {
    started = programs.start(PROGRAM, [], folder, env);
    started.program.stdout.on("data", (chunk) => { words += chunk; });
    started.program.on("exit", (code, signal) => { death = `the portal ended in the middle (${signal ?? code})`; });
    // Nobody reads its log; an unread pipe that is full would stop it.
    started.program.stderr.resume();
    const [base] = await programs.said(started, "stdout", /http:\/\/127\.0\.0\.1:\d+/, PATIENCE);
    await until(`${base}/readyz answers`, async () => (await fetch(`${base}/readyz`)).ok);
    return base;
  };
  try {
    const base = await start();
    await until("the media folder has been read", () => (fill ? anything(base) : recordings(base).then((all) => all.length === 13)));
    // In good order, with what it made left where it is until this process ends.
    const stop = () => new Promise((stopped) => { started.program.once("exit", stopped); started.program.kill("SIGTERM"); });
    // Again in the same folders, on another port.
    const restart = async () => {
      await stop();
      death = "";
      return start();
    };
    // Where its first account is made, as it says itself while there is none.
    const welcome = async () => {
      await until("the program says where the first account is made", async () => /\/welcome\/\S+/.test(words));
      return words.match(/http\S+\/welcome\/\S+/)[0];
    };
    return { base, folder, media, run, stop, restart, welcome, close: () => started.end(), death: () => death };
  } catch (error) {
    started.end();
    throw error;
  }
}

/** The catalogue as JSON. */
export async function json(base, path) {
  const answer = await fetch(base + path);
  if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
  return answer.json();
}

export async function recordings(base) {
  return (await json(base, "/api/series/online-jongerenwerk")).recordings;
}

async function anything(base) {
  const { series } = await json(base, "/api/series");
  return series.some((one) => one.recordings > 0);
}

/** Asks the portal again until it is so; each question waits for its answer. */
async function until(what, isSo) {
  const deadline = Date.now() + PATIENCE * 1000;
  for (;;) {
    if (await isSo().catch(() => false)) return;
    if (Date.now() > deadline) throw new Error(`not so after ${PATIENCE} s: ${what}`);
  }
}

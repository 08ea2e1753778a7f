// The finished program on a copy of the demonstration series, for as long as the stories are told.

import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..");
const PROGRAM = join(process.env.CARGO_TARGET_DIR || join(ROOT, "target"), "release", "terugkijken");

/** Starts a portal on a free port. `fill(media)` puts recordings there; without it the demonstration series is copied. */
export async function open(fill) {
  const folder = mkdtempSync(join(tmpdir(), "terugkijken-"));
  const media = join(folder, "media");
  if (fill) fill(media); else cpSync(join(ROOT, "media"), media, { recursive: true });
  const program = spawn(PROGRAM, [], { cwd: folder, env: { PATH: process.env.PATH, TERUGKIJKEN_LISTEN: "127.0.0.1:0" } });
  let said = "";
  const base = await new Promise((resolve, reject) => {
    let address = "";
    program.stdout.on("data", (text) => {
      said += text;
      address ||= said.match(/http:\/\/127\.0\.0\.1:\d+/)?.[0] ?? "";
      // The second line counts the recordings: the folder has been read.
      if (address && / series with \d+ recordings/.test(said)) resolve(address);
    });
    program.stderr.on("data", (text) => { said += text; });
    program.on("exit", (code) => reject(new Error(`the program ended with ${code}: ${said}`)));
  });
  const close = () => { program.removeAllListeners("exit"); program.kill("SIGKILL"); rmSync(folder, { recursive: true, force: true }); };
  return { base, close };
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

// Recordings made by the real ffmpeg, kept beside the build: small ones, and large ones for connections that are cut.

import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { dirname, extname, join } from "node:path";
import { fileURLToPath } from "node:url";

const FOLDER = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "target", "tmp", "browser-clips");

/**
 * A recording of that name. Each `seed` gives other bytes; `bytes`: made at least so large, by noise in the picture when it
 * lasts (`seconds`), else by a box behind it that players pass over (`free`, ISO/IEC 14496-12 §8.1.2).
 */
export function clip(name, seed, bytes = 0, seconds = 2) {
  const folder = join(FOLDER, `${seed}-${bytes}-${seconds}`);
  const path = join(folder, name);
  if (existsSync(path)) return path;
  mkdirSync(folder, { recursive: true });
  const making = join(folder, `making${extname(name)}`);
  const rate = seconds > 2 ? ["-b:v", `${Math.round(8 * bytes / seconds)}`, "-g", "20", "-preset", "ultrafast"] : [];
  const picture = seconds > 2 ? `testsrc2=size=640x360:rate=10,noise=alls=${60 + seed}:allf=t` : `testsrc2=size=320x180:rate=10,hue=h=${seed * 31}`;
  const coding = extname(name) === ".webm" ? ["-c:v", "libvpx", "-c:a", "libopus"] : ["-c:v", "libx264", "-pix_fmt", "yuv420p", "-c:a", "aac", "-movflags", "+faststart", ...rate];
  execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", picture, "-f", "lavfi", "-i", `sine=frequency=${300 + seed * 10}`, "-t", String(seconds), ...coding, making]);
  const missing = bytes - statSync(making).size;
  if (missing > 8) {
    const box = Buffer.alloc(missing, seed);
    box.writeUInt32BE(missing, 0);
    box.write("free", 4);
    appendFileSync(making, box);
  }
  renameSync(making, path);
  return path;
}

/** A film of that many seconds, 1280 × 720 and about 3 Mbit/s, whose numbers move in a picture with noise. */
export function film(seconds) {
  const path = join(FOLDER, `film-${seconds}.mp4`);
  if (existsSync(path)) return path;
  mkdirSync(FOLDER, { recursive: true });
  const making = join(FOLDER, `film-${seconds}-${process.pid}.mp4`);
  const rate = ["-b:v", "2900k", "-minrate", "2900k", "-maxrate", "2900k", "-bufsize", "2900k", "-x264-params", "nal-hrd=cbr"];
  execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25,noise=alls=24:allf=t", "-f", "lavfi", "-i", "sine=frequency=440", "-t", String(seconds),
    "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-g", "50", ...rate, "-c:a", "aac", "-b:a", "96k", "-movflags", "+faststart", making]);
  renameSync(making, path);
  return path;
}

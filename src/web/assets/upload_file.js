// What a file on its way is known by: all that is said of it before its first byte, with its purpose and a hash of some of its bytes. Only
// what was begun with the same is gone on with. A browser has no hash of its own on plain HTTP (crypto.subtle), and this one has nobody to
// keep out: it tells files apart that have one name, one size and one time.
import { base64, form } from "./upload_ask.js";

/** Places of the file that are looked at, from its beginning to its end, and the bytes of each: 100 GB are known as soon as 1 MB. */
const SAMPLES = 16;
const SAMPLE = 64 * 1024;

/** Throws when the file cannot be read any more: it was moved, or changed since it was chosen. */
export async function fingerprint(file) {
  const step = Math.max(file.size - SAMPLE, 0) / (SAMPLES - 1);
  let [first, second] = [0x811c9dc5, 0];
  for (let sample = 0; sample < SAMPLES; sample += 1) {
    const from = Math.floor(sample * step);
    for (const byte of new Uint8Array(await file.slice(from, from + SAMPLE).arrayBuffer())) {
      // FNV-1a, and a polynomial.
      first = Math.imul(first ^ byte, 0x01000193);
      second = (Math.imul(second, 31) + byte) | 0;
    }
  }
  return [first, second].map((half) => (half >>> 0).toString(16).padStart(8, "0")).join("");
}

/** `Upload-Metadata` of the file: the row of an upload that was begun with the same has the same. */
export function metadata(file, print, series) {
  const said = { filename: file.name, lastmodified: String(file.lastModified || 0), fingerprint: print };
  if (form.dataset.replaces) said.replaces = form.dataset.replaces;
  else if (series) said.series = series;
  return Object.entries(said).map(([name, value]) => `${name} ${base64(value)}`).join(",");
}

// What this browser remembers of how far one is in each recording, for remember.js, which writes it, and resume.js, which shows it.
import { load, save, wipe } from "./storage.js";

const NAME = "seen";
const MOST = 200; // recordings remembered

const isSound = ([id, one]) => /^[0-9a-hjkmnp-tv-z]{10}$/.test(id) && one && one.at >= 0 && one.of > 0 && typeof one.title === "string";

/** What is remembered: how far one is in each recording, by its id. */
export function read() {
  return Object.fromEntries(Object.entries(load(NAME)).filter(isSound));
}

/** Remembers the newest of these. Answers whether they are kept. */
export function write(seen) {
  const newest = Object.entries(seen).sort((a, b) => b[1].when - a[1].when).slice(0, MOST);
  return save(NAME, Object.fromEntries(newest));
}

/** Forgets all of it, and how somebody likes to watch. */
export const forget = () => [NAME, "choices"].forEach(wipe);

/**
 * The length of a recording in seconds, 0 where nobody knows it. What a browser recorded does not state it: its player says that it is
 * endless until all has been played, and what stands on the page (`said`) counts.
 */
export const length = ({ duration }, said) => (Number.isFinite(duration) && duration) || Number(said) || 0;

/** A moment as a player shows it: `0:12`, `12:40`, `1:02:40`. */
export function clock(seconds) {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return hours
    ? `${hours}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
    : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

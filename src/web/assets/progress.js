// What this browser remembers of how far one is in each recording, for player.js, which writes it, and resume.js, which shows it.
// Storage may be forbidden (a sandbox, a private window): then nothing is remembered.
const KEY = "terugkijken.seen";

/** What is remembered: how far one is in each recording, by its id. */
export function read() {
  try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
}

export function write(seen) {
  try { localStorage.setItem(KEY, JSON.stringify(seen)); } catch { /* Then nothing is remembered. */ }
}

/** A moment as a player shows it: `0:12`, `12:40`, `1:02:40`. */
export function clock(seconds) {
  const two = (n) => String(Math.floor(n)).padStart(2, "0");
  const hours = Math.floor(seconds / 3600);
  return hours
    ? `${hours}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
    : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
}

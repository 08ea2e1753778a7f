// What this browser remembers of how far one is in each recording, for player.js, which writes it, and resume.js, which shows it.
// Storage may be forbidden (a sandbox, a private window): then nothing is remembered.
(() => {
  "use strict";
  const KEY = "terugkijken.seen";
  window.progress = {
    read() {
      try { return JSON.parse(localStorage.getItem(KEY)) || {}; } catch { return {}; }
    },
    write(seen) {
      try { localStorage.setItem(KEY, JSON.stringify(seen)); } catch { /* Then nothing is remembered. */ }
    },
    /** A moment as a player shows it: `0:12`, `12:40`, `1:02:40`. */
    clock(seconds) {
      const two = (n) => String(Math.floor(n)).padStart(2, "0");
      const hours = Math.floor(seconds / 3600);
      return hours
        ? `${hours}:${two((seconds / 60) % 60)}:${two(seconds % 60)}`
        : `${Math.floor(seconds / 60)}:${two(seconds % 60)}`;
    },
  };
})();

// A slow line: one on which playing stands still although bytes come. One that is lost is another matter (reconnect.js), and so is the
// wait after a jump.

/** Seconds of the film in which a line that was slow once has proved that it is fast enough. */
const PROOF_S = 300;

/** Calls `act` where playing stands still twice. `isLost`: whether the line is known to be lost. */
export function slow(media, isLost, act) {
  // Whether it plays since it was loaded or has jumped, and whether it stands still since.
  let [flows, stands, count, last] = [false, false, 0, 0];
  const counted = () => {
    stands = false;
    if (isLost()) return;
    if (media.currentTime - last > PROOF_S) count = 0;
    last = media.currentTime;
    count += 1;
    if (count < 2) return;
    count = 0;
    act();
  };
  for (const name of ["emptied", "seeking", "pause", "error"]) media.addEventListener(name, () => { flows = stands = false; });
  // What is loaded anew, after a loss or by hand, begins with a clean slate.
  media.addEventListener("emptied", () => { count = 0; });
  media.addEventListener("waiting", () => {
    if (!flows || media.paused || media.seeking) return;
    [flows, stands] = [false, true];
  });
  media.addEventListener("progress", () => { if (stands) counted(); });
  media.addEventListener("playing", () => {
    if (stands) counted();
    flows = !media.seeking;
  });
}

// A line between a browser and a portal, as in the tram.

import net from "node:net";

const until = (moment) => new Promise((go) => setTimeout(go, Math.max(0, moment - performance.now())));

/** Bytes that a server sends before it has heard that the first of them arrived (RFC 6928 §2, with segments of 1,460). */
const FIRST_WINDOW = 14_600;

/**
 * A line to the portal that gives so many bytes of films and no more, can be slow, can be cut, and can be mended. `slow`: bits a second for
 * all connections together, and the milliseconds of a round trip, of which opening a connection takes one. `roundTrips`: what comes within so
 * many of them and no more, each opening, each answer and each further window of one (RFC 5681 §3.1) being one, counted without a clock.
 */
export async function line(base) {
  let { hostname, port } = new URL(base);
  const ends = new Set();
  let [isCut, most] = [false, Infinity];
  let [pace, free] = [null, 0];
  // Round trips in which bytes come at all, and the one of which the latest came.
  let [lastTrip, trip] = [Infinity, 0];
  const server = net.createServer((near) => {
    if (isCut) return near.resetAndDestroy();
    const far = net.connect(Number(port), hostname);
    let [isFilm, isStill, passed] = [false, false, 0];
    for (const [one, other] of [[near, far], [far, near]]) {
      ends.add(one);
      one.on("error", () => other.destroy());
      // One that stands still stays open, whatever the portal does.
      one.on("close", () => { ends.delete(one); if (!isStill || one === near) other.destroy(); });
    }
    const opened = performance.now();
    let [window, given, comesIn] = [FIRST_WINDOW, 0, trip + 1];
    let [up, down] = [Promise.resolve(), Promise.resolve()];
    near.on("data", (bytes) => {
      if (bytes.includes("GET /media/")) isFilm = true;
      [given, comesIn] = [0, Math.max(comesIn, trip) + 1];
      if (!pace) return far.write(bytes);
      const there = Math.max(performance.now(), opened + pace.roundTrip) + pace.roundTrip / 2;
      up = up.then(() => until(there)).then(() => far.write(bytes));
    });
    far.on("data", (bytes) => {
      if (pace) {
        free = Math.max(free, performance.now()) + (bytes.length * 8000) / pace.bits;
        const there = free + pace.roundTrip / 2;
        down = down.then(() => until(there)).then(() => near.write(bytes));
        // No more is taken than has left, nor than the browser wants.
        far.pause();
        until(free - 20).then(async () => {
          if (near.writableNeedDrain) await new Promise((drained) => near.once("drain", drained).once("close", drained));
          far.resume();
        });
        return;
      }
      if (lastTrip < Infinity) {
        for (let rest = bytes; rest.length;) {
          if (given === window) [window, given, comesIn] = [window * 2, 0, comesIn + 1];
          if (comesIn > lastTrip) return;
          const part = rest.subarray(0, window - given);
          [rest, given, trip] = [rest.subarray(part.length), given + part.length, Math.max(trip, comesIn)];
          near.write(part);
        }
        return;
      }
      if (isStill) return;
      isStill = isFilm && passed + bytes.length > most;
      near.write(isStill ? bytes.subarray(0, most - passed) : bytes);
      passed += bytes.length;
    });
  });
  await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
  return {
    base: `http://127.0.0.1:${server.address().port}`,
    gives(bytes) { most = bytes; },
    roundTrips(count) { lastTrip = count; },
    slow(bits, roundTrip) { pace = { bits, roundTrip }; },
    leads(to) { ({ hostname, port } = new URL(to)); },
    cut() { isCut = true; for (const end of ends) end.resetAndDestroy?.(); },
    mend() { [isCut, most] = [false, Infinity]; },
    close() { this.cut(); server.close(); },
  };
}

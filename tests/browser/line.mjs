// A line between a browser and a portal, as in the tram.

import net from "node:net";

const until = (moment) => new Promise((go) => setTimeout(go, Math.max(0, moment - performance.now())));

/**
 * A line to the portal that gives so many bytes of films and no more, can be slow, can be cut, and can be mended. `slow`: bits a second for
 * all connections together, and the milliseconds of a round trip, of which opening a connection takes one.
 */
export async function line(base) {
  let { hostname, port } = new URL(base);
  const ends = new Set();
  let [isCut, most] = [false, Infinity];
  let [pace, free] = [null, 0];
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
    let [up, down] = [Promise.resolve(), Promise.resolve()];
    near.on("data", (bytes) => {
      if (bytes.includes("GET /media/")) isFilm = true;
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
    slow(bits, roundTrip) { pace = { bits, roundTrip }; },
    leads(to) { ({ hostname, port } = new URL(to)); },
    cut() { isCut = true; for (const end of ends) end.resetAndDestroy?.(); },
    mend() { [isCut, most] = [false, Infinity]; },
    close() { this.cut(); server.close(); },
  };
}

// A line between a browser and a portal, as in the tram.

import net from "node:net";

/** A line to the portal that gives so many bytes of films and no more, can be cut, and can be mended. */
export async function line(base) {
  let { hostname, port } = new URL(base);
  const ends = new Set();
  let [isCut, most] = [false, Infinity];
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
    near.on("data", (bytes) => {
      if (bytes.includes("GET /media/")) isFilm = true;
      far.write(bytes);
    });
    far.on("data", (bytes) => {
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
    leads(to) { ({ hostname, port } = new URL(to)); },
    cut() { isCut = true; for (const end of ends) end.resetAndDestroy?.(); },
    mend() { [isCut, most] = [false, Infinity]; },
    close() { this.cut(); server.close(); },
  };
}

// A line that drops while one watches, as in the tram: the player waits for it and goes on, and blames no file for it.

import assert from "node:assert/strict";
import { line } from "../line.mjs";
import { play, reaches, watch } from "../pages.mjs";
import { open as openPortal, recordings } from "../portal.mjs";

const lost = (page) => page.getByText("Verbinding kwijt, we proberen het opnieuw.");
const refused = (page) => page.getByText(/speelt .*niet af/).filter({ visible: true });
const time = (page) => page.locator("video").evaluate((player) => player.currentTime);

export const stories = {
  "a line that drops in the middle is tried again, and the film goes on where it was": async ({ open, base }) => {
    const tram = await line(base);
    try {
      for (const how of ["by hand", "when the browser says that there is a line again"]) {
        tram.mend();
        tram.gives(250_000);
        const page = await open({ expectsErrors: true, alsoAllowed: [tram.base] });
        await page.goto(watch(tram.base, (await recordings(base))[3]));
        await page.locator("[data-speed]").selectOption("2");
        await play(page);
        await reaches(page, 2);
        tram.cut();
        await lost(page).waitFor({ timeout: 90_000 });
        assert.equal(await refused(page).count(), 0, "no file is to blame");
        assert.ok(await page.locator("video").isVisible());
        const at = await time(page);
        assert.ok(at >= 2, `${at}`);
        tram.mend();
        if (how === "by hand") await page.getByRole("button", { name: "Nu proberen" }).click();
        else await page.evaluate(() => window.dispatchEvent(new Event("online")));
        await reaches(page, at + 2);
        assert.equal(await lost(page).count(), 0);
        assert.equal(await page.locator("video").evaluate((player) => player.playbackRate), 2);
      }
    } finally {
      tram.close();
    }
  },

  "two minutes without a line are waited for, and the film goes on where it was": async ({ open, base }) => {
    const tram = await line(base);
    try {
      tram.gives(250_000);
      const page = await open({ expectsErrors: true, alsoAllowed: [tram.base] });
      await page.clock.install();
      await page.goto(watch(tram.base, (await recordings(base))[3]));
      await page.locator("[data-speed]").selectOption("2");
      await play(page);
      await reaches(page, 2);
      tram.cut();
      await page.waitForFunction(() => { const player = document.querySelector("video"); return player.error || player.readyState < 3; });
      await page.clock.runFor(15_000);
      await lost(page).waitFor();
      const at = await time(page);
      for (let minute = 0; minute < 2; minute += 1) {
        await page.clock.runFor(60_000);
        assert.ok(await lost(page).isVisible());
        assert.equal(await refused(page).count(), 0);
      }
      tram.mend();
      // The longest pause between two tries.
      const goesOn = page.waitForFunction((at) => document.querySelector("video").currentTime > at + 1, at);
      for (let step = 0; step < 12; step += 1) await page.clock.runFor(10_000);
      await goesOn;
      assert.equal(await lost(page).count(), 0);
    } finally {
      tram.close();
    }
  },

  "a portal that is started anew in the middle is waited for": async ({ open }) => {
    const site = await openPortal();
    const tram = await line(site.base);
    try {
      tram.gives(250_000);
      const page = await open({ expectsErrors: true, alsoAllowed: [tram.base] });
      await page.goto(watch(tram.base, (await recordings(site.base))[3]));
      await page.locator("[data-speed]").selectOption("2");
      await play(page);
      await reaches(page, 2);
      const base = await site.restart();
      await lost(page).waitFor({ timeout: 60_000 });
      const at = await time(page);
      tram.leads(base);
      tram.mend();
      await page.getByRole("button", { name: "Nu proberen" }).click();
      await reaches(page, at + 1);
      assert.equal(await refused(page).count(), 0);
    } finally {
      tram.close();
      site.close();
    }
  },

  "on a slow line a visit asks for little, no script stands in the way, and nothing of the film comes before somebody plays": async ({ open, base }) => {
    const page = await open();
    const session = await page.context().newCDPSession(page);
    await session.send("Network.enable");
    await session.send("Network.emulateNetworkConditions", { offline: false, latency: 300, downloadThroughput: 1_500_000 / 8, uploadThroughput: 750_000 / 8 });
    // What the browser has kept is not asked for again.
    const asked = new Map();
    session.on("Network.requestWillBeSent", ({ requestId, request }) => asked.set(requestId, new URL(request.url).pathname));
    session.on("Network.requestServedFromCache", ({ requestId }) => asked.delete(requestId));
    session.on("Network.responseReceived", ({ requestId, response }) => { if (response.fromDiskCache) asked.delete(requestId); });
    const one = (await recordings(base))[3];
    const counts = [];
    for (const path of ["/", "/series/online-jongerenwerk", `/watch/${one.id}`]) {
      asked.clear();
      await page.goto(base + path, { waitUntil: "load" });
      // A busy browser asks for the pictures in sight a while after the rest.
      await page.waitForFunction(() => [...document.images].every((one) => one.complete || one.getBoundingClientRect().top > innerHeight));
      await page.waitForLoadState("networkidle");
      counts.push([...asked.values()]);
    }
    const [home, series, last] = counts;
    assert.ok(!counts.flat().some((path) => path.startsWith("/media/")), "no film before play");
    // Of twelve pictures the first page fetches all, and the others only what is new.
    assert.ok(home.length <= 18 && series.length <= 2 && last.length <= 4, `a visit asks for ${JSON.stringify(counts)}`);
    // The page, and beside each other what it is drawn with, is what there is to wait for: none of that asks for anything more.
    const sheets = await page.evaluate(() => [...document.querySelectorAll('link[rel="stylesheet"]')].map((link) => link.href));
    for (const sheet of sheets) assert.ok(!(await (await fetch(sheet)).text()).includes("@import"), sheet);
    assert.equal(await page.locator("head script:not([type=module])[src]").count(), 0, "no script stands in the way");
    await play(page);
    await reaches(page, 0.5);
  },

  "in three round trips home, a series and a recording can be read, drawn as they are": async ({ open, base }) => {
    const { watch_url: address } = (await recordings(base))[3];
    for (const path of ["/", "/series/online-jongerenwerk", new URL(address).pathname]) {
      for (const count of [2, 3]) {
        const tram = await line(base);
        try {
          tram.roundTrips(count);
          const page = await open({ expectsErrors: true, alsoAllowed: [tram.base] });
          const sheet = page.waitForRequest(/\/assets\/style\./);
          await page.goto(tram.base + path, { waitUntil: "commit" });
          await sheet;
          const painted = () => performance.getEntriesByName("first-contentful-paint").length > 0;
          if (count === 2) {
            assert.ok(!(await page.evaluate(painted)), `${path}: the premise, a page without its sheet waits`);
          } else {
            await page.waitForFunction(painted);
            assert.ok(await page.locator("h1").isVisible(), path);
            assert.equal(await page.evaluate(() => getComputedStyle(document.body).backgroundColor), "rgb(252, 251, 248)", path);
          }
        } finally {
          tram.close();
        }
      }
    }
  },

  "a line that gives nothing more is noticed although nobody closes it": async ({ open, base }) => {
    const tram = await line(base);
    try {
      tram.gives(250_000);
      const page = await open({ expectsErrors: true, alsoAllowed: [tram.base] });
      await page.goto(watch(tram.base, (await recordings(base))[3]));
      await page.locator("[data-speed]").selectOption("2");
      await play(page);
      await page.waitForFunction(() => { const player = document.querySelector("video"); return player.currentTime > 1 && player.readyState < 3; });
      const at = await time(page);
      tram.mend();
      await page.waitForFunction((at) => document.querySelector("video").currentTime > at + 1, at, { timeout: 60_000 });
    } finally {
      tram.close();
    }
  },

  "a film that is withdrawn while one watches is gone, and one that no browser takes is refused": async ({ open, base }) => {
    const film = (await recordings(base))[3];
    const page = await open({ expectsErrors: true });
    await page.route("**/media/**", (route) => route.fulfill({ status: 410, body: "" }));
    await page.goto(watch(base, film));
    await play(page);
    await page.getByText("Deze opname is hier niet meer.").waitFor();
    assert.equal(await refused(page).count(), 0);
    const frame = await open({ expectsErrors: true, viewport: { width: 560, height: 315 } });
    await frame.route("**/media/**", (route) => route.abort());
    await frame.goto(`${base}/embed/${film.id}`);
    await play(frame);
    const button = frame.getByRole("button", { name: "Nu proberen" });
    await button.waitFor();
    await button.click({ trial: true });
    const other = await open({ expectsErrors: true });
    await other.route("**/media/**", (route) => route.fulfill({ status: 200, contentType: "video/mp4", body: "no film at all ".repeat(1000) }));
    await other.goto(watch(base, film));
    await play(other);
    await refused(other).first().waitFor();
    assert.equal(await lost(other).count(), 0);
  },
};

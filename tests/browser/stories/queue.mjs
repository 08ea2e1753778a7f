// The work that goes on by itself, as one looks on: it moves, it ends, and it can be stopped; also on a phone, and without script.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { violations } from "../axe.mjs";
import { deskStory } from "../pages.mjs";

export const browser = "headless-shell";

/** A film of so many seconds in the media folder: two seconds, again and again. */
function film(media, name, seconds) {
  const short = join(mkdtempSync(join(tmpdir(), "film-")), "kort.mp4");
  const run = (...line) => execFileSync("ffmpeg", ["-v", "error", "-y", "-nostdin", ...line]);
  run("-f", "lavfi", "-i", "testsrc2=size=1280x720:rate=25:duration=2", "-f", "lavfi", "-i", "sine=duration=2", "-c:v", "libx264", "-preset", "ultrafast", "-pix_fmt", "yuv420p", "-c:a", "aac", short);
  const path = join(media, "online-jongerenwerk", name);
  run("-stream_loop", String(seconds / 2 - 1), "-i", short, "-c", "copy", path);
  const earlier = new Date(Date.now() - 3_600_000);
  utimesSync(path, earlier, earlier);
}

/** One series with a short film: the demonstration series has work for half a minute. */
function fill(media) {
  mkdirSync(join(media, "online-jongerenwerk"), { recursive: true });
  writeFileSync(join(media, "online-jongerenwerk", "series.toml"), 'title = "Online jongerenwerk"\nvisibility = "public"\n');
  film(media, "01-kort.mp4", 4);
}

/** The row of what takes longest. */
const row = (page, title) => page.getByRole("listitem").filter({ hasText: title }).filter({ has: page.getByRole("progressbar") });
const far = (bar) => bar.evaluate((one) => one.value);
const moves = async (page, bar) => {
  const before = await far(bar);
  await page.waitForFunction(([one, value]) => !one.isConnected || one.value > value, [await bar.elementHandle(), before], { timeout: 120_000 });
};

const looks = async (page) => {
  const wide = await page.evaluate(() => document.scrollingElement.scrollWidth - innerWidth);
  assert.ok(wide <= 0, `${wide} px too wide`);
  assert.deepEqual(await violations(page), []);
};

const PROCESSING = { TERUGKIJKEN_FFMPEG: "ffmpeg", TERUGKIJKEN_PICTURES: "none" };



export const stories = {
  "queue: it moves while one looks on, its end is said, and what was made stands with the recording": deskStory(async ({ base, media, run, coordinator }) => {
    const page = await coordinator({ bypassCSP: true, viewport: { width: 1280, height: 900 } });
    await page.goto(`${base}/desk/queue`);
    await page.getByText("Deze pagina laat zien hoe het nu staat.").waitFor({ state: "hidden" });
    film(media, "20-een-lange-avond.mp4", 120);
    run(["scan"]);
const bar = row(page, "Een lange avond").getByRole("progressbar");
    // It came by itself: nobody reloaded the page.
    await bar.waitFor({ timeout: 180_000 });
await moves(page, bar);
    await looks(page);
    await page.setViewportSize({ width: 360, height: 740 });
    await looks(page);
    await page.getByRole("status").filter({ hasText: /Klaar: Kleine versie .*Een lange avond/ }).waitFor({ state: "attached", timeout: 180_000 });
await page.goto(`${base}/desk/recordings?q=lange+avond`);
    await page.getByRole("link", { name: "Een lange avond" }).first().click();
    await page.goto(`${page.url().split("?")[0]}/files`);
    await page.getByRole("link", { name: "Klein, voor een zwakke verbinding" }).waitFor();
    await looks(page);
    await page.goto("about:blank");
  }, PROCESSING, fill),

  "queue: what takes too long is stopped and tried again, with a keyboard on a phone and without script": deskStory(async ({ base, media, run, coordinator }) => {
    film(media, "21-een-lang-weekend.mp4", 2400);
    run(["scan"]);
    const page = await coordinator({ viewport: { width: 360, height: 740 } });
    await page.goto(`${base}/desk/queue`);
    // What comes before takes a moment alone.
    const mine = row(page, "Een lang weekend").filter({ hasText: "Kleine versie" });
    await mine.waitFor({ timeout: 180_000 });
    const stop = mine.getByRole("button", { name: /^Stoppen/ });
    await stop.focus();
    await page.keyboard.press("Enter");
    await page.getByText(/Gestopt door .*mira@example.org/).waitFor();
    const plain = await page.context().browser().newContext({ javaScriptEnabled: false, storageState: await page.context().storageState(), locale: "nl-NL" });
    const still = await plain.newPage();
    await still.goto(`${base}/desk/queue`);
    await still.getByRole("link", { name: "Kijk opnieuw" }).waitFor();
    const over = still.getByRole("listitem").filter({ hasText: "Gestopt door" });
    await over.getByRole("button", { name: /^Opnieuw proberen/ }).click();
    await still.getByText("We proberen het opnieuw.").waitFor();
    assert.equal(await over.count(), 0);
    await plain.close();
    // The other page sees it without being asked.
    await row(page, "Een lang weekend").waitFor({ timeout: 180_000 });
    await row(page, "Een lang weekend").getByRole("button", { name: /^Stoppen/ }).click();
    await page.getByText(/Gestopt door .*mira@example.org/).waitFor();
    // Its stream would break off with the portal.
    await page.goto("about:blank");
  }, PROCESSING, fill),
};

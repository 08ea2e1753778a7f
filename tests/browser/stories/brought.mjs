// What coordinators bring goes up at the desk as it is, and plays afterwards: at home, and on the line of a tram.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { line } from "../line.mjs";
import { deskStory, play, press } from "../pages.mjs";
import { json } from "../portal.mjs";

/** Seconds of each film that are watched; before a release a whole minute. */
const WATCHED = process.env.TERUGKIJKEN_PATIENCE ? 60 : 10;
/** The tram: bits a second, and milliseconds of a round trip. */
const TRAM = [1_500_000, 300];
const PHONE = { viewport: { width: 360, height: 740 }, hasTouch: true, isMobile: true };

/** Name, what ffmpeg makes it with, and whether it stands upright. */
const FILMS = [
  ["Risico's in games.mkv", "-c:v libx265 -preset ultrafast -x265-params log-level=none -c:a aac", false],
  ["Groepsapp.avi", "-c:v mpeg4 -q:v 3 -c:a ac3 -ac 6", false],
  ["IMG 0412.mov", "-c:v libx265 -preset ultrafast -x265-params log-level=none -tag:v hvc1 -c:a aac", true],
  ["Vergadering.webm", "-c:v libvpx -deadline realtime -cpu-used 8 -b:v 2M -c:a libopus -live 1", false],
];

/** The films, two seconds again and again, in a folder of their own. */
function films() {
  const folder = mkdtempSync(join(tmpdir(), "brought-"));
  const run = (...words) => execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-y", ...words], { stdio: "ignore" });
  return FILMS.map(([name, options, isUpright]) => {
    const [short, path] = [join(folder, `short${name.slice(name.lastIndexOf("."))}`), join(folder, name)];
    run("-f", "lavfi", "-i", "testsrc2=size=960x540:rate=15:duration=2", "-f", "lavfi", "-i", "sine=duration=2", "-pix_fmt", "yuv420p", ...options.split(" "), short);
    run("-stream_loop", String(WATCHED / 2 + 1), "-i", short, "-map", "0", "-c", "copy", ...(name.endsWith(".webm") ? ["-live", "1"] : []), ...(isUpright ? ["-tag:v", "hvc1", "-metadata:s:v", "rotate=90"] : []), path);
    return path;
  });
}

function fill(media) {
  mkdirSync(join(media, "online-jongerenwerk"), { recursive: true });
  writeFileSync(join(media, "online-jongerenwerk", "series.toml"), 'title = "Online jongerenwerk"\nvisibility = "public"\n');
  execFileSync("ffmpeg", ["-v", "error", "-nostdin", "-f", "lavfi", "-i", "sine=duration=1", join(media, "online-jongerenwerk", "01-kort.mp3")]);
}

/** Watches one in the tram: how long until its first picture, and how often it stands still for want of film. */
async function inTheTram(open, base, id, isUpright) {
  const tram = await line(base);
  try {
    tram.slow(...TRAM);
    const page = await open({ ...PHONE, alsoAllowed: [tram.base] });
    await page.addInitScript(() => {
      window.seen = { waits: 0, began: 0 };
      const hasMore = ({ buffered, currentTime }) => Array.from({ length: buffered.length }, (_, at) => at).some((at) => buffered.start(at) <= currentTime && buffered.end(at) > currentTime + 1);
      document.addEventListener("playing", () => { window.seen.began ||= performance.now(); }, true);
      document.addEventListener("waiting", ({ target }) => { if (window.seen.began && !target.seeking && !hasMore(target)) window.seen.waits += 1; }, true);
    });
    await page.goto(`${tram.base}/watch/${id}`);
    const pressed = await page.evaluate(() => performance.now());
    await play(page);
    await page.waitForFunction((seconds) => document.querySelector("video").currentTime >= seconds, WATCHED, { timeout: 1000 * (60 + WATCHED) });
    const { waits, began, width, height } = await page.evaluate(() => ({ ...window.seen, width: document.querySelector("video").videoWidth, height: document.querySelector("video").videoHeight }));
    assert.equal(waits, 0, "it never stands still");
    assert.equal(height > width, isUpright, `${width} × ${height}`);
    await page.close();
    return (began - pressed) / 1000;
  } finally {
    tram.close();
  }
}

export const stories = {
  "brought: what is uploaded in any form plays afterwards, and one sees how far it is": deskStory(async ({ base, coordinator, arrives }) => {
    // A colleague looks on from the first step to the last.
    const colleague = await coordinator();
    await colleague.goto(`${base}/desk/queue`);
    await colleague.getByText("Deze pagina laat zien hoe het nu staat.").waitFor({ state: "hidden" });
    await colleague.evaluate(() => {
      window.told = { works: new Set(), values: new Set() };
      const look = () => document.querySelectorAll("progress").forEach((bar) => { window.told.works.add(bar.closest("li").innerText); window.told.values.add(bar.value); });
      new MutationObserver(look).observe(document.body, { subtree: true, childList: true, attributes: true, characterData: true });
      look();
    });
    const page = await coordinator();
    await page.goto(`${base}/desk/upload`);
    await page.locator("input[type=file][id=field-file]").setInputFiles(films());
    const ids = [];
    for (const [name] of FILMS) {
      const row = page.locator("[data-uploads] > li").filter({ hasText: name });
      await row.and(page.locator("[data-state=done]")).waitFor({ timeout: 120_000 });
      ids.push(new URL(await row.getByRole("link", { name: /Naar de opname/ }).evaluate((link) => link.href)).pathname.split("/")[3]);
    }
    for (const id of ids) {
      for (const until = Date.now() + 240_000; ; ) {
        const answer = await page.request.get(`${base}/desk/recordings/${id}/files`);
        if ((await answer.text()).includes("Klein, voor een zwakke verbinding")) break;
        assert.ok(Date.now() < until, "it is made");
      }
    }
    const told = await colleague.evaluate(() => ({ works: [...window.told.works].join("\n"), values: window.told.values.size }));
    // Films of seconds are made between two looks; those of a minute are seen one by one.
    const seen = ["Risico's in games", "Groepsapp", "IMG 0412", "Vergadering"].filter((title) => told.works.includes(title)).length;
    assert.ok(WATCHED < 60 ? seen > 0 : seen === FILMS.length && told.values > FILMS.length, JSON.stringify(told));
    await colleague.goto("about:blank");
    for (const id of ids) {
      await page.goto(`${base}/desk/recordings/${id}/visibility`);
      await page.getByRole("radio", { name: /openbaar/i }).check();
      await press(page, "Bewaar wie het mag zien", "Opgeslagen.");
    }
    const firsts = await Promise.all(ids.map((id, index) => inTheTram(arrives, base, id, FILMS[index][2])));
    console.log(`        tram: first picture after ${firsts.map((one) => one.toFixed(1)).join(", ")} s, ${WATCHED} s each with 0 waits`);
    for (const id of ids) {
      const { sources, renditions } = await json(base, `/api/recordings/${id}`);
      assert.ok(sources.length === 1 && renditions.some(({ kind }) => kind === "360p"), JSON.stringify([sources, renditions]));
    }
  }, { TERUGKIJKEN_FFMPEG: "ffmpeg", TERUGKIJKEN_PICTURES: "none", TERUGKIJKEN_NICENESS: "0" }, fill),
};

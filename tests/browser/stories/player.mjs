// What the page adds beside the player: captions, keys, chapters, what one has seen, what comes next, and sentences to pass on.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { violations } from "../axe.mjs";
import { play, reaches, watch } from "../pages.mjs";
import { open as openPortal, recordings } from "../portal.mjs";

const DEMONSTRATION = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..", "media", "online-jongerenwerk");
const PHONE = { viewport: { width: 360, height: 740 } };

const media = (page) => page.locator("video, audio");
const captions = (page) => page.getByRole("button", { name: "Ondertiteling" });
const shown = (page, mode) => media(page).evaluate((player, mode) => [...player.textTracks].filter((track) => track.mode === mode).map((track) => track.language), mode);
const value = (page, name) => media(page).evaluate((player, name) => player[name], name);
const becomes = (page, name, wanted) => page.waitForFunction(([name, wanted]) => document.querySelector("video, audio")[name] === wanted, [name, wanted]);

/** A portal with one public recording, whose files a story puts there. */
async function withOne(fill, tell) {
  const site = await openPortal((folder) => {
    const series = join(folder, "reeks");
    mkdirSync(series, { recursive: true });
    writeFileSync(join(series, "series.toml"), 'title = "Reeks"\nvisibility = "public"\n');
    copyFileSync(join(DEMONSTRATION, "04-de-risicos-van-online-werken.mp4"), join(series, "01-een.mp4"));
    fill(series);
  });
  try {
    const { recordings: [one] } = await (await fetch(`${site.base}/api/series/reeks`)).json();
    await tell(site, `${site.base}/watch/${one.id}`);
  } finally {
    site.close();
  }
}

const stamp = (seconds) => new Date(seconds * 1000).toISOString().slice(11, 23);
const vtt = (lines) => `WEBVTT\n${lines.map((line, place) => `\n${stamp(place * 3)} --> ${stamp(place * 3 + 2.5)}\n${line}\n`).join("")}`;

export const stories = {
  "watching: captions have a button, are on again the next time, in the language that was chosen, and larger": async ({ base, open }) => {
    const page = await open();
    const all = await recordings(base);
    await page.goto(watch(base, all[3]));
    assert.equal(await captions(page).getAttribute("aria-pressed"), "false");
    assert.deepEqual(await shown(page, "showing"), []);
    await captions(page).click();
    assert.deepEqual(await shown(page, "showing"), ["nl"], "the recording's own language first");
    await page.getByRole("combobox", { name: "Taal van de ondertiteling" }).selectOption({ label: "English" });
    await page.getByRole("button", { name: "Grotere letters" }).click();
    await page.goto(watch(base, all[5]));
    await page.waitForFunction(() => document.querySelector("[data-captions]").getAttribute("aria-pressed") === "true");
    assert.deepEqual(await shown(page, "showing"), ["en"]);
    assert.equal(await page.getByRole("button", { name: "Grotere letters" }).getAttribute("aria-pressed"), "true");
    // The browser's own menu is heard too.
    await media(page).evaluate((player) => { for (const track of player.textTracks) track.mode = "disabled"; });
    await page.waitForFunction(() => document.querySelector("[data-captions]").getAttribute("aria-pressed") === "false");
    await page.reload();
    assert.deepEqual(await shown(page, "showing"), [], "off stays off");
    assert.deepEqual(await violations(page), []);
  },

  "watching: what is said in a sound recording stands in large letters below it": async ({ base, open }) => {
    for (const options of [{}, PHONE]) {
      const page = await open(options);
      await page.goto(watch(base, (await recordings(base))[4]));
      await captions(page).click();
      await play(page);
      const said = page.locator("[data-said-now]");
      await page.waitForFunction(() => document.querySelector("[data-said-now]").textContent.length > 10);
      const line = (await said.textContent()).replace(/\s+/g, " ");
      assert.ok((await page.locator(".watch-transcript").textContent()).includes(line), line);
      assert.ok(parseFloat(await said.evaluate((one) => getComputedStyle(one).fontSize)) >= 20);
      assert.equal(await said.getAttribute("lang"), "nl");
      await captions(page).click();
      assert.ok(await said.isHidden());
    }
  },

  "watching: captions of which nobody said the language can be switched on": async ({ open }) => {
    await withOne((series) => writeFileSync(join(series, "01-een.vtt"), vtt(["Hallo allemaal.", "Tot ziens."])), async (site, address) => {
      const page = await open({ alsoAllowed: [site.base] });
      await page.goto(address);
      await captions(page).click();
      await play(page);
      await page.waitForFunction(() => [...document.querySelector("video").textTracks].some((track) => track.mode === "showing" && track.activeCues?.[0]?.text === "Hallo allemaal."));
    });
  },

  "watching: each key does what the list says, not while somebody types, and not when they are switched off": async ({ base, open }) => {
    const page = await open();
    await page.goto(watch(base, (await recordings(base))[3]));
    await media(page).evaluate((player) => { player.muted = true; });
    const press = (key) => page.keyboard.press(key);
    await press("k");
    await reaches(page, 0.3);
    await press("k");
    await becomes(page, "paused", true);
    await press("5");
    await page.waitForFunction(() => { const player = document.querySelector("video"); return Math.abs(player.currentTime - player.duration / 2) < 1; });
    const half = await value(page, "currentTime");
    for (const [key, seconds] of [["j", half - 10], ["l", half], ["ArrowLeft", half - 5], ["ArrowRight", half]]) {
      await press(key);
      await page.waitForFunction((seconds) => Math.abs(document.querySelector("video").currentTime - seconds) < 0.5, seconds);
    }
    await press(">");
    await becomes(page, "playbackRate", 1.25);
    await press("<");
    await becomes(page, "playbackRate", 1);
    await press("m");
    await becomes(page, "muted", false);
    await press("c");
    assert.deepEqual(await shown(page, "showing"), ["nl"]);
    await press(" ");
    await becomes(page, "paused", false);
    await press(" ");
    await becomes(page, "paused", true);
    // What is typed is typed.
    await page.locator("#find").fill("");
    await page.locator("#find").pressSequentially("kjlm5 ");
    assert.equal(await page.locator("#find").inputValue(), "kjlm5 ");
    assert.equal(await value(page, "paused"), true);
    await page.locator("h1").click();
    await press("?");
    const list = page.getByRole("dialog", { name: "Toetsen" });
    assert.ok(await list.isVisible());
    assert.deepEqual(await violations(page), []);
    await list.getByRole("checkbox").uncheck();
    await press("Escape");
    assert.ok(await list.isHidden());
    const at = await value(page, "currentTime");
    for (const key of ["k", "c", "?", "5"]) await press(key);
    assert.equal(await value(page, "paused"), true);
    assert.equal(await value(page, "currentTime"), at);
    assert.deepEqual(await shown(page, "showing"), ["nl"], "as they were");
    assert.ok(await list.isHidden());
    await page.reload();
    await press("k");
    assert.equal(await value(page, "paused"), true, "switched off stays off");
    await page.getByRole("button", { name: "Toetsen" }).click();
    await list.getByRole("checkbox").check();
    await page.keyboard.press("Escape");
    await press("k");
    await becomes(page, "paused", false);
  },

  "watching: speed and volume are as they were the last time, and the lock screen knows what plays": async ({ base, open }) => {
    const page = await open();
    const all = await recordings(base);
    await page.goto(watch(base, all[3]));
    await page.getByRole("combobox", { name: "Snelheid" }).selectOption("1.5");
    await media(page).evaluate((player) => { player.volume = 0.25; });
    await becomes(page, "playbackRate", 1.5);
    await page.goto(watch(base, all[6]));
    await becomes(page, "volume", 0.25);
    assert.equal(await value(page, "playbackRate"), 1.5);
    await play(page);
    await reaches(page, 0.5);
    assert.equal(await value(page, "playbackRate"), 1.5);
    const { title, artist, art } = await page.evaluate(() => {
      const { title, artist, artwork } = navigator.mediaSession.metadata;
      return { title, artist, art: artwork.length };
    });
    assert.ok(title.includes(all[6].title) && artist.includes("Voorbeeldreeks") && art === 1);
  },

  "watching: at the end the next one is offered, can be stopped, and does not play by itself": async ({ base, open }) => {
    const page = await open();
    const all = await recordings(base);
    const end = async () => {
      await page.goto(watch(base, all[3]));
      await media(page).evaluate((player) => { player.muted = true; player.currentTime = 64; return player.play(); });
      await page.getByText("Opent over 10 s", { exact: true }).waitFor();
    };
    await page.clock.install();
    await end();
    await page.clock.runFor(3000);
    await page.getByText("Opent over 7 s", { exact: true }).waitFor();
    await page.getByRole("button", { name: "Niet doorgaan" }).click();
    await page.clock.runFor(20_000);
    assert.ok(page.url().includes(all[3].id));
    assert.ok(await page.locator("[data-next] a").evaluate((link) => link === document.activeElement));
    // Whoever does something else stays.
    await end();
    await page.locator("#find").fill("ris");
    await page.clock.runFor(20_000);
    assert.ok(page.url().includes(all[3].id));
    await end();
    await page.keyboard.press("j");
    await page.locator("[data-next]").waitFor({ state: "hidden" });
    await end();
    await page.clock.runFor(11_000);
    await page.waitForURL(new RegExp(all[4].id));
    assert.equal(await value(page, "paused"), true);
    // The last one that can be watched offers nothing: the one after it is still to come.
    await page.goto(watch(base, all[11]));
    assert.equal(await page.locator("[data-next]").count(), 0);
  },

  "watching: what one was in the middle of, what is seen, and one button that wipes it": async ({ base, open }) => {
    const page = await open();
    const all = await recordings(base);
    for (const place of [2, 5]) {
      await page.goto(watch(base, all[place]));
      await media(page).evaluate((player) => { player.muted = true; player.currentTime = 20; return player.play(); });
      await reaches(page, 21);
      await media(page).evaluate((player) => player.pause());
    }
    await page.goto(watch(base, all[0]));
    const seen = page.getByRole("button", { name: "Gezien", exact: true });
    await page.getByRole("button", { name: "Markeer als gezien" }).click();
    assert.ok(await seen.isVisible());
    // Looking something up again takes nothing back.
    await media(page).evaluate((player) => { player.muted = true; player.currentTime = 12; return player.play(); });
    await reaches(page, 13);
    await media(page).evaluate((player) => player.pause());
    assert.ok(await seen.isVisible());
    await page.goto(base);
    const card = page.locator("[data-keep-watching]");
    assert.match(await card.locator(".title").textContent(), /^6\. /);
    await card.getByText("Alles waar je in bezig was").click();
    assert.match(await card.getByRole("link", { name: /^3\. / }).getAttribute("href"), new RegExp(`${all[2].id}\\?t=2\\d`));
    assert.match(await card.textContent(), /Safari vergeet het na zeven dagen/);
    assert.deepEqual(await violations(page), []);
    await page.goto(`${base}/series/online-jongerenwerk`);
    await page.getByText("1 van 12 gezien").waitFor();
    assert.ok(await page.getByText("Gezien", { exact: true }).first().isVisible());
    assert.equal(await page.getByText(/^Bekeken tot 0:2/).filter({ visible: true }).count(), 2);
    await page.goto(watch(base, all[0]));
    await seen.click();
    await page.goto(`${base}/series/online-jongerenwerk`);
    assert.ok(await page.locator("[data-seen-of]").isHidden());
    await page.goto(base);
    await card.getByRole("button", { name: "Wis alles" }).click();
    await card.getByText("Gewist.").waitFor();
    assert.ok(await card.locator(".latest").isHidden());
    assert.equal(await page.locator("[data-progress]:visible").count(), 0);
    assert.ok(await card.locator("h2").evaluate((heading) => heading === document.activeElement));
    await page.reload();
    assert.ok(await card.isHidden());
    assert.equal(await page.evaluate(() => localStorage.getItem("terugkijken.seen")), null);
  },

  "watching: a link to this moment, and lines to quote with a link that plays just those": async ({ base, open }) => {
    const page = await open({ permissions: ["clipboard-read", "clipboard-write"] });
    const one = (await recordings(base))[3];
    const copied = () => page.evaluate(() => navigator.clipboard.readText());
    await page.goto(`${watch(base, one)}?t=30`);
    await page.getByRole("button", { name: "Kopieer link naar dit moment" }).click();
    await page.getByText("Gekopieerd.").first().waitFor();
    assert.equal(await copied(), `${watch(base, one)}?t=30`);
    await page.getByRole("button", { name: "Citeer" }).click();
    const lines = page.locator(".watch-transcript [data-lines] li");
    await lines.nth(2).click();
    await lines.nth(3).click();
    assert.equal(await page.locator("[data-chosen]").and(page.locator("li")).count(), 2);
    await page.getByText("Regels gekozen: 2.").waitFor();
    assert.equal(await value(page, "paused"), true, "choosing is no jumping");
    await page.getByRole("button", { name: "Kopieer citaat en link" }).click();
    await page.locator(".watch-transcript").getByText("Gekopieerd.").waitFor();
    const [words, source] = (await copied()).split("\n");
    assert.ok(words.startsWith("“Een bericht kan worden doorgestuurd") && words.endsWith("is zo gemaakt.”"), words);
    const link = new URL(source.split(" ").at(-1));
    assert.ok(Number(link.searchParams.get("end")) > Number(link.searchParams.get("t")));
    await page.goto(link.href);
    await play(page);
    await page.waitForFunction((end) => { const player = document.querySelector("video"); return player.paused && player.currentTime >= end - 0.5; }, Number(link.searchParams.get("end")));
  },

  "watching: two hours of what is said are there whole, are one stop of the keyboard, and say who speaks": async ({ open }) => {
    const said = Array.from({ length: 2400 }, (_, place) => (place % 100 ? `Regel ${place} van het gesprek.` : `<v Anna de Vries>Regel ${place} van het gesprek.</v>`));
    await withOne((series) => writeFileSync(join(series, "01-een.nl.vtt"), vtt(said)), async (site, address) => {
      const plain = await open({ javaScriptEnabled: false, alsoAllowed: [site.base] });
      await plain.goto(address);
      assert.equal(await plain.locator(".watch-transcript [data-lines] li").count(), 2400);
      assert.equal(await plain.getByText("Hier staat het begin").count(), 0);
      await plain.getByRole("link", { name: "Sla de tekst over" }).focus();
      assert.ok(await plain.getByRole("link", { name: "Sla de tekst over" }).evaluate((link) => link.getBoundingClientRect().height > 30));

      const page = await open({ alsoAllowed: [site.base] });
      await page.goto(address);
      assert.equal(await page.locator(".watch-transcript [data-lines] a:not([tabindex='-1'])").count(), 1);
      assert.match(await page.locator(".watch-transcript li").first().textContent(), /Anna de Vries: Regel 0/);
      await page.locator(".watch-transcript [data-lines] a").first().focus();
      for (const [key, place] of [["ArrowDown", 1], ["End", 2399], ["ArrowUp", 2398], ["Home", 0], ["PageDown", 10]]) {
        await page.keyboard.press(key);
        assert.match(await page.evaluate(() => document.activeElement.textContent), new RegExp(`Regel ${place} `), key);
      }
      await page.keyboard.press("Tab");
      assert.ok(await page.evaluate(() => !document.activeElement.closest("[data-lines]")), "the next stop is behind the list");
      await page.keyboard.press("Shift+Tab");
      assert.match(await page.evaluate(() => document.activeElement.textContent), /Regel 10 /);
    });
  },

  "watching: a recording that a phone made upright fills the width of a phone": async ({ open }) => {
    const upright = (series) => execFileSync("ffmpeg", ["-v", "error", "-y", "-f", "lavfi", "-i", "testsrc=size=270x480:rate=10:duration=3", "-c:v", "libx264", "-pix_fmt", "yuv420p", join(series, "01-een.mp4")]);
    await withOne(upright, async (site, address) => {
      for (const [options, isWide] of [[PHONE, false], [{}, true]]) {
        const page = await open({ alsoAllowed: [site.base], ...options });
        await page.goto(address);
        const { width, height } = await media(page).boundingBox();
        assert.ok(isWide ? width > height : width === 360 && height > 500, `${width} × ${height}`);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      }
    });
  },

  "watching: chapters are marks under the player, and the one of now stands there in words": async ({ base, open }) => {
    const page = await open();
    await page.goto(watch(base, (await recordings(base))[3]));
    const marks = page.locator("[data-chapter-marks] span");
    assert.ok(await marks.count() >= 4);
    await media(page).evaluate((player) => { player.muted = true; });
    await marks.nth(1).click();
    await page.locator("[data-chapter-now]").getByText(await marks.nth(1).getAttribute("title")).waitFor();
    assert.equal(await page.locator("[data-chapter-marks] [data-now]").count(), 1);
  },

  "watching: beside the player all is clean for everyone, wide and narrow, light and dark": async ({ base, open }) => {
    for (const options of [{}, PHONE, { ...PHONE, colorScheme: "dark" }]) {
      const page = await open(options);
      for (const place of [3, 4]) {
        await page.goto(watch(base, (await recordings(base))[place]));
        await captions(page).click();
        await play(page);
        await reaches(page, 2);
        await media(page).evaluate((player) => player.pause());
        await page.locator("[data-next]").evaluate((offer) => { offer.hidden = false; });
        assert.deepEqual(await violations(page), []);
        assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      }
    }
  },
};

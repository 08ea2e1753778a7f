// A part of a recording and how it ends, where a series is gone on with, and lines that are found or chosen.

import assert from "node:assert/strict";
import { violations } from "../axe.mjs";
import { play, reaches, watch } from "../pages.mjs";
import { recordings } from "../portal.mjs";

const value = (page, name) => page.locator("video, audio").evaluate((player, name) => player[name], name);

/** Watches a recording up to a moment, or says that one has seen it. */
async function watched(page, address, seconds) {
  await page.goto(address);
  if (!seconds) return page.getByRole("button", { name: "Markeer als gezien" }).click();
  await page.locator("video, audio").evaluate((player, seconds) => { player.muted = true; player.currentTime = seconds; return player.play(); }, seconds);
  await reaches(page, seconds + 0.5);
  return page.locator("video, audio").evaluate((player) => player.pause());
}

/** What a screen reader is told of the lines: role, name and state. */
async function spoken(page) {
  const session = await page.context().newCDPSession(page);
  const { nodes } = await session.send("Accessibility.getFullAXTree");
  const state = (node, name) => node.properties?.find((one) => one.name === name)?.value.value;
  const told = nodes.filter((node) => !node.ignored && ["option", "listbox"].includes(node.role?.value) && !node.name?.value.match(/×$|^(Nederlands|English|Snelheid|Taal)/));
  await session.detach();
  return told.map((node) => ({ role: node.role.value, name: node.name.value, selected: state(node, "selected"), many: state(node, "multiselectable") }));
}

export const stories = {
  "parts: where a part ends that is said, with a way on and to the whole, on a page and in a frame": async ({ base, open }) => {
    for (const place of [3, 4]) {
      const { id } = (await recordings(base))[place];
      for (const [path, lang, words, on, whole, to] of [
        [`/watch/${id}?t=2&end=4`, "nl", "Dit fragment eindigt hier.", "Verder kijken", "Bekijk alles", new RegExp(`/watch/${id}\\?lang=nl$`)],
        [`/embed/${id}?start=2&end=4`, "en", "This fragment ends here.", "Watch on", "To the recording", new RegExp(`/watch/${id}\\?lang=en&t=4$`)],
      ]) {
        const page = await open({ viewport: { width: 360, height: path.includes("embed") ? 203 : 740 } });
        await page.goto(`${base}${path}&lang=${lang}`);
        const offer = page.locator("[data-part-ended]");
        assert.ok(await offer.isHidden(), "not before it is so");
        await play(page);
        await page.getByRole("status").filter({ hasText: words }).waitFor();
        assert.ok(Math.abs(await value(page, "currentTime") - 4) < 0.6 && await value(page, "paused"));
        const box = await offer.boundingBox();
        assert.ok(box.x >= 0 && box.x + box.width <= 360 && box.height < 110, JSON.stringify(box));
        assert.match(await offer.getByRole("link", { name: whole }).getAttribute("href"), to);
        // In a frame the title is away while something plays.
        assert.deepEqual((await violations(page)).filter((one) => !path.includes("embed") || !one.startsWith("page-has-heading-one")), []);
        await offer.getByRole("button", { name: on }).click();
        await reaches(page, 5);
        assert.ok(await offer.isHidden());
        assert.notEqual(await page.evaluate(() => document.activeElement.tagName), "BODY", "the focus fell off the page");
        // What plays on to its end says nothing of a part.
        await page.locator("video, audio").evaluate((player) => player.pause());
        assert.ok(await offer.isHidden());
      }
    }
    const plain = await open({ javaScriptEnabled: false, viewport: { width: 640, height: 360 } });
    const { id } = (await recordings(base))[3];
    await plain.goto(`${base}/embed/${id}?start=2&end=4`);
    assert.ok(await plain.getByText("Dit is een fragment: 0:02–0:04.").isVisible(), "without script it is said beforehand");
    assert.ok(await plain.locator("[data-part-ended]").isHidden());
    await plain.goto(`${base}/embed/${id}`);
    assert.equal(await plain.locator(".part, [data-part-ended]").count(), 0);
  },

  "parts: who has seen the first of a series goes on with the next, or where one stopped": async ({ base, open }) => {
    const all = await recordings(base);
    for (const [lang, first, second, third] of [["nl", "Begin bij 1", "Ga verder met 2", /^Ga verder met 3 op 0:2\d$/], ["en", "Start with 1", "Go on with 2", /^Go on with 3 at 0:2\d$/]]) {
      const page = await open();
      const places = [`${base}/?lang=${lang}`, `${base}/series/online-jongerenwerk?lang=${lang}`];
      const offered = async (name, to) => {
        for (const place of places) {
          await page.goto(place);
          assert.match(await page.getByRole("link", { name, exact: true }).getAttribute("href"), to, place);
        }
      };
      await offered(first, new RegExp(`/watch/${all[0].id}\\?lang=${lang}$`));
      await watched(page, watch(base, all[0]));
      await offered(second, new RegExp(`/watch/${all[1].id}\\?lang=${lang}$`));
      await watched(page, watch(base, all[2]), 20);
      await offered(third, new RegExp(`/watch/${all[2].id}\\?lang=${lang}&t=2\\d$`));
      // What comes after the one that was seen last, and is not seen yet.
      await watched(page, watch(base, all[2]));
      await offered(second.replace("2", "4"), new RegExp(all[3].id));
      await watched(page, watch(base, all[1]));
      await offered(second.replace("2", "4"), new RegExp(all[3].id));
      await page.goto(places[0]);
      await page.locator("[data-wipe]").click();
      assert.match(await page.getByRole("link", { name: first, exact: true }).getAttribute("href"), new RegExp(all[0].id));
      const plain = await open({ javaScriptEnabled: false });
      await plain.goto(places[1]);
      assert.ok(await plain.getByRole("link", { name: first, exact: true }).isVisible());
    }
  },

  "parts: a line that is chosen to quote is told as chosen, by keyboard and by mouse": async ({ base, open }) => {
    const page = await open();
    await page.goto(watch(base, (await recordings(base))[3]));
    assert.deepEqual(await spoken(page), [], "links before one chooses");
    await page.getByRole("button", { name: "Citeer" }).click();
    const lines = page.locator(".watch-transcript [data-lines] a");
    await lines.first().focus();
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Space");
    await page.keyboard.press("ArrowDown");
    await page.keyboard.press("Enter");
    const [list, ...options] = await spoken(page);
    assert.equal(list.role, "listbox");
    assert.equal(list.name, "Wat er gezegd wordt");
    assert.equal(list.many, true);
    assert.equal(options.length, await lines.count());
    assert.deepEqual(options.map(({ selected }, place) => (selected ? place : null)).filter((place) => place !== null), [1, 2]);
    assert.match(options[1].name, /Wie ze kent/);
    assert.ok(await value(page, "paused"), "the space bar chooses and does not play");
    assert.deepEqual(await violations(page), []);
    await page.keyboard.press("Escape");
    assert.deepEqual(await spoken(page), []);
    assert.equal(await page.locator(".watch-transcript [aria-selected], .watch-transcript [role=none]").count(), 0);
    assert.deepEqual(await violations(page), []);
  },

  "parts: a mistake is reported of the line that was stepped to": async ({ base, open }) => {
    const page = await open();
    await page.goto(`${watch(base, (await recordings(base))[3])}?find=online`);
    const link = page.locator(".watch-transcript [data-message]");
    const second = async () => Math.floor(Number(await page.locator("[data-hit=now] a").getAttribute("data-at")) / 1000);
    const reported = async () => Number(new URL(await link.getAttribute("href"), base).searchParams.get("t"));
    const first = await second();
    assert.equal(await reported(), first);
    await page.locator("[data-step='1']").click();
    assert.notEqual(await second(), first, "the premise");
    // Before it is pressed: who opens it in another tab presses nothing here.
    assert.equal(await reported(), await second());
    await link.click();
    await page.waitForURL(new RegExp("/message"));
    assert.match(page.url(), /t=\d/);
  },

  "parts: beside the player what is said uses the room that the words below leave": async ({ base, open }) => {
    const [, , , film] = await recordings(base);
    for (const height of [720, 1000]) {
      const page = await open({ viewport: { width: 1280, height } });
      await page.goto(watch(base, film));
      const boxes = () => page.evaluate(() => Object.fromEntries(["player", "words", "transcript", "chapters", "series"].map((name) => [name, document.querySelector(`.watch-${name}`)?.getBoundingClientRect().toJSON()])));
      const { player, words, transcript, chapters } = await boxes();
      assert.equal(transcript.top, player.top);
      assert.ok(transcript.bottom >= player.bottom - 1 && transcript.bottom <= Math.max(player.bottom, height) + 1, `${transcript.bottom} of ${height}`);
      if (height === 1000) assert.ok(transcript.height > player.height + 200, "higher than the player");
      assert.ok(chapters.top - transcript.bottom < 2, "the chapters follow at once");
      assert.ok(words.bottom - chapters.bottom > -2);
      // Without chapters there is the height of a screen.
      await page.evaluate(() => { document.querySelector(".watch-chapters").remove(); document.querySelector(".watch").removeAttribute("data-chapters"); });
      const alone = await boxes();
      assert.ok(alone.transcript.height > alone.player.height + 100 && alone.transcript.height <= height, `${alone.transcript.height}`);
      assert.ok(alone.series.top >= alone.transcript.bottom);
    }
  },
};

// A phone in the hand, upright and sideways: what is seen, what can be read, and what a finger hits.

import assert from "node:assert/strict";
import { play, reaches, watch } from "../pages.mjs";
import { recordings } from "../portal.mjs";

const phone = (width, height) => ({ viewport: { width, height }, hasTouch: true, isMobile: true });

/** The size of the letters of captions on the picture, in pixels: they stand in the browser's own part of the page. */
async function letters(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("DOM.enable");
  await session.send("CSS.enable");
  const { root } = await session.send("DOM.getDocument", { depth: -1, pierce: true });
  const sizes = [];
  const look = async (node) => {
    const attributes = node.attributes ?? [];
    if (attributes.some((one) => one === "-webkit-media-text-track-display" || one === "cue")) {
      const { computedStyle } = await session.send("CSS.getComputedStyleForNode", { nodeId: node.nodeId });
      sizes.push(parseFloat(computedStyle.find(({ name }) => name === "font-size").value));
    }
    for (const child of [...(node.children ?? []), ...(node.shadowRoots ?? [])]) await look(child);
  };
  await look(root);
  await session.detach();
  return Math.max(...sizes);
}

/** Runs in the page: where the buttons below the player stand. */
const buttons = () => [...document.querySelectorAll("[data-bar] :is(button, select)")].filter((one) => one.offsetParent).map((one) => one.getBoundingClientRect().toJSON());

export const stories = {
  "phone: held sideways the whole picture is on the screen, and stays beside what is said": async ({ base, open }) => {
    const film = (await recordings(base))[3];
    for (const [width, height] of [[740, 360], [667, 375], [932, 430]]) {
      for (const javaScriptEnabled of [true, false]) {
        const page = await open({ ...phone(width, height), javaScriptEnabled });
        await page.goto(watch(base, film));
        const seen = async () => {
          const box = await page.locator("video").boundingBox();
          return box.y >= -1 && box.y + box.height <= height + 1 && box.x + box.width <= width && box.height > 120;
        };
        await page.locator("video").scrollIntoViewIfNeeded();
        assert.ok(await seen(), `${width} × ${height}`);
        const line = page.locator(".watch-transcript [data-lines] li").nth(8);
        await line.scrollIntoViewIfNeeded();
        assert.ok(await seen(), "also while the lines scroll");
        const [lineBox, box] = [await line.boundingBox(), await page.locator("video").boundingBox()];
        assert.ok(lineBox.x >= box.x + box.width, "beside each other");
        if (javaScriptEnabled) assert.ok(await page.evaluate(() => document.documentElement.scrollWidth <= innerWidth));
      }
    }
    // Nor is it higher than a low window of a large screen.
    const low = await open({ viewport: { width: 1280, height: 420 } });
    await low.goto(watch(base, film));
    assert.ok((await low.locator("video").boundingBox()).height <= 420);
  },

  "phone: captions can be read as they are, larger when one likes, and on a page elsewhere too": async ({ base, open }) => {
    const film = (await recordings(base))[3];
    const page = await open(phone(360, 740));
    await page.goto(watch(base, film));
    await page.getByRole("button", { name: "Ondertiteling" }).click();
    await play(page);
    await reaches(page, 2.5);
    await page.locator("video").evaluate((player) => player.pause());
    const plain = await letters(page);
    assert.ok(plain >= 14 && plain < 20, `${plain} px`);
    await page.getByRole("button", { name: "Grotere letters" }).click();
    await page.waitForFunction(() => document.querySelector("[data-large]"));
    assert.ok(await letters(page) >= plain + 6);
    const frame = await open(phone(360, 203));
    await frame.goto(`${base}/embed/${film.id}`);
    await frame.locator("video").evaluate((player) => { player.textTracks[0].mode = "showing"; });
    await play(frame);
    await reaches(frame, 2.5);
    assert.ok(await letters(frame) >= 14);
    // On a wide screen they are as the browser makes them: they grow with the picture.
    const wide = await open({ viewport: { width: 1600, height: 1000 } });
    await wide.goto(watch(base, film));
    await wide.getByRole("button", { name: "Ondertiteling" }).click();
    await play(wide);
    await reaches(wide, 2.5);
    assert.ok(await letters(wide) > plain);
  },

  "phone: the buttons below the player take two rows at most, each large enough for a finger": async ({ base, open }) => {
    for (const lang of ["nl", "en"]) {
      for (const place of [3, 4]) {
        const page = await open(phone(360, 740));
        await page.goto(`${watch(base, (await recordings(base))[place])}?lang=${lang}`);
        await page.locator("[data-captions]").click();
        await play(page);
        await reaches(page, 1);
        const boxes = await page.evaluate(buttons);
        assert.ok(boxes.length >= 6, "the premise");
        assert.ok(new Set(boxes.map(({ top }) => Math.round(top))).size <= 2, JSON.stringify(boxes));
        for (const { width, height, right } of boxes) assert.ok(width >= 44 && height >= 44 && right <= 360, `${width} × ${height}`);
      }
    }
  },

  "phone: a tap leaves no mark that is meant for a mouse": async ({ base, open }) => {
    const { id } = (await recordings(base))[3];
    const page = await open(phone(360, 740));
    await page.goto(`${base}/share/${id}`);
    // Both sheets are on this page.
    const left = await page.evaluate(() => {
      const rules = (list, inside) => [...list].flatMap((rule) => {
        const isForMice = inside || rule.media?.mediaText.includes("hover: hover");
        const own = rule.selectorText?.includes(":hover") && !isForMice ? [rule.selectorText] : [];
        return [...own, ...rules(rule.cssRules ?? [], isForMice)];
      });
      const sheets = [...document.styleSheets];
      return { count: sheets.length, left: sheets.flatMap((sheet) => rules(sheet.cssRules, false)) };
    });
    assert.ok(left.count >= 2);
    assert.deepEqual(left.left, []);
    const button = page.getByRole("button", { name: "Laat zien" });
    const look = () => button.evaluate((one) => { const { color, borderColor, textDecorationLine } = getComputedStyle(one); return [color, borderColor, textDecorationLine].join(" "); });
    const before = await look();
    await button.evaluate((one) => one.closest("form").addEventListener("submit", (event) => event.preventDefault()));
    await button.tap();
    assert.equal(await look(), before);
    const mouse = await open();
    await mouse.goto(`${base}/share/${id}`);
    await mouse.getByRole("button", { name: "Laat zien" }).hover();
    assert.notEqual(await mouse.getByRole("button", { name: "Laat zien" }).evaluate((one) => getComputedStyle(one).color), before.split(" rgb")[0], "a mouse is answered");
  },
};

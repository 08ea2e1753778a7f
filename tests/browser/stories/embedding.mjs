// The player as other sites get it: from oEmbed through the filter of WordPress, as copied code, and a whole series of it.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { deskStory } from "../pages.mjs";
import { json, recordings } from "../portal.mjs";

/** What WordPress lets through of a provider that it does not know (wp-includes/embed.php, wp_filter_oembed_result). */
const KEPT = new Set(["src", "width", "height", "frameborder", "marginwidth", "marginheight", "scrolling", "title"]);
const SECRET = "aB3dE5gH7k";

/** The frame that is left: its attributes filtered, locked in a sandbox, with the secret of the conversation behind its address. */
function filtered(html) {
  const [, attributes] = html.match(/^<iframe([^>]*)><\/iframe>$/) ?? [];
  assert.ok(attributes, `only a frame: ${html}`);
  const kept = [...attributes.matchAll(/([a-z]+)="([^"]*)"/g)].filter(([, name]) => KEPT.has(name));
  const list = kept.map(([, name, value]) => `${name}="${name === "src" ? `${value}#?secret=${SECRET}` : value}"`);
  return `<iframe sandbox="allow-scripts" security="restricted" ${list.join(" ")} data-secret="${SECRET}"></iframe>`;
}

/** The site's side of the conversation: a height within bounds, a link only to the site of the frame and when that has the focus. */
const HOST = `addEventListener("message", ({ data, source }) => {
  if (!data?.secret || /[^a-zA-Z0-9]/.test(data.secret)) return;
  const frame = document.querySelector('iframe[data-secret="' + data.secret + '"]');
  if (!frame || source !== frame.contentWindow) return;
  if (data.message === "height") frame.height = Math.min(1000, Math.max(200, parseInt(data.value, 10)));
  if (data.message === "link" && new URL(data.value).host === new URL(frame.src).host && document.activeElement === frame) top.location.href = data.value;
});`;

async function site(body, width = 900) {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end(`<!doctype html><html lang="nl"><meta name="viewport" content="width=device-width"><title>Elders</title><link rel="icon" href="data:,"><script>${HOST}</script><body style="margin:0;max-width:${width}px">${body}`);
  });
  await new Promise((resolve) => server.listen(0, "localhost", resolve));
  return { address: `http://localhost:${server.address().port}`, close: () => server.close() };
}

async function visit(open, other, options) {
  const page = await open({ alsoAllowed: [other.address], ...options });
  await page.goto(other.address);
  // One that is fetched lazily is there a little later than the page.
  const frame = await (await page.locator("iframe").elementHandle()).contentFrame();
  await frame.waitForURL(/\/embed\//);
  await frame.waitForLoadState("load");
  return { page, frame };
}

const oembed = async (base, path) => json(base, `/oembed?url=${encodeURIComponent(base + path)}`);

export const stories = {
  "embedding: what WordPress leaves of it plays, has captions, is as high as it asks, and leads to the page": async ({ open, base }) => {
    const { id, title } = (await recordings(base))[3];
    const page = await open();
    await page.goto(`${base}/watch/${id}`);
    const found = await page.locator('link[type="application/json+oembed"]').getAttribute("href");
    const { html } = await (await fetch(found)).json();
    const other = await site(filtered(html), 500);
    try {
      const { page, frame } = await visit(open, other);
      assert.equal(await frame.evaluate(() => { try { return localStorage.length; } catch (error) { return error.name; } }), "SecurityError", "the premise: no storage");
      // The frame is 640 wide, whatever the column is: its height follows from that.
      await page.waitForFunction(() => document.querySelector("iframe").height === "360");
      await frame.locator("video").focus();
      await page.keyboard.press("Space");
      await frame.waitForFunction(() => document.querySelector("video").currentTime > 0.5);
      const said = await (await frame.waitForFunction(() => {
        const [track] = document.querySelector("video").textTracks;
        track.mode = "showing";
        return track.activeCues?.length ? track.activeCues[0].text : null;
      })).jsonValue();
      assert.ok(said.length > 5);
      await frame.locator("video").evaluate((player) => player.pause());
      await page.reload();
      const again = page.frames().find((one) => one.url().includes("/embed/"));
      await again.locator("video").waitFor();
      assert.match(await again.locator("body").innerText(), new RegExp(`/watch/${id}`), "the address stands there as text");
      await again.getByRole("link", { name: new RegExp(`/watch/${id}`) }).click();
      await page.waitForURL(new RegExp(`/watch/${id}`));
      await page.getByRole("heading", { level: 1, name: title }).waitFor();
    } finally {
      other.close();
    }
  },

  "embedding: in a series one goes on with the next, within the frame of WordPress": async ({ open, base }) => {
    const { html } = await oembed(base, "/series/online-jongerenwerk");
    const other = await site(filtered(html));
    try {
      const { page, frame } = await visit(open, other);
      await page.waitForFunction(() => document.querySelector("iframe").height === "580");
      await frame.getByRole("link", { name: /Visie op online werken/ }).click();
      await frame.waitForURL(/recording=/);
      await frame.getByRole("heading", { name: "Visie op online werken" }).waitFor();
      assert.match(frame.url(), new RegExp(`secret=${SECRET}`), "the conversation goes on");
      await frame.locator("video").focus();
      await page.keyboard.press("Space");
      await frame.waitForFunction(() => document.querySelector("video").currentTime > 0.2);
      assert.equal(await frame.locator("[aria-current]").count(), 1);
    } finally {
      other.close();
    }
  },

  "embedding: a chapter is chosen in the frame, with script and without": async ({ open, base }) => {
    const { id } = (await recordings(base))[2];
    for (const javaScriptEnabled of [true, false]) {
      const other = await site(filtered((await oembed(base, `/watch/${id}`)).html));
      try {
        const { frame } = await visit(open, other, { javaScriptEnabled });
        await frame.locator("summary").click();
        await frame.getByRole("link", { name: /Als je twijfelt/ }).click();
        if (javaScriptEnabled) await frame.waitForFunction(() => document.querySelector("video").currentTime >= 44);
        else {
          await frame.waitForURL(/start=4\d/);
          assert.match(await frame.locator("source").first().getAttribute("src"), /#t=4\d/);
        }
      } finally {
        other.close();
      }
    }
  },

  "embedding: the copied code fits any column and plays there": async ({ open, base }) => {
    const { id } = (await recordings(base))[3];
    const page = await open();
    for (const path of [`/share/${id}`, "/share/series/online-jongerenwerk"]) {
      await page.goto(base + path);
      const code = await page.locator("#share-embed").inputValue();
      for (const width of [320, 700]) {
        const other = await site(code, width);
        try {
          const { page, frame } = await visit(open, other, { viewport: { width, height: 800 } });
          const box = await page.locator("iframe").boundingBox();
          assert.equal(box.width, width);
          if (path.includes(id)) assert.ok(Math.abs(box.height - width * 9 / 16) < 2, `${box.width} x ${box.height}`);
          assert.ok(await page.evaluate(() => document.scrollingElement.scrollWidth <= innerWidth));
          assert.ok(await page.locator("iframe").getAttribute("title"));
          assert.equal(await page.locator("iframe").getAttribute("loading"), "lazy");
          await frame.locator("video").evaluate((player) => { player.muted = true; return player.play(); });
          await frame.waitForFunction(() => document.querySelector("video").currentTime > 0.3);
          assert.equal((await page.context().cookies()).length, 0);
        } finally {
          other.close();
        }
      }
    }
  },

  "embedding: a coordinator names the sites, and only those show the player": deskStory(async ({ base, film, desk, coordinator, arrives }) => {
    const frame = `<iframe src="${base}/embed/${film.id}" width="640" height="360" title="${film.title}"></iframe>`;
    const [listed, another] = [await site(frame), await site(frame)];
    try {
      const page = await coordinator();
      await page.goto(`${desk}/share`);
      await page.getByLabel("De speler mag staan").selectOption("alleen op de websites hieronder");
      await page.getByLabel("Websites", { exact: true }).fill(`${listed.address}\n`);
      await page.locator(".share-sites").getByRole("button", { name: "Opslaan" }).click();
      await page.getByRole("status").filter({ hasText: "Opgeslagen" }).waitFor();
      const { frame: shown } = await visit((options) => arrives({ ...options, alsoAllowed: [base, listed.address] }), listed);
      await shown.locator("video").waitFor();
      const refusing = await arrives({ alsoAllowed: [base, another.address, "chrome-error:"], expectsErrors: true });
      const refused = refusing.waitForEvent("console", (message) => message.text().includes("frame-ancestors"));
      await refusing.goto(another.address);
      await refused;
      // Where one watches nothing changes.
      const visitor = await arrives();
      await visitor.goto(`${base}/watch/${film.id}`);
      await visitor.locator("video").waitFor();
    } finally {
      listed.close();
      another.close();
    }
  }),
};

// Uploads with something in between: what it answers is neither the last word nor shown.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clip } from "../clips.mjs";
import * as nginx from "../nginx.mjs";
import { deskStory, signIn } from "../pages.mjs";

const choose = (page) => page.locator("input[type=file][id=field-file]");
const row = (page, name) => page.locator("[data-uploads] > li").filter({ hasText: name });
const done = (page, name) => row(page, name).and(page.locator("[data-state=done]")).waitFor({ timeout: 90_000 });
const MB = 1024 * 1024;

/** A page for uploads behind nginx with these lines, and the sizes of the pieces that it sends. */
async function behind(lines, { base, arrives }, tell) {
  const proxy = await nginx.start(lines(base));
  try {
    const page = await arrives({ alsoAllowed: [proxy.base, base], signsIn: true, expectsErrors: true });
    await page.goto(`${proxy.base}/sign-in`);
    await signIn(page);
    await page.waitForURL(`${proxy.base}/desk`);
    const sent = [];
    page.on("response", (answer) => {
      const request = answer.request();
      if (request.method() === "PATCH") sent.push({ status: answer.status(), size: Number(request.headers()["content-length"] ?? request.postDataBuffer()?.length ?? 0) });
    });
    await page.goto(`${proxy.base}/desk/upload`);
    await tell(page, sent);
  } finally {
    proxy.end();
  }
}

/** Answers each request of a method in turn with what something in between says. */
async function between(page, method, answers) {
  const left = [...answers];
  await page.route("**/uploads/*", (route) => {
    if (route.request().method() !== method || !left.length) return route.continue();
    const [status, headers = {}] = left.shift();
    return route.fulfill({ status, headers: { "content-type": "text/html", ...headers }, body: "<html><h1>Error of the proxy</h1></html>" });
  });
}

export const stories = {
  "proxies: behind nginx with its own limit of 1 MB the pieces become small enough": deskStory(async (tools) => {
    const file = clip("klein.mp4", 21, 6 * MB);
    await behind(nginx.bare, tools, async (page, sent) => {
      await choose(page).setInputFiles(file);
      await done(page, "klein.mp4");
      assert.ok(sent.some(({ status }) => status === 413), "nginx refused a piece");
      assert.ok(sent.filter(({ status }) => status === 204).length >= 6, JSON.stringify(sent));
    });
    assert.ok(readFileSync(join(tools.media, "inbox", "klein.mp4")).equals(readFileSync(file)), "every byte");
  }),

  "proxies: behind nginx that lets nearly nothing through it is said which setting is too small": deskStory(async (tools) => {
    await behind((base) => `${nginx.bare(base)} client_max_body_size 100k;`, tools, async (page) => {
      await choose(page).setInputFiles(clip("vast.mp4", 22, 3 * MB));
      await row(page, "vast.mp4").getByText("client_max_body_size").waitFor();
      assert.equal(await page.getByText("nginx/").count(), 0, "no page of nginx");
    });
  }),

  "proxies: behind nginx with the lines of the README a file goes in large pieces": deskStory(async (tools) => {
    const file = clip("groot-stuk.mp4", 23, 70_000_000);
    await behind(nginx.readme, tools, async (page, sent) => {
      await choose(page).setInputFiles(file);
      await done(page, "groot-stuk.mp4");
      assert.deepEqual(sent.map(({ status }) => status), [204, 204, 204]);
    });
    assert.ok(readFileSync(join(tools.media, "inbox", "groot-stuk.mp4")).equals(readFileSync(file)), "every byte");
  }),

  "proxies: what something in between answers is tried again, and its page is never shown": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    const seen = [];
    await page.exposeFunction("seen", (text) => seen.push(text));
    for (const [index, [status, headers]] of [[520], [524], [500], [429, { "retry-after": "1" }], [403], [404], [401], [200], [204]].entries()) {
      await page.goto(`${base}/desk/upload`);
      await page.evaluate(() => new MutationObserver(() => window.seen(document.querySelector("main").innerText)).observe(document.querySelector("main"), { subtree: true, childList: true, characterData: true }));
      const name = `tussen-${status}.mp4`;
      await page.unrouteAll({ behavior: "wait" });
      await between(page, "PATCH", [[status, headers]]);
      const file = clip(name, 30 + index);
      await choose(page).setInputFiles(file);
      await done(page, name);
      assert.ok(readFileSync(join(media, "inbox", name)).equals(readFileSync(file)), `${status}: every byte`);
    }
    assert.ok(seen.length && !seen.some((text) => text.includes("Error of the proxy")));
    assert.ok(seen.some((text) => text.includes("antwoord 524")));
  }),

  "proxies: an answer of something in between to other questions is not taken for ours": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    await page.goto(`${base}/desk/upload`);
    await between(page, "GET", [[200], [404], [502]]);
    await between(page, "HEAD", [[200], [404], [410]]);
    let broke = false;
    await page.route("**/uploads/*", (route) => {
      if (route.request().method() !== "PATCH" || broke) return route.fallback();
      broke = true;
      return route.abort("connectionreset");
    });
    let announced = 0;
    page.on("request", (request) => { if (request.method() === "POST" && new URL(request.url()).pathname === "/uploads") announced += 1; });
    const file = clip("vragen.mp4", 40);
    await choose(page).setInputFiles(file);
    await done(page, "vragen.mp4");
    assert.equal(announced, 1, "a 404 of something else does not begin it anew");
    assert.ok(readFileSync(join(media, "inbox", "vragen.mp4")).equals(readFileSync(file)), "every byte");
    // What is said of it while it goes is not lost in silence.
    await page.route("**/desk/uploads/*", (route) => route.fulfill({ status: 502, contentType: "text/html", body: "<h1>Bad gateway</h1>" }));
    await page.route("**/uploads/*", (route) => (route.request().method() === "PATCH" ? route.abort("connectionreset") : route.fallback()));
    await choose(page).setInputFiles(clip("anders.mp4", 42));
    await row(page, "anders.mp4").getByLabel("Titel").fill("Een andere titel");
    await row(page, "anders.mp4").getByLabel("Titel").blur();
    await page.locator("p").filter({ hasText: "is niet opgeslagen" }).waitFor();
  }),
};

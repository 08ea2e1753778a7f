// What the stories ask of pages and players, by addresses, roles and elements: not by classes, which the look may change.

import { NOWHERE } from "./visitor.mjs";
import { recordings } from "./portal.mjs";

export const watch = (base, recording) => base + new URL(recording.watch_url).pathname;

export const withLang = (address, lang) => address + (address.includes("?") ? "&" : "?") + "lang=" + lang;

/** Every kind of page there is: with moving pictures, with sound only, planned; found, not found, not there. */
export async function everyPage(base) {
  const all = await recordings(base);
  const [, , , film, sound] = all;
  return [
    "/", "/series/online-jongerenwerk", "/speakers/trainer-jongerenwerk", "/search", "/search?q=contact", "/search?q=bestaatniet",
    "/privacy", "/accessibility", "/in-the-picture", NOWHERE,
    ...[film, sound, all[12]].flatMap(({ id }) => [`/watch/${id}`, `/embed/${id}`]),
  ];
}

/** Plays without sound, as a page may without a press. Whether it does is for the story to see: a promise may never be kept. */
export const play = (page) => page.locator("video, audio").evaluate((player) => { player.muted = true; player.play().catch(() => {}); });

/** Waits until the player has come this far, in seconds. */
export const reaches = (page, seconds) => page.waitForFunction((far) => document.querySelector("video, audio").currentTime >= far, seconds, { timeout: 15_000 });

/** The same on a page without script, where nothing can wait inside the page. */
export async function reachesWithoutScript(page, seconds) {
  const deadline = Date.now() + 20_000;
  while (await page.locator("video, audio").evaluate((player) => player.currentTime) < seconds) {
    if (Date.now() > deadline) throw new Error(`the player does not reach ${seconds} s`);
  }
}

/** The link to a moment: the nth on the page below the heading with this id, and its seconds. */
export async function moment(page, heading, nth) {
  const link = page.locator(`:is(#${heading}, section:has(#${heading})) a[href*="t="]`).nth(nth);
  const seconds = Number(new URL(await link.getAttribute("href"), page.url()).searchParams.get("t"));
  return { link, seconds };
}

/** Counts the bytes of media that a page fetches. */
export async function meter(page) {
  const session = await page.context().newCDPSession(page);
  await session.send("Network.enable");
  const media = new Set();
  const count = { bytes: 0, requests: 0 };
  session.on("Network.requestWillBeSent", (event) => {
    if (!new URL(event.request.url).pathname.startsWith("/media/")) return;
    media.add(event.requestId);
    count.requests += 1;
  });
  session.on("Network.dataReceived", (event) => { if (media.has(event.requestId)) count.bytes += event.dataLength; });
  return count;
}

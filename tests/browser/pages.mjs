// What the stories ask of pages and players, by addresses, roles and elements: not by classes, which the look may change.

import assert from "node:assert/strict";
import { readdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { NOWHERE } from "./visitor.mjs";
import { open as openPortal, recordings } from "./portal.mjs";

export const watch = (base, recording) => base + new URL(recording.watch_url).pathname;

export const withLang = (address, lang) => address + (address.includes("?") ? "&" : "?") + "lang=" + lang;

/** Every kind of page there is: with moving pictures, with sound only, planned; found, not found, not there. */
export async function everyPage(base) {
  const all = await recordings(base);
  const [, , , film, sound] = all;
  return [
    "/", "/series/online-jongerenwerk", "/speakers/trainer-jongerenwerk", "/search", "/search?q=contact", "/search?q=bestaatniet",
    "/privacy", "/accessibility", "/in-the-picture", "/message", `/message?about=${film.id}&t=12`, `/message?about=${film.id}&kind=captions`, `/message?about=${film.id}&kind=captions&t=12`, "/message/sent", NOWHERE, "/share/series/online-jongerenwerk", `/share/${film.id}`,
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

/** Who works at the desk. */
export const MAIL = "mira@example.org";
export const PASSWORD = "fiets regen lamp boekenkast";

/** A story about the desk changes things, so it has a portal of its own, with Mira in it. */
export const deskStory = (tell, settings = {}, fill = null) => async ({ open }) => {
  const site = await openPortal(fill, settings);
  const pages = [];
  try {
    site.run(["coordinator", "add", MAIL, "--name", "Mira", "--role", "administrator", "--password-stdin"], `${PASSWORD}\n`);
    const arrives = async (options) => {
      const page = await open({ alsoAllowed: [site.base], ...options });
      pages.push(page);
      return page;
    };
    const coordinator = async (options) => {
      const page = await arrives({ signsIn: true, ...options });
      await page.goto(`${site.base}/sign-in`);
      await signIn(page);
      await page.waitForURL(`${site.base}/desk`);
      return page;
    };
    const known = await recordings(site.base);
    const film = known[3] ?? known[0];
    await tell({ ...site, known, film, desk: `${site.base}/desk/recordings/${film.id}`, arrives, coordinator });
  } finally {
    // A page that looks on at the work of the portal would complain of its end.
    await Promise.all(pages.map((page) => page.goto("about:blank").catch(() => {})));
    site.close();
  }
};

export async function signIn(page, password = PASSWORD) {
  await fill(page, { email: MAIL, password });
  await press(page, "Log in");
}

/** A field of a form. */
export const field = (page, name) => page.locator(`#field-${name}`);

export async function fill(page, typed) {
  for (const [name, text] of Object.entries(typed)) {
    const one = field(page, name);
    await (await one.evaluate((it) => it.matches("select")) ? one.selectOption(text) : one.fill(text));
  }
}

export const told = (page, words) => page.getByRole("status").filter({ hasText: words }).waitFor();

/** Presses a button; what that did is told, to a screen reader as well. */
export async function press(page, name, words) {
  await page.getByRole("button", { name, exact: true }).click();
  if (words) await told(page, words);
}

/**
 * Puts on the desk what lies there after a while: something in the trash, a draft, a mailing, a file and captions that are gone, and a
 * series of one's own, whose address is answered.
 */
async function use({ base, known, media, run, coordinator }) {
  const page = await coordinator();
  await page.goto(`${base}/desk/recordings/${known[8].id}`);
  await press(page, "Naar de prullenbak", "prullenbak");
  await page.goto(`${base}/desk/recordings/${known[9].id}/visibility`);
  await page.getByRole("radio", { name: /concept/ }).check();
  await press(page, "Bewaar wie het mag zien", "Opgeslagen.");
  await page.goto(`${base}/desk/series/1/share`);
  await fill(page, { label: "nieuwsbrief maart" });
  await press(page, "Maak links met deze naam", "De links zijn gemaakt.");
  await page.goto(`${base}/desk/series`);
  await fill(page, { title: "Winteravonden" });
  await press(page, "Maak deze reeks", "Opgeslagen.");
  const own = new URL(page.url()).pathname;
  const folder = join(media, "online-jongerenwerk");
  for (const name of readdirSync(folder).filter((one) => /^06.*vtt$|^07.*mp4$/.test(one))) rmSync(join(folder, name));
  run(["scan"]);
  run(["coordinator", "add", "jan@example.org", "--name", "Jan", "--role", "editor"]);
  for (const [about, typed] of [[`?about=${known[3].id}&lang=en`, { kind: "picture", text: "Please cut me out.\nThank you!", at: "0:12", reply_to: "sam@example.org" }], ["", { kind: "question", text: "Wanneer is de volgende?" }]]) {
    const { status } = await fetch(`${base}/message${about}`, { method: "POST", body: new URLSearchParams(typed), redirect: "manual" });
    assert.equal(status, 303);
  }
  return own;
}

/** Every kind of page of the door and of the desk, also as it is when something is wrong: a name, and the way there. */
async function everyDeskPage(tools) {
  const { base, known: [, , , film, sound, , , , , , , , planned], run } = tools;
  const own = await use(tools);
  const [welcome] = run(["coordinator", "add", "noor@example.org", "--name", "Noor", "--role", "editor"]).match(/\/welcome\/\S+/);
  const go = (page, path, lang) => page.goto(base + withLang(path, lang));
  // Past what the browser itself would say about it.
  const send = (form) => form.evaluate((one) => { one.noValidate = true; one.requestSubmit(); });
  const at = (path) => [path, (page, lang) => go(page, path, lang)];
  const after = (path, name, typed, sent, seen) => [`${path}: ${name}`, async (page, lang) => {
    await go(page, path, lang);
    await fill(page, typed);
    await sent(page);
    await page.locator(seen).first().waitFor({ state: "attached" });
    await page.waitForLoadState();
  }];
  const wrong = (path, typed, button) => after(path, "errors", typed, (page) => (button ? page.locator(button).click() : send(page.locator(`form:has(#field-${Object.keys(typed)[0]})`))), "[role=alert]");
  const one = `/desk/recordings/${film.id}`;
  const odd = { name: "leeg.mp4", mimeType: "video/mp4", buffer: Buffer.from("geen document") };
  let stranger = 0;
  return {
    door: [
      at("/message"), at(`/message?about=${film.id}&kind=picture`), at(`/message?about=${film.id}&kind=captions`), at(`/message?about=${film.id}&kind=captions&t=12`), at("/message/sent"), wrong(`/message?about=${film.id}`, { text: "", at: "straks" }),
      at("/sign-in"), at(welcome), wrong(welcome, { password: "kort" }),
      // Each time another, or guessing is slowed down.
      after("/sign-in", "errors", { password: "niet dit" }, async (page) => { await field(page, "email").fill(`wie${stranger += 1}@example.org`); await send(page.locator("form:has(#field-email)")); }, "[role=alert]"),
    ],
    desk: [
      ...["/desk", "/desk/series", "/desk/series/1", "/desk/series/1/about", "/desk/series/1/links", "/desk/recordings", "/desk/recordings?lacks=captions", one, `${one}/visibility`, `${one}/links`, `${one}/files`, `${one}/share`, "/desk/series/1/share", `/desk/recordings/${sound.id}`, `/desk/recordings/${planned.id}`].map(at),
      ...["/desk/trash", "/desk/people", "/desk/account", "/desk/association", "/desk/audit", "/desk/audit?q=bestaatniet", "/desk/messages", "/desk/messages?which=handled", "/desk/problems", "/desk/queue", "/desk/links", "/desk/links/named?name=nieuwsbrief%20maart", "/desk/people/2/hand-on", "/desk/upload", `/desk/upload?replaces=${film.id}`, `/watch/${film.id}`].map(at),
      wrong(one, { title: "", chapters: "zonder tijd", description: "**vet** en [ver](https://example.org)" }, "button[name=preview]"),
      after(`${one}/visibility`, "errors", {}, async (page) => { await page.locator('[name="visibility"][value="withdrawn"]').check(); await field(page, "replaced_by").fill("nergens"); await send(page.locator("form:has(#field-replaced_by)")); }, "[role=alert]"),
      wrong(`${one}/links`, { link_name: "" }),
      wrong(`${one}/share`, { label: "" }),
      after("/desk/series/1/share", "errors of sites", { sites: "geen adres" }, async (page) => { await page.locator("#field-embed").selectOption("listed"); await send(page.locator("form:has(#field-embed)")); }, "[role=alert]"),
      after(`${one}/files`, "errors of a file", {}, async (page) => { await page.locator("#field-handout-file").setInputFiles(odd); await send(page.locator("form:has(#field-handout-file)")); }, "[role=alert]"),
      after("/desk/upload", "no recording", {}, async (page) => {
        const name = `leeg${stranger += 1}.mp4`;
        await page.locator("input[type=file]#field-file").setInputFiles({ ...odd, name });
        await page.locator("[data-uploads] > li", { hasText: name }).waitFor();
      }, "[data-uploads]:not(:has(> li:is([data-state=waiting], [data-state=arriving])))"),
      wrong("/desk/series", { title: "Nog eens", folder: "online-jongerenwerk" }),
      wrong("/desk/series/1/about", { language_other: "??" }),
      wrong("/desk/series/1", { plan_title: "" }),
      after(`${own}/about`, "what removing means", {}, (page) => send(page.locator("form[action*='/remove']")), "[name=sure]"),
      wrong("/desk/series/1/links", { password: "kort" }),
      after("/desk/series/1", "what will change", {}, (page) => send(page.locator("form[action*='/all']").first()), "[name=sure]"),
      wrong("/desk/people", { name: "", email: "geen adres" }),
      wrong("/desk/association", { accent: "rood", footer: "Utrecht" }),
      wrong("/desk/account", { password: PASSWORD, new_password: "kort" }),
      after("/desk/recordings", "what will change", {}, async (page) => { await page.locator("tbody input").first().check(); await send(page.locator("form[action*=bulk]")); }, "[name=sure]"),
      after("/desk/people", "a new link", {}, (page) => send(page.locator("form[action*='/link']").first()), "main input[readonly]"),
      after("/desk/account", "a new feed", { feed_name: "telefoon" }, (page) => send(page.locator("form:has(#field-feed_name)")), "main input[readonly]"),
      after("/desk/account", "a new key", { name: "uploadscript" }, (page) => send(page.locator("form:has(#field-name)")), "main input[readonly]"),
    ],
  };
}

/** Looks at every page of the door and of the desk: `check` answers what is wrong there. */
export const everywhere = (all, langs, check) => deskStory(async (tools) => {
  const pages = await everyDeskPage(tools);
  const faults = [];
  for (const options of all) {
    for (const [place, arrive] of [["door", tools.arrives], ["desk", tools.coordinator]]) {
      const page = await arrive({ expectsErrors: true, ...options });
      for (const lang of langs) {
        for (const [name, visit] of pages[place]) {
          await visit(page, lang);
          faults.push(...(await check(page)).map((fault) => `${name} ${lang} ${options.viewport?.width ?? ""}: ${fault}`));
        }
      }
    }
  }
  assert.deepEqual(faults.slice(0, 12), [], `${faults.length} faults`);
});

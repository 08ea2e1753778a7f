// Newsletter snippets: what mail programs make of them, how they look with and without pictures, and what a paste brings along.

import assert from "node:assert/strict";
import { createServer } from "node:http";
import { violations } from "../axe.mjs";
import { dropped, judged } from "../mails.mjs";
import { deskStory, field, press, told } from "../pages.mjs";
import { recordings } from "../portal.mjs";

export const browser = "headless-shell";

const SERIES = "/share/series/online-jongerenwerk";

/** Every kind of snippet: of one recording, of one still to be held, of the series, of two of it. */
async function everySnippet(base) {
  const all = await recordings(base);
  const one = (id) => `/share/${id}`;
  const paths = [one(all[2].id), one(all[4].id), one(all[12].id), SERIES, `${SERIES}?r=${all[0].id}&r=${all[12].id}`];
  return paths.flatMap((path) => ["600", "300"].flatMap((width) => ["nl", "en"].map((lang) => `${path}${path.includes("?") ? "&" : "?"}w=${width}&in=${lang}`)));
}

const preview = (path) => path.replace(/\?|$/, (joint) => `/preview${joint}`);

export const stories = {
  "mails: no mail program drops anything a snippet is made of": async ({ open, base }) => {
    const bad = '<div style="position:absolute"><video src="x"></video></div>';
    assert.ok(dropped(bad).some((one) => one.startsWith("gmail")), "the premise: the data knows what is dropped");
    assert.ok(dropped(bad).some((one) => one.startsWith("outlook.com")), "the premise: also for Outlook.com");
    const page = await open();
    for (const path of await everySnippet(base)) {
      await page.goto(base + path);
      const html = await page.locator("#share-html").inputValue();
      assert.ok(judged(html) > 15, `${path}: few of its features are known`);
      assert.deepEqual(dropped(html), [], path);
    }
  },

  "mails: a snippet fits a phone and a mail, with pictures and without": async ({ open, base }) => {
    for (const width of [320, 640]) {
      const page = await open({ viewport: { width, height: 900 }, expectsErrors: true });
      for (const path of await everySnippet(base)) {
        for (const look of ["light", "dark", "blocked"]) {
          await page.goto(`${base}${preview(path)}&look=${look}`, { waitUntil: "load" });
          const seen = await page.evaluate(() => ({
            across: document.scrollingElement.scrollWidth - innerWidth,
            drawn: [...document.images].filter((one) => one.naturalWidth >= 600).length,
            pictures: [...document.images].map((one) => [one.alt, one.getBoundingClientRect().width]),
            text: document.body.innerText,
          }));
          const where = `${path} ${look} at ${width}`;
          assert.ok(seen.across <= 0, `${where}: ${seen.across} px too wide`);
          assert.equal(seen.drawn, look === "blocked" ? 0 : seen.pictures.length, where);
          assert.ok(seen.pictures.every(([alt, wide]) => alt.length > 10 && (look === "blocked" || wide >= 50)), `${where}: ${seen.pictures}`);
          assert.match(seen.text, /Bekijk de opname|Watch the recording|Naar de pagina|Go to the page/, where);
        }
      }
    }
  },

  "mails: what is copied as formatted text brings title, picture, button and links along": async ({ open, base }) => {
    const all = await recordings(base);
    const other = await editor();
    const page = await open({ alsoAllowed: [other.address] });
    await page.context().grantPermissions(["clipboard-read", "clipboard-write"], { origin: base });
    const one = `${base}/share/${all[2].id}`;
    const copied = async (button) => {
      await press(page, button, "Gekopieerd");
      return paste(page, other.address);
    };
    for (const [address, buttons, width] of [[one, 1, 1200], [base + SERIES, 13, 600]]) {
      await page.goto(address);
      const pasted = await copied("Kopieer als opgemaakte tekst");
      assert.equal(pasted.buttons, buttons);
      assert.match(pasted.text, /Wat doe je wel en niet online\?/);
      assert.match(pasted.text, /Bekijk de opname/);
      assert.match(pasted.text, new RegExp(`/watch/${all[2].id}`));
      const of = (words) => pasted.links.filter(([text]) => text.includes(words));
      assert.ok(of("Bekijk de opname").every(([, href]) => href.startsWith(`${base}/watch/`)), "buttons lead somewhere");
      assert.ok(of("Wat doe je wel").length && of(`/watch/${all[2].id}`).length, "the title and the plain address are links");
      assert.ok(pasted.pictures.length && pasted.pictures.every((src) => src.includes(`-play.jpg?w=${width}`)));
    }
    // The others, and an address without TLS, where there is no such clipboard.
    await page.goto(one);
    assert.match((await copied("Kopieer: HTML")).text, /<table role="presentation"/);
    assert.equal((await copied("Kopieer plaatje met link")).pictures.length, 1);
    await page.addInitScript(() => Object.defineProperty(navigator, "clipboard", { value: undefined }));
    await page.goto(one);
    assert.equal((await copied("Kopieer als opgemaakte tekst")).buttons, 1);
    assert.match((await copied("Kopieer: Tekst zonder opmaak")).text, /^3 van 12/);
    other.close();
  },

  "mails: without script everything is there to be selected": async ({ open, base }) => {
    const page = await open({ javaScriptEnabled: false });
    await page.goto(base + SERIES);
    await page.getByText(/^Welke opnamen \(1[23]/).click();
    await page.getByRole("checkbox", { name: "De risico's van online werken" }).check();
    await page.getByLabel("Breedte").selectOption("300");
    await page.getByRole("button", { name: "Laat zien" }).click();
    const html = await page.locator("#share-html").inputValue();
    assert.match(html, /width="300"/);
    assert.match(html, /De risico&#39;s|De risico's/);
    assert.doesNotMatch(html, /Visie op online werken/);
    assert.equal(await page.getByRole("button", { name: /Kopieer/ }).count(), 0, "no button that does nothing");
    const shown = page.frameLocator("iframe");
    await shown.getByRole("link", { name: "De risico's van online werken", exact: true }).waitFor();
  },

  "mails: a coordinator names a mailing, and its links are in the list": deskStory(async ({ base, film, coordinator, arrives }) => {
    const page = await coordinator();
    await page.goto(`${base}/desk/recordings/${film.id}/share`);
    await field(page, "label").fill("nieuwsbrief maart");
    await press(page, "Maak links met deze naam", "De links zijn gemaakt.");
    const plain = await page.locator("#share-plain").inputValue();
    const [link] = plain.match(/\S+\/l\/\S+/);
    const code = page.getByRole("img", { name: /QR-code/ });
    await code.scrollIntoViewIfNeeded();
    await code.evaluate((one) => one.decode());
    await page.goto(`${base}/desk/links`);
    await page.getByRole("link", { name: "nieuwsbrief maart" }).click();
    await page.getByRole("button", { name: /^Kopieer: .*risico/ }).click();
    await told(page, "Gekopieerd.");
    assert.equal(await page.getByRole("textbox", { name: /^Adres van de link: .*risico/ }).inputValue(), link);
    assert.deepEqual(await violations(page), []);
    const visitor = await arrives();
    await visitor.goto(link);
    await visitor.getByRole("heading", { level: 1, name: film.title }).waitFor();
    await page.goto(`${base}/desk/recordings/${film.id}/links`);
    await page.getByRole("listitem").filter({ hasText: "nieuwsbrief maart" }).getByRole("button", { name: /^Trek in/ }).click();
    await told(page, "De link werkt niet meer.");
    assert.equal((await (await arrives({ expectsErrors: true })).goto(link)).status(), 410);
  }),
};

/** Somebody's program for mails, on a site of its own: an empty text that can be formatted. */
async function editor() {
  const server = createServer((_, answer) => {
    answer.setHeader("content-type", "text/html; charset=utf-8");
    answer.end('<!doctype html><html lang="nl"><title>Mail</title><link rel="icon" href="data:,"><div id="mail" contenteditable="true" aria-label="Mail"></div>');
  });
  await new Promise((resolve) => server.listen(0, "127.0.0.1", resolve));
  return { address: `http://127.0.0.1:${server.address().port}`, close: () => server.close() };
}

/** Pastes into it, and answers what stands there then. */
async function paste(page, address) {
  const mail = await page.context().newPage();
  await mail.goto(address);
  await mail.locator("#mail").focus();
  await mail.keyboard.press("Control+v");
  const pasted = await mail.locator("#mail").evaluate((box) => ({
    text: box.innerText.trim(),
    links: [...box.querySelectorAll("a")].map((link) => [link.innerText.trim(), link.href]),
    pictures: [...box.querySelectorAll("img")].map((one) => one.src),
    buttons: [...box.querySelectorAll("td")].filter((cell) => cell.style.backgroundColor && /^(Bekijk de opname|Naar de pagina)$/.test(cell.innerText.trim())).length,
  }));
  await mail.close();
  await page.bringToFront();
  return pasted;
}

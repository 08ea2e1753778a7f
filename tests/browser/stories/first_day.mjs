// A coordinator's first day: from the link that the program prints to a shared, published, captioned series.

import assert from "node:assert/strict";
import { clip } from "../clips.mjs";
import { MAIL, PASSWORD, fill, press } from "../pages.mjs";
import { open as openPortal } from "../portal.mjs";

export const browser = "chromium";

const CAPTIONS = "WEBVTT\n\n00:00.000 --> 00:02.000\nWelkom bij onze eerste avond\n";

/** The steps of the start page that are ticked off. */
const done = (page) => page.locator(".first-steps li").filter({ hasText: "✓" }).count();

/** Sends the recording of the first evening to the series, and answers the address of its page at the desk. */
async function upload(page, hasScript) {
  const file = page.locator("input[type=file]#field-file");
  await file.setInputFiles(clip("avond.mp4", 21));
  if (hasScript) {
    await page.locator("[data-uploads] > li[data-state=done]").getByRole("link", { name: /Naar de opname/ }).click();
  } else {
    await press(page, "Upload", "Het bestand is binnen.");
    await page.getByText("De opname staat klaar als concept.").waitFor();
    await page.getByRole("link", { name: /Naar de opname/ }).first().click();
  }
  await page.getByRole("region", { name: "Klaar voor bezoekers?" }).waitFor();
  return page.url().split("?")[0];
}

/** The first day, by who has script or has none. */
const firstDay = (hasScript) => async ({ open }) => {
  const site = await openPortal();
  const pages = [];
  const arrives = async (options) => {
    const page = await open({ alsoAllowed: [site.base], ...options });
    pages.push(page);
    return page;
  };
  try {
    const page = await arrives({ signsIn: true, javaScriptEnabled: hasScript });
    await page.goto(await site.welcome());
    await page.getByRole("heading", { level: 1, name: "Maak het eerste account" }).waitFor();
    await fill(page, { name: "Mira", email: MAIL, password: PASSWORD });
    await press(page, "Bewaar en ga verder");
    // The start page leads with what is to be done, and nothing of it is done yet.
    await page.getByRole("heading", { name: "Zo begin je" }).waitFor();
    assert.equal(await done(page), 0);
    await page.getByRole("link", { name: "Maak een reeks" }).click();
    await fill(page, { title: "Online training 2026" });
    await press(page, "Maak deze reeks", "Opgeslagen.");
    const series = page.url().split("?")[0];
    await page.getByRole("link", { name: "Upload een opname" }).click();
    const desk = await upload(page, hasScript);
    // What is missing is asked for: the date is filled in, the captions are chosen.
    await fill(page, { title: "Eerste avond", date: "2026-11-24", summary: "Kennismaken, en wat jullie willen leren." });
    await press(page, "Opslaan", "Opgeslagen.");
    await page.getByRole("region", { name: "Klaar voor bezoekers?" }).getByRole("link", { name: "De ondertiteling" }).click();
    await page.locator("#field-captions-file").setInputFiles({ name: "ondertiteling.vtt", mimeType: "text/vtt", buffer: Buffer.from(CAPTIONS) });
    await press(page, "Voeg ondertiteling toe", "toegevoegd");
    await page.goto(`${site.base}/desk`);
    assert.equal(await done(page), 2);
    await page.goto(desk);
    await press(page, "Maak openbaar", "Opgeslagen.");
    // The page shows the link to share, and somebody who gets it watches with captions.
    const link = await page.getByLabel("De link om te delen").inputValue();
    const visitor = await arrives({ javaScriptEnabled: hasScript });
    await visitor.goto(link);
    await visitor.getByRole("heading", { level: 1, name: "Eerste avond" }).waitFor();
    assert.equal(await visitor.locator('track[srclang="nl"]').count(), 1);
    await visitor.getByText("Welkom bij onze eerste avond").first().waitFor();
    // For the newsletter the whole series has links of one name.
    await page.goto(`${series}/share`);
    await fill(page, { label: "nieuwsbrief december" });
    await press(page, "Maak links met deze naam", "De links zijn gemaakt.");
    const plain = await page.locator("#share-plain").inputValue();
    const [mailed] = plain.match(/\S+\/l\/\S+/);
    await visitor.goto(mailed);
    await visitor.getByText("Online training 2026").first().waitFor();
    await page.goto(`${site.base}/desk/links`);
    await page.getByRole("link", { name: "nieuwsbrief december" }).click();
    await page.getByText("Online training 2026").first().waitFor();
    // All steps are done, and the home page begins with the association's own series.
    await page.goto(`${site.base}/desk`);
    assert.equal(await page.getByRole("heading", { name: "Zo begin je" }).count(), 0);
    await visitor.goto(site.base);
    const titles = await visitor.getByRole("heading", { level: 2 }).allTextContents();
    assert.match(titles.join("|"), /^[^|]*Online training 2026/);
  } finally {
    await Promise.all(pages.map((page) => page.goto("about:blank").catch(() => {})));
    site.close();
  }
};

export const stories = {
  "first day: from the welcome link to a shared, published, captioned series": firstDay(true),
  "first day: the same without script": firstDay(false),
};

// The desk: coordinators describe, publish and mend, with a keyboard alone, without script, two at once, and lose nothing.

import assert from "node:assert/strict";
import { copyFileSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";
import { clip } from "../clips.mjs";
import { MAIL, PASSWORD, deskStory, field, fill, press, signIn, told } from "../pages.mjs";
import { DEVICE, SIGN_IN } from "../visitor.mjs";

export const browser = "headless-shell";

const isHere = (one) => one === document.activeElement;

/** Presses Tab until `target` has the focus. */
async function reach(page, target) {
  for (let step = 0; step < 60 && !(await target.evaluate(isHere)); step += 1) await page.keyboard.press("Tab");
  assert.ok(await target.evaluate(isHere), `${target} is reached`);
}

/** A file in the folder of a series. */
function beside(media, pattern, series = "online-jongerenwerk") {
  const folder = join(media, series);
  return join(folder, readdirSync(folder).find((name) => pattern.test(name)));
}

export const stories = {
  "desk: one signs in with the keyboard alone, hears of a wrong password, and lands where one was": deskStory(async ({ base, arrives }) => {
    const page = await arrives({ signsIn: true, expectsErrors: true });
    await page.goto(`${base}/desk/series`);
    const type = async (name, text) => { await reach(page, field(page, name)); await page.keyboard.type(text); };
    await type("email", MAIL);
    await type("password", "fiets regen lamp");
    await page.keyboard.press("Enter");
    await page.getByRole("alert").filter({ hasText: "horen niet bij elkaar" }).waitFor();
    assert.ok(await page.getByRole("alert").evaluate(isHere), "what is wrong is read out first");
    assert.deepEqual([await field(page, "email").inputValue(), await field(page, "password").inputValue()], [MAIL, ""]);
    assert.equal((await page.context().cookies()).length, 0);
    await type("password", PASSWORD);
    await page.keyboard.press("Enter");
    await page.waitForURL(`${base}/desk/series`);
    await press(page, "Log uit", "Uitgelogd.");
    assert.deepEqual((await page.context().cookies()).map(({ name }) => name), [DEVICE]);
  }),

  "desk: without script a series is made, a session planned, recorded, described and published, and visitors see it": deskStory(async ({ base, media, run, arrives, coordinator }) => {
    const page = await coordinator({ javaScriptEnabled: false });
    await page.getByRole("navigation", { name: "Bureau" }).getByRole("link", { name: "Reeksen" }).click();
    await fill(page, { title: "Winteravonden" });
    await press(page, "Maak deze reeks", "Opgeslagen.");
    await fill(page, { plan_title: "Sneeuw", plan_date: "2027-01-12" });
    await press(page, "Plan in", "ingepland");
    await page.getByRole("link", { name: "Sneeuw" }).click();
    const id = new URL(page.url()).pathname.split("/").at(-1);
    const visitor = await arrives({ expectsErrors: true });
    assert.equal((await visitor.goto(`${base}/watch/${id}`)).status(), 404, "a draft is not there");
    await page.getByRole("link", { name: "Wie het mag zien" }).click();
    await page.getByLabel(/openbaar/).check();
    await press(page, "Bewaar wie het mag zien", "Opgeslagen.");
    await visitor.goto(`${base}/watch/${id}`);
    await visitor.getByText("Opname volgt").first().waitFor();
    copyFileSync(beside(media, /^04.*mp4$/), beside(media, /^01-.*toml$/, "winteravonden").replace(/toml$/, "mp4"));
    run(["scan"]);
    const [description, chapters] = ["Eerst **strooien**.\n\n- zand\n- zout", "00:00 Begin\n00:12 Het ijs op"];
    const typed = { title: "Sneeuw & ijs", number: "7", date: "2026-01-13", language: "en", summary: "Wat je doet \"als het vriest\".", description, chapters };
    await page.goto(`${base}/desk/recordings/${id}`);
    await fill(page, typed);
    for (const [index, [name, role]] of [["Noor de Wit", "trainer"], ["Bas", ""]].entries()) {
      await page.getByRole("combobox", { name: "Naam van een spreker" }).nth(index).fill(name);
      await page.getByRole("textbox", { name: "Rol, zoals trainer" }).nth(index).fill(role);
    }
    const download = !(await field(page, "download").isChecked());
    await field(page, "download").setChecked(download);
    await press(page, "Bekijk een voorbeeld");
    assert.equal(await page.getByRole("region", { name: "Voorbeeld" }).locator("strong").textContent(), "strooien");
    await press(page, "Opslaan", "Opgeslagen.");
    for (const [name, text] of Object.entries(typed)) assert.equal(await field(page, name).inputValue(), text, name);
    assert.equal(await field(page, "download").isChecked(), download);

    await visitor.goto(`${base}/watch/${id}`);
    await visitor.getByRole("heading", { level: 1, name: typed.title }).waitFor();
    for (const text of ["Noor de Wit", "Bas", "Het ijs op"]) assert.ok((await visitor.locator("main").innerText()).includes(text), text);
    assert.deepEqual(await visitor.getByRole("listitem").filter({ hasText: /^(zand|zout)$/ }).allTextContents(), ["zand", "zout"]);
    assert.equal(await visitor.getByRole("link", { name: /Downloaden \(/ }).count() > 0, download);
    await visitor.goto(`${base}/series/winteravonden`);
    await visitor.getByText(typed.summary).waitFor();
  }),

  "desk: without script captions, a picture and a hand-out come and go, and what is in the trash comes back": deskStory(async ({ base, media, film, desk, arrives, coordinator }) => {
    const [page, visitor] = [await coordinator({ javaScriptEnabled: false }), await arrives({ expectsErrors: true })];
    const look = async () => (await visitor.goto(`${base}/watch/${film.id}`)).status();
    const add = async (where, name, bytes, button, words) => {
      await page.locator(where).setInputFiles({ name, mimeType: "application/octet-stream", buffer: Buffer.from(bytes) });
      await press(page, button, words);
    };
    await look();
    const poster = await visitor.locator("video").getAttribute("poster");
    await page.goto(`${desk}/files`);
    await fill(page, { language: "fr" });
    await add("#field-captions-file", "ondertitels.srt", "1\r\n00:00:01,000 --> 00:00:04,000\r\nBonjour à tous\r\n", "Voeg ondertiteling toe", "De ondertiteling is toegevoegd.");
    await add("#field-poster-file", "mooi.jpg", readFileSync(beside(media, /^05.*jpg$/)), "Gebruik deze foto", "De foto is opgeslagen.");
    await fill(page, { title: "Alle sheets" });
    await add("#field-handout-file", "Sheets (1).PDF", readFileSync(beside(media, /^03.*pdf$/)), "Voeg toe", "De hand-out is toegevoegd.");
    await look();
    await visitor.locator('track[srclang="fr"]').waitFor({ state: "attached" });
    assert.notEqual(await visitor.locator("video").getAttribute("poster"), poster);
    const handout = await visitor.request.get(base + await visitor.getByRole("link", { name: /Alle sheets/ }).getAttribute("href"));
    assert.deepEqual(await handout.body(), readFileSync(beside(media, /^03.*pdf$/)));
    for (const name of ["Français", "Alle sheets"]) {
      await page.goto(`${desk}/files`);
      await press(page.getByRole("listitem").filter({ hasText: name }), /^Verwijder/);
      await told(page, "Verwijderd.");
    }
    await look();
    assert.equal(await visitor.locator('track[srclang="fr"]').count() + await visitor.getByRole("link", { name: /Alle sheets/ }).count(), 0);
    await page.goto(desk);
    await press(page, "Naar de prullenbak", "De opname ligt in de prullenbak.");
    assert.equal(await look(), 410);
    await press(page, /^Zet terug/, "De opname is teruggezet.");
    assert.equal(await look(), 200);
  }),

  "desk: a password can be shown, and what is sent is a password again": deskStory(async ({ base, arrives }) => {
    const page = await arrives({ signsIn: true });
    await page.goto(`${base}/sign-in`);
    for (const [name, kind] of [["Laat zien", "text"], ["Verberg", "password"], ["Laat zien", "text"]]) {
      await press(page, name);
      assert.equal(await field(page, "password").getAttribute("type"), kind);
    }
    await field(page, "password").evaluate((one) => one.form.addEventListener("submit", () => { sessionStorage.kind = one.type; }));
    await signIn(page);
    await page.waitForURL(`${base}/desk`);
    assert.equal(await page.evaluate(() => sessionStorage.kind), "password");
  }),

  "desk: whoever leaves with something typed is asked first, and whoever saves is not": deskStory(async ({ base, desk, coordinator }) => {
    const page = await coordinator();
    const asked = [];
    page.on("dialog", (dialog) => { asked.push(dialog.type()); dialog.dismiss(); });
    const leave = () => page.getByRole("link", { name: "Prullenbak" }).click();
    for (const [address, name, button] of [[desk, "summary", "Opslaan"], [`${base}/desk/series/1/about`, "organiser", "Opslaan"], [`${base}/desk/series`, "title", "Maak deze reeks"]]) {
      await page.goto(address);
      await field(page, name).click();
      await page.keyboard.type("Pas op. ");
      await Promise.all([page.waitForEvent("dialog"), leave()]);
      assert.equal(page.url(), address);
      assert.ok((await field(page, name).inputValue()).includes("Pas op."));
      await press(page, button, "Opgeslagen.");
      await leave();
      await page.waitForURL(`${base}/desk/trash`);
    }
    assert.deepEqual(asked, ["beforeunload", "beforeunload", "beforeunload"]);
  }),

  "desk: a frame of the recording becomes its picture": deskStory(async ({ media, desk, coordinator }) => {
    const page = await coordinator();
    const before = readFileSync(beside(media, /^04.*jpg$/));
    await page.goto(`${desk}/files`);
    await page.locator("video").evaluate((player) => new Promise((resolve) => { player.addEventListener("seeked", resolve, { once: true }); player.currentTime = 20; }));
    await press(page, "Gebruik dit beeld", "De foto is opgeslagen.");
    assert.ok(!before.equals(readFileSync(beside(media, /^04.*jpg$/))), "it lies in the folder");
    const [width, height] = await page.getByRole("img", { name: "De foto van nu" }).evaluate(async (one) => { await one.decode(); return [one.naturalWidth, one.naturalHeight]; });
    assert.ok(width >= 320 && height >= 180, `${width} × ${height}`);
  }),

  "desk: captions of a file of another length are moved to where the player is": deskStory(async ({ base, run, media, film, desk, coordinator }) => {
    const lines = async () => (await (await fetch(`${base}/captions/${film.id}/nl.vtt`)).text()).split("\n\n").slice(1);
    const chapters = async () => (await (await fetch(`${base}/api/recordings/${film.id}`)).json()).chapters.map(({ start_ms: start, title }) => `${start} ${title}`);
    const words = "Een bericht kan worden doorgestuurd";
    assert.match((await lines()).find((line) => line.includes(words)), /^00:00:08\.600 --> /, "the premise");
    assert.equal((await chapters())[1], "8000 Voor de jongere", "the premise");
    copyFileSync(clip("korter.mp4", 10, 400_000, 20), beside(media, /^04.*mp4$/));
    run(["scan"]);
    const scriptless = await coordinator({ javaScriptEnabled: false });
    await scriptless.goto(`${desk}/files`);
    assert.equal(await scriptless.getByRole("button", { name: "Hier begint het" }).count(), 0, "a button that does nothing");
    const page = await coordinator();
    await page.goto(`${desk}/files`);
    const asked = page.getByRole("region", { name: "Passen de ondertiteling en de hoofdstukken nog?" });
    await asked.getByText("nu 0:20").waitFor();
    await asked.getByRole("combobox", { name: "Regel" }).selectOption("8600");
    await asked.locator("video").evaluate((player) => new Promise((resolve) => { player.addEventListener("seeked", resolve, { once: true }); player.currentTime = 10.5; }));
    await press(asked, "Hier begint het");
    assert.equal(await field(page, "at").inputValue(), "00:10.500");
    assert.ok(await field(page, "at").evaluate(isHere), "one can still change it");
    await press(asked, "Schuif op");
    await told(page, "Je keuze is opgeslagen.");
    const moved = await lines();
    assert.match(moved.find((line) => line.includes(words)), /^00:00:10\.500 --> /);
    assert.ok(!moved.some((line) => line.includes("Berichten komen dag en nacht")), "what lies behind the end is gone");
    assert.deepEqual(await chapters(), ["1900 Inleiding", "9900 Voor de jongere"]);
    await page.goto(`${desk}/files`);
    assert.equal(await asked.count(), 0, "nothing is left to ask");
  }),

  "desk: who saves second is shown the difference, and nothing of either is lost": deskStory(async ({ desk, coordinator }) => {
    const [first, second] = [await coordinator(), await coordinator({ expectsErrors: true })];
    for (const page of [first, second]) await page.goto(desk);
    await fill(first, { summary: "Van de eerste.", title: "Titel van de eerste" });
    await fill(second, { summary: "Van de tweede.", description: "Ook van de tweede." });
    await press(first, "Opslaan", "Opgeslagen.");
    await press(second, "Opslaan");
    await second.getByRole("alert").filter({ hasText: "Iemand anders heeft dit intussen gewijzigd." }).waitFor();
    await second.getByText("Hier staat nu: Van de eerste.").first().waitFor();
    const texts = (page) => Promise.all(["summary", "description"].map((name) => field(page, name).inputValue()));
    assert.deepEqual(await texts(second), ["Van de tweede.", "Ook van de tweede."]);
    await first.reload();
    assert.equal((await texts(first))[0], "Van de eerste.", "nothing was overwritten yet");
    await fill(second, { summary: "Van beiden." });
    await press(second, "Opslaan", "Opgeslagen.");
    assert.deepEqual(await texts(second), ["Van beiden.", "Ook van de tweede."]);
    assert.equal(await field(second, "title").inputValue(), "Titel van de eerste", "what the second never touched");
  }),

  "desk: what was typed outlives a sign-in that ended": deskStory(async ({ desk, coordinator }) => {
    for (const javaScriptEnabled of [true, false]) {
      const page = await coordinator({ javaScriptEnabled, expectsErrors: true });
      const description = `Een lang verhaal,\n\nmet "tekens" & <regels> ${javaScriptEnabled}.`;
      await page.goto(desk);
      await fill(page, { description });
      await page.context().clearCookies({ name: SIGN_IN });
      await press(page, "Opslaan", "Wat je hebt ingevuld is bewaard.");
      await signIn(page, "niet het wachtwoord");
      await page.getByRole("alert").waitFor();
      await signIn(page);
      await press(page, "Sla alsnog op", "Opgeslagen.");
      assert.deepEqual([page.url().split("?")[0], await field(page, "description").inputValue()], [desk, description]);
    }
  }),

  "desk: several are changed together: ticked, looked at, done and undone": deskStory(async ({ base, known, arrives, coordinator }) => {
    const [page, visitor] = [await coordinator({ javaScriptEnabled: false }), await arrives()];
    const two = [known[1], known[3]];
    const seen = () => Promise.all(two.map(async ({ id }) => (await visitor.request.get(`${base}/watch/${id}`)).status()));
    for (const act of ["draft", "trash"]) {
      await page.goto(`${base}/desk/recordings`);
      for (const { title } of two) await page.getByRole("checkbox", { name: title, exact: true }).check();
      await page.getByRole("combobox", { name: "Wat wil je doen" }).selectOption(act);
      await press(page, "Bekijk wat er verandert");
      for (const { title } of two) assert.equal(await page.getByRole("main").getByText(title, { exact: true }).count(), 1);
      assert.deepEqual(await seen(), [200, 200], "only looking");
      await press(page, "Ja, doe dit", "2 opnamen zijn gewijzigd");
      assert.deepEqual(await seen(), [410, 410]);
      await press(page, "Maak ongedaan", "Ongedaan gemaakt.");
      assert.deepEqual(await seen(), [200, 200]);
    }
  }),
};

// Uploads: several at once, over a connection that is cut, in a tab that is closed, past a sign-in that ended, and without script.

import assert from "node:assert/strict";
import { copyFileSync, existsSync, mkdtempSync, readFileSync, readdirSync, utimesSync } from "node:fs";
import net from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { clip } from "../clips.mjs";
import { deskStory, field, fill, press, signIn } from "../pages.mjs";
import { SIGN_IN } from "../visitor.mjs";

const choose = (page) => page.locator("input[type=file][id=field-file]");
const row = (page, name) => page.locator("[data-uploads] > li").filter({ hasText: name });
const done = (page, name) => row(page, name).and(page.locator("[data-state=done]")).waitFor();
const kept = (media, folder, name) => readFileSync(join(media, folder, name));

/** Lets pass so many PATCH requests, then cuts each until told otherwise. */
async function cut(page, after) {
  let passed = 0;
  const state = { broken: true };
  await page.route("**/uploads/*", (route) => {
    if (route.request().method() !== "PATCH" || !state.broken) return route.continue();
    passed += 1;
    return passed > after ? route.abort("connectionreset") : route.continue();
  });
  return state;
}

/** Where the pieces begin that the page sends from now on. */
function sent(page) {
  const offsets = [];
  page.on("request", (request) => { if (request.method() === "PATCH") offsets.push(Number(request.headers()["upload-offset"])); });
  return offsets;
}

/** Leaves a page on which something is under way. */
async function leaveFor(page, address) {
  page.once("dialog", (dialog) => dialog.accept());
  await page.goto(address);
  await page.unrouteAll({ behavior: "ignoreErrors" });
}

export const stories = {
  "uploads: several files are sent one after another, described meanwhile, and are drafts afterwards": deskStory(async ({ base, media, coordinator, arrives }) => {
    const page = await coordinator();
    await page.goto(`${base}/desk`);
    await page.getByRole("navigation", { name: "Bureau" }).getByRole("link", { name: "Uploaden", exact: true }).click();
    await page.waitForURL(`${base}/desk/upload`);
    await choose(page).setInputFiles([clip("08 Sneeuw ruimen.mp4", 1), clip("Wat nu.webm", 2)]);
    await choose(page).setInputFiles({ name: "notities.txt", mimeType: "text/plain", buffer: Buffer.from("geen opname") });
    await page.getByText("notities.txt is geen opname en is overgeslagen.").first().waitFor();
    for (const name of ["08 Sneeuw ruimen.mp4", "Wat nu.webm"]) await done(page, name);
    await page.getByRole("status").filter({ hasText: "is binnen" }).waitFor({ state: "attached" });
    assert.deepEqual(kept(media, "inbox", "08-sneeuw-ruimen.mp4"), readFileSync(clip("08 Sneeuw ruimen.mp4", 1)));
    await row(page, "08 Sneeuw ruimen.mp4").getByRole("link", { name: /Naar de opname/ }).click();
    await page.getByRole("heading", { level: 1, name: "Sneeuw ruimen" }).waitFor();
    assert.equal(await field(page, "number").inputValue(), "8");
    // It asks for what a visitor needs before it offers to publish.
    const ready = page.getByRole("region", { name: "Klaar voor bezoekers?" });
    assert.equal(await ready.getByRole("button").count(), 0);
    const id = new URL(page.url()).pathname.split("/").at(-1);
    const visitor = await arrives({ expectsErrors: true });
    assert.equal((await visitor.goto(`${base}/watch/${id}`)).status(), 404);
    await fill(page, { date: "2026-01-13" });
    await press(page, "Opslaan", "Opgeslagen.");
    await ready.getByRole("link", { name: "De ondertiteling" }).click();
    await page.locator("#field-captions-file").setInputFiles({ name: "a.vtt", mimeType: "text/vtt", buffer: Buffer.from("WEBVTT\n\n00:00.000 --> 00:01.000\nSneeuw\n") });
    await press(page, "Voeg ondertiteling toe", "toegevoegd");
    await page.getByRole("link", { name: "Gegevens" }).click();
    await press(page, "Maak openbaar", "Opgeslagen.");
    assert.equal((await visitor.goto(`${base}/watch/${id}`)).status(), 200);
  }),

  "uploads: captions, a picture and a hand-out of a dropped folder land at their recording, and what belongs to none is named": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    await page.goto(`${base}/desk/upload`);
    const beside = (name, text) => ({ name, mimeType: "", buffer: Buffer.from(text) });
    const vtt = (words) => `WEBVTT\n\n00:00.000 --> 00:01.000\n${words}\n`;
    const picture = (name) => ({ name, mimeType: "image/jpeg", buffer: readFileSync(new URL("../../../media/online-jongerenwerk/07-visie-op-online-werken.jpg", import.meta.url)) });
    await choose(page).setInputFiles([
      beside("10 IJs.vtt", vtt("Zonder taal")), beside("10 IJs.en.vtt", vtt("Ice")), beside("10 IJs en vorst.de.vtt", "geen ondertiteling"),
      picture("10 IJs.jpg"), beside("10 IJs.Werkblad.pdf", "%PDF-1.4 werkblad"), beside("los.vtt", vtt("Los")),
      ...[["10 IJs.mp4", 21], ["10 IJs en vorst.mp4", 22]].map(([name, seed]) => ({ name, mimeType: "video/mp4", buffer: readFileSync(clip(name, seed)) })),
    ]);
    await page.getByText("los.vtt is geen opname en is overgeslagen.").first().waitFor();
    const own = page.locator("[data-uploads] > li").filter({ has: page.locator("strong", { hasText: /^10 IJs\.mp4$/ }) });
    for (const name of ["10 IJs.vtt", "10 IJs.en.vtt", "10 IJs.jpg", "10 IJs.Werkblad.pdf"]) await own.getByText(`${name} hoort hierbij en is toegevoegd.`).waitFor();
    // The one with the longer name has what begins with that, and why it was refused.
    await row(page, "10 IJs en vorst.mp4").getByText(/10 IJs en vorst\.de\.vtt is niet toegevoegd\. ./).waitFor();
    const files = readdirSync(join(media, "inbox")).filter((name) => name.startsWith("10-ijs."));
    for (const name of ["10-ijs.nl.vtt", "10-ijs.en.vtt", "10-ijs.jpg", "10-ijs.werkblad.pdf"]) assert.ok(files.includes(name), `${name} of ${files}`);
    assert.match(kept(media, "inbox", "10-ijs.nl.vtt").toString(), /Zonder taal/);
    assert.ok(!readdirSync(join(media, "inbox")).some((name) => name.startsWith("10-ijs-en-vorst.") && name.endsWith(".vtt")));
  }),

  "uploads: it goes on where it was after the connection was cut": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    await page.goto(`${base}/desk/upload`);
    const connection = await cut(page, 1);
    const large = clip("groot.mp4", 3, 70_000_000);
    await choose(page).setInputFiles(large);
    await row(page, "groot.mp4").getByText("De verbinding is weg.").waitFor();
    connection.broken = false;
    await done(page, "groot.mp4");
    assert.ok(kept(media, "inbox", "groot.mp4").equals(readFileSync(large)), "every byte");
  }),

  "uploads: what stands still has no speed, and has one again when it moves": deskStory(async ({ base, arrives }) => {
    // A line that takes so many bytes of a file and no more, until it does again.
    const held = [];
    const server = net.createServer((near) => {
      const far = net.connect(Number(new URL(base).port), "127.0.0.1");
      let taken = 0;
      near.on("data", (bytes) => { far.write(bytes); taken += bytes.length; if (taken > 500_000 && !held.isOpen) { near.pause(); held.push(near); } });
      far.on("data", (bytes) => near.write(bytes));
      for (const [one, other] of [[near, far], [far, near]]) one.on("error", () => other.destroy()).on("close", () => other.destroy());
    });
    await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
    const slow = `http://127.0.0.1:${server.address().port}`;
    try {
      const page = await arrives({ signsIn: true, alsoAllowed: [slow] });
      await page.goto(`${slow}/sign-in`);
      await signIn(page);
      await page.waitForURL(`${slow}/desk`);
      await page.goto(`${slow}/desk/upload`);
      const bytes = Buffer.concat([readFileSync(clip("stil.mp4", 9)), Buffer.alloc(40_000_000)]);
      await choose(page).setInputFiles({ name: "stil.mp4", mimeType: "video/mp4", buffer: bytes });
      await row(page, "stil.mp4").getByText("het staat even stil").waitFor();
      assert.doesNotMatch(await row(page, "stil.mp4").innerText(), /per seconde/);
      held.isOpen = true;
      for (const one of held) one.resume();
      await row(page, "stil.mp4").getByText("het staat even stil").waitFor({ state: "detached" });
      await page.goto("about:blank");
    } finally {
      server.close();
      for (const one of held) one.destroy();
    }
  }),

  "uploads: who closed the tab chooses the file again and goes on; who pauses goes on when they want": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    await page.goto(`${base}/desk/upload`);
    await cut(page, 1);
    const large = clip("lang.mp4", 4, 70_000_000);
    await choose(page).setInputFiles(large);
    await row(page, "lang.mp4").getByText("De verbinding is weg.").waitFor();
    await page.close({ runBeforeUnload: false });
    const again = await page.context().newPage();
    await again.goto(`${base}/desk/upload`);
    await row(again, "lang.mp4").getByText("Kies het bestand opnieuw om verder te gaan.").waitFor();
    // Described before its bytes are all there.
    await row(again, "lang.mp4").getByLabel("Titel").fill("De lange avond");
    await press(row(again, "lang.mp4"), "Opslaan");
    await again.getByRole("status").filter({ hasText: "Opgeslagen." }).waitFor();
    const sent = [];
    again.on("request", (request) => { if (request.method() === "PATCH") sent.push(Number(request.headers()["upload-offset"])); });
    // No piece goes off before it is paused: on a busy machine all of them would have arrived.
    let go;
    const paused = new Promise((resolve) => { go = resolve; });
    await again.route("**/uploads/*", async (route) => {
      if (route.request().method() === "PATCH") await paused;
      await route.continue().catch(() => {});
    });
    await choose(again).setInputFiles(large);
    await row(again, "lang.mp4").getByRole("button", { name: /^Pauzeer/ }).click();
    await row(again, "lang.mp4").getByText("Gepauzeerd op").waitFor();
    go();
    await row(again, "lang.mp4").getByRole("button", { name: /^Ga verder/ }).click();
    await done(again, "lang.mp4");
    assert.ok(sent[0] >= 32 * 1024 * 1024, `went on at ${sent[0]}`);
    const name = readdirSync(join(media, "inbox")).find((one) => one.endsWith(".mp4"));
    assert.equal(name, "de-lange-avond.mp4");
    assert.ok(kept(media, "inbox", name).equals(readFileSync(large)), "every byte");
  }),

  "uploads: another file of the same name and size begins anew, and so does one that was edited": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    const [first, second] = [clip("opname.mp4", 50, 40_000_000), clip("opname.mp4", 51, 40_000_000)];
    const begun = async () => { await choose(page).setInputFiles(first); await row(page, "opname.mp4").getByText("De verbinding is weg.").first().waitFor(); };
    await page.goto(`${base}/desk/upload`);
    const connection = await cut(page, 1);
    await begun();
    connection.broken = false;
    await leaveFor(page, `${base}/desk/upload`);
    await choose(page).setInputFiles(second);
    await page.getByText("opname.mp4 begint opnieuw.").first().waitFor();
    await done(page, "opname.mp4");
    assert.ok(kept(media, "inbox", "opname.mp4").equals(readFileSync(second)), "the second one, every byte");
    // The same bytes of another moment are another file as well; the first one is still waiting.
    await page.goto(`${base}/desk/upload`);
    const again = join(mkdtempSync(join(tmpdir(), "terugkijken-")), "opname.mp4");
    copyFileSync(first, again);
    utimesSync(again, 1_700_000_000, 1_700_000_000);
    const offsets = sent(page);
    await choose(page).setInputFiles(again);
    await row(page, "opname.mp4").and(page.locator("[data-state=done]")).nth(1).waitFor();
    assert.equal(offsets[0], 0);
    assert.ok(kept(media, "inbox", "opname-2.mp4").equals(readFileSync(first)));
    assert.equal(await row(page, "opname.mp4").and(page.locator("[data-state=arriving]")).count(), 1, "what was begun is there still");
  }),

  "uploads: a file that is changed while it goes does not arrive as half of each": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    const path = join(mkdtempSync(join(tmpdir(), "terugkijken-")), "bewerkt.mp4");
    copyFileSync(clip("bewerkt.mp4", 52, 40_000_000), path);
    await page.goto(`${base}/desk/upload`);
    const connection = await cut(page, 1);
    await choose(page).setInputFiles(path);
    await row(page, "bewerkt.mp4").getByText("De verbinding is weg.").waitFor();
    copyFileSync(clip("bewerkt.mp4", 53, 40_000_000), path);
    connection.broken = false;
    await row(page, "bewerkt.mp4").getByText("is veranderd of verplaatst").waitFor();
    assert.ok(!existsSync(join(media, "inbox", "bewerkt.mp4")));
    await choose(page).setInputFiles(path);
    await done(page, "bewerkt.mp4");
    assert.ok(kept(media, "inbox", "bewerkt.mp4").equals(readFileSync(path)), "every byte");
  }),

  "uploads: two files of one name in one batch are two recordings": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator();
    await page.goto(`${base}/desk/upload`);
    const files = [clip("beeld.mp4", 54, 2_000_000), clip("beeld.mp4", 55, 2_000_000)];
    await choose(page).setInputFiles(files);
    await row(page, "beeld.mp4").and(page.locator("[data-state=done]")).nth(1).waitFor();
    for (const [index, name] of ["beeld.mp4", "beeld-2.mp4"].entries()) assert.ok(kept(media, "inbox", name).equals(readFileSync(files[index])), name);
  }),

  "uploads: going on goes where the page says": deskStory(async ({ base, known, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    const [x, y] = [known[3].id, known[5].id];
    const upload = `${base}/desk/upload`;
    const versions = async (id) => (await (await fetch(`${base}/api/recordings/${id}`)).json()).sources.map(({ url }) => url);
    const before = [await versions(x), await versions(y)];
    let seed = 60;
    for (const [from, to, arrives] of [
      [`${upload}?replaces=${x}`, `${upload}?replaces=${y}`, y], [`${upload}?replaces=${x}`, upload, null], [upload, `${upload}?replaces=${y}`, y], [`${upload}?series=1`, upload, null],
    ]) {
      seed += 1;
      const file = clip(`doel-${seed}.mp4`, seed, 40_000_000);
      const name = `doel-${seed}.mp4`;
      await page.goto(from);
      const connection = await cut(page, 1);
      await choose(page).setInputFiles(file);
      await row(page, name).getByText("De verbinding is weg.").waitFor();
      connection.broken = false;
      await leaveFor(page, to);
      const [offsets, held] = [sent(page), await versions(y)];
      await choose(page).setInputFiles(file);
      await done(page, name);
      assert.equal(offsets[0], 0, `${from} then ${to}`);
      assert.deepEqual(await versions(x), before[0], "the first one keeps its file");
      if (arrives) assert.notDeepEqual(await versions(y), held, "the second one has the new file");
      else assert.ok(existsSync(join(media, "inbox", name)), "a new draft");
    }
  }),

  "uploads: it goes on after the sign-in ended, once one signed in in another tab": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    await page.goto(`${base}/desk/upload`);
    const context = page.context();
    let sent = 0;
    await page.route("**/uploads/*", async (route) => {
      if (route.request().method() === "PATCH" && (sent += 1) === 2) await context.clearCookies({ name: SIGN_IN });
      return route.continue();
    });
    const large = clip("avond.mp4", 5, 70_000_000);
    await choose(page).setInputFiles(large);
    await row(page, "avond.mp4").getByText("Je bent niet meer ingelogd.").waitFor();
    const other = await context.newPage();
    await other.goto(`${base}/sign-in`);
    await signIn(other);
    await other.waitForURL(`${base}/desk`);
    await done(page, "avond.mp4");
    assert.ok(kept(media, "inbox", "avond.mp4").equals(readFileSync(large)), "every byte");
  }),

  "uploads: what is no recording is said in words, and leaving is asked about": deskStory(async ({ base, coordinator }) => {
    const page = await coordinator({ expectsErrors: true });
    await page.goto(`${base}/desk/upload`);
    await choose(page).setInputFiles({ name: "pagina.mp4", mimeType: "video/mp4", buffer: Buffer.from("<!DOCTYPE html><script>alert(1)</script>".repeat(50)) });
    await row(page, "pagina.mp4").getByText("Dit is geen opname.").waitFor();
    const asked = [];
    page.on("dialog", (dialog) => { asked.push(dialog.type()); dialog.dismiss(); });
    await page.getByRole("link", { name: "Prullenbak" }).click();
    await page.waitForURL(`${base}/desk/trash`);
    assert.deepEqual(asked, [], "nothing was under way");
    await page.goto(`${base}/desk/upload`);
    await cut(page, 0);
    await choose(page).setInputFiles(clip("half.mp4", 6));
    await row(page, "half.mp4").getByText("De verbinding is weg.").waitFor();
    await Promise.all([page.waitForEvent("dialog"), page.getByRole("link", { name: "Prullenbak" }).click()]);
    assert.deepEqual(asked, ["beforeunload"]);
    await row(page, "half.mp4").getByRole("button", { name: /^Gooi weg/ }).click();
    await row(page, "half.mp4").waitFor({ state: "detached" });
  }),

  "uploads: without script a form streams the file and says what became of it": deskStory(async ({ base, media, coordinator }) => {
    const page = await coordinator({ javaScriptEnabled: false });
    await page.goto(`${base}/desk/upload`);
    await fill(page, { title: "Zonder script" });
    await field(page, "series").selectOption({ index: 1 });
    await choose(page).setInputFiles(clip("film.mp4", 7));
    await press(page, "Upload", "Het bestand is binnen.");
    await page.getByText("De opname staat klaar als concept.").waitFor();
    const name = readdirSync(join(media, "online-jongerenwerk")).find((one) => /zonder-script\.mp4$/.test(one));
    assert.ok(name, "it lies in its series");
    await choose(page).setInputFiles({ name: "leeg.mp4", mimeType: "video/mp4", buffer: Buffer.from("geen opname") });
    await press(page, "Upload", "Het bestand is binnen.");
    await page.getByText("Dit is geen opname.").waitFor();
    await press(page, "Upload");
    assert.equal(await page.locator("input[type=file]:invalid").count(), 1);
  }),

  "uploads: who watches goes on in the file that took the place of theirs, which can be put back": deskStory(async ({ base, run, media, coordinator, arrives }) => {
    const page = await coordinator();
    await page.goto(`${base}/desk/upload`);
    const [old, fresh] = [clip("oud.mp4", 8, 60_000_000, 60), clip("nieuw.mp4", 9, 50_000_000, 60)];
    await choose(page).setInputFiles(old);
    await done(page, "oud.mp4");
    await row(page, "oud.mp4").getByRole("link", { name: /Naar de opname/ }).click();
    const desk = page.url().split("?")[0];
    await page.getByRole("link", { name: "Wie het mag zien" }).click();
    await page.getByLabel(/openbaar/).check();
    await press(page, "Bewaar wie het mag zien", "Opgeslagen.");
    const visitor = await arrives({ expectsErrors: true });
    await visitor.goto(`${base}/watch/${desk.split("/").at(-1)}`);
    const video = visitor.locator("video");
    const ready = (at) => video.evaluate((one, to) => new Promise((resolve) => {
      one.addEventListener("seeked", () => resolve(one.currentSrc), { once: true });
      one.muted = true;
      const go = () => { one.currentTime = to; };
      if (one.readyState) go(); else { one.addEventListener("loadedmetadata", go, { once: true }); one.preload = "auto"; one.load(); }
    }), at);
    const before = await ready(2);
    await page.goto(`${desk}/files`);
    await page.getByRole("link", { name: "Vervang het bestand" }).click();
    await choose(page).setInputFiles(fresh);
    await row(page, "nieuw.mp4").getByText("De nieuwe versie staat klaar op het oude adres.").waitFor();
    const after = await video.evaluate((one, src) => new Promise((resolve) => {
      one.addEventListener("playing", () => { if (one.currentSrc !== src) resolve(one.currentSrc); });
      one.play();
      one.currentTime = 55;
    }), before);
    assert.notEqual(after, before);
    assert.ok(await video.evaluate((one) => one.currentTime >= 54), "at the same moment");
    await page.goto(`${desk}/files`);
    await press(page, /^Zet deze terug/, "Deze versie is terug.");
    await visitor.reload();
    assert.equal(await ready(1), before, "the old one at its old address");
  }),
};

// Captions are typed at the desk beside the player, which gives each line its times.

import assert from "node:assert/strict";
import { deskStory, press, told } from "../pages.mjs";

const isHere = (one) => one === document.activeElement;

export const stories = {
  "desk: three lines are typed while the recording plays, and visitors read them": deskStory(async ({ base, film, desk, arrives, coordinator }) => {
    const page = await coordinator();
    await page.goto(`${desk}/files`);
    await page.locator("#field-typed_language").selectOption({ label: "Français" });
    await press(page, "Typ ondertiteling");
    await page.getByRole("heading", { level: 1, name: "Ondertiteling: Français" }).waitFor();
    await page.getByText("Esc speelt af of zet stil").waitFor();

    const player = page.locator("video");
    await player.evaluate((one) => { one.muted = true; });
    const time = () => player.evaluate((one) => one.currentTime);
    const comes = (seconds) => page.waitForFunction((far) => document.querySelector("video").currentTime >= far, seconds, { timeout: 15_000 });
    const row = (number) => ({ start: page.getByLabel(`Begin van regel ${number}`, { exact: true }), end: page.getByLabel(`Eind van regel ${number}`, { exact: true }), text: page.getByLabel(`Tekst van regel ${number}`, { exact: true }) });
    const at = async (input) => (await input.inputValue()).split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    const line = async (number) => [await at(row(number).start), await at(row(number).end)];

    // Nothing is played yet, so that a line cannot end.
    await row(1).text.focus();
    await page.keyboard.type("Bonjour à tous");
    await page.keyboard.press("Enter");
    await told(page, "Regel 1 heeft nog geen eind");
    assert.ok(await row(1).text.evaluate(isHere));

    await page.keyboard.press("Escape");
    await comes(1);
    await page.keyboard.press("F4");
    await told(page, "Regel 1 begint op 00:0");
    await comes(2);
    await page.keyboard.press("Enter");
    await told(page, "De volgende begint daar");
    assert.ok(await row(2).text.evaluate(isHere), "the next line is ready");
    const first = await line(1);
    assert.ok(first[0] >= 1 && first[1] >= 2 && first[1] <= await time(), `${first}`);

    // Two lines in one, and the player stands still while one thinks: then the line ends where it stands.
    await page.keyboard.type("On commence");
    await page.keyboard.press("Shift+Enter");
    await page.keyboard.type("par le début");
    await comes(first[1] + 0.5);
    await page.keyboard.press("Escape");
    await page.waitForFunction(() => document.querySelector("video").paused);
    await page.keyboard.press("Enter");
    const second = await line(2);
    assert.equal(second[0], first[1]);
    assert.ok(Math.abs(second[1] - await time()) < 0.001, `${second} ${await time()}`);

    // Back to hear it again, and on; a fourth row comes when it is needed.
    await page.keyboard.press("F2");
    assert.equal(await time(), Math.max(0, second[1] - 5) || 0);
    await page.keyboard.type("Et voilà");
    await page.keyboard.press("Escape");
    await comes(second[1] + 0.5);
    await page.getByRole("button", { name: "Begint hier" }).click();
    assert.ok(await row(3).text.evaluate(isHere), "one types on");
    const begun = await at(row(3).start);
    await comes(begun + 0.5);
    await page.keyboard.press("Enter");
    await row(4).text.waitFor();
    assert.ok(await row(4).text.evaluate(isHere));
    await page.keyboard.press("Escape");
    const third = await line(3);

    await press(page, "Sla op en typ verder", "Opgeslagen.");
    assert.ok(await row(4).text.evaluate(isHere), "one types on after saving");
    assert.deepEqual(await line(3), third);
    const visitor = await arrives();
    await visitor.goto(`${base}/watch/${film.id}`);
    await visitor.locator('track[srclang="fr"]').waitFor({ state: "attached" });
    const captions = await (await visitor.request.get(`${base}/captions/${film.id}/fr.vtt`)).text();
    const cues = captions.trim().split("\n\n").slice(1).map((cue) => cue.split("\n"));
    assert.deepEqual(cues.map(([, ...words]) => words.join("/")), ["Bonjour à tous", "On commence/par le début", "Et voilà"]);
    const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
    assert.deepEqual(cues.map(([times]) => times.split(" --> ").map(seconds)), [first, second, third]);

    // What was typed and not saved is asked about.
    await page.keyboard.type("Pas sauvé");
    const asked = [];
    page.on("dialog", (dialog) => { asked.push(dialog.type()); dialog.dismiss(); });
    await Promise.all([page.waitForEvent("dialog"), page.getByRole("link", { name: "Prullenbak" }).click()]);
    assert.deepEqual(asked, ["beforeunload"]);
  }),
};

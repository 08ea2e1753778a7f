// The clients that people have, as they come from their registries: tus-js-client and Uppy in a browser, tuspy, feedparser and
// podcastparser in Python.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { copyFileSync, existsSync, mkdirSync, readFileSync, utimesSync, writeFileSync } from "node:fs";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { clip } from "../clips.mjs";
import { MAIL, deskStory } from "../pages.mjs";

const from = createRequire(import.meta.url);
const ROOT = join(dirname(fileURLToPath(import.meta.url)), "..", "..", "..");
const PYTHON = join(ROOT, "target", "tmp", "clients", "bin", "python");
const BYTES = 20_000_000;

/** A page of the portal on which a script of someone else runs. */
async function withScript(coordinator, base, script, options = {}) {
  const page = await coordinator({ bypassCSP: true, ...options });
  await page.goto(`${base}/desk`);
  await page.addScriptTag({ path: script });
  return page;
}

/** The file, as the page has it. */
const bytes = (path) => readFileSync(path).toString("base64");

export const stories = {
  "clients: tus-js-client sends a file in pieces, is stopped and goes on": deskStory(async ({ base, media, coordinator }) => {
    const file = clip("tus-js-client.mp4", 11, BYTES);
    const page = await withScript(coordinator, base, join(dirname(from.resolve("tus-js-client/package.json")), "dist", "tus.min.js"));
    const told = await page.evaluate(({ data, size }) => new Promise((resolve, reject) => {
      const raw = Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
      const blob = new Blob([raw]);
      let wasStopped = false;
      const pieces = [];
      const options = {
        endpoint: "/uploads", chunkSize: 3_000_000, metadata: { filename: "tus-js-client.mp4" }, onError: reject,
        onChunkComplete: (_, all) => {
          pieces.push(all);
          if (all < size / 2 || wasStopped) return;
          wasStopped = true;
          upload.abort().then(() => {
            const again = new tus.Upload(blob, { ...options, uploadUrl: upload.url, onSuccess: () => resolve({ pieces, went: pieces.length }) });
            again.start();
          });
        },
      };
      const upload = new tus.Upload(blob, options);
      upload.start();
    }), { data: bytes(file), size: BYTES });
    assert.ok(told.pieces.length >= 7, `${told.pieces}`);
    assert.ok(readFileSync(join(media, "inbox", "tus-js-client.mp4")).equals(readFileSync(file)));
  }),

  "clients: Uppy sends two files": deskStory(async ({ base, media, coordinator }) => {
    const files = [clip("uppy-1.mp4", 12, BYTES), clip("uppy-2.mp4", 13, BYTES)];
    const page = await withScript(coordinator, base, join(dirname(from.resolve("uppy/package.json")), "dist", "uppy.min.js"));
    const result = await page.evaluate(async (all) => {
      const uppy = new Uppy.Uppy().use(Uppy.Tus, { endpoint: "/uploads", chunkSize: 4_000_000 });
      // Uppy says the name of a file in this metadatum.
      for (const { name, data } of all) uppy.addFile({ name, type: "video/mp4", data: new Blob([Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0))]), meta: { filename: name } });
      const { successful, failed } = await uppy.upload();
      return [successful.length, failed.length];
    }, files.map((path) => ({ name: path.split("/").at(-1), data: bytes(path) })));
    assert.deepEqual(result, [2, 0]);
    for (const path of files) assert.ok(readFileSync(join(media, "inbox", path.split("/").at(-1))).equals(readFileSync(path)), path);
  }),

  "clients: a file that tus-js-client or Uppy sends in parallel parts is refused in words, and nothing is made of it": deskStory(async ({ base, media, coordinator }) => {
    const file = { name: "parallel.mp4", data: bytes(clip("parallel.mp4", 15, BYTES)) };
    const page = await withScript(coordinator, base, join(dirname(from.resolve("tus-js-client/package.json")), "dist", "tus.min.js"), { expectsErrors: true });
    await page.addScriptTag({ path: join(dirname(from.resolve("uppy/package.json")), "dist", "uppy.min.js") });
    const sent = [];
    page.on("request", (request) => { if (new URL(request.url()).pathname.startsWith("/uploads")) sent.push(request.method()); });
    const raw = ({ data }) => Uint8Array.from(atob(data), (letter) => letter.charCodeAt(0));
    const told = await page.evaluate(async ({ file, raw }) => {
      const blob = new Blob([eval(raw)(file)]);
      const first = await new Promise((resolve) => {
        new tus.Upload(blob, { endpoint: "/uploads", parallelUploads: 2, metadata: { filename: file.name }, onError: (error) => resolve(String(error)), onSuccess: () => resolve("sent") }).start();
      });
      const uppy = new Uppy.Uppy({ logger: { debug() {}, warn() {}, error() {} } }).use(Uppy.Tus, { endpoint: "/uploads", parallelUploads: 2 });
      uppy.addFile({ name: file.name, type: "video/mp4", data: blob, meta: { filename: file.name } });
      const { failed } = await uppy.upload();
      return [first, ...failed.map((one) => String(one.error))];
    }, { file, raw: String(raw) });
    assert.equal(told.length, 2, `${told}`);
    for (const words of told) assert.match(words, /parallelUploads/);
    assert.ok(sent.length && sent.every((method) => method === "POST"), `${sent}`);
    assert.ok(!existsSync(join(media, "inbox")) && !existsSync(join(media, ".uploads")), "nothing was made");
  }),

  "clients: tuspy sends a file with an access key": deskStory(async ({ base, media, run }) => {
    const file = clip("tuspy.mp4", 14, BYTES);
    const key = run(["coordinator", "key", "add", MAIL, "--name", "tuspy"]).trim().split("\n").at(-1);
    const script = `
import sys
from tusclient import client
base, key, path = sys.argv[1:]
to = client.TusClient(base + "/uploads", headers={"Authorization": "Bearer " + key})
first = to.uploader(path, chunk_size=3_000_000, metadata={"filename": "tuspy.mp4"}, upload_checksum=True)
first.upload(stop_at=9_000_000)
again = to.uploader(path, chunk_size=3_000_000, url=first.url, upload_checksum=True)
assert again.offset == 9_000_000, again.offset
again.upload()
print(again.offset)
`;
    const told = execFileSync(PYTHON, ["-c", script, base, key, file], { encoding: "utf8" });
    assert.equal(Number(told), BYTES);
    assert.ok(readFileSync(join(media, "inbox", "tuspy.mp4")).equals(readFileSync(file)));
  }),

  "clients: feedparser and podcastparser read what is new, in words as they were written": deskStory(async ({ base, media, run }) => {
    const folder = join(media, "feeds");
    mkdirSync(folder);
    const summary = "Werken met <jongeren> en &nbsp; tekens: 3 < 5";
    const sidecars = {
      "01-eerst": `date = "2026-10-20"\nvisibility = "public"\nsummary = "${summary}"\npublished = 2026-11-02T09:00:00+01:00\n`,
      "02-later": "date = \"2019-01-31\"\nvisibility = \"public\"\ndescription = \"Over `<video>` en `&amp;`\"\npublished = 2026-11-03T09:00:00+01:00\n",
    };
    writeFileSync(join(folder, "series.toml"), "title = \"Een & <ander>\"\ndescription = \"Over `<video>` en `&amp;`\"\n");
    Object.entries(sidecars).forEach(([stem, text], at) => {
      const film = join(folder, `${stem}.mp4`);
      copyFileSync(clip(`${stem}.mp4`, 21 + at, 100_000), film);
      // A file of this moment might still be arriving.
      utimesSync(film, 1_700_000_000, 1_700_000_000);
      writeFileSync(join(folder, `${stem}.toml`), text);
    });
    run(["scan"]);
    const script = `
import calendar, html, io, json, re, sys, urllib.request
import feedparser, podcastparser
base = sys.argv[1]
# What a person sees: the text of the markup.
def shown(markup): return html.unescape(re.sub("<[^>]+>", " ", markup)).strip()
def read(url):
    feed = feedparser.parse(url)
    assert not feed.bozo, feed.bozo_exception
    entries = [[one.title, calendar.timegm(one.published_parsed), shown(one.summary), one.id] for one in feed.entries]
    return [feed.feed.title, shown(feed.feed.subtitle), calendar.timegm(feed.feed.updated_parsed), entries]
feeds = [read(base + path) for path in ["/series/feeds/feed.xml", "/series/feeds/podcast.xml"]]
podcast = podcastparser.parse(base, io.BytesIO(urllib.request.urlopen(base + "/series/feeds/podcast.xml").read()))
episodes = [[one["title"], one["published"], one["guid"], one["description"], one["enclosures"][0]["mime_type"]] for one in podcast["episodes"]]
print(json.dumps([feeds, podcast["title"], episodes]))
`;
    const [feeds, title, episodes] = JSON.parse(execFileSync(PYTHON, ["-c", script, base], { encoding: "utf8", env: { ...process.env, LC_ALL: "C.UTF-8" } }));
    const moments = ["2026-11-03T08:00:00Z", "2026-11-02T08:00:00Z"].map((text) => Date.parse(text) / 1000);
    for (const [name, described, changed, entries] of feeds) {
      assert.equal(name, "Een & <ander>");
      assert.equal(described, "Over <video> en &amp;");
      assert.equal(changed, moments[0]);
      assert.deepEqual(entries.map(([, at]) => at), moments, "the last published first");
      assert.match(entries[0][2], /^Over <video> en &amp; /);
      assert.ok(entries[1][2].startsWith(summary), entries[1][2]);
      for (const [, , , id] of entries) assert.match(id, /^terugkijken:[0-9a-z]{10}$/);
    }
    assert.equal(title, "Een & <ander>");
    // It sorts a series by moment, the first one first.
    episodes.reverse();
    assert.deepEqual(episodes.map(([, at]) => at), moments);
    assert.deepEqual(episodes.map(([, , guid]) => guid), feeds[1][3].map(([, , , id]) => id));
    // It decodes entities until none is left, so the one that was written is all that it does not show.
    assert.match(episodes[1][3], /^Werken met <jongeren> en\s+tekens: 3 < 5\s/);
    assert.deepEqual(episodes.map((one) => one.at(-1)), ["video/mp4", "video/mp4"]);
  }),
};

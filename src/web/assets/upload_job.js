// A file on its way, with tus 1.0.0: announced, asked about, sent in pieces that the server has on disk before it says so, and gone
// on with after a lost connection, a pause or a sign-in that ended.
import { ask, base64, button, fill, form, lang, list, make, size, tell, time, tus, wait, words } from "./upload_ask.js";

/** Bytes of a piece: large enough to cost nothing, small enough for proxies that count minutes. */
const PIECE = 32 * 1024 * 1024;
const LONGEST_WAIT = 30_000;

/** A file on its way, with its row. */
export class Job {
  /** `page`: what it tells: `next` when its turn is over, `overall` when it moved, `describe` when it can be described. */
  constructor(file, series, page) {
    this.page = page;
    this.file = file;
    this.series = series;
    this.offset = 0;
    this.paused = false;
    this.ended = false;
    this.told = 0;
    this.request = null;
    this.wake = () => {};
    this.sentence = make("span", {}, words.waiting);
    this.bar = make("progress", { max: Math.max(file.size, 1), value: 0 });
    this.bar.setAttribute("aria-label", file.name);
    this.pausing = button(words.pause, file.name, () => this.pause(!this.paused));
    this.ending = button(words["give-up"], file.name, () => this.giveUp());
    this.acts = make("div", { className: "acts" }, this.pausing, this.ending);
    this.words = make("div", { className: "words" }, make("strong", {}, file.name), this.bar, this.sentence);
    this.row = make("li", {}, this.words, this.acts);
    this.row.dataset.state = "waiting";
  }

  say(text, isNews = false) {
    this.sentence.textContent = text;
    if (isNews) tell(`${this.file.name}: ${text}`);
  }

  pause(on) {
    this.paused = on;
    this.pausing.firstChild.textContent = on ? words["go-on"] : words.pause;
    if (on && this.request) this.request.abort();
    if (on) this.say(fill(words.paused, { done: size(this.offset), size: size(this.file.size) }), true);
    this.wake();
    this.page.next();
  }

  async giveUp() {
    this.ended = true;
    if (this.request) this.request.abort();
    this.wake();
    if (this.address) await tus("DELETE", this.address);
    this.row.remove();
    this.page.next();
  }

  /** One that this coordinator began before, of the same name and size. */
  known() {
    return [...list.querySelectorAll("li[data-upload-id][data-state=arriving]")]
      .find((row) => row.dataset.name === this.file.name && Number(row.dataset.size) === this.file.size);
  }

  /** Announces the file, with what is known of it, before its bytes. */
  async announce() {
    const said = { filename: this.file.name, lastmodified: String(this.file.lastModified || 0) };
    if (form.dataset.replaces) said.replaces = form.dataset.replaces;
    else if (this.series) said.series = this.series;
    const metadata = Object.entries(said).map(([name, value]) => `${name} ${base64(value)}`).join(",");
    const made = await tus("POST", "/uploads", { headers: { "Upload-Length": String(this.file.size), "Upload-Metadata": metadata }, job: this });
    if (made.status === 201) this.address = new URL(made.header("Location"), location.href).pathname;
    return made;
  }

  /** Sends until it is whole, whatever happens in between. Answers when there is nothing more to do for now. */
  async run() {
    let pause = 1000;
    this.row.dataset.state = "arriving";
    while (!this.ended && !this.paused) {
      const answer = await this.step();
      if (this.ended || this.paused) return;
      const { status } = answer;
      if (status >= 200 && status < 300) {
        pause = 1000;
        if (this.address && this.asked && this.offset >= this.file.size) return this.arrived();
      } else if (status === 401) {
        this.say(words["signed-out"], this.row.dataset.state !== "signed-out");
        this.row.dataset.state = "signed-out";
        this.asked = false;
        await wait(this, 3000);
      } else if (status === 404 || status === 410) {
        this.address = null;
        this.offset = 0;
      } else if (status === 409 || status === 423 || status === 460) {
        this.asked = false;
      } else if (status === 0 || status === 408 || status >= 502 && status <= 504) {
        this.say(words["lost-connection"], this.row.dataset.state !== "lost");
        this.row.dataset.state = "lost";
        this.asked = false;
        await wait(this, pause);
        pause = Math.min(2 * pause, LONGEST_WAIT);
      } else {
        return this.refused(answer.text.trim());
      }
    }
  }

  /** The next thing to ask of the server. */
  async step() {
    if (!this.address) {
      const before = this.known();
      if (!before) {
        this.asked = true;
        const made = await this.announce();
        if (made.status === 201) this.page.describe(this);
        return made;
      }
      this.address = `/uploads/${before.dataset.uploadId}`;
      before.remove();
      this.page.describe(this);
    }
    if (!this.asked) {
      const head = await tus("HEAD", this.address, { job: this });
      if (head.status !== 200) return head;
      this.offset = Number(head.header("Upload-Offset"));
      this.asked = true;
      return head;
    }
    this.row.dataset.state = "arriving";
    const from = this.offset;
    this.since = { at: performance.now(), offset: from };
    const answer = await tus("PATCH", this.address, {
      headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) },
      body: this.file.slice(from, Math.min(from + PIECE, this.file.size)),
      moved: (loaded) => this.show(from + loaded),
      job: this,
    });
    // Only what the server says it has counts.
    if (answer.status === 204) { this.offset = Number(answer.header("Upload-Offset")); this.show(this.offset); }
    return answer;
  }

  show(now) {
    const seconds = (performance.now() - this.since.at) / 1000;
    const measured = (now - this.since.offset) / Math.max(seconds, 0.001);
    this.speed = this.speed ? 0.8 * this.speed + 0.2 * measured : measured;
    this.bar.value = now;
    this.say(fill(words.sending, { done: size(now), size: size(this.file.size), speed: size(this.speed), left: time((this.file.size - now) / this.speed) }));
    this.shown = now;
    const quarter = Math.floor(4 * now / Math.max(this.file.size, 1));
    if (quarter > this.told && quarter < 4) { this.told = quarter; tell(fill(words.at, { name: this.file.name, percent: 25 * quarter })); }
    this.page.overall();
  }

  async arrived() {
    this.ended = true;
    this.pausing.remove();
    this.ending.firstChild.textContent = words.forget;
    this.bar.remove();
    this.form?.remove();
    this.say(words.finishing);
    for (;;) {
      const answer = await ask("GET", `${this.address}?lang=${lang}`);
      const report = answer.status === 200 ? JSON.parse(answer.text) : null;
      if (report && report.state !== "finishing" && report.state !== "arriving") {
        this.row.dataset.state = report.state;
        this.say(report.sentence);
        tell(`${fill(words.whole, { name: this.file.name })} ${report.sentence}`);
        if (report.desk_url) this.acts.prepend(make("a", { className: "button", href: report.desk_url }, words.open, make("span", { className: "unseen" }, `: ${this.file.name}`)));
        return;
      }
      await wait(this, 1000);
    }
  }

  refused(sentence) {
    this.row.dataset.state = "refused";
    this.paused = true;
    this.pausing.firstChild.textContent = words.retry;
    this.say(sentence, true);
  }
}

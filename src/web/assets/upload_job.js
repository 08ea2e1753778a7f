// A file on its way, with tus 1.0.0: announced, asked about, sent in pieces that the server has on disk before it says so, and gone
// on with after a lost connection, a pause or a sign-in that ended.
import { ask, asked, fill, lang, list, size, tus, wait, words } from "./upload_ask.js";
import { sendBeside } from "./upload_beside.js";
import { fingerprint, metadata } from "./upload_file.js";
import { Row } from "./upload_row.js";

/** Bytes of a piece: large enough to cost nothing, small enough for proxies that count minutes; and the smallest that is tried. */
const PIECE = 32 * 1024 * 1024;
const SMALLEST = 256 * 1024;
const SHORTEST_WAIT = 1000;
const LONGEST_WAIT = 30_000;
/** What a file answers that cannot be read any more, or has other bytes than before. */
const CHANGED = { status: 0, isChanged: true };
/** Bytes that something in between lets through at once, as far as it is known; for all files. */
let most = PIECE;
/** An answer of ours that may be another one in a moment. */
const isPassing = ({ status, header }) => status === 408 || (status === 429 && header("Retry-After")) || (status >= 500 && status !== 507);

/** A file on its way. */
export class Job extends Row {
  /** `page`: `next` when its turn is over, `overall` when it moved, `describe` when it can be described, `notice` for a line to read. */
  constructor(file, series, page) {
    super(file);
    this.page = page;
    this.series = series;
    this.offset = 0;
    this.piece = most;
    this.patience = SHORTEST_WAIT;
    this.paused = false;
    this.ended = false;
    this.request = null;
    this.beside = [];
    this.recording = null;
    this.wake = () => {};
  }

  pause(on) {
    this.paused = on;
    this.pausing.firstChild.textContent = on ? words["go-on"] : words.pause;
    if (on && this.request) this.request.abort();
    if (on) this.rest();
    if (on) this.say(fill(words.paused, { done: size(this.offset), size: size(this.file.size) }), true);
    this.wake();
    this.page.next();
  }

  async giveUp() {
    this.ended = true;
    if (this.request) this.request.abort();
    this.wake();
    this.page.next();
    // What only something in between answers is not gone, and would be in the list again.
    for (let gone; this.address && !(gone = await tus("DELETE", this.address)).isOurs;) {
      this.lost(gone);
      await wait(this, LONGEST_WAIT);
    }
    this.row.remove();
  }

  /** Rows of uploads that this coordinator began before, in this browser or another. */
  begun(isSame) {
    return [...list.querySelectorAll("li[data-upload-id][data-state=arriving]")].find((row) => Number(row.dataset.size) === this.file.size && isSame(row.dataset));
  }

  /** Whether the file has the bytes that it had when it was chosen. */
  async isUnchanged() {
    const print = await fingerprint(this.file).catch(() => null);
    this.print ??= print;
    return print !== null && print === this.print;
  }

  /** Announces the file, with what is known of it, before its bytes. */
  async announce() {
    const made = await tus("POST", "/uploads", { headers: { "Upload-Length": String(this.file.size), "Upload-Metadata": this.metadata }, job: this });
    if (!made.isOurs || made.status !== 201) return made;
    this.address = new URL(made.header("Location"), location.href).pathname;
    if (this.begun((row) => row.name === this.file.name)) this.page.notice(fill(words.anew, { name: this.file.name }));
    this.page.describe(this);
    return made;
  }

  /** Sends until it is whole, whatever happens in between. Answers when it is whole, or waits for a person. */
  async run() {
    this.row.dataset.state = "arriving";
    while (!this.ended && !this.paused) {
      const answer = await this.step();
      if (this.ended || this.paused) return;
      const { status, isOurs } = answer;
      if (answer.isChanged) return this.refused(words.changed);
      if (!isOurs || isPassing(answer)) {
        if (!await this.outlast(answer)) return;
      } else if (status >= 200 && status < 300) {
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
      } else {
        return this.refused(answer.text || fill(words["in-between"], { status }));
      }
    }
  }

  /** After an answer that is not the last word: asks again where it is, later and later. Answers whether there is hope. */
  async outlast(answer) {
    this.asked = false;
    if (answer.status === 413 && answer.sent) {
      // Something in between takes no piece of this size.
      if (answer.sent <= SMALLEST) { [most, this.piece] = [PIECE, PIECE]; this.refused(words["proxy-limit"]); return false; }
      most = this.piece = Math.max(Math.floor(answer.sent / 2), SMALLEST);
      return true;
    }
    this.isStuck = Boolean(answer.sent);
    this.lost(answer);
    await wait(this, Math.max(this.patience, asked(answer)));
    this.patience = Math.min(2 * this.patience, LONGEST_WAIT);
    return true;
  }

  /** The next thing to ask of the server. */
  async step() {
    if (!this.address) {
      if (!await this.isUnchanged()) return CHANGED;
      this.metadata ??= metadata(this.file, this.print, this.series);
      const before = this.begun((row) => row.metadata === this.metadata);
      this.asked = !before;
      if (!before) return this.announce();
      this.address = `/uploads/${before.dataset.uploadId}`;
      before.remove();
      this.page.describe(this);
    }
    if (!this.asked) {
      if (!await this.isUnchanged()) return CHANGED;
      const head = await tus("HEAD", this.address, { job: this });
      if (!head.isOurs || head.status !== 200) return head;
      const reached = Number(head.header("Upload-Offset"));
      if (reached > this.offset) this.patience = SHORTEST_WAIT;
      else if (this.isStuck) this.piece = Math.max(Math.floor(this.piece / 2), SMALLEST);
      this.isStuck = false;
      this.offset = reached;
      this.asked = true;
      return head;
    }
    this.row.dataset.state = "arriving";
    const [from, to] = [this.offset, Math.min(this.offset + this.piece, this.file.size)];
    // Not every browser refuses to read a file that was written to meanwhile.
    if (to === this.file.size && !await this.isUnchanged()) return CHANGED;
    this.begin(from);
    const answer = await tus("PATCH", this.address, {
      headers: { "Content-Type": "application/offset+octet-stream", "Upload-Offset": String(from) },
      body: this.file.slice(from, to),
      moved: (loaded) => this.show(from + loaded),
      job: this,
    });
    // Only what the server says it has counts.
    if (answer.isOurs && answer.status === 204) {
      this.offset = Number(answer.header("Upload-Offset"));
      this.patience = SHORTEST_WAIT;
      this.piece = Math.min(2 * this.piece, most);
      this.show(this.offset);
    }
    return { ...answer, sent: to - from };
  }

  async arrived() {
    this.ended = true;
    this.finished();
    for (;;) {
      const answer = await ask("GET", `${this.address}?lang=${lang}`);
      const report = answer.isOurs && answer.status === 200 ? JSON.parse(answer.text) : null;
      if (report && report.state !== "finishing" && report.state !== "arriving") {
        this.became(report);
        this.recording = report.desk_url;
        sendBeside(this);
        return;
      }
      await wait(this, 1000);
    }
  }
}

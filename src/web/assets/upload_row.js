// The row of a file on its way: what a person reads, hears and presses of it.
import { button, fill, make, size, tell, time, words } from "./upload_ask.js";

/** Milliseconds without a byte after which there is no speed to tell of. */
const STILL = 3000;

export class Row {
  constructor(file) {
    this.file = file;
    this.told = 0;
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

  show(now) {
    clearTimeout(this.still);
    const seconds = (performance.now() - this.since.at) / 1000;
    const measured = (now - this.since.offset) / Math.max(seconds, 0.001);
    this.speed = this.speed ? 0.8 * this.speed + 0.2 * measured : measured;
    this.bar.value = now;
    this.say(fill(words.sending, { done: size(now), size: size(this.file.size), speed: size(this.speed), left: time((this.file.size - now) / this.speed) }));
    this.shown = now;
    const quarter = Math.floor(4 * now / Math.max(this.file.size, 1));
    if (quarter > this.told && quarter < 4) { this.told = quarter; tell(fill(words.at, { name: this.file.name, percent: 25 * quarter })); }
    this.page.overall();
    if (now < this.file.size) this.still = setTimeout(() => this.standsStill(), STILL);
  }

  /** The next bytes go from here; what was measured before is not their speed. */
  begin(offset) {
    this.rest();
    this.since = { at: performance.now(), offset };
    this.still = setTimeout(() => this.standsStill(), STILL);
  }

  standsStill() {
    const now = this.shown ?? this.since.offset;
    this.rest();
    this.since = { at: performance.now(), offset: now };
    this.say(fill(words.still, { done: size(now), size: size(this.file.size) }));
    this.page.overall();
  }

  /** Nothing moves. */
  rest() {
    clearTimeout(this.still);
    this.speed = 0;
  }

  lost({ status }) {
    this.rest();
    this.say(status ? fill(words["in-between"], { status }) : words["lost-connection"], this.row.dataset.state !== "lost");
    this.row.dataset.state = "lost";
  }

  refused(sentence) {
    this.rest();
    this.row.dataset.state = "refused";
    this.paused = true;
    this.pausing.firstChild.textContent = words.retry;
    this.say(sentence, true);
  }

  /** Every byte is there. */
  finished() {
    this.rest();
    this.pausing.remove();
    this.ending.firstChild.textContent = words.forget;
    this.bar.remove();
    this.form?.remove();
    this.say(words.finishing);
  }

  /** What the portal made of it. */
  became(report) {
    this.row.dataset.state = report.state;
    this.say(report.sentence);
    tell(`${fill(words.whole, { name: this.file.name })} ${report.sentence}`);
    if (report.desk_url) this.acts.prepend(make("a", { className: "button", href: report.desk_url }, words.open, make("span", { className: "unseen" }, `: ${this.file.name}`)));
  }
}

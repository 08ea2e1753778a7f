// Sends recordings with tus 1.0.0: several at once, one after another, in pieces that the server has on disk before it says so.
// Goes on after a lost connection, a closed laptop, a closed tab (choose the file again) and a sign-in that ended. The form
// works without this; it takes the place of its button.
(() => {
  "use strict";
  const form = document.querySelector("form[data-upload]");
  if (!form || !window.XMLHttpRequest || !window.Blob) return;
  const words = JSON.parse(form.dataset.upload);
  const list = document.querySelector("[data-uploads]");
  const total = document.querySelector("[data-all]");
  const said = document.querySelector("[data-said]");
  const chooser = form.querySelector("input[type=file]");
  const place = form.querySelector("select[name=series]");
  const lang = form.dataset.lang;
  /** Bytes of a piece: large enough to cost nothing, small enough for proxies that count minutes. */
  const PIECE = 32 * 1024 * 1024;
  /** Milliseconds without a byte after which a connection counts as gone. */
  const STALLED = 30_000;
  const LONGEST_WAIT = 30_000;
  const MEDIA = /\.(mp4|m4v|mov|webm|mkv|avi|wmv|mpe?g|m?ts|m2ts|3gp|flv|mp3|m4a|og[gav]|opus|wav)$/i;
  const queue = [];
  let sending = null;

  const fill = (text, values) => text.replace(/\{(\w+)\}/g, (_, name) => values[name] ?? "");
  const number = (value, digits) => new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
  const size = (bytes) => {
    const units = ["kB", "MB", "GB", "TB"];
    let step = 0;
    let value = bytes / 1000;
    while (value >= 999.5 && step < units.length - 1) { value /= 1000; step += 1; }
    return `${number(value, value < 10 ? 1 : 0)} ${units[step]}`;
  };
  const time = (seconds) => {
    if (!Number.isFinite(seconds)) return "…";
    if (seconds < 60) return `${Math.ceil(seconds)} s`;
    const minutes = Math.ceil(seconds / 60);
    return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} u ${minutes % 60} min`;
  };
  /** Says something to whoever listens rather than looks. */
  const tell = (text) => { said.textContent = text; };
  const make = (tag, properties = {}, ...children) => {
    const element = Object.assign(document.createElement(tag), properties);
    element.append(...children);
    return element;
  };
  const button = (text, of, act) => {
    const made = make("button", { type: "button", className: "button", onclick: act }, text, make("span", { className: "unseen" }, `: ${of}`));
    made.dataset.kind = "quiet";
    return made;
  };
  const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

  /** One request; answers status, headers and text, or status 0 when the connection broke or nothing moved for too long. */
  function ask(method, address, { headers = {}, body = null, moved = () => {}, job = null } = {}) {
    return new Promise((resolve) => {
      const request = new XMLHttpRequest();
      let alarm = 0;
      const end = (status) => {
        clearTimeout(alarm);
        if (job) job.request = null;
        resolve({ status, header: (name) => (status ? request.getResponseHeader(name) : null), text: status ? request.responseText : "" });
      };
      const alive = () => { clearTimeout(alarm); alarm = setTimeout(() => request.abort(), STALLED); };
      request.open(method, address);
      for (const [name, value] of Object.entries(headers)) request.setRequestHeader(name, value);
      request.setRequestHeader("Accept-Language", lang);
      request.upload.onprogress = (event) => { alive(); moved(event.loaded); };
      request.onload = () => end(request.status);
      request.onerror = () => end(0);
      request.onabort = () => end(0);
      alive();
      if (job) job.request = request;
      request.send(body);
    });
  }
  const tus = (method, address, options = {}) => ask(method, address, { ...options, headers: { "Tus-Resumable": "1.0.0", ...options.headers } });
  const wait = (job, milliseconds) => new Promise((resolve) => {
    const alarm = setTimeout(resolve, milliseconds);
    job.wake = () => { clearTimeout(alarm); resolve(); };
  });

  /** A file on its way, with its row. */
  class Job {
    constructor(file, series) {
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
      this.acts = make("div", { className: "acts" }, this.pausing, button(words["give-up"], file.name, () => this.giveUp()));
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
      next();
    }

    async giveUp() {
      this.ended = true;
      if (this.request) this.request.abort();
      this.wake();
      if (this.address) await tus("DELETE", this.address);
      this.row.remove();
      next();
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
          if (made.status === 201) this.describe();
          return made;
        }
        this.address = `/uploads/${before.dataset.uploadId}`;
        before.remove();
        this.describe();
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
      overall();
    }

    /** Title, number and series beside it, kept apart from the bytes and while they go. */
    async describe() {
      const known = await ask("GET", `${this.address}?lang=${lang}`);
      if (known.status !== 200 || this.form || form.dataset.replaces) return;
      const report = JSON.parse(known.text);
      const id = report.id;
      const field = (label, control) => [Object.assign(make("label", {}, label), { htmlFor: control.id }), control];
      const title = make("input", { id: `title-${id}`, name: "title", type: "text", value: report.title, maxLength: 500 });
      const numbered = make("input", { id: `number-${id}`, name: "number", type: "number", min: 0, max: 999, value: report.number ?? "" });
      const series = place.cloneNode(true);
      Object.assign(series, { id: `series-${id}`, value: report.series ?? "" });
      series.removeAttribute("aria-describedby");
      const label = (name) => document.querySelector(`label[for="field-${name}"]`)?.textContent ?? name;
      this.form = make("form", { className: "describe" }, ...field(label("title"), title), ...field(words.number, numbered), ...field(label("series"), series));
      this.form.addEventListener("submit", (event) => event.preventDefault());
      this.form.addEventListener("change", async () => {
        const body = new URLSearchParams(new FormData(this.form));
        await fetch(`/desk/uploads/${id}`, { method: "POST", body, redirect: "manual" }).catch(() => {});
      });
      this.words.append(this.form);
    }

    async arrived() {
      this.ended = true;
      this.pausing.remove();
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

  /** How far all of them are together. */
  function overall() {
    const open = queue.filter((job) => !job.ended);
    const [all, done] = [queue.reduce((sum, job) => sum + job.file.size, 0), queue.reduce((sum, job) => sum + (job.ended ? job.file.size : job.shown ?? job.offset), 0)];
    total.hidden = queue.length < 2 || !open.length;
    const speed = sending?.speed || 0;
    total.textContent = fill(words.all, { percent: Math.floor(100 * done / Math.max(all, 1)), done: size(done), size: size(all), left: time((all - done) / speed) });
  }

  /** One file at a time: the first is there soonest. */
  async function next() {
    if (sending) return;
    sending = queue.find((job) => !job.ended && !job.paused);
    if (!sending) { overall(); return; }
    await sending.run();
    sending = null;
    next();
  }

  function add(files, series = place?.value) {
    for (const file of files) {
      if (!/^(video|audio)\//.test(file.type) && !MEDIA.test(file.name)) { tell(fill(words.skipped, { name: file.name })); notice(fill(words.skipped, { name: file.name })); continue; }
      const job = new Job(file, series);
      queue.push(job);
      list.prepend(job.row);
      document.querySelector("[data-none]")?.remove();
    }
    next();
  }
  const notice = (text) => { list.before(make("p", { className: "field-help" }, text)); };

  /** All files below a folder that was dropped; the series of its name, when there is one. */
  async function walk(entry, series) {
    if (entry.isFile) { await new Promise((resolve) => entry.file((file) => { add([file], series); resolve(); }, resolve)); return; }
    const same = place && [...place.options].find((option) => option.text.toLowerCase() === entry.name.toLowerCase());
    const reader = entry.createReader();
    for (;;) {
      const some = await new Promise((resolve) => reader.readEntries(resolve, () => resolve([])));
      if (!some.length) return;
      for (const one of some.sort((a, b) => a.name.localeCompare(b.name))) await walk(one, same ? same.value : series);
    }
  }

  // The form gives way to an area to drop files on, with a button for who does not drag.
  for (const part of form.querySelectorAll("[data-plain]")) part.hidden = true;
  const field = chooser.closest(".field");
  field.hidden = true;
  chooser.multiple = !form.dataset.replaces;
  const folder = chooser.cloneNode();
  folder.removeAttribute("id");
  folder.removeAttribute("aria-describedby");
  folder.webkitdirectory = true;
  const main = make("button", { type: "button", className: "button", onclick: () => chooser.click() }, words.choose);
  const area = make("div", { className: "drop" }, make("p", {}, words.drop), main);
  if (!form.dataset.replaces && "webkitdirectory" in folder) {
    const other = make("button", { type: "button", className: "button", onclick: () => folder.click() }, words["choose-folder"]);
    other.dataset.kind = "quiet";
    area.append(other);
  }
  field.after(area);
  chooser.required = false;
  for (const input of [chooser, folder]) {
    input.addEventListener("change", () => {
      const files = [...input.files];
      const name = files[0]?.webkitRelativePath?.split("/")[0];
      const same = name && place && [...place.options].find((option) => option.text.toLowerCase() === name.toLowerCase());
      add(files, same ? same.value : place?.value);
      input.value = "";
    });
  }
  form.addEventListener("submit", (event) => event.preventDefault());
  const over = (on) => (event) => { event.preventDefault(); area.toggleAttribute("data-over", on); };
  area.addEventListener("dragover", over(true));
  area.addEventListener("dragleave", over(false));
  area.addEventListener("drop", (event) => {
    over(false)(event);
    const entries = [...event.dataTransfer.items].map((item) => item.webkitGetAsEntry?.()).filter(Boolean);
    if (entries.length) entries.reduce((before, entry) => before.then(() => walk(entry, place?.value)), Promise.resolve());
    else add(event.dataTransfer.files);
  });
  // A file that misses the area must not take the page's place.
  for (const event of ["dragover", "drop"]) addEventListener(event, (one) => one.preventDefault());
  addEventListener("online", () => { for (const job of queue) job.wake(); });
  document.addEventListener("visibilitychange", () => { if (!document.hidden) for (const job of queue) job.wake(); });
  addEventListener("beforeunload", (event) => { if (queue.some((job) => !job.ended && !job.paused)) event.preventDefault(); });
})();

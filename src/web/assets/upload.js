// The page for uploads: files and folders are chosen or dropped, and sent one after another. The form works without this; it takes
// the place of its button.
import { ask, choice, fill, form, lang, list, make, place, size, tell, time, words } from "./upload_ask.js";
import { belongs, sendBeside } from "./upload_beside.js";
import { Job } from "./upload_job.js";

const total = document.querySelector("[data-all]");
const chooser = form.querySelector("input[type=file]");
const endings = chooser.accept.split(",").filter((one) => one.startsWith("."));
const isMedia = (file) => /^(video|audio)\//.test(file.type) || endings.some((ending) => file.name.toLowerCase().endsWith(ending));
const queue = [];
/** What was chosen or dropped beside recordings. */
const others = [];
let sending = null;

/** Title, number and series beside it, kept apart from the bytes and while they go. */
async function describe(job) {
  const known = await ask("GET", `${job.address}?lang=${lang}`);
  if (!known.isOurs || known.status !== 200 || job.form || form.dataset.replaces) return;
  const report = JSON.parse(known.text);
  const id = report.id;
  const field = (label, control) => [Object.assign(make("label", {}, label), { htmlFor: control.id }), control];
  const title = make("input", { id: `title-${id}`, name: "title", type: "text", value: report.title, maxLength: 500 });
  const numbered = make("input", { id: `number-${id}`, name: "number", type: "number", min: 0, max: 999, value: report.number ?? "" });
  const series = choice?.cloneNode(true);
  if (series) Object.assign(series, { id: `series-${id}`, value: report.series ?? "" });
  series?.removeAttribute("aria-describedby");
  const label = (name) => document.querySelector(`label[for="field-${name}"]`)?.textContent ?? name;
  job.form = make("form", { className: "describe" }, ...field(label("title"), title), ...field(words.number, numbered), ...(series ? field(label("series"), series) : []));
  job.form.addEventListener("submit", (event) => event.preventDefault());
  job.form.addEventListener("change", async () => {
    const body = new URLSearchParams(new FormData(job.form));
    const saved = await fetch(`/desk/uploads/${id}`, { method: "POST", body, redirect: "manual" }).catch(() => null);
    // Only what was saved leads on; something in between answers with a page of its own.
    if (saved?.type !== "opaqueredirect") notice(fill(words["not-saved"], { name: job.file.name }));
  });
  job.words.append(job.form);
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
  const before = list.firstChild;
  for (const file of files) {
    if (!isMedia(file)) { others.push({ file, series }); continue; }
    const job = new Job(file, series, { next, overall, describe, notice });
    queue.push(job);
    list.insertBefore(job.row, before);
    document.querySelector("[data-none]")?.remove();
  }
  next();
}
/** Gives what was chosen beside recordings to them; of what belongs to none it is said. To be called when all of a choice is known. */
function settle() {
  for (const other of others.splice(0)) {
    const job = form.dataset.replaces ? null : belongs(queue, other);
    if (job) { job.beside.push(other.file); sendBeside(job); } else notice(fill(words.skipped, { name: other.file.name }));
  }
}
function notice(text) {
  tell(text);
  list.before(make("p", { className: "field-help" }, text));
}

/** The option of the series with this name; an option may stand between marks of direction. */
const plain = (text) => text.replace(/[\u2066-\u2069]/g, "").toLowerCase();
const seriesOf = (name) => choice && [...choice.options].find((option) => plain(option.text) === plain(name));

/** All files below a folder that was dropped; the series of its name, when there is one. */
async function walk(entry, series) {
  if (entry.isFile) { await new Promise((resolve) => entry.file((file) => { add([file], series); resolve(); }, resolve)); return; }
  const same = seriesOf(entry.name);
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
    const same = name && seriesOf(name);
    add(files, same ? same.value : place?.value);
    settle();
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
  if (entries.length) entries.reduce((before, entry) => before.then(() => walk(entry, place?.value)), Promise.resolve()).then(settle);
  else { add(event.dataTransfer.files); settle(); }
});
// A file that misses the area must not take the page's place.
for (const event of ["dragover", "drop"]) addEventListener(event, (one) => one.preventDefault());
addEventListener("online", () => { for (const job of queue) job.wake(); });
document.addEventListener("visibilitychange", () => { if (!document.hidden) for (const job of queue) job.wake(); });
addEventListener("beforeunload", (event) => { if (queue.some((job) => (!job.ended && !job.paused) || (job.recording && job.beside.length))) event.preventDefault(); });

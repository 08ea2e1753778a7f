// Keeps a list of jobs as it is while one looks at it. Each event says how far they are; when the list is another one, the page is
// fetched again and its list put in place of this one. Without events the page is fetched now and then.
const EVERY = 15_000; // ms between looks without events
const AT_MOST = 4_000; // ms between two looks
const said = document.querySelector("[data-queue-said]");
const find = () => document.querySelector("[data-queue]");

let events;
let timer;
let looked = 0;
let mark = find()?.dataset.mark;

const rows = () => [...find().querySelectorAll("[data-job]")];
const row = (id) => rows().find((one) => one.dataset.job === String(id));

/** Puts words and number of a job that runs in their places. */
function show({ id, done, words }) {
  const of = row(id);
  const bar = of?.querySelector("progress");
  if (!bar) return;
  bar.value = done;
  const far = of.querySelector("[data-far]");
  if (far.textContent !== words) far.textContent = words;
}

/** Says what ended since the last list: what is not in the new one any more is done. */
function tell(before) {
  const ended = before.filter((one) => one.running).map((one) => {
    const now = row(one.id);
    if (!now) return one.done;
    return now.hasAttribute("data-over") ? one.failed : "";
  });
  const words = ended.filter(Boolean).join(" ");
  if (words) said.textContent = words;
}

/** The list of the page as it is now. What has the focus has it afterwards. */
async function look() {
  clearTimeout(timer);
  timer = undefined;
  looked = Date.now();
  const answer = await fetch(location.href.split("#")[0], { headers: { accept: "text/html" } }).catch(() => undefined);
  const fresh = answer?.ok && new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("[data-queue]");
  if (!fresh) {
    if (answer?.ok) leave();
    return;
  }
  const before = rows().map((one) => ({ id: one.dataset.job, running: one.querySelector("progress") !== null, ...one.dataset }));
  const old = find();
  const held = old.contains(document.activeElement) ? document.activeElement : undefined;
  const action = held?.closest("form")?.getAttribute("action") ?? held?.getAttribute("href");
  old.replaceWith(document.importNode(fresh, true));
  mark = find().dataset.mark;
  if (held) {
    const same = [...find().querySelectorAll("form, a")].find((one) => action === (one.getAttribute("action") ?? one.getAttribute("href")));
    const target = same?.querySelector("button") ?? same ?? find().closest("section, .desk-main").querySelector("h1, h2");
    if (!same) target.tabIndex = -1;
    target.focus({ preventScroll: true });
  }
  tell(before);
}

/** Looks soon, however often it is asked for. */
function lookSoon() {
  timer ??= setTimeout(look, Math.max(0, looked + AT_MOST - Date.now()));
}

function heard({ data }) {
  const state = JSON.parse(data);
  state.running.forEach(show);
  if (state.mark !== mark) lookSoon();
}

let instead;

function leave() {
  events?.close();
  events = undefined;
  clearInterval(instead);
  instead = undefined;
}

/** Listens. A browser has few connections to a site, so a page that nobody sees gives its own back. */
function arrive() {
  if (events || !find()) return;
  events = new EventSource(find().dataset.queue);
  events.addEventListener("message", heard);
  events.addEventListener("open", () => { clearInterval(instead); instead = undefined; });
  events.addEventListener("error", () => {
    // The browser comes again by itself, unless it was told that there is no place.
    if (events?.readyState !== EventSource.CLOSED) return;
    events = undefined;
    instead ??= setInterval(() => { look().then(arrive); }, EVERY);
  });
}

if (find()) {
  for (const hint of document.querySelectorAll("[data-reload]")) hint.hidden = true;
  document.addEventListener("visibilitychange", () => (document.hidden ? leave() : arrive()));
  addEventListener("pagehide", leave);
  addEventListener("pageshow", arrive);
  if (!document.hidden) arrive();
}

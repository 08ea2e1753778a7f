// What the page for uploads stands on: its words, sizes and times as people read them, and one request at a time.
export const form = document.querySelector("form[data-upload]");
export const words = JSON.parse(form.dataset.upload);
export const lang = form.dataset.lang;
// Among many series one types its name; what is sent under a name cannot be moved here.
export const place = form.querySelector("[name=series]");
export const choice = place?.localName === "select" ? place : null;
export const list = document.querySelector("[data-uploads]");
const said = document.querySelector("[data-said]");
/** Milliseconds without a byte after which a connection counts as gone. */
const STALLED = 30_000;
/** Milliseconds that `Retry-After` may make somebody wait. */
const LONGEST_ASKED = 300_000;

export const fill = (text, values) => text.replace(/‹(\w+)›/g, (_, name) => values[name] ?? "");
const number = (value, digits) => new Intl.NumberFormat(lang, { maximumFractionDigits: digits }).format(value);
export const size = (bytes) => {
  const units = ["kB", "MB", "GB", "TB"];
  let step = 0;
  let value = bytes / 1000;
  while (value >= 999.5 && step < units.length - 1) { value /= 1000; step += 1; }
  return `${number(value, value < 10 ? 1 : 0)} ${units[step]}`;
};
export const time = (seconds) => {
  if (!Number.isFinite(seconds)) return "…";
  if (seconds < 60) return fill(words.seconds, { seconds: Math.ceil(seconds) });
  const minutes = Math.ceil(seconds / 60);
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60];
  return hours ? fill(words["hours-minutes"], { hours, minutes: rest }) : fill(words.minutes, { minutes });
};
/** Says something to whoever listens rather than looks. */
export const tell = (text) => { said.textContent = text; };
export const make = (tag, properties = {}, ...children) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...children);
  return element;
};
export const button = (text, of, act) => {
  const made = make("button", { type: "button", className: "button", onclick: act }, text, make("span", { className: "unseen" }, `: ${of}`));
  made.dataset.kind = "quiet";
  return made;
};
export const base64 = (text) => btoa(String.fromCharCode(...new TextEncoder().encode(text)));

/**
 * One request; answers status, headers and text, or status 0 when the connection broke or nothing moved for too long. `isOurs`: whether
 * the portal says it and not something in between: its answers about uploads name the version of the protocol. Of what others say no
 * text is read.
 */
export function ask(method, address, { headers = {}, body = null, moved = () => {}, job = null } = {}) {
  return new Promise((resolve) => {
    const request = new XMLHttpRequest();
    let alarm = 0;
    const end = (status) => {
      clearTimeout(alarm);
      if (job) job.request = null;
      const header = (name) => (status ? request.getResponseHeader(name) : null);
      const isOurs = header("Tus-Resumable") !== null;
      const isText = isOurs && /^(text\/plain|application\/json)\b/.test(header("Content-Type") ?? "");
      resolve({ status, isOurs, header, text: isText ? request.responseText.trim() : "" });
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
/** Milliseconds that an answer asks to wait: RFC 9110 §10.2.3, a number of seconds or a date. */
export function asked(answer) {
  const said = answer.header("Retry-After");
  if (!said) return 0;
  const milliseconds = /^\d+$/.test(said) ? 1000 * Number(said) : Date.parse(said) - Date.now();
  return Math.min(milliseconds || 0, LONGEST_ASKED);
}
export const tus = (method, address, options = {}) => ask(method, address, { ...options, headers: { "Tus-Resumable": "1.0.0", ...options.headers } });
export const wait = (job, milliseconds) => new Promise((resolve) => {
  const alarm = setTimeout(resolve, milliseconds);
  job.wake = () => { clearTimeout(alarm); resolve(); };
});

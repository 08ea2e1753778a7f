// Finds while one types: the best few results as links below the field. The form works as before, and without this.
import { clock } from "./progress.js";

const PAUSE_MS = 150;
const SHORTEST = 2;
const MOST = 6;

const form = document.querySelector('form[role="search"]');
const field = form?.querySelector("input[type=search]");
const list = form?.querySelector("[data-suggestions]");
const status = form?.querySelector("[data-status]");
const asked = field?.value.trim();
let timer;
let call;

function close() {
  clearTimeout(timer);
  call?.abort();
  if (list) list.hidden = true;
}

/** The address of a page in the language that was chosen; `asked`: what is looked for in what is said there. */
function address(url, asked) {
  const page = new URL(url, location.href);
  if (asked) page.searchParams.set("find", asked);
  const lang = form.elements.lang?.value;
  if (lang) page.searchParams.set("lang", lang);
  return page.pathname + page.search;
}

function span(name, text) {
  const element = document.createElement("span");
  element.className = name;
  element.textContent = text;
  return element;
}

function item({ recording, moments }) {
  const link = document.createElement("a");
  const [moment] = moments;
  link.href = moment ? address(moment.url, field.value.trim()) : address(recording.watch_url);
  link.append(span("title", recording.title));
  if (moment) link.append(span("said", `${clock(moment.start_ms / 1000)} · ${moment.text}`));
  else link.append(span("said", recording.series));
  const element = document.createElement("li");
  element.append(link);
  return element;
}

function show({ total, more, results }) {
  list.replaceChildren(...results.slice(0, MOST).map(item));
  list.hidden = results.length === 0;
  const words = results.length ? status.dataset.found : status.dataset.none;
  status.textContent = words.replace("%", more ? `${total}+` : total);
}

async function find() {
  const question = field.value.trim();
  call?.abort();
  if (question.length < SHORTEST || question === asked) return close();
  call = new AbortController();
  const { signal } = call;
  try {
    const query = new URLSearchParams({ q: field.value, limit: MOST, typing: "", as: "visitor" });
    const answer = await fetch(`/api/search?${query}`, { signal });
    if (answer.ok) show(await answer.json());
    else close();
  } catch {
    // Another letter was typed, or the connection is gone: the form itself still works.
  }
}

/** Moves the focus between the field and the links. */
function step(event) {
  if (event.key === "Escape" && !list.hidden) {
    event.preventDefault();
    field.focus();
    return close();
  }
  const by = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (!by || list.hidden) return;
  const places = [field, ...list.querySelectorAll("a")];
  const next = places[places.indexOf(document.activeElement) + by];
  if (next) {
    event.preventDefault();
    next.focus();
  }
}

if (field && list && status) {
  field.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(find, PAUSE_MS);
  });
  form.addEventListener("keydown", step);
  form.addEventListener("submit", close);
  // Where links take no focus (Safari), the field would lose it, and the list would close before the click.
  list.addEventListener("mousedown", (event) => event.preventDefault());
  form.addEventListener("focusout", (event) => {
    if (!form.contains(event.relatedTarget)) close();
  });
}

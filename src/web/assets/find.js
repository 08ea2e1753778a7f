// Finds in what is said without leaving the page, so that what plays goes on. The form and its links work without this.
const section = document.querySelector(".watch-transcript");
const form = section?.querySelector("[data-find]");
const field = form?.querySelector("input[type=search]");
const found = section?.querySelector("[data-found]");
const scroll = section?.querySelector("[data-scroll]");
const lines = scroll?.querySelector("[data-lines]");
let call;
let asked = field?.value.trim();

const hits = () => [...lines.querySelectorAll("[data-hit]")];
const now = () => hits().findIndex((hit) => hit.dataset.hit === "now");

const scrolls = () => scroll.scrollHeight > scroll.clientHeight + 1;

/** Brings a line to the middle of what scrolls: the list beside the player, or the page. */
function show(line) {
  const box = scroll.getBoundingClientRect();
  if (scrolls()) scroll.scrollTop += line.getBoundingClientRect().top - box.top - box.height / 3;
  else line.scrollIntoView({ block: "center" });
}

function step(by) {
  const all = hits();
  if (!all.length) return;
  const from = now();
  const to = (from + by + all.length) % all.length;
  if (from >= 0) all[from].dataset.hit = "";
  all[to].dataset.hit = "now";
  const place = found.querySelector("[data-at]");
  if (place) {
    place.textContent = place.dataset.at.replace("%", to + 1);
    place.href = `#${all[to].id}`;
  }
  show(all[to]);
  report(all[to]);
  const address = new URL(location.href);
  address.searchParams.set("hit", to + 1);
  address.hash = all[to].id;
  history.replaceState(history.state, "", address);
}

/** A message about the captions is about the line that is looked at; `player.js` says which, while something plays. */
function report(line) {
  const link = scroll.querySelector("[data-message]");
  if (!link) return;
  const to = new URL(link.href);
  to.searchParams.set("t", Math.floor(Number(line.querySelector("a").dataset.at) / 1000));
  link.href = to;
}

/** Puts what the server found in the place of what is there. */
function take(page) {
  const [newFound, newScroll] = ["[data-found]", "[data-scroll]"].map((name) => page.querySelector(`.watch-transcript ${name}`));
  if (!newFound || !newScroll) return false;
  const newLines = newScroll.querySelector("[data-lines]");
  lines.replaceChildren(...newLines.children);
  lines.toggleAttribute("data-alone", newLines.hasAttribute("data-alone"));
  while (lines.nextSibling) lines.nextSibling.remove();
  newLines.remove();
  scroll.append(...newScroll.children);
  scroll.lang = newScroll.lang;
  found.replaceChildren(...newFound.childNodes);
  lines.dispatchEvent(new Event("lines"));
  return true;
}

async function find() {
  const question = field.value.trim();
  call?.abort();
  if (question && question === asked) return step(1);
  call = new AbortController();
  const address = new URL(location.href);
  address.hash = "";
  address.searchParams.delete("hit");
  if (question) address.searchParams.set("find", question);
  else address.searchParams.delete("find");
  try {
    const answer = await fetch(address, { signal: call.signal });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (!answer.ok) throw new Error(answer.statusText);
    // Another page than this one: it was withdrawn, or asks for its password.
    if (!take(page)) return form.submit();
  } catch (problem) {
    // What plays goes on.
    if (problem.name !== "AbortError") found.textContent = field.dataset.failed;
    return;
  }
  asked = question;
  history.replaceState(history.state, "", address);
  const [first] = hits();
  if (first) show(first);
}

if (form && field && found && lines) {
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    find();
  });
  // What was found belongs to other words.
  field.addEventListener("input", () => { if (field.value.trim() !== asked) found.replaceChildren(); });
  // The cross in the field empties it.
  field.addEventListener("search", () => { if (!field.value) find(); });
  field.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.shiftKey) return;
    event.preventDefault();
    step(-1);
  });
  found.addEventListener("click", (event) => {
    const link = event.target.closest("[data-step], [data-now]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
    event.preventDefault();
    if ("step" in link.dataset) return step(Number(link.dataset.step));
    // The number leads into the list, to the line that it counts.
    const line = hits()[now()];
    if (!line) return;
    show(line);
    line.querySelector("a").focus({ preventScroll: true });
  });
  const first = hits()[now()];
  // The page itself begins at the player, unless its address says otherwise.
  if (first && (location.hash || scrolls())) show(first);
}

// Shows how far one is: a bar on each picture, what is seen of a series and with which to go on, and on the home page what to go on
// with. All of it comes from this browser's own storage, written by remember.js, and leaves it for nobody. Without storage nothing is shown.
import { say } from "./copy.js";
import { clock, forget, read, write } from "./progress.js";

let seen = read();
const fill = (bar, one) => {
  bar.hidden = false;
  bar.value = Math.min(1, one.at / one.of);
};
const isUnderWay = (one) => !one.done && one.at > 10;

for (const bar of document.querySelectorAll("[data-progress]")) {
  const one = seen[bar.dataset.progress];
  if (one) fill(bar, one.done ? { at: 1, of: 1 } : one);
}
for (const line of document.querySelectorAll("[data-seen]")) {
  const one = seen[line.dataset.seen];
  if (!one || one.at <= 0) continue;
  line.textContent = one.done ? line.dataset.done : line.dataset.words.replace("%", clock(one.at));
  line.hidden = false;
}
for (const total of document.querySelectorAll("[data-seen-of]")) {
  const ids = total.dataset.seenOf.split(" ");
  const count = ids.filter((id) => seen[id]?.done).length;
  if (!count) continue;
  total.textContent = total.dataset.words.replace("%", count);
  total.hidden = false;
}

// The button that begins a series goes on with what comes after the one that was watched last, or where that one was left.
const buttons = [...document.querySelectorAll("[data-begin]")].map((button) => ({ button, first: button.href, words: button.querySelector("span").textContent }));

function begin({ button, first, words }) {
  const all = button.dataset.begin.split(" ").map((one) => one.split(":"));
  const last = all.reduce((last, [id], place) => (seen[id] && !(seen[id].when <= seen[all[last]?.[0]]?.when) ? place : last), -1);
  const place = last >= 0 && seen[all[last][0]].done ? all.findIndex(([id], place) => place > last && !seen[id]?.done) : last;
  const [id, number] = all[place] ?? [];
  const at = isUnderWay(seen[id] ?? {}) ? seen[id].at : 0;
  const to = new URL(first);
  if (id) to.pathname = `/watch/${id}`;
  if (at) to.searchParams.set("t", Math.floor(at));
  button.href = to;
  const { on, at: onAt, next } = button.dataset;
  const said = !id ? words : !number ? next : (at ? onAt : on);
  button.querySelector("span").textContent = said.replace("%1", number).replace("%2", clock(at));
}
buttons.forEach(begin);

function address(card, id, one) {
  const lang = card.dataset.lang ? `&lang=${card.dataset.lang}` : "";
  return `/watch/${id}?t=${Math.floor(one.at)}${lang}`;
}

function keepWatching(card) {
  const underWay = Object.entries(seen).filter(([, one]) => isUnderWay(one)).sort((a, b) => b[1].when - a[1].when);
  card.hidden = Object.keys(seen).length === 0;
  card.querySelector(".latest").hidden = underWay.length === 0;
  card.querySelector("[data-others]").hidden = underWay.length < 2;
  if (underWay.length === 0) return;
  const words = (one) => card.dataset.words.replace("%1", clock(one.at)).replace("%2", clock(one.of));
  const title = (one) => (one.number ? `${one.number}. ${one.title}` : one.title);
  const [[id, one], ...others] = underWay;
  card.querySelector("a").href = address(card, id, one);
  const image = card.querySelector("img");
  image.src = `/posters/${id}.jpg?w=480`;
  image.hidden = false;
  card.querySelector(".title").textContent = title(one);
  card.querySelector(".at").textContent = words(one);
  fill(card.querySelector(".progress"), one);
  card.querySelector("[data-others] ul").replaceChildren(...others.map(([id, one]) => {
    const [item, link, at] = ["li", "a", "span"].map((name) => document.createElement(name));
    link.href = address(card, id, one);
    link.textContent = title(one);
    at.textContent = words(one);
    at.className = "at";
    item.append(link, at);
    return item;
  }));
}

const card = document.querySelector("[data-keep-watching]");
if (card) {
  keepWatching(card);
  card.querySelector("[data-take-out]").addEventListener("click", () => {
    const [id] = card.querySelector("a").pathname.split("/").slice(-1);
    delete seen[id];
    write(seen);
    keepWatching(card);
    buttons.forEach(begin);
  });
  card.querySelector("[data-wipe]").addEventListener("click", () => {
    forget();
    seen = {};
    buttons.forEach(begin);
    for (const shown of document.querySelectorAll("[data-progress], [data-seen], [data-seen-of]")) shown.hidden = true;
    for (const part of card.querySelectorAll(".latest, [data-others], [data-wipe]")) part.hidden = true;
    say(card.querySelector("[data-wiped]"), card.querySelector("[data-wiped]").dataset.wiped);
    card.querySelector("h2").focus();
  });
}

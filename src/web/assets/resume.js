// Shows how far one is: a bar on each picture, and on the home page the recording to go on with. All of it comes from this
// browser's own storage, written by player.js, and leaves it for nobody. Without storage nothing is shown.
import { clock, read, write } from "./progress.js";

const seen = read();
const fill = (bar, one) => {
  bar.hidden = false;
  bar.value = Math.min(1, one.at / one.of);
};
const sound = (one) => one && one.at > 0 && one.of > 0 && typeof one.title === "string";

for (const bar of document.querySelectorAll("[data-progress]")) {
  const one = seen[bar.dataset.progress];
  if (sound(one)) fill(bar, one);
}
for (const line of document.querySelectorAll("[data-seen]")) {
  const one = seen[line.dataset.seen];
  if (!sound(one) || one.done) continue;
  line.textContent = line.dataset.words.replace("%", clock(one.at));
  line.hidden = false;
}

function keepWatching(card) {
  const latest = Object.entries(seen)
    .filter(([id, one]) => /^[0-9a-hjkmnp-tv-z]{10}$/.test(id) && sound(one) && !one.done && one.at > 10)
    .sort((a, b) => b[1].when - a[1].when)[0];
  if (!latest) return;
  const [id, one] = latest;
  const lang = card.dataset.lang ? `&lang=${card.dataset.lang}` : "";
  card.querySelector("a").href = `/watch/${id}?t=${Math.floor(one.at)}${lang}`;
  const image = card.querySelector("img");
  image.src = `/posters/${id}.jpg?w=480`;
  image.hidden = false;
  card.querySelector(".title").textContent = one.number ? `${one.number}. ${one.title}` : one.title;
  card.querySelector(".at").textContent = card.dataset.words.replace("%1", clock(one.at)).replace("%2", clock(one.of));
  fill(card.querySelector(".progress"), one);
  card.querySelector("button").addEventListener("click", () => {
    delete seen[id];
    write(seen);
    card.hidden = true;
  });
  card.hidden = false;
}

const card = document.querySelector("[data-keep-watching]");
if (card) keepWatching(card);

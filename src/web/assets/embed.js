// Tells a site around the frame, where it asks, how high the frame should be, and where someone wants to go: in a sandbox a link
// opens nothing by itself. WordPress asks with a secret behind the address, and believes only messages that carry it.
import { keys } from "./keys.js";
import { part } from "./part.js";
import { player as framed } from "./player.js";
import { quality } from "./quality.js";

const whole = document.querySelector(".embed-whole");
const secret = new URLSearchParams(location.hash.replace(/^#\??/, "")).get("secret");
const one = framed();
if (one) {
  keys(one, { captions: () => {} });
  part(one);
  if (!("refused" in one.root.dataset)) quality(one);
}
const player = one?.media;
for (const link of document.querySelectorAll("a[data-seek]")) {
  // In the frame of a chapter that is on the way already nothing is fetched anew.
  link.addEventListener("click", (event) => {
    if (!player || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    player.currentTime = Number(link.dataset.seek);
    player.play().catch(() => {});
    link.closest("details").open = false;
  });
}

function talk() {
  const tell = (message, value) => parent.postMessage({ message, value, secret }, "*");
  // From the width alone: a height that followed from the height would never come to rest.
  const size = () => tell("height", Math.ceil(innerWidth * 9 / 16) + (whole.dataset.series === undefined ? 0 : 220));
  addEventListener("resize", size);
  size();
  for (const link of document.querySelectorAll("[data-page-link]")) {
    link.addEventListener("click", (event) => {
      tell("link", link.href);
      // Without an origin of its own the frame is in a sandbox, where a link opens nothing by itself.
      if (self.origin === "null") event.preventDefault();
    });
  }
  // The next recording of a series stays in the same conversation.
  for (const link of document.querySelectorAll(".embed-list a, a[data-seek]")) link.hash = location.hash;
}

if (whole && secret && parent !== window) talk();

// Adds to the browser's own player: jumping to chapters and lines without a reload, the line of now, going on where one
// stopped, speed, and the sentence for when nothing plays. Everything on the page works without it. No clock runs while
// nothing plays.
import { lines } from "./lines.js";
import { clock, read, write } from "./progress.js";
import { reconnect } from "./reconnect.js";

const MOST = 60; // recordings remembered

function enhance(root, media) {
  const id = root.dataset.player;
  const elsewhere = "elsewhere" in root.dataset;

  // Before the first bytes are there a browser may forget where it was told to begin.
  let wanted = root.dataset.start ? Number(root.dataset.start) : null;
  const now = () => (media.readyState > 0 ? media.currentTime : wanted || 0);
  const seek = (seconds, play) => {
    if (media.readyState > 0) media.currentTime = seconds;
    else wanted = seconds;
    if (play) media.play().catch(() => {});
    // Asking anew would stop one that has been told to play.
    else if (media.readyState === 0 && media.paused) media.load();
  };
  media.addEventListener("loadedmetadata", () => {
    if (wanted !== null) media.currentTime = wanted;
    wanted = null;
  });

  // A press on a picture of which nothing has been fetched is lost in some browsers, a finger's in most. The lowest third
  // belongs to the browser's own buttons; after a moment it is seen whether the browser heard the press itself.
  if (media.localName === "video") {
    media.addEventListener("pointerup", (event) => {
      if (event.button || media.readyState > 0 || !media.paused || event.offsetY > media.clientHeight * 0.67) return;
      setTimeout(() => { if (media.paused && media.readyState === 0) media.play().catch(() => {}); }, 250);
    });
  }

  // A message about what is on the screen says when that was. Links that come with another transcript say so too.
  document.addEventListener("click", (event) => {
    const message = event.target.closest?.("[data-message]");
    const at = Math.floor(now());
    if (!message || !(at > 0)) return;
    const to = new URL(message.href);
    to.searchParams.set("t", String(at));
    message.href = to;
  });

  const tint = lines(media, seek);

  // Where one stopped. The last seconds count as seen to the end.
  let saved = -1;
  const remember = () => {
    const { currentTime: at, duration: of } = media;
    if (elsewhere || !(of > 0) || at < 5 || Math.abs(at - saved) < 1) return;
    saved = at;
    const seen = read();
    const number = root.dataset.number ? Number(root.dataset.number) : null;
    if (at > of - Math.max(5, of * 0.02)) seen[id] = { at: of, of, when: Date.now(), title: root.dataset.title, number, done: true };
    else seen[id] = { at, of, when: Date.now(), title: root.dataset.title, number };
    const newest = Object.entries(seen).sort((a, b) => b[1].when - a[1].when).slice(0, MOST);
    write(Object.fromEntries(newest));
  };

  const bar = root.querySelector("[data-bar]");
  const resume = root.querySelector("[data-resume-button]");
  const before = elsewhere ? null : read()[id];
  if (bar) {
    bar.hidden = false;
    for (const button of bar.querySelectorAll("[data-skip]")) {
      button.addEventListener("click", () => {
        const to = now() + Number(button.dataset.skip);
        seek(Math.max(0, Math.min(to, media.duration || to)), false);
      });
    }
    const speed = bar.querySelector("[data-speed]");
    speed.addEventListener("change", () => { media.playbackRate = Number(speed.value); });
    media.addEventListener("ratechange", () => { speed.value = String(media.playbackRate); });
  }
  if (resume && before && !before.done && before.at > 10 && !root.dataset.start) {
    resume.textContent = root.dataset.resume.replace("%", clock(before.at));
    resume.hidden = false;
    resume.addEventListener("click", () => { seek(before.at, true); media.focus(); });
    media.addEventListener("play", () => { resume.hidden = true; }, { once: true });
  }

  let last = 0;
  media.addEventListener("timeupdate", () => {
    tint();
    if (Math.abs(media.currentTime - last) >= 5) { last = media.currentTime; remember(); }
  });
  for (const name of ["pause", "ended", "seeked"]) media.addEventListener(name, remember);
  addEventListener("pagehide", remember);

  // Keys only while the player itself has the focus (WCAG 2.2 §2.1.4), and none that the browser uses there.
  media.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const step = { j: -10, l: 10 }[event.key.toLowerCase()];
    if (step) seek(Math.max(0, now() + step), false);
    else if (event.key.toLowerCase() === "k") media.paused ? media.play().catch(() => {}) : media.pause();
    else if (/^[0-9]$/.test(event.key) && media.duration) seek((media.duration * Number(event.key)) / 10, false);
    else return;
    event.preventDefault();
  });

  // A frame shows title and organiser over the picture until it plays.
  const embed = root.closest("[data-embed]");
  if (embed) {
    embed.dataset.ready = "";
    media.addEventListener("play", () => { embed.dataset.playing = ""; });
    media.addEventListener("ended", () => { delete embed.dataset.playing; });
  }

  // What the browser gives up on.
  const refusal = root.querySelector("[data-refusal]");
  const refuse = () => {
    if (!refusal) return;
    media.hidden = true;
    refusal.hidden = false;
    refusal.parentElement.dataset.empty = "";
    if (bar) bar.hidden = true;
    if (embed) delete embed.dataset.ready;
  };
  const goOn = (at, plays) => {
    const speed = media.playbackRate;
    wanted = at;
    media.load();
    media.playbackRate = speed;
    if (plays) media.play().catch(() => {});
  };
  const lost = root.querySelector("[data-lost]");
  const again = lost ? reconnect(media, lost, { goOn, refuse }) : refuse;
  const sources = media.querySelectorAll("source");
  if (sources.length) sources[sources.length - 1].addEventListener("error", again);
  // With nothing preloaded it tries nothing before someone plays, so it is asked.
  if (media.error || ![...sources].some((source) => media.canPlayType(source.type))) refuse();
}

const root = document.querySelector("[data-player]");
const media = root?.querySelector("video, audio");
if (media) enhance(root, media);

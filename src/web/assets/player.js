// What the browser's own player needs on a page and in a frame: to begin where it was told, to hear a press, to wait for a lost
// connection, and to say when nothing plays. Everything on the page works without it. No clock runs while nothing plays.
import { reconnect } from "./reconnect.js";

/** The player of this page as the other scripts take it; `null` where there is none. `seek(seconds, play)` jumps. */
export function player() {
  const root = document.querySelector("[data-player]");
  const media = root?.querySelector("video, audio");
  return media ? enhance(root, media) : null;
}

function enhance(root, media) {
  // Before the first bytes are there a browser may forget where it was told to begin.
  let wanted = root.dataset.start ? Number(root.dataset.start) : null;
  const now = () => (media.readyState > 0 ? media.currentTime : wanted || 0);
  const seek = (seconds, play) => {
    const to = Math.max(0, Math.min(seconds, media.duration || seconds));
    if (media.readyState > 0) media.currentTime = to;
    else wanted = to;
    if (play) media.play().catch(() => {});
    // Asking anew would stop one that has been told to play.
    else if (media.readyState === 0 && media.paused) media.load();
  };
  media.addEventListener("loadedmetadata", () => {
    // Of a shorter file than the link was made for it begins anew rather than ending at once.
    if (wanted !== null) media.currentTime = wanted < media.duration ? wanted : 0;
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
    // While nothing plays it is about the line that was found.
    const found = media.paused && message?.closest(".watch-transcript")?.querySelector('[data-hit="now"] a');
    const at = Math.floor(found ? Number(found.dataset.at) / 1000 : now());
    if (!message || !(at > 0)) return;
    const to = new URL(message.href);
    to.searchParams.set("t", String(at));
    message.href = to;
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
    for (const part of root.querySelectorAll("[data-bar], [data-chapter-marks], .chapter-now, [data-next], [data-part-ended], [data-said-now], [data-slow]")) part.hidden = true;
    root.dataset.refused = "";
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
  return { root, media, now, seek, goOn, elsewhere: "elsewhere" in root.dataset };
}

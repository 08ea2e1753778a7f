// The file behind a page can be replaced while someone watches it. The old bytes are never sent again, so the player stops in the
// middle: then this asks for the page anew and goes on in the new file, at the same moment.
const sources = (page) => [...page.querySelectorAll("[data-player] source")].map((source) => ({ src: source.getAttribute("src"), type: source.type, media: source.media }));
const ANSWER_MS = 10_000;
// A browser pauses what it gives up on before it says so.
let isPlaying = false;
for (const player of document.querySelectorAll("[data-player] video, [data-player] audio")) {
  player.addEventListener("play", () => { isPlaying = true; });
  player.addEventListener("pause", () => { if (!player.error) isPlaying = false; });
}
/** Whether somebody was watching when it stopped. */
export const wasPlaying = () => isPlaying;
const bytes = (src) => src.split("#")[0];

/** Gives the player the files of now. Answers whether they are others than those it had. */
export async function renewed(media) {
  const [at, speed, wasPlaying] = [media.currentTime, media.playbackRate, isPlaying];
  const call = new AbortController();
  const timer = setTimeout(() => call.abort(), ANSWER_MS);
  const answer = await fetch(location.href, { cache: "no-store", signal: call.signal }).catch(() => null);
  clearTimeout(timer);
  if (!answer || !answer.ok) return false;
  const page = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = sources(page);
  const known = new Set(sources(document).map((source) => bytes(source.src)));
  if (!fresh.length || fresh.every((source) => known.has(bytes(source.src)))) return false;
  for (const old of media.querySelectorAll("source")) old.remove();
  media.prepend(...fresh.map((source) => Object.assign(document.createElement("source"), { ...source, src: bytes(source.src) })));
  media.dispatchEvent(new CustomEvent("renewed", { detail: page }));
  media.addEventListener("loadedmetadata", () => {
    // A shorter one begins again rather than ending at once.
    media.currentTime = at < media.duration ? at : 0;
    media.playbackRate = speed;
    if (wasPlaying) media.play().catch(() => {});
  }, { once: true });
  media.load();
  return true;
}

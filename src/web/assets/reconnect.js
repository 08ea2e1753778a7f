// A lost connection is not a film that does not play: it is tried again at the same moment, with growing pauses, until it is back.
import { renewed, wasPlaying } from "./renew.js";

const PAUSES_S = [1, 2, 4, 8, 15, 30];
/** So long nothing arrives while somebody waits, before the connection counts as lost; and so long an answer may take. */
const STALLED_MS = 10_000;

/** Whether the server gives a file ("there"), not any more ("gone"), or does not answer ("lost"). */
async function asked(src) {
  const call = new AbortController();
  const timer = setTimeout(() => call.abort(), STALLED_MS);
  try {
    const answer = await fetch(src, { headers: { Range: "bytes=0-1" }, cache: "no-store", signal: call.signal });
    if (answer.ok) return "there";
    return answer.status >= 500 || answer.status === 429 ? "lost" : "gone";
  } catch {
    return "lost";
  } finally {
    clearTimeout(timer);
  }
}

/** Keeps a player going. `goOn(at, plays)` loads it anew at a moment; `refuse` says that it cannot be played. */
export function reconnect(media, box, { goOn, refuse }) {
  const words = box.querySelector("[data-lost-words]");
  const now = box.querySelector("button");
  let [tries, refusals, timer, arrived, at, isTrying] = [0, 0, null, 0, 0, false];

  const say = (text, button) => {
    words.textContent = text;
    now.hidden = !button;
    box.dataset.says = text ? "something" : "";
  };
  const found = () => {
    clearTimeout(timer);
    [tries, refusals, timer] = [0, 0, null];
    say("", false);
  };
  const later = () => {
    clearTimeout(timer);
    timer = setTimeout(again, PAUSES_S[Math.min(tries, PAUSES_S.length - 1)] * 1000);
    tries += 1;
    say(box.dataset.lost, true);
  };
  // Not what the connection is to blame for: the browser has the file, and does not take it.
  const isRefused = () =>
    [MediaError.MEDIA_ERR_DECODE, MediaError.MEDIA_ERR_SRC_NOT_SUPPORTED].includes(media.error?.code) ||
    media.networkState === HTMLMediaElement.NETWORK_NO_SOURCE;

  async function again() {
    if (isTrying) return;
    isTrying = true;
    clearTimeout(timer);
    timer = null;
    const [refused, src] = [isRefused(), media.currentSrc || media.querySelector("source").src];
    const state = await asked(src);
    const isAnother = state !== "lost" && (await renewed(media));
    isTrying = false;
    if (isAnother) return found();
    if (state === "lost") return later();
    if (state === "gone") return say(box.dataset.gone, false);
    // Once more, because the connection may just have come back.
    if (refused) refusals += 1;
    if (refusals > 1) {
      found();
      return refuse();
    }
    tries += 1;
    goOn(at, wasPlaying());
  }

  const failed = () => (refusals > 0 || tries === 0 ? again() : later());
  media.addEventListener("error", failed);
  media.addEventListener("progress", () => { arrived = performance.now(); });
  media.addEventListener("timeupdate", () => {
    // Firefox says that its connection is lost, and first plays what it has.
    if (media.readyState === 0 || (media.error && media.currentTime < at)) return;
    // What plays on has its connection back.
    if (!media.error && media.currentTime > at && !media.paused && timer === null && words.textContent) found();
    at = media.currentTime;
  });
  media.addEventListener("playing", found);
  media.addEventListener("waiting", () => {
    arrived = performance.now();
    const look = () => {
      if (media.paused || media.readyState > 2 || media.error) return;
      if (performance.now() - arrived >= STALLED_MS) return again();
      timer = setTimeout(look, 1000);
    };
    clearTimeout(timer);
    timer = setTimeout(look, STALLED_MS);
  });
  now.addEventListener("click", () => {
    tries = 0;
    again();
  });
  addEventListener("online", () => { if (words.textContent) again(); });
  return failed;
}

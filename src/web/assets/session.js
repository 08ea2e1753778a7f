// The lock screen, the keys of a keyboard and of headphones: what plays, and how to go on (W3C Media Session).

export function session({ root, media, now, seek }) {
  const { mediaSession } = navigator;
  if (!mediaSession || !self.MediaMetadata) return;
  const { title, series } = root.dataset;
  const poster = media.poster || root.querySelector("img")?.src;
  const link = (rel) => document.querySelector(`.neighbours a[rel="${rel}"]`);
  const position = () => {
    if (!(media.duration > 0) || !Number.isFinite(media.duration)) return;
    mediaSession.setPositionState?.({ duration: media.duration, playbackRate: media.playbackRate, position: Math.min(media.currentTime, media.duration) });
  };
  const acts = {
    seekbackward: ({ seekOffset }) => seek(now() - (seekOffset || 10), false),
    seekforward: ({ seekOffset }) => seek(now() + (seekOffset || 10), false),
    seekto: ({ seekTime }) => seek(seekTime, false),
    previoustrack: link("prev") && (() => link("prev").click()),
    nexttrack: link("next") && (() => link("next").click()),
  };
  media.addEventListener("play", () => {
    const artwork = poster ? [{ src: poster, type: "image/jpeg" }] : [];
    mediaSession.metadata = new MediaMetadata({ title, artist: series ?? "", artwork });
    for (const [name, act] of Object.entries(acts)) {
      try { mediaSession.setActionHandler(name, act ?? null); } catch { /* This browser has no such button. */ }
    }
  }, { once: true });
  for (const name of ["loadedmetadata", "ratechange", "seeked", "play", "pause"]) media.addEventListener(name, position);
}

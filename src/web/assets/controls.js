// The buttons beside the player: ten seconds back and on, speed, picture-in-picture, full screen, and a link to this moment. Speed and
// volume are as they were the last time.
import { choices, choose } from "./choices.js";
import { copyAndSay } from "./copy.js";

export function controls({ root, media, now, seek }) {
  const bar = root.querySelector("[data-bar]");

  for (const button of bar.querySelectorAll("[data-skip]")) {
    button.addEventListener("click", () => seek(now() + Number(button.dataset.skip), false));
  }

  const speed = bar.querySelector("[data-speed]");
  const speeds = [...speed.options].map((option) => Number(option.value));
  const chosen = choices();
  if (speeds.includes(chosen.speed)) media.defaultPlaybackRate = media.playbackRate = chosen.speed;
  if (chosen.volume >= 0 && chosen.volume <= 1) media.volume = chosen.volume;
  speed.value = String(media.playbackRate);
  speed.addEventListener("change", () => { media.defaultPlaybackRate = media.playbackRate = Number(speed.value); });
  media.addEventListener("ratechange", () => {
    speed.value = String(media.playbackRate);
    if (speeds.includes(media.playbackRate)) choose("speed", media.playbackRate);
  });
  media.addEventListener("volumechange", () => choose("volume", media.volume));
  const faster = (by) => {
    const to = speeds[speeds.indexOf(media.playbackRate) + by];
    if (to) media.defaultPlaybackRate = media.playbackRate = to;
  };

  const small = bar.querySelector("[data-picture]");
  if (small && document.pictureInPictureEnabled) {
    // Before there is a picture it cannot be taken out.
    const show = () => { small.hidden = media.readyState === 0; };
    media.addEventListener("loadedmetadata", show);
    show();
    small.addEventListener("click", () => {
      const isSmall = document.pictureInPictureElement === media;
      (isSmall ? document.exitPictureInPicture() : media.requestPictureInPicture()).catch(() => {});
    });
  }

  // Safari on a phone knows full screen for the video itself only.
  const canFill = media.localName === "video" && (document.fullscreenEnabled || media.webkitEnterFullscreen);
  const fill = () => {
    if (!canFill) return;
    if (document.fullscreenElement) document.exitFullscreen();
    else if (media.requestFullscreen) media.requestFullscreen().catch(() => {});
    else media.webkitEnterFullscreen();
  };
  const full = bar.querySelector("[data-full]");
  if (full && canFill) {
    full.hidden = false;
    full.addEventListener("click", fill);
  }

  const [moment, said] = ["[data-moment]", "[data-moment-said]"].map((name) => document.querySelector(name));
  moment.hidden = false;
  moment.addEventListener("click", () => {
    const address = new URL(moment.dataset.moment, location.href);
    address.searchParams.set("t", Math.floor(now()));
    copyAndSay(address.href, said);
  });
  return { faster, fill };
}

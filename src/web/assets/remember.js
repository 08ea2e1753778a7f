// Remembers where one stopped, offers to go on there, and lets somebody say by hand that a recording is seen.
import { clock, length, read, write } from "./progress.js";

const EVERY_S = 5;

export function remember({ root, media, seek }) {
  const id = root.dataset.player;
  const number = root.dataset.number ? Number(root.dataset.number) : null;
  const { title, series } = root.dataset;
  const mark = document.querySelector("[data-mark-seen]");
  const show = () => {
    const isSeen = Boolean(read()[id]?.done);
    mark?.toggleAttribute("data-is-seen", isSeen);
    if (mark) mark.querySelector("span").textContent = isSeen ? mark.dataset.after : mark.dataset.before;
  };
  let saved = -1;

  // The last seconds count as seen to the end.
  const keep = () => {
    const [at, of] = [media.currentTime, length(media, mark?.dataset.seconds)];
    if (!of || at < 5 || Math.abs(at - saved) < 1) return;
    saved = at;
    const seen = read();
    // Who looks something up again has still seen it; only the button takes that back.
    const done = Boolean(seen[id]?.done) || at > of - Math.max(5, of * 0.02);
    write({ ...seen, [id]: { at, of, when: Date.now(), title, series, number, done } });
    show();
  };
  let last = 0;
  media.addEventListener("timeupdate", () => {
    if (Math.abs(media.currentTime - last) < EVERY_S) return;
    last = media.currentTime;
    keep();
  });
  for (const name of ["pause", "ended", "seeked"]) media.addEventListener(name, keep);
  addEventListener("pagehide", keep);

  if (mark) {
    mark.hidden = false;
    show();
    mark.addEventListener("click", () => {
      const { [id]: one, ...others } = read();
      const of = length(media, mark.dataset.seconds) || one?.of || 1;
      if (one?.done) write(others);
      else write({ ...others, [id]: { at: of, of, when: Date.now(), title, series, number, done: true } });
      saved = media.currentTime;
      show();
    });
  }

  const button = root.querySelector("[data-resume-button]");
  const before = read()[id];
  if (!button || !before || before.done || before.at <= 10 || root.dataset.start) return;
  button.textContent = root.dataset.resume.replace("%", clock(before.at));
  button.hidden = false;
  button.addEventListener("click", () => { seek(before.at, true); media.focus(); });
  media.addEventListener("play", () => { button.hidden = true; }, { once: true });
}

// The chapters as marks under the player, as wide as they last, and the title of the one of now. The list of chapters has the same links
// for those who do not see the marks.
import { length } from "./progress.js";

export function chapters({ root, media, seek }) {
  const [bar, words] = ["[data-chapter-marks]", "[data-chapter-now]"].map((name) => root.querySelector(name));
  const links = [...document.querySelectorAll(".watch-chapters a[data-at]")];
  if (!bar || links.length < 2) return () => {};
  const starts = links.map((link) => Number(link.dataset.at) / 1000);
  const title = (place) => links[place].querySelector("span:last-child").textContent;
  let now = -1;

  const draw = () => {
    const end = length(media, bar.dataset.seconds) || starts[starts.length - 1] + 1;
    const before = document.createElement("i");
    before.style.flexGrow = starts[0];
    before.hidden = starts[0] === 0;
    const marks = starts.map((start, place) => {
      const mark = document.createElement("span");
      mark.style.flexGrow = Math.max(1, (starts[place + 1] ?? end) - start);
      mark.title = title(place);
      mark.addEventListener("click", () => seek(start, true));
      return mark;
    });
    bar.replaceChildren(before, ...marks);
    now = -1;
  };
  const mark = () => {
    const at = media.currentTime + 0.05;
    const place = starts.findLastIndex((start) => start <= at);
    if (place === now) return;
    bar.children[now + 1]?.removeAttribute("data-now");
    if (place >= 0) bar.children[place + 1].setAttribute("data-now", "");
    now = place;
    words.textContent = place < 0 ? "" : title(place);
    words.lang = place < 0 ? "" : links[place].querySelector("span:last-child").lang;
    words.parentElement.hidden = place < 0;
  };
  bar.hidden = false;
  draw();
  media.addEventListener("durationchange", () => { draw(); mark(); });
  return mark;
}

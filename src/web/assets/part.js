// Where a part of a recording ends (a link with an end), the browser stops. This says so, and offers to go on.
import { say } from "./copy.js";

/** Seconds from the end within which a stop is that of the part: browsers are not exact. */
const NEAR = 0.5;

export function part({ root, media }) {
  const offer = root.querySelector("[data-part-ended]");
  if (!offer) return;
  const end = Number(root.dataset.end);
  const [said, on] = ["[role=status]", "[data-go-on]"].map((name) => offer.querySelector(name));
  media.addEventListener("pause", () => {
    if (media.ended || Math.abs(media.currentTime - end) > NEAR) return;
    offer.hidden = false;
    say(said, said.dataset.words);
  });
  for (const name of ["playing", "seeking"]) {
    media.addEventListener(name, () => {
      offer.hidden = true;
      said.textContent = "";
    });
  }
  on.addEventListener("click", () => {
    // Without the button the focus would fall off the page.
    media.focus();
    media.play().catch(() => {});
  });
}

// At the end the next recording is offered, with a countdown that can be stopped. On arrival nothing plays by itself.
import { say } from "./copy.js";

const SECONDS = 10;

export function next({ root, media }) {
  const offer = root.querySelector("[data-next]");
  if (!offer) return;
  const link = offer.querySelector("a");
  const [count, stop, said] = ["[data-count]", "button", "[role=status]"].map((name) => offer.querySelector(name));
  let timer;
  const end = () => {
    clearInterval(timer);
    timer = null;
    count.textContent = "";
    stop.hidden = true;
  };
  const tick = (left) => { count.textContent = count.dataset.words.replace("%", left); };

  media.addEventListener("ended", () => {
    let left = SECONDS;
    offer.hidden = false;
    end();
    stop.hidden = false;
    tick(left);
    say(said, `${said.dataset.words} ${link.textContent}. ${count.textContent}`);
    timer = setInterval(() => {
      // Nobody is taken on behind their back, nor without having seen the offer.
      const box = offer.getBoundingClientRect();
      if (document.hidden || box.bottom < 0 || box.top > innerHeight) return;
      left -= 1;
      tick(left);
      if (left > 0) return;
      end();
      link.click();
    }, 1000);
  });
  stop.addEventListener("click", () => {
    end();
    link.focus();
  });
  // Whoever does something else on the page wants to stay.
  for (const name of ["keydown", "input", "pointerdown"]) {
    document.addEventListener(name, (event) => { if (timer && !offer.contains(event.target)) end(); });
  }
  for (const name of ["seeking", "playing"]) {
    media.addEventListener(name, () => {
      end();
      offer.hidden = true;
    });
  }
}

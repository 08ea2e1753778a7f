// At the end the next recording is offered, with a countdown that can be stopped. On arrival nothing plays by itself.

const SECONDS = 10;

export function next({ root, media }) {
  const offer = root.querySelector("[data-next]");
  if (!offer) return;
  const link = offer.querySelector("a");
  const [count, stop] = ["[data-count]", "button"].map((name) => offer.querySelector(name));
  let timer;
  const end = () => {
    clearInterval(timer);
    timer = null;
  };
  const tick = (left) => { count.textContent = count.dataset.words.replace("%", left); };

  media.addEventListener("ended", () => {
    let left = SECONDS;
    offer.hidden = false;
    tick(left);
    end();
    timer = setInterval(() => {
      // Nobody is taken on behind their back.
      if (document.hidden) return;
      left -= 1;
      tick(left);
      if (left > 0) return;
      end();
      link.click();
    }, 1000);
  });
  stop.addEventListener("click", () => {
    end();
    count.textContent = "";
    stop.hidden = true;
    link.focus();
  });
  // Whoever goes back to a moment watches on.
  media.addEventListener("playing", () => {
    end();
    offer.hidden = true;
    stop.hidden = false;
  });
}

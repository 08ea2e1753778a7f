// Which of its files a film plays. Somebody chooses, and it is so the next time; who saves data begins with the smallest picture, and a
// small screen with the one that fits it (the sources say so by themselves). On a slow line it goes one down, and up again by hand only.
import { choices, choose } from "./choices.js";
import { wasPlaying } from "./renew.js";
import { slow } from "./slow.js";

const SOUND = "sound";
const bytes = (src) => src.split("#")[0];

export function quality({ root, media, now, goOn }) {
  const select = root.querySelector("[data-quality]");
  if (!select) return;
  const [box, lost] = ["[data-slow]", "[data-lost]"].map((name) => root.querySelector(name));
  const [words, button] = ["[data-slow-words]", "button"].map((name) => box.querySelector(name));
  const options = () => [...select.options];
  const pictures = () => options().filter(({ value }) => value !== SOUND);
  const label = select.closest("label");
  const isOffered = !label.hidden;
  const plays = ({ dataset }) => media.canPlayType(dataset.type) !== "";
  /** Leaves what plays: of the files with the sound the first, which is the smallest. */
  const trim = () => {
    for (const option of options()) if (!plays(option)) option.remove();
    for (const option of options().filter(({ value }) => value === SOUND).slice(1)) option.remove();
    label.hidden = !isOffered || select.options.length < 2;
  };

  /** What the browser takes without being told. */
  const byItself = () => {
    const fits = [...media.querySelectorAll("source:not([data-chosen])")].find((one) => (!one.media || matchMedia(one.media).matches) && media.canPlayType(one.type));
    return options().find(({ dataset }) => fits && bytes(dataset.src) === bytes(fits.getAttribute("src"))) ?? pictures()[0];
  };
  /** What there is of a choice that was made elsewhere: not larger than it, or the smallest picture. */
  const nearest = (chosen) =>
    options().find(({ value }) => value === chosen) ?? pictures().find(({ value }) => parseInt(value) <= parseInt(chosen)) ?? pictures().at(-1);

  const take = (option) => {
    media.querySelector("[data-chosen]")?.remove();
    select.value = option.value;
    if (option === byItself()) return;
    const source = document.createElement("source");
    source.dataset.chosen = "";
    source.type = option.dataset.type;
    // Behind the end of a part there is no part any more: the browser would stop at once.
    const isBehind = root.dataset.end && now() >= Number(root.dataset.end) - 0.5;
    source.setAttribute("src", isBehind ? bytes(option.dataset.src) : option.dataset.src);
    media.prepend(source);
  };
  const say = (text, does, act) => {
    words.textContent = text;
    button.hidden = !does;
    button.textContent = does ?? "";
    button.onclick = act ?? null;
    box.dataset.says = text ? "something" : "";
  };
  const change = (option) => {
    const [at, isPlaying] = [now(), wasPlaying()];
    take(option);
    goOn(at, isPlaying);
  };

  // Who has chosen in this visit is asked from then on.
  let isAsked = false;
  const byHand = (option) => {
    isAsked = true;
    say("");
    change(option);
  };
  select.addEventListener("change", () => {
    choose("quality", select.value);
    byHand(select.selectedOptions[0]);
  });
  const down = () => {
    const [from, to] = [select.selectedOptions[0], options()[select.selectedIndex + 1]];
    if (!to) return;
    const pressed = (option) => () => {
      byHand(option);
      // Without the button the focus would fall off the page.
      media.focus();
    };
    const { went, stands, back, on } = box.dataset;
    // Nobody who watches is left with sound alone unasked.
    if (isAsked || to.value === SOUND) return say(stands, on.replace("%", to.dataset.name), pressed(to));
    change(to);
    say(went.replace("%", to.dataset.name), back, pressed(from));
  };
  slow(media, () => lost?.dataset.says === "something", down);

  // What really plays, also where the browser had to take another one.
  media.addEventListener("loadedmetadata", () => {
    const one = options().find(({ dataset }) => new URL(bytes(dataset.src), location.href).href === bytes(media.currentSrc));
    if (one) select.value = one.value;
    root.toggleAttribute("data-hears", one?.value === SOUND);
  });
  // Other files came in the place of these.
  media.addEventListener("renewed", ({ detail: page }) => {
    const value = select.value;
    select.replaceChildren(...(page.querySelector("[data-quality]")?.options ?? []));
    trim();
    if (select.options.length) take(nearest(value));
  });

  trim();
  if (!select.options.length) return;
  const { quality: chosen } = choices();
  const begin = chosen ? nearest(chosen) : navigator.connection?.saveData ? pictures().at(-1) ?? byItself() : byItself();
  if (begin === byItself()) select.value = begin.value;
  else change(begin);
}

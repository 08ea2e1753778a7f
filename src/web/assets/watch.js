// Everything that the page of a recording adds beside its player: each behaviour is a script of its own.
import { captions } from "./captions.js";
import { chapters } from "./chapters.js";
import { controls } from "./controls.js";
import { keys } from "./keys.js";
import { lines } from "./lines.js";
import { next } from "./next.js";
import { part } from "./part.js";
import { player } from "./player.js";
import { quality } from "./quality.js";
import { quote } from "./quote.js";
import { remember } from "./remember.js";
import { session } from "./session.js";

const one = player();
const mark = lines(one);
if (one && !("refused" in one.root.dataset)) {
  one.root.querySelector("[data-bar]").hidden = false;
  const marks = [mark, chapters(one)];
  one.media.addEventListener("timeupdate", () => marks.forEach((mark) => mark()));
  const toggles = { ...controls(one), captions: captions(one) };
  for (const add of [quality, remember, session, next, part, quote]) add(one);
  keys(one, toggles);
}

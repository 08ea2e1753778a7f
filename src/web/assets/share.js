// Adds the buttons that copy. Without them the text is selected and copied by hand.
import { copy, say } from "./copy.js";

const said = document.querySelector("[data-copied]");
const text = (id) => document.getElementById(id).value;

function offer(box, words) {
  box.hidden = false;
  box.querySelector("button").addEventListener("click", async () => {
    try {
      await copy(...words());
      say(said, said.dataset.copied);
    } catch {
      say(said, said.dataset.failed);
    }
  });
}

for (const box of document.querySelectorAll("[data-copy]")) {
  offer(box, () => [text(box.dataset.copy)]);
}
for (const box of document.querySelectorAll("[data-copy-rich]")) {
  offer(box, () => [text(box.dataset.copyPlain), text(box.dataset.copyRich)]);
}
// Whoever clicks into something to copy wants all of it.
for (const field of document.querySelectorAll(".share-mail textarea, .share-picture input, .share-site textarea")) {
  field.addEventListener("focus", () => field.select());
}

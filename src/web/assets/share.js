// Adds the buttons that copy. Without them the text is selected and copied by hand.
(() => {
  "use strict";
  const said = document.querySelector("[data-copied]");
  const text = (id) => document.getElementById(id).value;

  // Two lines after each other that say the same are read out once: emptied in between.
  function say(words) {
    said.textContent = "";
    requestAnimationFrame(() => { said.textContent = words; });
  }

  // On an address without TLS there is no clipboard of that kind; the old command still works there.
  function byCommand(plain, rich) {
    const hand = (event) => {
      event.preventDefault();
      event.clipboardData.setData("text/plain", plain);
      if (rich) event.clipboardData.setData("text/html", rich);
    };
    document.addEventListener("copy", hand, { once: true });
    const done = document.execCommand("copy");
    document.removeEventListener("copy", hand);
    if (!done) throw new Error("not copied");
  }

  async function copy(plain, rich) {
    try {
      if (rich && navigator.clipboard?.write && window.ClipboardItem) {
        const as = (kind, words) => new Blob([words], { type: kind });
        await navigator.clipboard.write([new ClipboardItem({ "text/html": as("text/html", rich), "text/plain": as("text/plain", plain) })]);
      } else if (!rich && navigator.clipboard) {
        await navigator.clipboard.writeText(plain);
      } else {
        byCommand(plain, rich);
      }
    } catch {
      byCommand(plain, rich);
    }
  }

  function offer(box, words) {
    box.hidden = false;
    box.querySelector("button").addEventListener("click", async () => {
      try {
        await copy(...words());
        say(said.dataset.copied);
      } catch {
        say(said.dataset.failed);
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
})();

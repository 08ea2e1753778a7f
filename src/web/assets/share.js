// Adds the buttons that copy. Without them the text is selected and copied by hand.
const said = document.querySelector("[data-copied]");
const text = (id) => document.getElementById(id).value;

// Two lines after each other that say the same are read out once: emptied in between.
function say(words) {
  said.textContent = "";
  requestAnimationFrame(() => { said.textContent = words; });
}

// As a press of Ctrl+C does it: the mail program gets what is written here. The newer way cleans HTML in this page first, whose
// policy forbids the very styles that a mail needs; and without TLS it is not there.
function byCommand(plain, rich) {
  const hand = (event) => {
    event.preventDefault();
    event.clipboardData.setData("text/plain", plain);
    if (rich) event.clipboardData.setData("text/html", rich);
  };
  document.addEventListener("copy", hand, { once: true });
  const done = document.execCommand("copy");
  document.removeEventListener("copy", hand);
  return done;
}

async function copy(plain, rich) {
  if (byCommand(plain, rich)) return;
  if (!rich) return navigator.clipboard.writeText(plain);
  const as = (kind, words) => new Blob([words], { type: kind });
  return navigator.clipboard.write([new ClipboardItem({ "text/html": as("text/html", rich), "text/plain": as("text/plain", plain) })]);
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

// Puts something on the clipboard, and says words that a screen reader announces.

/** Two lines after each other that say the same are read out once: emptied in between. */
export function say(element, words) {
  element.textContent = "";
  requestAnimationFrame(() => { element.textContent = words; });
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

/** Copies a text, and where there is one the same as HTML. Fails where the browser allows neither. */
export async function copy(plain, rich) {
  if (byCommand(plain, rich)) return;
  if (!rich) return navigator.clipboard.writeText(plain);
  const as = (kind, words) => new Blob([words], { type: kind });
  return navigator.clipboard.write([new ClipboardItem({ "text/html": as("text/html", rich), "text/plain": as("text/plain", plain) })]);
}

/** Copies a text and says so in an element, whose `data-copied` and `data-failed` are the words. */
export async function copyAndSay(text, element) {
  try {
    await copy(text);
    say(element, element.dataset.copied);
  } catch {
    // Then it can be copied by hand.
    say(element, `${element.dataset.failed} ${text}`);
  }
}

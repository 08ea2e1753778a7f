// The chapters and the lines of the transcript: a click jumps to a line, and the line of now is marked and followed.

/** Answers with a function that marks the line of now. `seek(seconds, play)` jumps in the recording. */
export function lines(media, seek) {
  const lists = [...document.querySelectorAll("[data-lines]")].map((list) => {
    const links = [...list.querySelectorAll("a[data-at]")];
    // The page marks the line at which it was asked to begin.
    return { list, links, now: links.findIndex((link) => link.hasAttribute("aria-current")) };
  });

  // Only a list that scrolls by itself follows, and never under the hand of someone who is in it.
  const follow = ({ list, links, now }) => {
    const box = list.closest(".scroll");
    if (now < 0 || !box || box.scrollHeight <= box.clientHeight + 1 || box.matches(":hover, :focus-within")) return;
    // Somebody looks at what was found.
    if (box.querySelector('[data-hit="now"]')) return;
    box.scrollTop += links[now].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  };

  const tint = () => {
    const ms = media.currentTime * 1000 + 50;
    for (const one of lists) {
      // Between lines that stand alone much else was said.
      if ("alone" in one.list.dataset) continue;
      let low = 0;
      let high = one.links.length;
      while (low < high) {
        const middle = (low + high) >> 1;
        if (Number(one.links[middle].dataset.at) <= ms) low = middle + 1;
        else high = middle;
      }
      if (low - 1 === one.now) continue;
      one.links[one.now]?.removeAttribute("aria-current");
      one.now = low - 1;
      one.links[one.now]?.setAttribute("aria-current", "true");
      follow(one);
    }
  };

  for (const one of lists) {
    const { list } = one;
    follow(one);
    // `find.js` puts other lines in the list.
    list.addEventListener("lines", () => {
      one.links = [...list.querySelectorAll("a[data-at]")];
      one.now = -1;
      tint();
    });
    list.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-at]");
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      seek(Number(link.dataset.at) / 1000, true);
    });
  }
  return tint;
}

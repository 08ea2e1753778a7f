// The chapters and the lines of the transcript: a click jumps to a line, the line of now is marked and followed, and each list is one
// stop of the tab key, within which the arrows lead on.

const MOVES = { ArrowDown: (at) => at + 1, ArrowUp: (at) => at - 1, Home: () => 0, End: (_, count) => count - 1, PageDown: (at) => at + 10, PageUp: (at) => at - 10 };

// A finger stays nowhere: what a browser calls hovered after a tap is no hand in the list.
const hands = matchMedia("(hover: hover)");

/** Answers with a function that marks the line of now. Without a player the links lead where they lead, and only the arrows are added. */
export function lines(player) {
  const { media, seek } = player ?? {};
  const lists = [...document.querySelectorAll("[data-lines]")].map((list) => ({ list, links: [], now: -1, stop: null }));

  const stopAt = (one, link) => {
    if (one.stop) one.stop.tabIndex = -1;
    one.stop = link ?? null;
    if (link) link.tabIndex = 0;
  };
  const take = (one) => {
    one.links = [...one.list.querySelectorAll("a[data-at]")];
    // Lines in a description stand among other links.
    one.isList = one.list.localName === "ol";
    if (one.isList) for (const link of one.links) link.tabIndex = -1;
    // The page marks the line at which it was asked to begin.
    one.now = one.links.findIndex((link) => link.hasAttribute("aria-current"));
    if (one.isList) stopAt(one, one.list.querySelector('[data-hit="now"] a') ?? one.links[Math.max(0, one.now)]);
  };

  // Only a list that scrolls by itself follows, and never under the hand of someone who is in it.
  const follow = ({ list, links, now }) => {
    const box = list.closest(".scroll");
    if (now < 0 || !box || box.scrollHeight <= box.clientHeight + 1 || box.matches(hands.matches ? ":hover, :focus-within" : ":focus-within")) return;
    // Somebody looks at what was found.
    if (box.querySelector('[data-hit="now"]')) return;
    box.scrollTop += links[now].getBoundingClientRect().top - box.getBoundingClientRect().top - box.clientHeight / 3;
  };

  const tint = () => {
    if (!media?.readyState) return;
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
      const link = one.links[one.now];
      link?.setAttribute("aria-current", "true");
      if (link && one.isList && !one.list.contains(document.activeElement)) stopAt(one, link);
      follow(one);
    }
  };

  for (const one of lists) {
    const { list } = one;
    take(one);
    follow(one);
    // `find.js` puts other lines in the list.
    list.addEventListener("lines", () => {
      take(one);
      tint();
    });
    list.addEventListener("click", (event) => {
      const link = event.target.closest("a[data-at]");
      if (!media || !link || event.defaultPrevented || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
      event.preventDefault();
      if (one.isList) stopAt(one, link);
      seek(Number(link.dataset.at) / 1000, true);
    });
    list.addEventListener("keydown", (event) => {
      const move = MOVES[event.key];
      if (!one.isList || !move || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const at = one.links.indexOf(event.target.closest("a"));
      const to = one.links[Math.max(0, Math.min(one.links.length - 1, move(at, one.links.length)))];
      if (at < 0 || !to) return;
      event.preventDefault();
      stopAt(one, to);
      to.focus();
    });
  }
  return tint;
}

// A sentence to pass on: the first and the last line are chosen, and a link that plays just that is copied with its words.
import { copyAndSay } from "./copy.js";

export function quote({ root }) {
  const tool = document.querySelector("[data-quote]");
  const list = document.querySelector(".watch-transcript [data-lines]");
  if (!tool || !list) return;
  const [begin, done, said] = ["[data-quote-begin]", "[data-quote-copy]", "[data-said]"].map((name) => tool.querySelector(name));
  let [isChoosing, first, last] = [false, null, null];
  const items = () => [...list.children];

  const paint = () => {
    const all = items();
    const [from, to] = [all.indexOf(first), all.indexOf(last)];
    all.forEach((item, place) => {
      const isChosen = first !== null && place >= from && place <= to;
      item.toggleAttribute("data-chosen", isChosen);
      if (isChoosing) item.querySelector("a").setAttribute("aria-selected", String(isChosen));
    });
    done.hidden = !first;
    const count = all.indexOf(last) - all.indexOf(first) + 1;
    if (first) said.textContent = said.dataset.chosen.replace("%", count);
  };
  const choose = (item) => {
    const all = items();
    if (!first) [first, last] = [item, item];
    // A line outside stretches the choice to it, and one inside begins anew.
    else if (all.indexOf(item) > all.indexOf(last)) last = item;
    else if (all.indexOf(item) < all.indexOf(first)) first = item;
    else [first, last] = [item, item];
    paint();
  };
  // While one chooses the links are options of a list, chosen or not (WAI-ARIA 1.2, listbox); afterwards they are links again.
  const roles = (isList) => {
    const give = (element, names) => { for (const [name, value] of Object.entries(names)) if (isList) element.setAttribute(name, value); else element.removeAttribute(name); };
    give(list, { role: "listbox", "aria-multiselectable": "true", "aria-labelledby": "transcript" });
    for (const item of items()) {
      give(item, { role: "none" });
      give(item.querySelector("a"), { role: "option", "aria-selected": "false" });
    }
  };
  const turn = (to) => {
    if (to !== isChoosing) roles(to);
    [isChoosing, first, last] = [to, null, null];
    begin.setAttribute("aria-pressed", String(to));
    tool.toggleAttribute("data-active", to);
    list.toggleAttribute("data-choosing", to);
    said.textContent = to ? said.dataset.how : "";
    paint();
  };

  // Lines that were found stand alone: between them much else was said.
  const show = () => { tool.hidden = "alone" in list.dataset; };
  show();
  begin.addEventListener("click", () => turn(!isChoosing));
  // Before the list jumps to the line.
  list.addEventListener("click", (event) => {
    if (!isChoosing) return;
    const item = event.target.closest("li");
    event.preventDefault();
    event.stopImmediatePropagation();
    if (item) choose(item);
  }, { capture: true });
  // The space bar chooses an option; a link it would not follow.
  list.addEventListener("keydown", (event) => {
    if (!isChoosing || event.key !== " ") return;
    event.preventDefault();
    event.stopPropagation();
    choose(event.target.closest("li"));
  });
  list.addEventListener("lines", () => {
    turn(false);
    show();
  });
  document.addEventListener("keydown", (event) => { if (event.key === "Escape" && isChoosing) turn(false); });
  done.addEventListener("click", () => {
    const all = items();
    const chosen = all.slice(all.indexOf(first), all.indexOf(last) + 1).map((item) => item.querySelector("a"));
    const words = chosen.map((link) => link.querySelector("[data-words]").textContent).join(" ");
    const address = new URL(tool.dataset.quote, location.href);
    address.searchParams.set("t", Math.floor(Number(chosen[0].dataset.at) / 1000));
    address.searchParams.set("end", Math.ceil(Number(chosen.at(-1).dataset.end) / 1000));
    turn(false);
    copyAndSay(`“${words}”\n${root.dataset.title}, ${address.href}`, said);
  });
}

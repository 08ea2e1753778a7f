// The keys by which a player is used. They do nothing while somebody types, and can be switched off (WCAG 2.2 §2.1.4).
import { choices, choose } from "./choices.js";

const STEP_S = 10;
const SHORT_STEP_S = 5;

const TYPED_IN = "input:not([type=checkbox], [type=button], [type=submit]), textarea, select, [contenteditable]";
const PRESSED = "a, button, summary, input, select, [role=button]";

export function keys({ root, media, now, seek, elsewhere }, { captions, faster, fill }) {
  const list = root.querySelector("[data-keys-list]");
  const use = list?.querySelector("[data-use-keys]");
  let isUsed = elsewhere || choices().keys !== false;
  const play = () => (media.paused ? media.play().catch(() => {}) : media.pause());
  const louder = (by) => { media.volume = Math.max(0, Math.min(1, media.volume + by)); };
  const help = () => (list?.open ? list.close() : list?.showModal());

  const everywhere = {
    k: play,
    j: () => seek(now() - STEP_S, false),
    l: () => seek(now() + STEP_S, false),
    m: () => { media.muted = !media.muted; },
    c: () => captions(),
    f: () => fill?.(),
    "<": () => faster?.(-1),
    ">": () => faster?.(1),
    "?": help,
  };
  // What the page itself or something in it uses as well.
  const besides = {
    // The player itself hears it already.
    " ": ({ target }) => target !== media && !target.closest(PRESSED) && play,
    ArrowLeft: () => () => seek(now() - SHORT_STEP_S, false),
    ArrowRight: () => () => seek(now() + SHORT_STEP_S, false),
    ArrowUp: ({ target }) => target === media && (() => louder(0.1)),
    ArrowDown: ({ target }) => target === media && (() => louder(-0.1)),
  };

  const meant = (event) => {
    if (/^[0-9]$/.test(event.key)) return media.duration < Infinity ? () => seek((media.duration * Number(event.key)) / 10, false) : null;
    return everywhere[event.key.toLowerCase()] ?? besides[event.key]?.(event);
  };
  document.addEventListener("keydown", (event) => {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (!isUsed || media.hidden || event.target.closest?.(TYPED_IN)) return;
    // In the list of keys only the one that closes it.
    if (list?.open && event.key !== "?") return;
    // In a frame the keys belong to the player when it has the focus.
    if (elsewhere && event.target !== media) return;
    const act = meant(event);
    if (!act) return;
    event.preventDefault();
    act();
  });

  const button = root.querySelector("[data-keys]");
  if (!list || !button) return;
  button.addEventListener("click", help);
  use.checked = isUsed;
  use.addEventListener("change", () => {
    isUsed = use.checked;
    choose("keys", isUsed);
  });
  list.querySelector("[data-close]").addEventListener("click", () => list.close());
}

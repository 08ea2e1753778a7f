// Captions one can find: a button beside the player turns them on, in the language that was chosen the last time or the first there is,
// which is the recording's own; larger letters; and below a recording without a picture what is said now.
import { choices, choose } from "./choices.js";

export function captions({ root, media }) {
  const button = root.querySelector("[data-captions]");
  if (!button) return () => {};
  const [language, larger, now] = ["[data-language]", "[data-larger]", "[data-said-now]"].map((name) => root.querySelector(name));
  const tracks = () => [...media.textTracks].filter((track) => track.kind === "captions" || track.kind === "subtitles");
  const shown = now ? "hidden" : "showing";
  const current = () => tracks().find((track) => track.mode === shown);

  const say = () => {
    if (!now) return;
    const track = current();
    now.hidden = !track;
    now.lang = track?.language ?? "";
    now.textContent = [...(track?.activeCues ?? [])].map((cue) => cue.getCueAsHTML().textContent).join(" ");
  };
  let known = null;
  const show = () => {
    const track = current();
    known = track ?? null;
    button.setAttribute("aria-pressed", String(Boolean(track)));
    if (language) {
      language.parentElement.hidden = !track;
      if (track) language.value = String(tracks().indexOf(track));
    }
    if (larger) larger.hidden = !track;
    say();
  };
  const turn = (to) => {
    for (const track of tracks()) track.mode = track === to ? shown : "disabled";
    show();
  };
  const preferred = () => tracks().find((track) => track.language === choices().language) ?? tracks()[0];
  const toggle = () => {
    const to = current() ? null : preferred();
    turn(to);
    choose("captions", Boolean(to));
  };

  button.addEventListener("click", toggle);
  language?.addEventListener("change", () => {
    const track = tracks()[Number(language.value)];
    turn(track);
    choose("language", track.language);
  });
  const enlarge = (isLarge) => {
    root.toggleAttribute("data-large", isLarge);
    larger?.setAttribute("aria-pressed", String(isLarge));
  };
  larger?.addEventListener("click", () => {
    enlarge(!root.hasAttribute("data-large"));
    choose("larger", root.hasAttribute("data-large"));
  });
  enlarge(Boolean(choices().larger));
  if (now) for (const track of tracks()) track.addEventListener("cuechange", say);
  // The browser's own menu changes them too. It tells of what happens here as well, which changes nothing.
  media.textTracks.addEventListener("change", () => {
    const track = current() ?? null;
    if (track === known) return;
    show();
    choose("captions", Boolean(track));
    if (track) choose("language", track.language);
  });
  if (choices().captions) turn(preferred());
  return toggle;
}

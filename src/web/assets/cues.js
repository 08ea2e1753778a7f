// Lines beside the player at the desk: the player goes to the line one is on, and stamps a line with its time. Without it times are typed.
const BACK_S = 5;

const two = (number) => String(Math.floor(number)).padStart(2, "0");

/** A moment as the forms read it: 00:12.345, 1:02:03.400. */
function written(seconds) {
  const ms = Math.round(seconds * 1000);
  const at = ms / 1000;
  const hours = at >= 3600 ? `${Math.floor(at / 3600)}:` : "";
  return `${hours}${two((at / 60) % 60)}:${two(at % 60)}.${String(ms % 1000).padStart(3, "0")}`;
}

/** Seconds of a moment as one types it; NaN for what is none. */
const read = (text) => text.trim().replace(",", ".").split(":").reduce((sum, part) => sum * 60 + (part ? Number(part) : NaN), 0);

// Where the player is now is where the line begins that was chosen.
const begins = document.querySelector("[data-begins-here]");
const begun = begins?.querySelector("video, audio");
if (begun) {
  const here = begins.querySelector("[data-here]");
  here.hidden = false;
  here.addEventListener("click", () => {
    const field = begins.querySelector("[name=at]");
    field.value = written(begun.currentTime);
    field.focus();
  });
}

const list = document.querySelector(".cues");
const box = document.querySelector("[data-cue-player]");
if (list) typing(list, box, box?.querySelector("video, audio"));

function typing(list, box, media) {
  const field = (row, name) => row.querySelector(`[name=${name}]`);
  const rowOf = (element) => element?.closest?.(".cues > li");
  const number = (row) => [...list.children].indexOf(row) + 1;
  let last = rowOf(document.getElementById("next"));

  // Time passes only in a player that has something to play.
  const now = () => (media?.readyState ? media.currentTime : NaN);
  const say = (key, row, time) => {
    if (box) box.querySelector("[data-cue-said]").textContent = box.dataset[key].replace("%1", number(row)).replace("%2", time);
  };
  const set = (input, value) => {
    input.value = value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
  };

  const add = () => {
    if (list.children.length >= Number(list.dataset.most)) return null;
    const place = list.children.length;
    const row = list.lastElementChild.cloneNode(true);
    row.id = `cue-${place + 1}`;
    for (const one of row.querySelectorAll("[aria-label]")) {
      one.removeAttribute("id");
      one.value = "";
      one.setAttribute("aria-label", one.getAttribute("aria-label").replace(String(place), String(place + 1)));
    }
    list.append(row);
    return row;
  };

  /** Ends a line where the player is, unless its end was typed. Answers whether it has an end. */
  const end = (row) => {
    const input = field(row, "end");
    if (input.value.trim()) return true;
    const time = now();
    if (!(time > read(field(row, "start").value))) return false;
    set(input, written(time));
    return true;
  };

  /** Ends a line; the next one begins there. */
  const finish = (row) => {
    if (!end(row)) {
      say("notYet", row, "");
      // Without a player the end has to be typed.
      if (Number.isNaN(now())) field(row, "end").focus();
      return;
    }
    const time = field(row, "end").value;
    const next = row.nextElementSibling ?? add();
    say("ends", row, time);
    if (!next) return;
    if (!field(next, "text").value.trim() && !field(next, "end").value.trim()) set(field(next, "start"), time);
    field(next, "text").focus();
  };

  const acts = {
    begin: () => {
      if (!last || Number.isNaN(now())) return;
      set(field(last, "start"), written(now()));
      say("begins", last, written(now()));
      field(last, "text").focus();
    },
    back: () => { if (media) media.currentTime = Math.max(0, media.currentTime - BACK_S); },
    play: () => { if (media) media.paused ? media.play().catch(() => {}) : media.pause(); },
  };
  const KEYS = { F2: acts.back, F4: acts.begin, Escape: acts.play };

  list.addEventListener("focusin", (event) => {
    last = rowOf(event.target);
    const [at, to] = [read(field(last, "start").value), field(last, "end").value.trim()];
    // A line that has no end yet is typed where the player is.
    if (to && Number.isFinite(at) && media?.paused) media.currentTime = at;
  });
  list.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || event.isComposing) return;
    const row = rowOf(event.target);
    const isTyped = event.key === "Enter" && event.target.localName === "textarea" && "new" in row.dataset;
    if (!isTyped && !(media && KEYS[event.key])) return;
    event.preventDefault();
    if (!isTyped) KEYS[event.key]();
    else if (event.target.value.trim()) finish(row);
  });
  list.closest("form").addEventListener("submit", () => {
    for (const row of list.querySelectorAll("[data-new]")) if (field(row, "text").value.trim()) end(row);
  });
  if (media) {
    box.querySelector("[data-cue-acts]").hidden = false;
    document.querySelector("[data-cue-keys]").hidden = false;
    for (const button of box.querySelectorAll("[data-cue-act]")) button.addEventListener("click", acts[button.dataset.cueAct]);
  }
  if (location.hash === "#next") document.getElementById("next")?.focus();
}

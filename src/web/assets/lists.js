// Shows in lists how far this browser has watched, and on the home page what to go on with. What it knows never leaves the
// browser. Without it the lists are complete.
(() => {
  "use strict";
  const PREFIX = "terugkijken:";
  const known = new Map();
  try {
    for (let index = 0; index < localStorage.length; index += 1) {
      const key = localStorage.key(index);
      if (!key.startsWith(PREFIX)) continue;
      const value = JSON.parse(localStorage.getItem(key));
      if (value && value.at > 0 && value.of > 0) known.set(key.slice(PREFIX.length), value);
    }
  } catch { return; /* storage is not allowed, or holds what is not ours */ }

  const clock = (seconds) => Math.floor(seconds / 60) + ":" + String(Math.floor(seconds % 60)).padStart(2, "0");
  const bar = (value) => {
    const progress = document.createElement("progress");
    progress.max = value.of;
    progress.value = value.at;
    progress.setAttribute("aria-label", clock(value.at) + " / " + clock(value.of));
    return progress;
  };

  document.querySelectorAll("article[data-recording]").forEach((item) => {
    const value = known.get(item.dataset.recording);
    if (value) (item.querySelector(".picture") || item).append(bar(value));
  });

  const place = document.querySelector("section.continue");
  if (!place) return;
  const latest = [...known.values()].filter((value) => /^\/watch\/[0-9a-z]{10}$/.test(value.page)).sort((a, b) => b.when - a.when).slice(0, 2);
  if (!latest.length) return;
  const heading = document.createElement("h2");
  heading.textContent = place.dataset.heading;
  place.append(heading);
  for (const value of latest) {
    const card = document.createElement("a");
    card.className = "resume-card";
    card.href = value.page + (location.search.includes("lang=") ? location.search : "");
    if (value.poster && value.poster.startsWith("/posters/")) {
      const picture = document.createElement("img");
      picture.src = value.poster;
      picture.alt = "";
      card.append(picture);
    }
    const words = document.createElement("span");
    const title = document.createElement("strong");
    title.textContent = value.title;
    const at = document.createElement("span");
    at.className = "facts";
    at.textContent = place.dataset.resume.replace("{time}", clock(value.at));
    words.append(title, at, bar(value));
    card.append(words);
    place.append(card);
  }
  place.hidden = false;
})();

// Improves the browser's own player on the watch page: lines and chapters lead to their moment without loading the page
// again, the line that is said now is marked, and the browser remembers where the visitor stopped. Everything here may be
// missing: the page works without it.
(() => {
  "use strict";
  const stage = document.querySelector(".stage[data-recording]");
  const player = document.getElementById("player");
  if (!stage || !player) return;

  // A browser may refuse storage (private windows, sandboxes); then nothing is remembered and nothing breaks.
  const key = "terugkijken:" + stage.dataset.recording;
  const recall = () => { try { return JSON.parse(localStorage.getItem(key)) || {}; } catch { return {}; } };
  const remember = (value) => { try { localStorage.setItem(key, JSON.stringify(value)); } catch { /* not allowed */ } };
  const forget = () => { try { localStorage.removeItem(key); } catch { /* not allowed */ } };

  const clock = (seconds) => {
    const whole = Math.floor(seconds);
    const two = (number) => String(number).padStart(2, "0");
    const hours = Math.floor(whole / 3600);
    const minutes = Math.floor(whole / 60) % 60;
    return hours ? hours + ":" + two(minutes) + ":" + two(whole % 60) : minutes + ":" + two(whole % 60);
  };

  const seek = (seconds) => {
    player.currentTime = seconds;
    const started = player.play();
    if (started) started.catch(() => { /* the browser waits for a press of its own button */ });
  };

  document.querySelectorAll("a[data-seek]").forEach((link) => {
    link.addEventListener("click", (event) => {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      seek(Number(link.dataset.seek));
      player.scrollIntoView({ block: "nearest" });
    });
  });

  const controls = stage.querySelector(".controls");
  if (controls) {
    controls.hidden = false;
    const button = (name) => controls.querySelector("[data-do=" + name + "]");
    button("back").addEventListener("click", () => { player.currentTime = Math.max(0, player.currentTime - 10); });
    button("forward").addEventListener("click", () => { player.currentTime += 10; });
    button("speed").addEventListener("change", (event) => { player.playbackRate = Number(event.target.value); });
    const resume = button("resume");
    const at = recall().at;
    if (at > 10 && !new URLSearchParams(location.search).has("t")) {
      resume.textContent = resume.dataset.text.replace("{time}", clock(at));
      resume.hidden = false;
      resume.addEventListener("click", () => { seek(at); resume.hidden = true; });
      player.addEventListener("play", () => { resume.hidden = true; }, { once: true });
    }
  }

  let saved = 0;
  const save = () => {
    if (!player.duration || player.currentTime < 5) return;
    saved = player.currentTime;
    if (player.currentTime > player.duration - 10) { forget(); return; }
    remember({
      at: player.currentTime, of: player.duration, when: Date.now(), title: stage.dataset.title,
      series: stage.dataset.series, poster: stage.dataset.poster || "", page: location.pathname,
    });
  };
  player.addEventListener("pause", save);
  addEventListener("pagehide", save);

  const lines = Array.from(document.querySelectorAll(".transcript li")).map((item) => ({
    item, link: item.querySelector("a"), start: Number(item.querySelector("a").dataset.seek),
  }));
  let current = null;
  player.addEventListener("timeupdate", () => {
    if (Math.abs(player.currentTime - saved) > 5) save();
    let low = 0;
    let high = lines.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      if (lines[middle].start <= player.currentTime + 0.05) low = middle + 1; else high = middle;
    }
    const now = low ? lines[low - 1] : null;
    if (now === current) return;
    if (current) current.link.removeAttribute("aria-current");
    current = now;
    if (!now) return;
    now.link.setAttribute("aria-current", "true");
    const list = now.item.parentElement;
    // Only the list itself is scrolled, and only while nobody is reading elsewhere in it.
    if (!list.matches(":hover") && !list.contains(document.activeElement)) {
      list.scrollTop = now.item.offsetTop - list.offsetTop - list.clientHeight / 3;
    }
  });

  // Keys count only while the player itself has the focus, so they never get in the way of a screen reader (WCAG 2.1.4).
  player.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const steps = { j: -10, l: 10 };
    if (event.key in steps) player.currentTime = Math.max(0, player.currentTime + steps[event.key]);
  });

  // The word about other browsers stands inside the player, where only browsers without one show it: bring it out.
  const trouble = () => {
    const word = player.querySelector("p");
    if (!word || stage.querySelector(".trouble")) return;
    const shown = document.createElement("p");
    shown.className = "trouble";
    shown.setAttribute("role", "alert");
    shown.textContent = word.textContent;
    player.after(shown);
  };
  player.addEventListener("error", trouble);
  const sources = player.querySelectorAll("source");
  if (sources.length) sources[sources.length - 1].addEventListener("error", trouble);

  if ("mediaSession" in navigator && "MediaMetadata" in window) {
    const artwork = stage.dataset.poster ? [{ src: stage.dataset.poster, sizes: "480x270", type: "image/jpeg" }] : [];
    navigator.mediaSession.metadata = new MediaMetadata({ title: stage.dataset.title, album: stage.dataset.series, artwork });
    const handle = (action, work) => { try { navigator.mediaSession.setActionHandler(action, work); } catch { /* unknown here */ } };
    handle("seekbackward", () => { player.currentTime = Math.max(0, player.currentTime - 10); });
    handle("seekforward", () => { player.currentTime += 10; });
    const neighbour = (rel) => document.querySelector("a[rel=" + rel + "]");
    handle("previoustrack", neighbour("prev") && (() => neighbour("prev").click()));
    handle("nexttrack", neighbour("next") && (() => neighbour("next").click()));
  }
})();

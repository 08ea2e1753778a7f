// Adds to the forms of the desk and of signing in, which are complete without it: a password can be shown, and a page with
// something typed in it asks before it is left.
for (const box of document.querySelectorAll("[data-reveal]")) {
  const input = box.querySelector("input");
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button";
  button.dataset.kind = "quiet";
  button.setAttribute("aria-pressed", "false");
  button.textContent = box.dataset.reveal;
  button.addEventListener("click", () => {
    const shown = input.type === "password";
    input.type = shown ? "text" : "password";
    button.setAttribute("aria-pressed", String(shown));
    button.textContent = shown ? box.dataset.hide : box.dataset.reveal;
  });
  box.querySelector(".field").append(button);
  // What is sent is a password again, so that the browser offers to keep it.
  input.form.addEventListener("submit", () => { input.type = "password"; });
}

// A frame of the recording becomes its picture: drawn here, sent as if it had been chosen.
const picker = document.querySelector("[data-frame-picker]");
const target = document.querySelector("[data-poster-form]");
if (picker && target && typeof DataTransfer === "function") {
  picker.hidden = false;
  const video = picker.querySelector("video");
  const said = picker.querySelector("[data-frame-none]");
  picker.querySelector("button").addEventListener("click", () => {
    said.textContent = video.videoWidth && video.readyState > 1 ? "" : said.dataset.frameNone;
    if (said.textContent) return;
    const canvas = document.createElement("canvas");
    canvas.width = video.videoWidth;
    canvas.height = video.videoHeight;
    canvas.getContext("2d").drawImage(video, 0, 0);
    canvas.toBlob((blob) => {
      if (!blob) return;
      const files = new DataTransfer();
      files.items.add(new File([blob], "frame.jpg", { type: "image/jpeg" }));
      target.querySelector("input[type=file]").files = files.files;
      target.requestSubmit();
    }, "image/jpeg", 0.9);
  });
}

// The player goes to the line one is working on.
const cuePlayer = document.querySelector("[data-cue-player]");
if (cuePlayer) {
  const seconds = (text) => text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0);
  document.querySelector(".cues").addEventListener("focusin", (event) => {
    const at = seconds(event.target.closest("li").querySelector("[name=start]").value || "x");
    if (Number.isFinite(at) && cuePlayer.paused) cuePlayer.currentTime = at;
  });
}

// Where the player is now is where the line begins that was chosen.
const begins = document.querySelector("[data-begins-here]");
const begun = begins?.querySelector("video, audio");
if (begun) {
  const here = begins.querySelector("[data-here]");
  here.hidden = false;
  here.addEventListener("click", () => {
    const ms = Math.round(begun.currentTime * 1000);
    const at = ms / 1000;
    const two = (number) => String(Math.floor(number)).padStart(2, "0");
    const whole = `${two(at / 3600)}:${two((at / 60) % 60)}:${two(at % 60)}`;
    const field = begins.querySelector("[name=at]");
    field.value = `${whole}.${String(ms % 1000).padStart(3, "0")}`;
    field.focus();
  });
}

const summary = document.querySelector(".form-errors");
if (summary) summary.focus();

for (const form of document.querySelectorAll("form[data-guard]")) {
  let dirty = false;
  let sent = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => { if (dirty && !sent) event.preventDefault(); });
}

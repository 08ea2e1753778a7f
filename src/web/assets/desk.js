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

const summary = document.querySelector(".form-errors");
if (summary) summary.focus();

for (const form of document.querySelectorAll("form[data-guard]")) {
  // What came back with a mistake is not saved yet.
  let dirty = form.dataset.guard === "typed";
  let sent = false;
  form.addEventListener("input", () => { dirty = true; });
  form.addEventListener("submit", () => { sent = true; });
  addEventListener("beforeunload", (event) => { if (dirty && !sent) event.preventDefault(); });
}

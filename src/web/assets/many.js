// What is done to many recordings at once: all of a page are ticked with one press, the bar says how many are and stays in view, and
// shows only the field that belongs to what one chose.
const bar = document.querySelector(".bulk");
if (bar) {
  const boxes = [...bar.form.querySelectorAll("tbody [name=id]")];
  const count = bar.querySelector("[data-ticked]");
  const link = bar.form.querySelector("[data-tick-all]");
  const all = document.createElement("input");
  all.type = "checkbox";
  all.autocomplete = "off";
  all.setAttribute("aria-label", link.dataset.tickAll);
  link.replaceWith(all);

  const show = () => {
    const ticked = boxes.filter((box) => box.checked).length;
    all.checked = ticked === boxes.length;
    all.indeterminate = ticked > 0 && !all.checked;
    const words = ticked ? count.dataset.ticked.replace("%", ticked) : count.dataset.none;
    if (count.textContent !== words) count.textContent = words;
    bar.dataset.live = ticked ? "some" : "none";
  };
  all.addEventListener("change", () => {
    for (const box of boxes) box.checked = all.checked;
    show();
  });
  bar.form.addEventListener("change", show);
  // A browser that goes back may have put ticks where they were.
  addEventListener("pageshow", show);
  show();

  const acts = bar.querySelector("[data-acts]");
  const choice = acts.querySelector("[name=act]");
  const fitting = () => {
    for (const part of acts.querySelectorAll("[data-act]")) part.hidden = part.dataset.act !== choice.value;
  };
  choice.addEventListener("change", fitting);
  fitting();
}

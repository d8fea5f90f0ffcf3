// The button says how many it nudges, as boxes are ticked.

import { number } from "./numbers.js";
import { say } from "./words.js";

const form = document.querySelector("[data-nudge]");
const words = form.querySelector("[data-button]");

function count() {
  const boxes = [...form.querySelectorAll("[data-many]:checked")];
  const many = boxes.reduce((sum, box) => sum + Number(box.dataset.many), Number(form.dataset.atWork));
  words.textContent = many ? say("nudge", { count: many, many: number(many) }) : say("nobody");
  words.parentElement.disabled = !many;
}

if (words) {
  form.addEventListener("change", count);
  count();
}

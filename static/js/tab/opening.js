// A title of the lists opens in place; with a modifier, or the middle button, its page does.

import { held } from "../keys.js";
import { on } from "../words.js";

// `open(id)` is told which.
export function opening(open) {
  on(document, "click", (event) => {
    const made = event.target.closest("[data-list] a")?.closest("[data-id]");
    if (!made || event.button || event.shiftKey || held(event)) return;
    event.preventDefault();
    open(Number(made.dataset.id));
  });
}

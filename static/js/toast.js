// One short sentence at the bottom of the page, said to screen readers too; with a way back where there is one.

import { make, named, on } from "./words.js";

const STAYS = 10_000;

// `most` is how long the way back is open.
export function toast(text, { label, act, most } = {}) {
  const place = document.querySelector("dialog[open] .toasts") ?? named("status");
  const node = make("div", { className: "toast" });
  node.append(make("span", { textContent: text }));
  let timer = 0;
  const away = () => {
    clearTimeout(timer);
    node.remove();
  };
  if (act) {
    const button = make("button", { type: "button", textContent: label });
    on(button, "click", () => {
      away();
      act();
    });
    node.append(button);
    if (most) setTimeout(away, most);
    addEventListener("pagehide", away);
  }
  // It waits while it is looked at: a pointer or the focus on it stops its clock.
  const wait = () => (timer = setTimeout(away, STAYS));
  for (const event of ["pointerenter", "focusin"]) on(node, event, () => clearTimeout(timer));
  for (const event of ["pointerleave", "focusout"]) on(node, event, wait);
  place.replaceChildren(node);
  wait();
  return away;
}

// Single-key shortcuts. They are dead while somebody types, with a modifier held, while a dialog is open, and where their person
// has switched them off. A key that does nothing here is left alone: its action returns false.

import { on } from "./words.js";

const TYPING = "input, textarea, select, [contenteditable], dialog[open]";

// With a modifier a key, or a click, is the browser's.
export const held = ({ ctrlKey, metaKey, altKey }) => ctrlKey || metaKey || altKey;

export function bind(actions) {
  on(document, "keydown", (event) => {
    if (held(event) || event.isComposing) return;
    if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    const act = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    const off = document.querySelector('[data-off~="keys"]');
    if (act && !off && act(event) !== false) event.preventDefault();
  });
}

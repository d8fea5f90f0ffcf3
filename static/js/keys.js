// Single-key shortcuts. They are dead while somebody types, with a modifier held, and while a dialog is open.

const TYPING = "input, textarea, select, [contenteditable], dialog[open]";

export function bind(actions) {
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    if (event.target.closest(TYPING) || document.querySelector("dialog[open]")) return;
    const act = actions[event.key.length === 1 ? event.key.toLowerCase() : event.key];
    if (!act) return;
    event.preventDefault();
    act(event);
  });
}

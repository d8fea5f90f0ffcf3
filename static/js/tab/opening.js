// A title of the lists opens in place; with a modifier, or the middle button, its page does.

// `open(id)` is told which.
export function opening(open) {
  document.addEventListener("click", (event) => {
    const made = event.target.closest("[data-list] a")?.closest("[data-id]");
    if (!made || event.button || event.ctrlKey || event.metaKey || event.shiftKey || event.altKey) return;
    event.preventDefault();
    open(Number(made.dataset.id));
  });
}

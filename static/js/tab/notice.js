// What a reader has met: an announcement counts as displayed when half of it stood in a visible tab for a second.

import { all, on } from "../words.js";

const LOOKED = 1000;

// Returns a function that watches one node; `seen` is called once for each.
export function eyes(seen) {
  const timers = new WeakMap();
  const watcher = new IntersectionObserver(
    (entries) => {
      for (const { target, isIntersecting } of entries) {
        clearTimeout(timers.get(target));
        if (isIntersecting && !document.hidden) timers.set(target, setTimeout(() => noticed(target), LOOKED));
      }
    },
    { threshold: 0.5 },
  );

  function noticed(node) {
    if (document.hidden || !node.hasAttribute("data-unseen")) return;
    node.removeAttribute("data-unseen");
    watcher.unobserve(node);
    seen(node);
  }

  const watch = (node) => node.hasAttribute("data-unseen") && watcher.observe(node);

  // A tab that was opened behind another one, or prerendered, is met when it comes to the front.
  on(document, "visibilitychange", () => {
    for (const node of all("[data-unseen]")) {
      watcher.unobserve(node);
      clearTimeout(timers.get(node));
      if (!document.hidden) watch(node);
    }
  });
  return watch;
}

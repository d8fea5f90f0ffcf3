// The address of an announcement, copied; and where on the page one reads.

import { toast } from "./toast.js";

const button = document.querySelector("[data-address]");
if (button && navigator.clipboard) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    await navigator.clipboard.writeText(button.dataset.address);
    toast(button.dataset.said);
  });
}

const links = [...document.querySelectorAll(".outline a")];
const headings = links.map((link) => document.getElementById(decodeURIComponent(link.hash.slice(1))));

function mark() {
  // The heading one has passed last; at the end of the page the last one, which may never get to the top.
  const atEnd = innerHeight + scrollY >= document.documentElement.scrollHeight - 2;
  const passed = atEnd ? links.length - 1 : headings.findLastIndex((heading) => heading.getBoundingClientRect().top < innerHeight / 3);
  links.forEach((link, place) => (place === Math.max(0, passed) ? link.setAttribute("aria-current", "true") : link.removeAttribute("aria-current")));
}

if (links.length && document.documentElement.scrollHeight > innerHeight) {
  addEventListener("scroll", () => requestAnimationFrame(mark), { passive: true });
  mark();
}

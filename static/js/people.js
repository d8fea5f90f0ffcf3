// The list of people by keyboard and pointer: choosing, moving, and the drawer with one of them.

import { ofPage } from "./client.js";
import { bind } from "./keys.js";
import { Drawer } from "./profile.js";

const list = () => document.getElementById("people");
const boxes = () => [...(list()?.querySelectorAll("tbody [name=person]") ?? [])];
const links = () => [...(list()?.querySelectorAll("[data-person]") ?? [])];

// -- choosing --------------------------------------------------------------------------------------------------------

function count() {
  const all = document.getElementById("all");
  if (!all) return;
  const chosen = boxes().filter(({ checked }) => checked).length;
  all.hidden = false;
  all.checked = chosen > 0 && chosen === boxes().length;
  all.indeterminate = chosen > 0 && !all.checked;
  const slot = list().querySelector("[data-slot=chosen]");
  slot.textContent = slot.dataset.other.replace("{count}", chosen);
}

document.addEventListener("change", (event) => {
  if (event.target.id === "all") for (const box of boxes()) box.checked = event.target.checked;
  if (event.target.matches("#all, [name=person]")) count();
});
document.addEventListener("reset", () => setTimeout(count));
addEventListener("pageshow", count);

// -- moving ----------------------------------------------------------------------------------------------------------

function move(step) {
  const all = links();
  const here = all.indexOf(document.activeElement);
  all[Math.min(Math.max(here + step, 0), all.length - 1)]?.focus();
}

function choose() {
  const box = document.activeElement?.closest("tr")?.querySelector("[name=person]");
  box?.click();
}

bind({
  "/": () => document.getElementById("search").focus(),
  j: () => move(1),
  k: () => move(-1),
  x: choose,
});

// -- opening ---------------------------------------------------------------------------------------------------------

// What the drawer changed shows in the list below it: the page is asked for again, and its list takes the place of this one.
async function refresh() {
  const answer = await fetch(location.href, { credentials: "same-origin" }).catch(() => null);
  if (!answer?.ok) return;
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  for (const part of [".people-groups", ".people-card"])
    document.querySelector(part).replaceWith(document.adoptNode(fresh.querySelector(part)));
  count();
}

const drawer = new Drawer(document.getElementById("profile"), ofPage(), refresh);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-person]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  drawer.open(Number(link.dataset.person)).catch(() => location.assign(link.href));
});

(document.getElementById("asking") ?? document.getElementById("result"))?.focus();
count();

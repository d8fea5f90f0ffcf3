// The list of people by keyboard and pointer: choosing, moving, and the drawer with one of them.

import { ofPage } from "./client.js";
import { bind } from "./keys.js";
import { clock, Drawer, stateOf } from "./profile.js";
import { say } from "./words.js";

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

// What the drawer changed shows in the row that it was opened from.
function paint(person) {
  const row = document.querySelector(`[data-person="${person.id}"]`)?.closest("tr");
  if (!row) return;
  const tag = person.state === "active" ? "quiet" : "tag";
  const state = Object.assign(document.createElement("span"), { className: tag, textContent: stateOf(person) });
  const cells = {
    title: person.title || person.email,
    groups: groupsOf(person),
    place: person.location || person.timezone.split("/").at(-1).replaceAll("_", " "),
    clock: clock(person.timezone),
    role: say(person.role),
    state,
  };
  for (const [name, content] of Object.entries(cells)) row.querySelector(`[data-cell="${name}"]`)?.replaceChildren(content);
  row.querySelector("[data-person]").textContent = person.name;
  row.classList.toggle("is-gone", person.state === "deactivated");
}

function groupsOf({ groups }) {
  const some = groups.slice(0, 2).map(({ name }) => name).join(", ") || "—";
  return groups.length > 2 ? `${some} ${say("more", { number: groups.length - 2 })}` : some;
}

const drawer = new Drawer(document.getElementById("profile"), ofPage(), paint);
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-person]");
  if (!link || event.ctrlKey || event.metaKey || event.shiftKey || event.button) return;
  event.preventDefault();
  drawer.open(Number(link.dataset.person)).catch(() => location.assign(link.href));
});

(document.getElementById("asking") ?? document.getElementById("result"))?.focus();
count();

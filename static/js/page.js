// What every page does: the menu closes, forms are sent once, problems are met first, `?` lists the shortcuts.

import { bind } from "./keys.js";
import { leaveNoCopy, outdate, wipe } from "./tab/keeping.js";

// Where nobody is signed in, times are on the clock of the computer.
for (const time of document.querySelectorAll("time[data-here]")) {
  time.textContent = new Date(time.dateTime).toLocaleString(document.documentElement.lang, { dateStyle: "medium", timeStyle: "medium" });
}
for (const field of document.querySelectorAll("[data-timezone-field]")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone || "UTC";
  // A list without this zone keeps its own choice.
  if (!field.options || [...field.options].some(({ value }) => value === zone)) field.value = zone;
}

for (const menu of document.querySelectorAll("details.menu")) {
  document.addEventListener("click", (event) => menu.contains(event.target) || (menu.open = false));
  menu.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || !menu.open) return;
    menu.open = false;
    menu.querySelector("summary").focus();
  });
}

document.addEventListener("submit", (event) => {
  const button = event.submitter;
  if (event.defaultPrevented || event.target.method !== "post" || !button || button.formTarget) return; // a dialog's is pressed again, and what opens elsewhere too
  if (button.getAttribute("aria-busy") === "true") return event.preventDefault();
  button.setAttribute("aria-busy", "true");
  if (button.dataset.busy) button.textContent = button.dataset.busy;
});
addEventListener("pageshow", () => {
  for (const button of document.querySelectorAll('[aria-busy="true"]')) button.removeAttribute("aria-busy");
});

document.querySelector(".problems")?.focus();

// What is seen and done elsewhere may change the tab, and a link leads to the page itself.
if (document.body.dataset.me && !location.pathname.startsWith("/tab")) outdate();
if (location.pathname.startsWith("/settings")) leaveNoCopy();

const help = document.getElementById("shortcuts");
if (help) {
  bind({ "?": () => help.showModal() });
  help.addEventListener("click", (event) => event.target === help && help.close());
}

// Whoever is signed out, here or elsewhere, leaves nothing on this computer. The tab without a network knows nobody, and shows what is kept.
if (!document.body.dataset.me && !location.pathname.startsWith("/tab")) wipe();

// Rows that are moved, added and removed in place: by buttons, and by dragging their handle, where they have one. Without this the buttons ask the server.

import { say } from "./words.js";

const moved = document.querySelector('[data-slot="moved"]');
const listOf = (row) => row.closest("[data-rows]").querySelector("ol");
const placeOf = (row) => [...row.parentElement.children].indexOf(row) + 1;
const nameOf = (row) => row.querySelector("[data-name]").value.trim() || say("row", { place: placeOf(row) });

function tell(row) {
  moved.textContent = say("moved", { name: nameOf(row), place: placeOf(row), all: row.parentElement.children.length });
}

function label(row) {
  const name = nameOf(row);
  for (const button of row.querySelectorAll("[data-move]")) {
    button.dataset.verb ??= button.getAttribute("aria-label");
    button.setAttribute("aria-label", `${button.dataset.verb}: ${name}`);
  }
}

const moves = {
  up: (row) => row.previousElementSibling?.before(row),
  down: (row) => row.nextElementSibling?.after(row),
};

function move(row, button) {
  if (button.dataset.move === "remove") return remove(row);
  moves[button.dataset.move](row);
  button.focus();
  tell(row);
}

function remove(row) {
  const next = row.nextElementSibling ?? row.previousElementSibling;
  const group = row.closest("[data-rows]");
  moved.textContent = say("removed", { name: nameOf(row) });
  row.remove();
  (next?.querySelector("[data-name]") ?? group.querySelector("[data-add]")).focus();
  full(group);
}

function add(group) {
  const row = document.getElementById(`row-${group.dataset.rows}`).content.firstElementChild.cloneNode(true);
  group.querySelector("ol").append(row);
  ready(row);
  row.querySelector("[data-name]").focus();
  full(group);
}

function full(group) {
  group.querySelector("[data-add]").disabled = group.querySelector("ol").children.length >= Number(group.dataset.most);
}

// -- dragging --------------------------------------------------------------------------------------------------------

let dragged = null;

function ready(row) {
  const handle = row.querySelector("[data-handle]");
  if (handle) draggable(row, handle);
  label(row);
  row.querySelector("[data-name]").addEventListener("input", () => label(row));
}

function draggable(row, handle) {
  handle.hidden = false;
  handle.draggable = true;
  handle.addEventListener("dragstart", (event) => {
    dragged = row;
    event.dataTransfer.effectAllowed = "move";
    event.dataTransfer.setData("text/plain", "row");
    event.dataTransfer.setDragImage(row, 8, 8);
    row.classList.add("is-dragged");
  });
  handle.addEventListener("dragend", () => {
    row.classList.remove("is-dragged");
    tell(row);
    dragged = null;
  });
  row.addEventListener("dragover", (event) => {
    if (!dragged || listOf(dragged) !== listOf(row)) return;
    event.preventDefault();
    const { top, height } = row.getBoundingClientRect();
    if (row !== dragged) event.clientY < top + height / 2 ? row.before(dragged) : row.after(dragged);
  });
  row.addEventListener("drop", (event) => event.preventDefault());
}

for (const group of document.querySelectorAll("[data-rows]")) {
  for (const row of group.querySelectorAll("ol > li")) ready(row);
  full(group);
}
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-move], [data-add]");
  if (!button) return;
  event.preventDefault();
  if (button.matches("[data-add]")) add(button.closest("[data-rows]"));
  else move(button.closest("li"), button);
});

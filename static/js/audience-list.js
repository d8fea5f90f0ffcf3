// Who an audience is, by name: a dialog with a search, and the list as a file.

import { face } from "./audience-face.js";
import { reason } from "./client.js";
import { say } from "./words.js";

const QUIET = 200;
const dialog = document.getElementById("audience-list");
const at = (name) => dialog.querySelector(`[data-${name}]`);
const place = (zone) => zone.split("/").pop().replaceAll("_", " ");
let client;
let chosen;
let next = null;
let turn = 0;
let timer = 0;

export function list(ofWhom, audience) {
  client = ofWhom;
  chosen = audience;
  dialog.querySelector("input").value = "";
  at("rows").replaceChildren();
  dialog.showModal();
  at("title").focus();
  load();
}

async function load(cursor = null) {
  const mine = ++turn;
  const query = new URLSearchParams({ limit: 50, search: dialog.querySelector("input").value.trim() });
  if (cursor) query.set("cursor", cursor);
  try {
    const found = await client.post(`audience/people?${query}`, chosen);
    if (mine === turn) show(found, cursor);
  } catch (problem) {
    if (mine === turn) fail(problem);
  }
}

function show({ results, next: following }, cursor) {
  const rows = results.map(row);
  if (cursor) at("rows").append(...rows);
  else at("rows").replaceChildren(...rows);
  next = following;
  at("more").hidden = !next;
  at("empty").hidden = at("rows").children.length > 0;
  at("fault").hidden = true;
  at("told").textContent = results.length ? say("people", { count: at("rows").children.length }) : at("empty").textContent;
}

function row(person) {
  const node = document.getElementById("audience-row").content.firstElementChild.cloneNode(true);
  face(person, node.querySelector("[data-face]"));
  node.querySelector("[data-name]").textContent = person.name;
  node.querySelector("[data-detail]").textContent = [person.title, ...person.groups].filter(Boolean).join(", ");
  node.querySelector("[data-zone]").textContent = place(person.timezone);
  return node;
}

function fail(problem) {
  at("fault").textContent = reason(problem) || say("unreachable");
  at("fault").hidden = false;
}

async function save() {
  try {
    const file = URL.createObjectURL(await client.file("audience/export", chosen));
    Object.assign(document.createElement("a"), { href: file, download: "audience.csv" }).click();
    setTimeout(() => URL.revokeObjectURL(file), 60_000);
  } catch (problem) {
    fail(problem);
  }
}

dialog?.querySelector("input").addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(load, QUIET);
});
if (dialog) {
  at("more").addEventListener("click", () => load(next));
  at("csv").addEventListener("click", save);
  at("close").addEventListener("click", () => dialog.close());
}

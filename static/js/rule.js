// A rule says whom it matches while it is written, and takes one more condition without leaving the page.

import { ofPage, reason } from "./client.js";
import { say } from "./words.js";

const QUIET = 400;
const MOST = 10;
const client = ofPage();
const form = document.getElementById("form");
const rows = document.getElementById("rows");
const preview = document.getElementById("preview");
let timer = 0;
let turn = 0;

function rule() {
  const lines = [...rows.children].map((row) => Object.fromEntries([...row.querySelectorAll("[name]")].map(({ name, value }) => [name, value.trim()])));
  return { match: form.elements.match.value, conditions: lines.filter(({ value }) => value) };
}

async function look() {
  const mine = ++turn;
  const given = rule();
  if (form.elements.filled.value !== "rule" || !given.conditions.length) return void (preview.textContent = "");
  try {
    const { group } = form.dataset;
    const found = await client.post("groups/preview", { rule: given, group_id: group ? Number(group) : null });
    if (mine === turn) preview.textContent = sentence(found, group);
  } catch (problem) {
    if (mine === turn) preview.textContent = reason(problem);
  }
}

function sentence({ people, examples, starts, ends }, group) {
  const names = examples.map(({ name }) => name).join(", ") + (people > examples.length ? " …" : "");
  const said = people ? `${say("match", { count: people })}: ${names}.` : `${say("matchZero")}.`;
  return group ? `${said} ${say("difference", { starts, ends })}` : said;
}

form?.addEventListener("input", () => {
  clearTimeout(timer);
  timer = setTimeout(look, QUIET);
});

form?.addEventListener("submit", (event) => {
  const { value } = event.submitter ?? {};
  if (value !== "more" && value !== "preview") return;
  event.preventDefault();
  if (value === "preview") return look();
  if (rows.children.length < MOST) add();
});

function add() {
  const number = rows.children.length;
  const row = rows.lastElementChild.cloneNode(true);
  for (const field of row.querySelectorAll("[name]")) field.id = field.id.replace(/\d+/, number);
  for (const label of row.querySelectorAll("label")) label.htmlFor = label.htmlFor.replace(/\d+/, number);
  row.querySelector("input").value = "";
  rows.append(row);
  row.querySelector("select").focus();
}

// The list of announcements: what is done with one of them shows in place, what is being sent counts up, and keys move through it.

import { ofPage } from "./client.js";
import { bind } from "./keys.js";
import { load } from "./load.js";
import { number } from "./numbers.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const client = ofPage();
const EVERY = 2_000;
const list = () => document.getElementById("announcements");
const rows = () => [...list().querySelectorAll("[data-row]")];
const linkOf = (row) => row.querySelector("h3 a");

// -- moving ----------------------------------------------------------------------------------------------------------

function move(step) {
  const all = rows();
  const here = all.indexOf(document.activeElement?.closest("[data-row]"));
  const next = all[Math.min(Math.max(here + step, 0), all.length - 1)];
  if (next) linkOf(next).focus();
}

bind({
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("search").focus(),
  c: () => document.querySelector(".side-write")?.click(),
});

// -- doing -----------------------------------------------------------------------------------------------------------

// The page that the server answers takes the place of this one; who was in a row stays there, or in the one after it.
function show(page) {
  const fresh = page.getElementById("announcements");
  if (!fresh) return location.reload();
  const row = document.activeElement?.closest("[data-row]");
  const place = rows().indexOf(row);
  const done = fresh.querySelector("[data-done]");
  done?.remove();
  list().replaceWith(fresh);
  for (const count of document.querySelectorAll("[data-count]")) {
    count.textContent = page.querySelector(`[data-count="${count.dataset.count}"]`)?.textContent ?? "";
  }
  if (done) tell(done);
  if (place < 0) return;
  const again = rows().find((one) => one.dataset.row === row.dataset.row) ?? rows()[Math.min(place, rows().length - 1)];
  (again ? linkOf(again) : list().querySelector(".tabs a[aria-current]"))?.focus();
}

function tell(done) {
  const button = done.querySelector("button");
  const undo = button && { label: button.textContent, act: () => send(done, button) };
  toast(done.querySelector("span").textContent, undo ?? {});
}

async function send(form, button) {
  const data = new URLSearchParams(new FormData(form));
  data.set(button.name, button.value);
  try {
    const { ok, page } = await load("POST", form.getAttribute("action"), data);
    if (ok) return show(page);
    toast(page.querySelector(".problems li")?.textContent ?? say("failed"));
  } catch {
    toast(say("failed"));
  }
}

document.addEventListener(
  "submit",
  async (event) => {
    const form = event.target;
    if (!form.matches("[data-act]")) return;
    event.preventDefault();
    const button = event.submitter;
    if (button.getAttribute("aria-busy") === "true") return;
    button.setAttribute("aria-busy", "true");
    await send(form, button);
    button.removeAttribute("aria-busy");
    form.closest("dialog")?.close();
  },
  true,
);

const dialog = document.getElementById("withdraw");
document.addEventListener("click", (event) => {
  const link = event.target.closest?.("[data-withdraw]");
  if (link && !event.ctrlKey && !event.metaKey && !event.shiftKey) {
    event.preventDefault();
    ask(link);
  }
  if (event.target.closest?.("[data-close]")) dialog.close();
  for (const menu of document.querySelectorAll(".list-do[open]")) if (!menu.contains(event.target)) menu.open = false;
});
document.addEventListener("keydown", (event) => {
  const menu = event.target.closest?.(".list-do[open]");
  if (event.key !== "Escape" || !menu) return;
  menu.open = false;
  menu.querySelector("summary").focus();
});

function ask(link) {
  const title = dialog.querySelector("h2");
  title.textContent = title.dataset.say.replace("{title}", () => link.dataset.title);
  dialog.querySelector("[name=announcement]").value = link.dataset.withdraw;
  dialog.querySelector("[name=reason]").value = "";
  link.closest("details")?.removeAttribute("open");
  dialog.showModal();
}

// -- what is being sent ----------------------------------------------------------------------------------------------

const seen = new Map(); // when counting began for each, and where

function paint(row, { done, total }) {
  const first = seen.get(row.dataset.row) ?? { done, at: Date.now() };
  seen.set(row.dataset.row, first);
  row.querySelector("[data-slot=delivered]").textContent = say("delivered", { done: number(done), total: number(total) });
  Object.assign(row.querySelector("progress"), { max: total, value: done });
  const pace = (done - first.done) / (Date.now() - first.at);
  if (pace > 0) row.querySelector("[data-slot=left]").textContent = say("left", { count: Math.ceil((total - done) / pace / 1000) });
}

const refresh = async () => show((await load("GET", location.href)).page);

async function look() {
  const sending = rows().filter((row) => "sending" in row.dataset);
  const gone = rows().some((row) => row.dataset.leaves && Date.parse(row.dataset.leaves) < Date.now());
  if (document.hidden || busy() || !(sending.length || gone)) return;
  if (gone) return refresh();
  const ids = sending.map((row) => row.dataset.row).join(",");
  const { results } = await client.get(`reach?announcement_ids=${ids}`);
  for (const row of sending) {
    const found = results.find(({ announcement_id }) => String(announcement_id) === row.dataset.row)?.progress;
    if (!found || found.finished_at) return refresh();
    if (found.total) paint(row, found);
  }
}

// Nothing moves under a hand: not while a menu or a dialog is open.
const busy = () => document.querySelector(".list-do[open], dialog[open]");

function tick() {
  for (const row of list().querySelectorAll("[data-leaves]")) {
    const count = Math.max(0, Math.ceil((Date.parse(row.dataset.leaves) - Date.now()) / 1000));
    row.querySelector("[data-slot=leaves]").textContent = say("leaves", { count });
  }
}

async function watch() {
  await look().catch(() => null); // the next look finds out
  setTimeout(watch, EVERY);
}

setInterval(tick, 1_000);
watch();

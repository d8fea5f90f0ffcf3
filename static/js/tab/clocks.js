// The clocks of the company: the minute moves, and when somewhere work begins or ends it is asked what holds now.

import { say } from "../words.js";

const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";
const at = (name, root) => root.querySelector(`[data-slot="${name}"]`);
const form = (zone, options) => new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options });
const clock = (zone, instant) => form(zone, { hour: "2-digit", minute: "2-digit" }).format(instant);
const dayKey = (zone, instant) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant);
const places = () => document.querySelectorAll("[data-clock]");
const DAY = 1440;

function minutes(time) {
  const [hours, rest] = time.split(":");
  return Number(hours) * 60 + Number(rest);
}

function state(zone, working, changes) {
  const time = clock(zone, changes);
  if (working) return say("until", { time });
  if (dayKey(zone, changes) === dayKey(zone, new Date())) return say("starts", { time });
  return say("startsOn", { time, day: form(zone, { weekday: "long" }).format(changes) });
}

// Move every clock on the page to now.
export function keepClocks() {
  const now = new Date();
  for (const one of places()) {
    const { clock: zone, working, changes } = one.dataset;
    const there = clock(zone, now);
    at("there", one).textContent = there;
    at("tick", one).setAttribute("x", minutes(there));
    const known = new Date(changes) > now;
    at("state", one).textContent = known ? state(zone, working === "1", new Date(changes)) : "";
  }
}

// Take what the hub says now: whether each place is at work, and until when.
export function takeClocks(found) {
  for (const [number, one] of [...places()].entries()) {
    if (found[number]?.timezone !== one.dataset.clock) continue;
    one.dataset.working = found[number].working ? "1" : "";
    one.dataset.changes = found[number].changes_at;
  }
}

// One place, made from the page's template, with the company's hours drawn on its day.
export function place({ label, timezone, working, changes_at }, { work_starts, work_ends }) {
  const made = document.getElementById("place").content.firstElementChild.cloneNode(true);
  Object.assign(made.dataset, { clock: timezone, working: working ? "1" : "", changes: changes_at });
  at("label", made).textContent = label;
  const [starts, ends] = [minutes(work_starts), minutes(work_ends)];
  const spans = starts < ends ? [[starts, ends]] : [[0, ends], [starts, DAY]];
  for (const [number, drawn] of made.querySelectorAll(".tab-work").entries()) {
    const [from, until] = spans[number] ?? [0, 0];
    drawn.setAttribute("x", from);
    drawn.setAttribute("width", until - from);
  }
  return made;
}

// Keep them going; `ask` promises the clocks as the hub has them.
export async function goOn(ask) {
  if ([...places()].some((one) => new Date(one.dataset.changes) <= new Date())) takeClocks(await ask().catch(() => [])); // offline: the times go on
  keepClocks();
  setTimeout(() => goOn(ask), 60_000 - (Date.now() % 60_000));
}

// The clocks of the company: the minute moves, and when somewhere work begins or ends the server is asked what holds now.

import { ofPage } from "./client.js";
import { say } from "./words.js";

const client = ofPage();
const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";
const at = (name, root) => root.querySelector(`[data-slot="${name}"]`);
const places = [...document.querySelectorAll("[data-clock]")];
const form = (zone, options) => new Intl.DateTimeFormat(language, { timeZone: zone, hourCycle: "h23", ...options });
const clock = (zone, instant) => form(zone, { hour: "2-digit", minute: "2-digit" }).format(instant);
const dayKey = (zone, instant) => new Intl.DateTimeFormat("en-CA", { timeZone: zone }).format(instant);

function state(zone, working, changes) {
  const time = clock(zone, changes);
  if (working) return say("until", { time });
  if (dayKey(zone, changes) === dayKey(zone, new Date())) return say("starts", { time });
  return say("startsOn", { time, day: form(zone, { weekday: "long" }).format(changes) });
}

function paint() {
  const now = new Date();
  for (const place of places) {
    const { clock: zone, working, changes } = place.dataset;
    const [hours, minutes] = clock(zone, now).split(":");
    at("there", place).textContent = `${hours}:${minutes}`;
    at("tick", place).setAttribute("x", Number(hours) * 60 + Number(minutes));
    at("state", place).textContent = state(zone, working === "1", new Date(changes));
  }
}

async function ask() {
  const { clocks } = await client.get("workspace").catch(() => ({ clocks: [] })); // offline: the times go on
  for (const [number, place] of places.entries()) {
    const found = clocks[number];
    if (!found || found.timezone !== place.dataset.clock) continue;
    place.dataset.working = found.working ? "1" : "";
    place.dataset.changes = found.changes_at;
  }
}

async function tick() {
  if (places.some((place) => new Date(place.dataset.changes) <= new Date())) await ask();
  paint();
  setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

tick();

// When it goes out: what time that is in each zone of the audience, and when its nudges follow.

import { audience, counted } from "./audience.js";
import { ofPage, reason } from "./client.js";
import { instant, mine } from "./clock.js";
import { say } from "./words.js";

const MINUTES = 24 * 60;
const QUIET = 250;
const client = ofPage();
const form = document.getElementById("form");
const field = document.getElementById("when-field");
const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";
const clock = (zone, instant) => new Intl.DateTimeFormat(language, { timeZone: zone, hour: "2-digit", minute: "2-digit", hourCycle: "h23" }).format(instant);
const day = (zone, instant) => new Intl.DateTimeFormat(language, { timeZone: zone, weekday: "short" }).format(instant);
const date = (instant) => new Intl.DateTimeFormat(language, { timeZone: mine, weekday: "short", day: "numeric", month: "short" }).format(instant);
const whole = (instant) => `${date(instant)}, ${clock(mine, instant)}`;
const minutes = (time) => time.split(":").reduce((hours, rest) => Number(hours) * 60 + Number(rest));

// The nudge steps that are chosen, in the API's words.
export function steps() {
  const sent = new FormData(form);
  const given = [...sent.getAll("nudge"), sent.get("nudge_custom")].map(Number).filter((hours) => hours > 0);
  return [...new Set(given)].sort((one, other) => one - other);
}

const later = () => new FormData(form).get("when") === "later";

// The time that is chosen, in the API's words: {} for now, null for one that is not whole yet.
function when() {
  const sent = new FormData(form);
  const [on, time] = [sent.get("day"), sent.get("time")];
  if (!later()) return {};
  if (!on || !time) return null;
  if (sent.has("own_clock")) return { own_clock: { day: on, time } };
  const at = instant(on, time);
  return at && { at };
}

// The same, as it is kept with the draft.
export function plan() {
  const { at = null, own_clock = null } = when() ?? {};
  return at || own_clock ? { at, own_clock } : null;
}

let turn = 0;
let people = 0;
let timer = 0;

function ask() {
  clearTimeout(timer);
  timer = setTimeout(show, QUIET);
}

async function show() {
  const now = ++turn;
  const chosen = when();
  const zones = field.querySelector("[data-zones]");
  const said = field.querySelector("[data-when-said]");
  said.textContent = "";
  if (!people || !chosen) return void (zones.hidden = true);
  try {
    const asks = form.elements.ask_acknowledge.checked;
    const { results } = await client.post("audience/landing", { audience: audience(), nudge_hours: asks ? steps().slice(0, 3) : [], ...chosen });
    if (now !== turn) return;
    zones.hidden = false;
    zones.querySelector("table").toggleAttribute("data-own", "own_clock" in chosen);
    zones.querySelector("tbody").replaceChildren(...results.map(row));
    zones.querySelector("[data-nudges]").textContent = asks ? nudges(results) : "";
    field.dispatchEvent(new Event("landed", { bubbles: true }));
  } catch (problem) {
    if (now !== turn) return;
    zones.hidden = true;
    said.textContent = reason(problem);
  }
}

function row({ timezone, people: many, at }) {
  const arrives = new Date(at);
  const line = document.createElement("tr");
  const name = Object.assign(document.createElement("th"), { scope: "row", textContent: timezone.split("/").at(-1).replaceAll("_", " ") });
  name.append(" ", Object.assign(document.createElement("span"), { className: "quiet", textContent: many }));
  const drawn = Object.assign(document.createElement("td"), { ariaHidden: "true" });
  drawn.append(strip(timezone, arrives));
  const there = Object.assign(document.createElement("td"), { textContent: `${day(timezone, arrives)} ${clock(timezone, arrives)}` });
  const here = Object.assign(document.createElement("td"), { textContent: `${day(mine, arrives)} ${clock(mine, arrives)}` });
  line.append(name, drawn, there, here);
  return line;
}

// A day on the author's clock: where the zone's working hours lie in it, and when it arrives there.
function strip(zone, arrives) {
  const shift = minutes(clock(mine, arrives)) - minutes(clock(zone, arrives));
  const from = (minutes(field.dataset.starts) + shift + 2 * MINUTES) % MINUTES;
  const until = (minutes(field.dataset.ends) + shift + 2 * MINUTES) % MINUTES;
  const drawing = svg("svg", { viewBox: `0 0 ${MINUTES} 56`, preserveAspectRatio: "none" });
  const bar = (x, width) => svg("rect", { class: "when-work", x, y: 20, width, height: 16 });
  drawing.append(svg("rect", { class: "when-day", x: 0, y: 20, width: MINUTES, height: 16 }));
  if (from < until) drawing.append(bar(from, until - from));
  else drawing.append(bar(0, until), bar(from, MINUTES - from));
  drawing.append(svg("rect", { class: "when-arrives", x: Math.min(minutes(clock(mine, arrives)), MINUTES - 30), y: 4, width: 40, height: 48, rx: 14 }));
  return drawing;
}

function svg(name, attributes) {
  const node = document.createElementNS("http://www.w3.org/2000/svg", name);
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value);
  return node;
}

function deadline() {
  const [on, time] = (form.elements.deadline?.value ?? "").split("T");
  return time ? Date.parse(instant(on, time)) : Infinity;
}

function nudges(results) {
  const spans = results.map((zone) => zone.nudges).filter((found) => found.length);
  if (!spans.length) return "";
  const due = deadline();
  const each = spans[0].map((_, step) => {
    const [first, last] = [Math.min(...spans.map((zone) => Date.parse(zone[step].first))), Math.max(...spans.map((zone) => Date.parse(zone[step].last)))];
    const sameDay = date(first) === date(last);
    const span = first === last ? whole(first) : say("nudgeBetween", { first: whole(first), last: sameDay ? clock(mine, last) : whole(last) });
    return first > due ? say("nudgeLate", { when: span }) : span;
  });
  return say("nudgesAt", { when: [...new Set(each)].join(" · ") }); // steps of a weekend land together, and are one mail
}

// What is chosen, for the last look before it goes out: in words, as a table, and as the checklist's question.
export function delivery() {
  const chosen = when();
  const { own_clock: own, at } = chosen ?? {};
  const table = field.querySelector("[data-zones]").hidden ? [] : [field.querySelector(".when-table").cloneNode(true)];
  return {
    later: later(),
    told: chosen !== null,
    table,
    nudges: field.querySelector("[data-nudges]").textContent,
    sentence: own ? say("own", { day: date(new Date(`${own.day}T12:00:00Z`)), time: own.time }) : at ? say("at", { when: whole(new Date(at)) }) : say(chosen ? "now" : "noTime"),
    query: own ? { day: own.day, time: own.time } : at ? { at } : {},
  };
}

// Who chooses "later" is offered the next day they work, which may be set otherwise.
function offer() {
  if (!later() || form.elements.day.value) return;
  const works = field.dataset.days.split(",");
  const days = [1, 2, 3, 4, 5, 6, 7].map((ahead) => new Date(Date.parse(`${today()}T12:00:00Z`) + ahead * MINUTES * 60_000));
  const next = days.find((on) => works.includes(String((on.getUTCDay() + 6) % 7))) ?? days[0];
  form.elements.day.value = next.toISOString().slice(0, 10);
}

const today = () => new Intl.DateTimeFormat("en-CA", { timeZone: mine }).format(new Date());

function toggle() {
  field.querySelector("[data-later]").hidden = !later();
  form.querySelector(".asking-more").hidden = !form.elements.ask_acknowledge.checked;
}

const listeners = [];

// Call back with whether it goes out later, at once and whenever that changes.
export function planned(act) {
  listeners.push(act);
  act(later());
}

if (field) {
  const start = () => {
    toggle();
    ask();
    for (const act of listeners) act(later());
  };
  for (const choice of form.querySelectorAll("[name=when]")) choice.addEventListener("input", offer);
  for (const part of [field, document.getElementById("asking")]) part.addEventListener("input", start);
  counted((many) => {
    people = many;
    ask();
  });
  toggle();
}

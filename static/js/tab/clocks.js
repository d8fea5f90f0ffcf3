// The clocks of the company, as the minute moves them.

import { all, another, at, inZone, language, put, say } from "../words.js";

const told = (zone, form, instant) => inZone(zone)[form]().format(instant);
export const places = () => all("[data-clock]");
const DAY = 1440;

function minutes(time) {
  const [hours, rest] = time.split(":");
  return Number(hours) * 60 + Number(rest);
}

function state(zone, working, changes) {
  const time = told(zone, "time", changes);
  if (working) return say("until", { time });
  if (told(zone, "key", changes) === told(zone, "key", new Date())) return say("starts", { time });
  return say("startsOn", { time, day: told(zone, "weekday", changes) });
}

// A time of the day until another, as spans of one day in minutes.
function spans(from, until) {
  const [starts, ends] = [from, until].map((minute) => ((minute % DAY) + DAY) % DAY);
  return starts < ends ? [[starts, ends]] : [[0, ends], [starts, DAY]];
}

// Where their hours and those of whoever looks meet, drawn on their day; in hours, to the half.
function meet(one, there, now) {
  const { zone, starts, ends } = one.parentElement.dataset;
  const shift = starts ? minutes(there) - minutes(told(zone, "time", now)) : 0;
  const mine = shift ? spans(minutes(starts) + shift, minutes(ends) + shift) : []; // on the same clock there is nothing to say
  const theirs = all(".tab-work", one).map((drawn) => [drawn.x.baseVal.value, drawn.x.baseVal.value + drawn.width.baseVal.value]);
  const both = theirs.flatMap(([from, until]) => mine.map(([starts, ends]) => [Math.max(from, starts), Math.min(until, ends)])).filter(([from, until]) => from < until);
  all(".tab-both", one).forEach((drawn, place) => draw(drawn, both[place]));
  return Math.round(both.reduce((sum, [from, until]) => sum + until - from, 0) / 30) / 2;
}

function draw(drawn, [from, until] = [0, 0]) {
  drawn.setAttribute("x", from);
  drawn.setAttribute("width", until - from);
}

// Move every clock on the page to now.
export function keepClocks() {
  const now = new Date();
  for (const one of places()) {
    const { clock: zone, working, changes } = one.dataset;
    const there = told(zone, "time", now);
    put("there", there, one);
    at("tick", one).setAttribute("x", minutes(there));
    const known = new Date(changes) > now;
    const said = known ? state(zone, working === "1", new Date(changes)) : "";
    const hours = meet(one, there, now);
    put("state", said && hours ? say("together", { state: said, hours: hours.toLocaleString(language) }) : said, one);
  }
}

// One place, made from the page's template, with the company's hours drawn on its day.
export function place({ label, timezone, working, changes_at }, { work_starts, work_ends }) {
  const made = another("place");
  Object.assign(made.dataset, { clock: timezone, working: working ? "1" : "", changes: changes_at });
  put("label", label, made);
  const work = spans(minutes(work_starts), minutes(work_ends));
  all(".tab-work", made).forEach((drawn, number) => draw(drawn, work[number]));
  return made;
}

// What stands beside the lists: the greeting, the clock, the company's clocks and links, painted from what is kept here.

import { another, at, date, named, put, say, time } from "../words.js";
import { keepClocks, place } from "./clocks.js";

const MORNING_UNTIL = 12;
const AFTERNOON_UNTIL = 18;

// By the clock that stands beside it, which is the reader's and not the computer's.
export function greet(name) {
  const hour = parseInt(time(new Date()), 10);
  const part = hour < MORNING_UNTIL ? "morning" : hour < AFTERNOON_UNTIL ? "afternoon" : "evening";
  const first = name.split(/\s+/)[0];
  put("greeting", first ? say(part, { name: first }) : say(`${part}All`));
}

export function tick() {
  const now = new Date();
  put("clock", time(now));
  put("date", date(now));
}

export function paintClocks({ clocks, company, me }) {
  Object.assign(at("clocks").dataset, { zone: me.timezone, starts: me.work_starts, ends: me.work_ends });
  fill("clocks", clocks.map((clock) => place(clock, company)));
  keepClocks();
}

export const paintLinks = (links) => fill("links", links.map(link));

// A part with nothing in it is not there.
function fill(name, made) {
  at(name).replaceChildren(...made);
  at(name).closest("section").hidden = !made.length;
}

function link({ label, url, icon }) {
  const made = another("link");
  const icons = named("icons").content;
  const drawn = icons.querySelector(`[data-icon="${icon}"]`) ?? icons.firstElementChild;
  const [leads] = made.children;
  leads.href = url;
  leads.prepend(drawn.firstElementChild.cloneNode(true));
  leads.lastElementChild.textContent = label;
  return made;
}

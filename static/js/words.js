// Sentences come translated from the page: <div id="words" data-marked="…" data-waiting-one="…" data-waiting-other="…">.

const MINUTE = 60_000;
const DAY = 1440 * MINUTE;

// Where a page, or a part of it, leaves room for something.
export const at = (name, within = document) => within.querySelector(`[data-slot="${name}"]`);
// Write into such a place.
export const put = (name, text, within) => (at(name, within).textContent = text);
export const on = (target, name, act) => target.addEventListener(name, act);
// An element by its id; all that a selector finds.
export const named = (id) => document.getElementById(id);
export const all = (selector, within = document) => [...within.querySelectorAll(selector)];
// A new element.
export const make = (tag, values) => Object.assign(document.createElement(tag), values);
// A new one of what the page has as a template.
export const another = (name) => named(name).content.firstElementChild.cloneNode(true);

const sentences = () => named("words").dataset;
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const capital = (name) => name[0].toUpperCase() + name.slice(1);

export function say(name, values = {}) {
  const found = sentences();
  if (!("count" in values)) return fill(found[name], values);
  const form = name + capital(once(`plural ${values.count}`, () => plurals().select(values.count)));
  return fill(found[form] ?? found[`${name}Other`], values);
}

// Made when it is first asked for: each costs a moment, and the first picture needs few.
function lately(make) {
  let made = null;
  return () => (made ??= make());
}

// Dates are written day first, as everywhere in Mantel, unless the language says otherwise.
export const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";
const plurals = lately(() => new Intl.PluralRules(language));

// How times are said on a clock.
export function inZone(timeZone) {
  const format = (options, tongue = language) => lately(() => new Intl.DateTimeFormat(tongue, { timeZone, ...options }));
  return {
    time: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    weekday: format({ weekday: "long" }),
    date: format({ day: "numeric", month: "short" }),
    whole: format({ weekday: "long", day: "numeric", month: "long" }),
    key: format({}, "en-CA"),
  };
}

const ofPage = lately(() => inZone(document.body.dataset.timezone || undefined));
let chosen = null;
let known = { told: {} }; // what was said here, and the day it is
let earlier = {}; // what was said on a page before
const once = (name, make) => (known.told[name] ??= earlier[name] ?? make());
const format = (form, instant) => (chosen ?? ofPage())[form]().format(instant);

// The day it is, in words. They hold until it ends; where its clocks are put forward or back, for this moment alone.
function dayOf(now) {
  const [hours, minutes] = format("time", now).split(":").map(Number);
  const from = now - (now % MINUTE) - (hours * 60 + minutes) * MINUTE;
  const even = from > 0 && format("time", from) === "00:00" && format("time", from + DAY - 1) === "23:59";
  return { from: even ? from : now, until: even ? from + DAY : now, key: format("key", now), whole: format("whole", now) };
}

function told(form, instant) {
  const now = Date.now();
  if (!(known.day?.from <= now && now < known.day.until)) known.day = dayOf(now);
  const { from, until, ...said } = known.day;
  if (from <= instant && instant < until && form === "time") return new Date(instant - from).toISOString().slice(11, 16);
  if (from <= instant && instant < until && said[form]) return said[form];
  return once(`${form} ${Number(instant)}`, () => format(form, instant));
}

// From now on every time is said on this clock. `before` is what was `spoken` there already: a format takes long to make.
export function speakIn(zone, before) {
  chosen = inZone(zone);
  const good = before?.told && before.zone === zone && before.language === language;
  earlier = good ? before.told : {};
  known = { zone, language, day: good ? before.day : undefined, told: {} };
}

export const spoken = () => known;

const daysUntil = (instant) =>
  Math.round((Date.parse(told("key", instant)) - Date.parse(told("key", new Date()))) / DAY);

export const time = (instant) => told("time", instant);
export const date = (instant) => told("whole", instant).replace(",", "");

// The day something happened, as one would say it: today, yesterday, Monday, 3 Nov.
export function day(instant) {
  const ago = -daysUntil(instant);
  if (ago <= 1) return sentences()[ago === 1 ? "yesterday" : "today"];
  return ago < 7 ? told("weekday", instant) : told("date", instant);
}

// When something is due: today, 17:00; Thursday, 17:00; 27 Nov, 17:00.
export function due(instant) {
  const ahead = daysUntil(instant);
  const name = ahead === 0 ? sentences().today : ahead > 0 && ahead < 7 ? told("weekday", instant) : told("date", instant);
  return `${name}, ${time(instant)}`;
}

// What was done at a time, said with the day where that is another one.
export function sayDone(name, at) {
  const instant = new Date(at);
  return say(daysUntil(instant) ? `${name}On` : name, { day: day(instant), time: time(instant) });
}

// When something was as it is shown: 08:40; yesterday, 17:00.
export const asOf = (instant) => (daysUntil(instant) ? `${day(instant)}, ${time(instant)}` : time(instant));

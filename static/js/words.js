// Sentences come translated from the page: <div id="words" data-marked="…" data-waiting-one="…" data-waiting-other="…">.

// Dates are written day first, as everywhere in Mantel, unless the language says otherwise.
const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";
const plurals = new Intl.PluralRules(language);
const DAY = 86_400_000;

const sentences = () => document.getElementById("words").dataset;
const fill = (sentence, values) => sentence.replace(/\{(\w+)\}/g, (_, name) => values[name]);
const capital = (name) => name[0].toUpperCase() + name.slice(1);

export function say(name, values = {}) {
  const found = sentences();
  if (!("count" in values)) return fill(found[name], values);
  const form = name + capital(plurals.select(values.count));
  return fill(found[form] ?? found[`${name}Other`], values);
}

function inZone(timeZone) {
  const format = (options) => new Intl.DateTimeFormat(language, { timeZone, ...options });
  return {
    time: format({ hour: "2-digit", minute: "2-digit", hourCycle: "h23" }),
    weekday: format({ weekday: "long" }),
    date: format({ day: "numeric", month: "short" }),
    whole: format({ weekday: "long", day: "numeric", month: "long" }),
    key: new Intl.DateTimeFormat("en-CA", { timeZone }),
  };
}

let forms = inZone(document.body.dataset.timezone || undefined);

// From now on every time is said on this clock.
export const speakIn = (timezone) => (forms = inZone(timezone));

const daysUntil = (instant) =>
  Math.round((Date.parse(forms.key.format(instant)) - Date.parse(forms.key.format(new Date()))) / DAY);

export const time = (instant) => forms.time.format(instant);
export const date = (instant) => forms.whole.format(instant).replace(",", "");

// The day something happened, as one would say it: today, yesterday, Monday, 3 Nov.
export function day(instant) {
  const ago = -daysUntil(instant);
  if (ago <= 1) return sentences()[ago === 1 ? "yesterday" : "today"];
  return ago < 7 ? forms.weekday.format(instant) : forms.date.format(instant);
}

// When something is due: today, 17:00; Thursday, 17:00; 27 Nov, 17:00.
export function due(instant) {
  const ahead = daysUntil(instant);
  const name = ahead === 0 ? sentences().today : ahead > 0 && ahead < 7 ? forms.weekday.format(instant) : forms.date.format(instant);
  return `${name}, ${time(instant)}`;
}

// When something was as it is shown: 08:40; yesterday, 17:00.
export const asOf = (instant) => (daysUntil(instant) ? `${day(instant)}, ${time(instant)}` : time(instant));

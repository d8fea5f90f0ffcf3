// Whether an answer is one: a feed is shown, and kept, only when every part of it is what it should be.

const MOST = 500;
const LONGEST = 5_000;
const text = (value) => typeof value === "string" && value.length <= LONGEST;
const number = (value) => Number.isSafeInteger(value) && value >= 0;
const flag = (value) => typeof value === "boolean";
const moment = (value) => text(value) && !Number.isNaN(Date.parse(value));
const maybe = (check) => (value) => value == null || check(value);
const list = (check) => (value) => Array.isArray(value) && value.length <= MOST && value.every(check);

const ITEM = {
  announcement_id: number,
  title: text,
  summary: text,
  author_id: number,
  author_name: text,
  published_at: moment,
  minutes: number,
  required: flag,
  deadline: maybe(moment),
  version: number,
  displayed_at: maybe(moment),
  read_at: maybe(moment),
  acknowledged_at: maybe(moment),
  dismissed_at: maybe(moment),
  saved_at: maybe(moment),
  confirmed: number,
  recipients: number,
  groups: list(text),
};

const link = (it) => text(it?.label) && /^https?:\/\//.test(it.url) && /^[a-z0-9-]{1,40}$/.test(it.icon);

const AROUND = {
  me: (it) => number(it?.id) && text(it.name) && zone(it.timezone) && text(it.theme) && hour(it.work_starts) && hour(it.work_ends),
  company: (it) => text(it?.name) && number(it.brand_hue) && it.brand_hue < 360 && hour(it.work_starts) && hour(it.work_ends),
  clocks: list((it) => text(it?.label) && zone(it.timezone) && flag(it.working) && moment(it.changes_at)),
  links: list(link),
  own: (it) => list(text)(it?.off) && list(link)(it.links),
};

const fits = (shape, value) =>
  value !== null && typeof value === "object" && Object.entries(shape).every(([name, check]) => check(value[name]));
const hour = (value) => /^[0-2][0-9]:[0-5][0-9]$/.test(value);

function zone(value) {
  try {
    return text(value) && Boolean(new Intl.DateTimeFormat("en", { timeZone: value }));
  } catch {
    return false;
  }
}

// The items of a feed, or null.
export function soundItems(data) {
  const items = data?.items;
  return list((item) => fits(ITEM, item))(items) ? items : null;
}

// What stands around a feed, or null.
export const soundAround = (data) => (fits(AROUND, data) ? data : null);

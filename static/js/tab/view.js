// What the first picture of a tab needs of a feed, and no more: it is read anew each time a tab opens. The worker makes it too.

const ROWS = 14; // of a window; something that is owed takes two
const [GREETING, FIRST, OWED, ROW] = [200, 180, 90, 50]; // least heights in pixels
const WEEK = 7 * 86_400_000;

// A time of the last seven days; of others nothing.
export const lately = (at) => at > new Date(Date.now() - WEEK).toISOString() && at;

export const owes = (item) => item.required && !item.acknowledged_at;
const inTime = ({ acknowledged_at, deadline }) => deadline && new Date(acknowledged_at) <= new Date(deadline);
export const isNew = (item) => !item.required && !item.read_at && !item.dismissed_at;

// The items of a feed as they stand on the tab.
export const parted = (items) => [items.filter(owes), items.filter(isNew), items.filter((item) => !owes(item) && !isNew(item))];

// What is said about all of them together.
export function summed(items) {
  const [owed, news] = parted(items);
  const read = items.filter((item) => item.required && lately(item.acknowledged_at));
  const saved = items.filter((item) => item.saved_at);
  const minutes = owed.reduce((sum, item) => sum + item.minutes, 0);
  return { all: items.length, asked: items.some((item) => item.required), owed: owed.length, news: news.length, done: read.length, inTime: read.every(inTime), saved: saved.length, minutes };
}

// Of what stands in a view, as much as a window of this height can show: lists begin below the greeting, and no row is lower
// than this. The rest comes when the picture is there.
export function within(height, items) {
  let room = height - GREETING;
  return items.filter((item, place) => {
    const shown = room > 0;
    room -= owes(item) ? (place ? OWED : FIRST) : ROW;
    return shown;
  });
}

export function viewOf({ items, freshAt }) {
  let room = ROWS;
  const seen = parted(items).flatMap((part, place) => {
    const rows = place ? 1 : 2;
    const shown = part.slice(0, Math.ceil(room / rows));
    room -= Math.min(room, shown.length * rows);
    return shown;
  });
  return { items: seen, sums: summed(items), freshAt };
}

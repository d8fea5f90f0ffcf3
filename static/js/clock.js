// Times on one's own clock: the zone of who is signed in, which the page says.

export const mine = document.body.dataset.timezone || Intl.DateTimeFormat().resolvedOptions().timeZone;

const parts = new Intl.DateTimeFormat("en-GB", { timeZone: mine, dateStyle: "short", timeStyle: "medium" });

// A day and a time on that clock as an instant: the zone's offset is looked up where it would be, and once more where that leads.
// null for what is no time, such as a year that is still being typed.
export function instant(on, time) {
  const wall = Date.parse(`${on}T${time}:00Z`);
  if (!(wall > 0)) return null;
  const offset = (at) => {
    const { year, month, day, hour, minute, second } = Object.fromEntries(parts.formatToParts(at).map(({ type, value }) => [type, value]));
    return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}Z`) - at;
  };
  const guess = wall - offset(wall);
  return new Date(wall - offset(guess)).toISOString();
}

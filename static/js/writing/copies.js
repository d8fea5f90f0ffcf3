// What is kept on this computer of a draft. Each page keeps a copy of its own, and finds those of pages that are gone.

import { names, remember } from "../store.js";
import { randomKey } from "./draft.js";

const RELOADED = 500; // milliseconds in which the page before this one lets go of its name
const TAB = "mantel.tab";

function recalled() {
  try {
    return sessionStorage.getItem(TAB) ?? "";
  } catch {
    return "";
  }
}

function settled(name) {
  try {
    sessionStorage.setItem(TAB, name);
  } catch {
    // then a reload finds what this page kept as what another one left
  }
  return name;
}

// A lock says that a page lives: its browser lets go of it however the page ends. Where there are none, all others count as gone.
function locked(name, options) {
  return new Promise((done) => {
    const held = navigator.locks.request(name, options, (lock) => (done(Boolean(lock)), lock && new Promise(() => {})));
    held.catch(() => done(false));
  });
}

export function copies(person) {
  const place = (id) => `draft.${person}.${id || "new"}`;
  const lock = (name) => `mantel.draft.${name}`;
  let tab = settled(recalled() || randomKey());
  // A tab that was duplicated recalls a name that lives already.
  const ready = (async () => {
    if (!navigator.locks || (await locked(lock(tab), { signal: AbortSignal.timeout(RELOADED) }))) return;
    tab = settled(randomKey());
    await locked(lock(tab), {});
  })();

  async function living() {
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    return new Set(held.map(({ name }) => name));
  }

  const own = (id) => remember(`${place(id)}.${tab}`);
  return {
    ready,
    own: (id) => own(id).read(),
    write: (id, value) => own(id).write(value),
    drop: (name) => remember(name).write(null),
    put: (name, value) => remember(name).write(value),
    // Beside what is written on: its name, or "" where there is no room.
    aside(id, value) {
      const name = `${place(id)}.aside-${randomKey()}`;
      return remember(name).write({ ...value, aside: true }) ? name : "";
    },
    // [{name, value}] of pages that are gone, the newest first.
    async left(id) {
      await ready;
      const alive = await living();
      const mine = `${place(id)}.${tab}`;
      const theirs = names(place(id)).filter((name) => name === place(id) || name.startsWith(`${place(id)}.`)); // one without a tab is of before
      const gone = theirs.filter((name) => name !== mine && !alive.has(lock(name.slice(place(id).length + 1))));
      return gone.map((name) => ({ name, value: remember(name).read() })).filter(({ value }) => value?.fields).sort((one, other) => (other.value.at ?? 0) - (one.value.at ?? 0));
    },
  };
}

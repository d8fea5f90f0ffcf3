// What the page keeps on this computer so that it is there without a network: for one person, and for nobody after them.

import { remember } from "../store.js";

const THINGS = ["copy", "around", "texts", "own"];
const LASTS = 31_536_000; // seconds: as long as a copy does, so that none comes back when the browser is opened again
const who = remember("who");

export const lastHere = () => who.read();

export function keeping(me) {
  const shelves = Object.fromEntries(THINGS.map((thing) => [thing, remember(`${thing}.${me}`)]));
  return {
    read: (thing) => shelves[thing].read(),
    write: (thing, value) => {
      who.write(me);
      shelves[thing].write(value);
    },
  };
}

// What they have decided about their tab, whether the hub has heard of it or not.
export const ownOf = (kept) => kept.read("own") ?? kept.read("around")?.own ?? { off: [], links: [] };

// Nothing stays but of `me`; of nobody without one. What is written down goes at once, the copy of the page a moment later.
export async function wipe(me = null) {
  const last = lastHere();
  if (last !== null && last === me) return;
  if (last !== null) {
    for (const thing of THINGS) remember(`${thing}.${last}`).write(null);
    who.write(null);
    outdate();
    fetch("/tab", { cache: "reload", redirect: "manual" }).catch(() => null); // what is answered now takes the copy's place
  }
  await leaveNoCopy();
}

// The copy in the browser's own cache is not shown again: it is one for the cookies that it was brought with.
export const outdate = () => (document.cookie = `tab=${Date.now()}; path=/tab; max-age=${LASTS}; samesite=lax${location.protocol === "https:" ? "; secure" : ""}`);

// Nor is the one that the worker has.
export async function leaveNoCopy() {
  try {
    await (await caches.open("mantel-tab")).delete("/tab");
  } catch {
    // nothing can be kept in this browser
  }
}

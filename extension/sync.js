// Keeping what this device has in step with the hub, from a tab or from the worker: receipts out, the feed in, and what goes with it.

import { Feed } from "./js/feed.js";
import { Outbox } from "./js/receipts.js";
import { soundAround } from "./js/tab/sound.js";
import { bringTexts as textsOf } from "./js/tab/texts.js";
import { viewOf } from "./js/tab/view.js";
import { hubClient } from "./hub.js";
import { read, shelf, stands, write } from "./kept.js";
import { bringPictures } from "./pictures.js";

const AROUND_LASTS = 600_000;

// A connection with its feed and its outbox. `beat` is how often the feed is asked for while somebody looks.
export function connection({ hub, copy }, beat) {
  const client = hubClient(hub);
  const outbox = new Outbox(client, shelf(hub.me), "extension");
  const view = (it) => viewOf({ ...it, items: outbox.since(it.items) });
  const feed = new Feed(client, { copy: { kept: copy ?? null, write: (it) => keep(hub, { copy: it, view: view(it) }) }, beat });
  // What was done here is in the next picture before the hub has heard of it.
  outbox.addEventListener("change", () => feed.items && keep(hub, { view: view(feed.kept) }));
  return { client, feed, outbox };
}

// What comes in for a connection that has ended meanwhile is for nobody here.
export async function keep(hub, values) {
  if (await stands(hub)) await write(values).catch(() => null); // a full disk is no reason to show less
}

// Bring in whom the tab is for, clocks and links, where they are missing or old; true when they are new.
export async function bringAround(client, hub) {
  const { around } = await read("around");
  if (around && Date.now() - around.at < AROUND_LASTS) return false;
  const found = soundAround(await client.get("tab"));
  if (found) await keep(hub, { around: { ...found, at: Date.now() } });
  return Boolean(found);
}

// Bring in the texts that are missing or have changed; those of what left the feed go.
export async function bringTexts(client, hub, items) {
  const { texts = {} } = await read("texts");
  const found = await textsOf(client, items, texts);
  if (found) await keep(hub, { texts: found });
  if (await stands(hub)) await bringPictures(client, hub, found ?? texts);
}

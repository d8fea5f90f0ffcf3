// While no tab is open: what IT sets is mirrored, what waits is sent, and the feed is fetched now and then, never all at once.

import { changed, read, write } from "./kept.js";
import { owes } from "./js/tab/view.js";
import { bringAround, bringTexts, connection } from "./sync.js";

const EVERY = 5;
const SPREAD = 5; // minutes over which all devices of a company are spread
const LONGEST = 60;
const ALARM = "refresh";

async function refresh() {
  const kept = await read("hub", "copy", "failed");
  if (!kept.hub?.token) return plan(EVERY);
  const { client, feed, outbox } = connection(kept, 0);
  await outbox.send();
  await feed.refresh();
  if (feed.reach === "fine") await Promise.allSettled([bringAround(client, kept.hub), bringTexts(client, kept.hub, feed.items)]);
  const failed = feed.reach === "fine" ? 0 : (kept.failed ?? 0) + 1;
  await write({ failed });
  await badge(feed.items);
  await plan(wait(failed, feed.after / 60_000));
}

// Minutes until the next look: back-off with full jitter, and never before the hub wants to be asked.
function wait(failed, after) {
  const most = Math.min(LONGEST, EVERY * 2 ** failed);
  return Math.max(after, failed ? Math.random() * most : EVERY + Math.random() * SPREAD);
}

const plan = (minutes) => chrome.alarms.create(ALARM, { delayInMinutes: Math.max(0.5, minutes) });

// A build without a tab of its own says on its button how much waits.
async function badge(items) {
  if (!chrome.action) return;
  const owed = (items ?? []).filter(owes).length;
  await chrome.action.setBadgeText({ text: owed ? String(owed) : "" });
}

// In Chromium what IT sets arrives some seconds after the start.
async function mirror() {
  const managed = await chrome.storage.managed.get().catch(() => ({}));
  await write({ managed });
}

chrome.alarms.onAlarm.addListener(({ name }) => name === ALARM && refresh());
chrome.runtime.onInstalled.addListener(() => plan(0.5));
chrome.runtime.onStartup.addListener(() => plan(0.5 + Math.random() * SPREAD));
chrome.runtime.onUpdateAvailable.addListener(() => chrome.runtime.reload());
changed(() => mirror(), "managed");
mirror();
chrome.alarms.get(ALARM).then((known) => known ?? plan(EVERY));

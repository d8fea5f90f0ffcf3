// The new tab as a page. It comes painted; this keeps it true while it is looked at, and a copy for when there is no network.

import { ofPage } from "./client.js";
import { Feed } from "./feed.js";
import { Outbox } from "./receipts.js";
import { shelf } from "./store.js";
import { Board } from "./tab/board.js";
import { keeping, wipe } from "./tab/keeping.js";
import { Lists } from "./tab/lists.js";
import { eyes } from "./tab/notice.js";
import { soundAround } from "./tab/sound.js";
import { bringTexts } from "./tab/texts.js";
import { date, time } from "./words.js";

const SELDOM = 60_000;
const me = Number(document.body.dataset.me);
const client = ofPage();
const kept = keeping(me);
const feed = new Feed(client, { copy: { kept: null, write: keepCopy } });
const outbox = new Outbox(client, shelf(`outbox.${me}`), "tab");
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
let keptAt = 0;

// The feed is asked for every few seconds; its age alone is written down seldom.
function keepCopy(copy) {
  if (copy.etag === kept.read("copy")?.etag && Date.now() - keptAt < SELDOM) return;
  keptAt = Date.now();
  kept.write("copy", copy);
}

async function keepTexts() {
  const texts = await bringTexts(client, feed.items, kept.read("texts") ?? {});
  if (texts) kept.write("texts", texts);
}

async function keepAround() {
  const around = soundAround(await client.get("tab"));
  if (around) kept.write("around", around);
}

function tick() {
  const now = new Date();
  at("clock").textContent = time(now);
  at("date").textContent = date(now);
  setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

const lists = new Lists((id) => `/a/${id}`);
new Board({ feed, outbox, lists }).live(
  eyes((made) => outbox.add(Number(made.dataset.id), "displayed", Number(made.dataset.version))),
);
wipe(me);
tick();
feed.addEventListener("change", () => keepTexts().catch(() => null)); // next time, then
feed.addEventListener("reach", () => feed.reach === "signed-out" && wipe());
outbox.send();
feed.start().then(() => keepAround().catch(() => null));

// The new tab as a page. It comes painted; this keeps it true while it is looked at, and a copy for when there is no network.

import { ofPage } from "./client.js";
import { Feed } from "./feed.js";
import { Outbox } from "./receipts.js";
import { remember, shelf } from "./store.js";
import { Board } from "./tab/board.js";
import { keeping, wipe } from "./tab/keeping.js";
import { Lists } from "./tab/lists.js";
import { eyes } from "./tab/notice.js";
import { opening } from "./tab/opening.js";
import { owning } from "./tab/own.js";
import { pictures } from "./tab/pictures.js";
import { Reader } from "./tab/reader.js";
import { soundAround } from "./tab/sound.js";
import { bringTexts } from "./tab/texts.js";
import { at, date, time } from "./words.js";

const SELDOM = 60_000;
const me = Number(document.body.dataset.me);
const client = ofPage();
const kept = keeping(me);
const feed = new Feed(client, { copy: { kept: null, write: keepCopy } });
const outbox = new Outbox(client, shelf(`outbox.${me}`), "tab");
let keptAt = 0;

// The feed is asked for every few seconds; its age alone is written down seldom.
function keepCopy(copy) {
  if (copy.etag === kept.read("copy")?.etag && Date.now() - keptAt < SELDOM) return;
  keptAt = Date.now();
  kept.write("copy", copy);
}

async function keepTexts() {
  const texts = await bringTexts(client, feed.items, kept.read("texts") ?? {});
  if (!texts) return;
  kept.write("texts", texts);
  reader.arrived(texts);
}

async function keepAround() {
  const around = soundAround(await client.get("tab"));
  if (around) kept.write("around", around);
}

// What the feed does not know is opened as a page.
async function openHere(id) {
  await ready;
  const item = feed.items?.find(({ announcement_id }) => announcement_id === id);
  if (item) reader.open(item, kept.read("texts")?.[id] ?? null);
  else location.assign(address(id));
}

// What is switched off is their choice for this computer, and stays when they sign out.
function switching() {
  const off = remember(`off.${me}`);
  const show = (names) => (document.documentElement.dataset.off = names.join(" "));
  show(off.read([]));
  owning({ off: off.read([]) }, (own) => {
    off.write(own.off);
    show(own.off);
  });
}

function tick() {
  const now = new Date();
  at("clock").textContent = time(now);
  at("date").textContent = date(now);
  setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

const address = (id) => `/a/${id}`;
const shown = async (key) => `/api/v1/images/${key}/file`;
const board = new Board({ feed, outbox, lists: new Lists(address) });
const reader = new Reader({ outbox, confirm: (id) => board.confirm(document.querySelector(`[data-list] [data-id="${id}"]`)), address, picture: pictures(shown) });
board.live(eyes((made) => outbox.add(Number(made.dataset.id), "displayed", Number(made.dataset.version))));
outbox.send();
const ready = feed.start();
opening(openHere);
switching();
wipe(me);
tick();
feed.addEventListener("change", () => keepTexts().catch(() => null)); // next time, then
feed.addEventListener("reach", () => feed.reach === "signed-out" && wipe());
ready.then(() => keepAround().catch(() => null));

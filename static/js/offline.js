// The tab without a network: the last copy, read in place, and marked as read for later. When the hub answers, the page itself comes back.

import { ofPage } from "./client.js";
import { Feed } from "./feed.js";
import { Outbox } from "./receipts.js";
import { shelf } from "./store.js";
import { greet, paintClocks, paintLinks, tick } from "./tab/around.js";
import { Board } from "./tab/board.js";
import { keepClocks } from "./tab/clocks.js";
import { keeping, lastHere, ownOf, wipe } from "./tab/keeping.js";
import { Lists } from "./tab/lists.js";
import { opening } from "./tab/opening.js";
import { pictures } from "./tab/pictures.js";
import { Reader } from "./tab/reader.js";
import { shelving } from "./tab/shelf.js";
import { speakIn } from "./words.js";

const BEAT = 10_000;
const address = (id) => `/a/${id}`;
const back = () => location.replace("/tab");

function read(me, kept) {
  const client = ofPage();
  const feed = new Feed(client, { copy: { kept: kept.read("copy"), write: () => null }, beat: BEAT });
  feed.reach = "offline";
  const outbox = new Outbox(client, shelf(`outbox.${me}`), "tab");
  const board = new Board({ feed, outbox, lists: new Lists(address) });
  const reader = new Reader({ outbox, board, address, picture: pictures(async (key) => `/api/v1/images/${key}/file`) });
  board.live();
  opening((id) => reader.open(board.find(id), kept.read("texts")?.[id] ?? null));
  shelving(feed, () => board.items, address);
  feed.addEventListener("fresh", back);
  feed.addEventListener("reach", () => {
    if (feed.reach !== "signed-out") return;
    wipe().then(back);
  });
  feed.start();
}

function beat() {
  tick();
  keepClocks();
  setTimeout(beat, 60_000 - (Date.now() % 60_000));
}

export function go() {
  const me = lastHere();
  const kept = keeping(me);
  const around = kept.read("around");
  if (around) {
    speakIn(around.me.timezone);
    greet(around.me.name);
    paintClocks(around);
    paintLinks([...around.links, ...ownOf(kept).links]);
    document.documentElement.style.setProperty("--brand-h", around.company.brand_hue);
  }
  beat();
  document.querySelector('[data-slot="none"]').hidden = Boolean(kept.read("copy"));
  if (kept.read("copy")) read(me, kept);
  else addEventListener("online", back);
}

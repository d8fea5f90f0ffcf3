// The new tab as a page. It comes painted; this keeps it true while it is looked at, and a copy for when there is no network.

import { Feed } from "./feed.js";
import { ofPerson } from "./mine.js";
import { Outbox } from "./receipts.js";
import { shelf } from "./store.js";
import { greet, paintLinks, tick } from "./tab/around.js";
import { Board } from "./tab/board.js";
import { keeping, leaveNoCopy, outdate, ownOf, wipe } from "./tab/keeping.js";
import { Lists } from "./tab/lists.js";
import { opening } from "./tab/opening.js";
import { owning, tell } from "./tab/own.js";
import { pictures } from "./tab/pictures.js";
import { Reader } from "./tab/reader.js";
import { shelving } from "./tab/shelf.js";
import { soundAround } from "./tab/sound.js";
import { bringTexts } from "./tab/texts.js";

const SELDOM = 60_000;
const address = (id) => `/a/${id}`;
const anew = () => location.replace("/tab");
const shown = async (key) => `/api/v1/images/${key}/file`;

// `me` is whose page it is; `copied`: it comes from this computer, and so does what it shows.
export function live(me, copied) {
  const client = ofPerson(me, () => wipe().then(anew));
  const kept = keeping(me);
  const feed = new Feed(client, { copy: { kept: copied ? kept.read("copy") : null, write: keepCopy } });
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
    if (!around) return;
    kept.write("around", around);
    showOwn();
  }

  // What the feed does not know is opened as a page.
  async function openHere(id) {
    if (!feed.items) await ready;
    const item = board.find(id);
    if (item) reader.open(item, kept.read("texts")?.[id] ?? null);
    else location.assign(address(id));
  }

  // What they have decided, until the hub has it.
  const deciding = {
    read: async () => kept.read("own"),
    async settled(own) {
      if (own) kept.write("around", { ...kept.read("around"), own });
      kept.write("own", null);
      showOwn();
    },
  };

  function showOwn() {
    const { off, links } = ownOf(kept);
    document.documentElement.dataset.off = off.join(" ");
    paintLinks([...(kept.read("around")?.links ?? []), ...links]);
  }

  // The copies of the page show what they had decided before.
  function decide(own) {
    kept.write("own", own);
    showOwn();
    outdate();
    leaveNoCopy();
    tell(client, deciding);
  }

  function beat() {
    tick();
    setTimeout(beat, 60_000 - (Date.now() % 60_000));
  }

  // What was shown to somebody who is signed out does not stay on the screen.
  async function signedOut() {
    await wipe();
    anew();
  }

  const board = new Board({ feed, outbox, lists: new Lists(address) });
  const reader = new Reader({ outbox, board, address, picture: pictures(shown) });
  if (copied) feed.reach = "kept";
  if (copied && kept.read("around")) greet(kept.read("around").me.name);
  if (kept.read("own")) showOwn();
  board.live();
  outbox.send();
  const ready = feed.start();
  const around = ready
    .then(() => tell(client, deciding))
    .then(keepAround)
    .catch(() => null);
  opening(openHere);
  shelving(feed, () => board.items, address);
  owning(() => (copied ? ownOf(kept) : around.then(() => ownOf(kept))), decide);
  wipe(me);
  beat();
  feed.addEventListener("change", () => keepTexts().catch(() => null)); // next time, then
  feed.addEventListener("reach", () => feed.reach === "signed-out" && signedOut());
  feed.addEventListener("fresh", () => {
    tell(client, deciding);
  });
}

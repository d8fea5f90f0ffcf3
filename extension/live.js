// A connected tab: the lists are kept true, worked, read in place and searched; what happens is sent.

import { Board } from "./js/tab/board.js";
import { opening } from "./js/tab/opening.js";
import { owning, tell } from "./js/tab/own.js";
import { pictures } from "./js/tab/pictures.js";
import { Reader } from "./js/tab/reader.js";
import { shelving } from "./js/tab/shelf.js";
import { at, on } from "./js/words.js";
import { signOut } from "./hub.js";
import { changed, erase, ownOf, read, write } from "./kept.js";
import { pictureOf } from "./pictures.js";
import { searching } from "./searching.js";
import { bringAround, bringTexts, connection } from "./sync.js";

const BEAT = 60_000;

export function live(kept, lists) {
  const { hub } = kept;
  const { client, feed, outbox } = connection(kept, BEAT);
  const address = (id) => `${hub.url}/a/${id}`;
  const board = new Board({ feed, outbox, lists });
  const reader = new Reader({ outbox, board, address, picture: pictures((key) => pictureOf(client, hub, key)) });
  const openHere = async (id) => {
    const item = board.find(id);
    const { texts = {} } = await read("texts");
    if (item) reader.open(item, texts[id] ?? null);
  };
  board.live();
  opening(openHere);
  shelving(feed, () => board.items, address);
  searching(client, hub, feed, openHere);
  owning(
    async () => ownOf(await read("own", "around")),
    (own) => write({ own }).then(() => tell(client, deciding)),
  );
  on(at("sign-out"), "click", () => outbox.send(() => true).then(() => signOut(hub)));
  changed((_names, { copy, texts }) => {
    if (texts?.newValue) reader.arrived(texts.newValue);
    if (copy?.newValue && copy.newValue.etag !== feed.kept.etag) feed.take(copy.newValue);
  });
  on(feed, "change", () => bringTexts(client, hub, feed.items).catch(() => null));
  on(feed, "fresh", () => tell(client, deciding));
  // Receipts first: the feed that is asked for then knows of them.
  outbox
    .send()
    .then(() => feed.start())
    .then(() => tell(client, deciding))
    .then(() => feed.reach === "fine" && Promise.allSettled([bringAround(client, hub), bringTexts(client, hub, feed.items)]));
}

// What its person has decided, until the hub has it.
const deciding = {
  read: async () => (await read("own")).own,
  async settled(own) {
    const { around } = await read("around");
    if (own && around) await write({ around: { ...around, own } });
    await erase("own");
  },
};

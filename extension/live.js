// A connected tab: the lists are kept true, worked, read in place and searched; what happens is sent.

import { Board } from "./js/tab/board.js";
import { instant } from "./js/tab/instant.js";
import { eyes } from "./js/tab/notice.js";
import { opening } from "./js/tab/opening.js";
import { owning } from "./js/tab/own.js";
import { pictures } from "./js/tab/pictures.js";
import { Reader } from "./js/tab/reader.js";
import { say } from "./js/words.js";
import { signOut } from "./hub.js";
import { changed, read, write } from "./kept.js";
import { pictureOf } from "./pictures.js";
import { bringAround, bringTexts, connection } from "./sync.js";

const BEAT = 60_000;
const FEW = 8;

export function live(kept, lists) {
  const { hub } = kept;
  const { client, feed, outbox } = connection(kept, BEAT);
  const board = new Board({ feed, outbox, lists });
  const reader = new Reader({
    outbox,
    confirm: (id) => confirm(board, id),
    address: (id) => `${hub.url}/a/${id}`,
    picture: pictures((key) => pictureOf(client, hub, key)),
  });
  board.live(eyes((made) => outbox.add(Number(made.dataset.id), "displayed", Number(made.dataset.version))));
  opening((id) => openHere(feed, reader, id));
  searching(feed, hub, reader);
  owning(kept.own, (own) => write({ own }));
  document.querySelector('[data-slot="sign-out"]').addEventListener("click", () => outbox.send().then(() => signOut(hub)));
  changed((_names, { texts }) => texts?.newValue && reader.arrived(texts.newValue));
  changed((names, { copy }) => names.includes("copy") && copy.newValue && copy.newValue.etag !== feed.etag && feed.take(copy.newValue));
  feed.addEventListener("change", () => bringTexts(client, hub, feed.items).catch(() => null));
  outbox.addEventListener("sent", () => feed.refresh());
  // Receipts first: the feed that is asked for then knows of them.
  outbox
    .send()
    .then(() => feed.start())
    .then(() => feed.reach === "fine" && Promise.allSettled([bringAround(client, hub), bringTexts(client, hub, feed.items)]));
}

function confirm(board, id) {
  const made = document.querySelector(`[data-id="${id}"]`);
  if (made) board.confirm(made);
}

async function openHere(feed, reader, id) {
  const item = feed.items.find(({ announcement_id }) => announcement_id === id);
  const { texts = {} } = await read("texts");
  if (item) reader.open(item, texts[id] ?? null);
}

// What is kept here is searched here: it answers at once, offline too. Everything else is a page of the hub.
function searching(feed, hub, reader) {
  const box = document.getElementById("q");
  const beyond = () => ({ pieces: [say("everywhere", { words: box.value.trim() })], detail: "", go: () => everywhere() });
  const everywhere = () => location.assign(`${hub.url}/search?q=${encodeURIComponent(box.value.trim())}`);
  instant(async (typed) => [...(await found(typed, feed, reader)), beyond()], (option) => option.go());
  box.form.addEventListener("submit", (event) => {
    event.preventDefault();
    everywhere();
  });
}

async function found(typed, feed, reader) {
  const words = fold(typed).split(/\s+/).filter(Boolean);
  const has = (...said) => words.every((word) => fold(said.join(" ")).includes(word));
  const { texts = {}, around, own } = await read("texts", "around", "own");
  const links = [...(around?.links ?? []), ...(own?.links ?? [])].filter(({ label }) => has(label));
  const items = (feed.items ?? []).filter((item) => has(item.title, item.summary, item.author_name, plain(texts[item.announcement_id]?.body)));
  return [
    ...links.map(({ label, url }) => ({ pieces: [label], detail: say("link"), go: () => location.assign(url) })),
    ...items.map((item) => ({ pieces: [item.title], detail: item.author_name, go: () => openHere(feed, reader, item.announcement_id) })),
  ].slice(0, FEW);
}

const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const plain = (nodes) => (nodes ?? []).map((node) => (typeof node === "string" ? node : plain(node?.children))).join(" ");

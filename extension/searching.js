// Searching. What is kept here answers at once, offline too; the hub adds what it alone has: older announcements, and colleagues.
// Enter leads to the hub's page of results, and where there are none to the web, as the browser searches it.

import { instant } from "./js/tab/instant.js";
import { make, named, on, say } from "./js/words.js";
import { ownOf, read } from "./kept.js";

const FEW = 8;
const PATIENCE = 2_000; // how long Enter waits for the hub

// `open(id)` opens an announcement of the feed here.
export function searching(client, hub, feed, open) {
  const box = named("q");
  const lead = (path) => () => go(hub.url + path);
  const option = (name, detail, go, id) => ({ pieces: [name], detail, go, id });
  const mantel = (words) => option(say("everywhere", { words }), "", lead(`/search?q=${encodeURIComponent(words)}`));
  const web = (words) => option(say("web", { words }), "", () => chrome.search.query({ text: words, disposition: beside() ? "NEW_TAB" : "CURRENT_TAB" }));
  const ended = (hits, words) => (hits.length ? [...hits, mantel(words), web(words)] : [web(words), mantel(words)]);

  async function here(words) {
    const wanted = fold(words).split(/\s+/);
    const has = (...said) => wanted.every((word) => fold(said.join(" ")).includes(word));
    const kept = await read("texts", "around", "own");
    const links = [...(kept.around?.links ?? []), ...ownOf(kept).links].filter(({ label }) => has(label));
    const items = (feed.items ?? []).filter((item) => has(item.title, item.summary, item.author_name, plain(kept.texts?.[item.announcement_id]?.body)));
    return [
      ...links.map(({ label, url }) => option(label, say("link"), () => go(url))),
      ...items.map(({ announcement_id: id, title, author_name }) => option(title, author_name, () => open(id), id)),
    ].slice(0, FEW);
  }

  async function there(words, hits, signal) {
    const { people, announcements } = await client.get(`tab/search?q=${encodeURIComponent(words)}`, signal);
    const others = announcements.filter(({ id }) => !hits.some((hit) => hit.id === id));
    return [
      ...people.map(({ id, name, title }) => option(name, title || say("person"), lead(`/people/${id}`))),
      ...others.map(({ id, title, author_name }) => option(title, author_name, lead(`/a/${id}`))),
    ];
  }

  // Without the hub, what is here is all there is.
  async function everywhere(words, signal) {
    const hits = await here(words);
    return [...hits, ...(await there(words, hits, signal).catch(() => []))];
  }

  instant(
    (typed, signal) => {
      const words = typed.trim();
      return [here(words).then((hits) => (hits.length ? ended(hits, words) : [])), everywhere(words, signal).then((hits) => ended(hits, words))];
    },
    ({ go }) => go(),
  );
  on(box.form, "submit", async (event) => {
    event.preventDefault();
    const words = box.value.trim();
    if (!words) return;
    const hits = await everywhere(words, AbortSignal.timeout(PATIENCE));
    (hits.length ? mantel : web)(words).go();
  });
}

const beside = () => document.querySelector("base"); // which has what is followed open in a tab
const go = (href) => make("a", { href }).click();
const fold = (text) => text.normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase();
const plain = (nodes) => (nodes ?? []).map((node) => (typeof node === "string" ? node : plain(node?.children))).join(" ");

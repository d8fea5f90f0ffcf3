// Finding while one types, on the tab as a page.

import { ofPage } from "./client.js";
import { instant } from "./tab/instant.js";
import { say } from "./words.js";

const FEW = 5;

// Text of which some pieces are what was searched for.
const spans = (pieces) =>
  pieces.map(({ text, hit }) => {
    const piece = document.createElement(hit ? "mark" : "span");
    piece.textContent = text;
    return piece;
  });

// What the hub has found, as options: {href, pieces, detail}.
const fromHub = async (client, words, signal) => {
  const { announcements, people, links } = await client.get(`search?limit=${FEW}&q=${encodeURIComponent(words)}`, signal);
  return [
    ...links.map(({ label, url }) => ({ href: url, pieces: [label], detail: say("link") })),
    ...people.map(({ id, name, title }) => ({ href: `/people/${id}`, pieces: [name], detail: title || say("person") })),
    ...announcements.map((item) => ({ href: `/a/${item.id}`, pieces: spans(item.title_spans), detail: item.author_name })),
  ];
};

export function find() {
  const client = ofPage();
  instant((words, signal) => [fromHub(client, words, signal)]);
}

// The pictures of the texts that are kept here: brought with this device's key, and there without a network.

import { pictureKey } from "./js/tab/texts.js";
import { stands } from "./kept.js";

const NAME = "pictures";
const MOST = 60;
const LARGEST = 3_000_000;

const address = (hub, key) => `${hub.url}/api/v1/tab/pictures/${key}`;
const named = (nodes) => (Array.isArray(nodes) ? nodes : []).flatMap((node) => [node?.tag === "img" && pictureKey(node.attributes?.src), ...named(node?.children)]);

// Keep those of these texts, and no other.
export async function bringPictures(client, hub, texts) {
  const wanted = new Set(Object.values(texts).flatMap(({ body }) => named(body)).filter(Boolean).slice(0, MOST));
  const cache = await caches.open(NAME);
  for (const { url } of await cache.keys()) if (!wanted.has(url.split("/").at(-1))) await cache.delete(url);
  for (const key of wanted) if (!(await cache.match(address(hub, key)))) await bring(client, hub, key).catch(() => null);
}

async function bring(client, hub, key) {
  const found = await client.picture(`tab/pictures/${key}`);
  if (!(await stands(hub)) || !found.type.startsWith("image/") || found.size > LARGEST) return null;
  await (await caches.open(NAME)).put(address(hub, key), new Response(found));
  return found;
}

// An address for a picture, from here or from the hub; null when it cannot be had.
export async function pictureOf(client, hub, key) {
  const kept = await caches.match(address(hub, key)).catch(() => null);
  const found = await (kept ? kept.blob() : bring(client, hub, key).catch(() => null));
  return found && URL.createObjectURL(found);
}

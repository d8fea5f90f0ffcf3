// The texts of a feed, kept to be read in place and offline.

const AT_ONCE = 50;
const LONGEST = 300_000;
const PICTURE = /^\/api\/v1\/images\/([\w-]{1,64})\/file/;

// By which key the hub has the picture that a text names, if it is one of its own.
export const pictureKey = (src) => PICTURE.exec(src ?? "")?.[1];

// What is to be kept of texts, {id: {version, words, body}}, once those that are missing or have changed are asked for;
// those of what left the feed go. Null when nothing is different.
export async function bringTexts(client, items, texts) {
  const wanted = items.filter((item) => texts[item.announcement_id]?.version !== item.version).map((item) => item.announcement_id);
  const standing = Object.fromEntries(items.flatMap(({ announcement_id: id }) => (texts[id] ? [[id, texts[id]]] : [])));
  for (let from = 0; from < wanted.length; from += AT_ONCE) {
    const { results } = await client.get(`tab/texts?ids=${wanted.slice(from, from + AT_ONCE).join(",")}`);
    for (const one of results) if (sound(one)) standing[one.announcement_id] = { version: one.version, words: one.words, body: one.body };
  }
  return wanted.length || Object.keys(standing).length !== Object.keys(texts).length ? standing : null;
}

const sound = (one) =>
  Number.isSafeInteger(one?.announcement_id) && Number.isSafeInteger(one.words) && Array.isArray(one.body) && JSON.stringify(one.body).length < LONGEST;

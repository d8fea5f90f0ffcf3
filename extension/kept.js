// What this device keeps, in the browser's own storage for this extension:
//   hub      {url, name, me, token, feedKey}     the one it is connected to
//   copy     {items, etag, freshAt}              the last good feed
//   view     {items, sums, freshAt}              what the first picture needs of it
//   said     {zone, language, day, told}         dates and times of them, in words
//   around   {me, company, clocks, links, own, at}  what stands around it
//   texts    {id: {version, words, body}}        what its announcements say; their pictures are in the cache of that name
//   own      {off: [], links: []}                what its person has decided and the hub has yet to hear
//   managed  what IT has set; pairing: a connection that has begun; ended: that the hub has ended the last one
//   ob:<person>:<id>                             one receipt that has yet to be sent

const area = chrome.storage.local;
const PERSONAL = ["copy", "view", "around", "said", "texts", "own", "pairing"];

export const read = (...names) => area.get(names);
export const write = (values) => area.set(values);
export const erase = (...names) => area.remove(names);

// Whether this connection is still the one of this device.
export const stands = async ({ token }) => (await read("hub")).hub?.token === token;

// What its person has decided, whether the hub has heard of it or not.
export const ownOf = ({ own, around }) => own ?? around?.own ?? { off: [], links: [] };

const receipts = async (prefix) => (await area.getKeys()).filter((name) => name.startsWith(prefix));

export function shelf(person) {
  const prefix = `ob:${person}:`;
  return {
    read: async () => Object.values(await area.get(await receipts(prefix))),
    put: (receipt) => area.set({ [prefix + receipt.client_id]: receipt }),
    drop: (ids) => area.remove(ids.map((id) => prefix + id)),
    watch: (act) => changed((names) => names.some((name) => name.startsWith(prefix)) && act()),
  };
}

// `act` is told the names of what changed, in whichever tab.
export function changed(act, where = "local") {
  chrome.storage.onChanged.addListener((changes, area) => area === where && act(Object.keys(changes), changes));
}

// Nothing of its person stays. What they had confirmed and was not sent waits for them alone: it is sent under no other name.
export async function wipe({ ended = false, receipts: all = false } = {}) {
  const { hub } = await read("hub");
  await erase(...PERSONAL);
  await caches.delete("pictures");
  if (all) await area.remove(await receipts("ob:"));
  await write({ hub: hub ? { url: hub.url } : null, ended });
}

// Somebody has connected: whatever waited for anybody else goes.
export async function welcome(hub) {
  const others = (await receipts("ob:")).filter((name) => !name.startsWith(`ob:${hub.me}:`));
  await caches.delete("pictures");
  await area.remove([...others, "pairing", "ended"]);
  await write({ hub });
}

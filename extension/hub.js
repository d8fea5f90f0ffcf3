// The hub, as this device speaks to it: with a key of its own, and for the feed with the cheap one that this key makes.

import { connect } from "./js/asking.js";
import { stands, wipe, write } from "./kept.js";

export const CLIENT = "mantel-new-tab";
const PATIENCE = 20_000;
const LARGEST = 5_000_000;

// A whole address of a hub, or null. Without encryption only this very machine is spoken to.
export function address(typed) {
  const text = typed.trim();
  const whole = /^[a-z]+:\/\//i.test(text) ? text : `https://${text}`;
  const { protocol, hostname, origin, username } = URL.parse(whole) ?? {};
  const here = hostname === "localhost" || hostname === "127.0.0.1";
  const good = protocol === "https:" || (protocol === "http:" && here);
  return good && !username && hostname ? origin : null;
}

const at = (url, key) =>
  connect({ base: url, headers: () => (key ? { Authorization: `Bearer ${key}` } : {}), most: PATIENCE, largest: LARGEST });

export const stranger = (url) => at(url, null);

export function hubClient(hub) {
  const own = at(hub.url, hub.token);
  let { feedKey } = hub;

  // The hub does not know this device any more: nothing of its person stays here. A key that was replaced meanwhile ends nothing.
  async function guarded(asking) {
    try {
      return await asking;
    } catch (problem) {
      if (problem.status === 401 && (await stands(hub))) await wipe({ ended: true });
      throw problem;
    }
  }

  async function makeKey() {
    ({ key: feedKey } = await guarded(own.post("feed-keys")));
    if (await stands(hub)) await write({ hub: { ...hub, feedKey } });
  }

  async function feed(etag, again = true) {
    if (!feedKey) await makeKey();
    try {
      return await at(hub.url, feedKey).ask("feed", etag);
    } catch (problem) {
      if (problem.status !== 401 || !again) throw problem;
      feedKey = null;
      return feed(etag, false);
    }
  }

  return {
    ask: (path, etag) => (path === "feed" ? feed(etag) : guarded(own.ask(path, etag))),
    ...Object.fromEntries(["get", "post", "put", "picture", "delete"].map((way) => [way, (...asked) => guarded(own[way](...asked))])),
  };
}

// Tell the hub that this device is no longer used, if it can be told, and keep nothing.
export async function signOut(hub) {
  await stranger(hub.url).post("oauth/revoke", { client_id: CLIENT, token: hub.token }).catch(() => null);
  await wipe({ receipts: true });
}

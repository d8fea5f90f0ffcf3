// The API as a page that stays open asks it for its person: the browser's session may be somebody else's by now, or a newer one of theirs.

import { Problem } from "./asking.js";
import { ofPage } from "./client.js";

const TOKEN = /(?:^|; )(?:__Host-)?csrf=([^;]+)/;

// `left` is called when the browser has become somebody else's.
export function ofPerson(me, left) {
  const client = ofPage();

  // The entity tag of a feed says whose it is.
  async function ask(path, etag) {
    const answer = await client.ask(path, etag);
    if (path !== "feed" || answer.unchanged || answer.headers.get("ETag").includes(`"${me}.`)) return answer;
    left();
    throw new Problem(0);
  }

  // Signing in anew ends the token that the page came with. The new one is taken up for its own person alone: with it, what somebody
  // has pressed would count as said by whoever is signed in now.
  const again = (way) => async (...asked) => {
    try {
      return await client[way](...asked);
    } catch (problem) {
      const [, token] = document.cookie.match(TOKEN) ?? [];
      if (problem.status !== 403 || !token || (await client.get("me")).id !== me) throw problem;
      document.querySelector('meta[name="csrf"]').content = token;
      return client[way](...asked);
    }
  };

  return { ...client, ask, ...Object.fromEntries(["post", "put", "delete"].map((way) => [way, again(way)])) };
}

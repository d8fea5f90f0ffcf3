// The new tab. It paints from what this device keeps, before anything is asked, in one picture: nothing is drawn until that
// is here. All that can wait comes after it.

import { greet, tick } from "./js/tab/around.js";
import { Lists } from "./js/tab/lists.js";
import { speakIn } from "./js/words.js";
import { look } from "./look.js";

const HIDDEN = 500;
const WANTED = ["hub", "view", "around", "own", "managed", "pairing", "ended"];
const reading = chrome.storage.local.get(WANTED); // while the page itself is read
const parsed = new Promise((done) => document.addEventListener("DOMContentLoaded", done));

// The picture has reached the screen. A tab behind another has none to wait for.
const seen = new Promise((done) => {
  new PerformanceObserver((list) => list.getEntriesByName("first-contentful-paint").length && done()).observe({ type: "paint", buffered: true });
  setTimeout(done, HIDDEN);
});

async function open() {
  const [kept] = await Promise.all([reading, parsed]);
  const { hub, view, around, own, managed } = kept;
  const connected = Boolean(hub?.token);
  const lists = new Lists((id) => `${hub?.url}/a/${id}`);
  for (const part of document.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== (connected ? "connected" : "new");
  if (around) {
    speakIn(around.me.timezone);
    greet(managed?.greeting === false ? "" : around.me.name);
  }
  tick();
  if (connected) document.body.dataset.off = (own ?? around?.own)?.off?.join(" ") ?? "";
  if (connected && view) lists.paint(view.items, { reach: "fine", freshAt: new Date(view.freshAt), sums: view.sums });
  document.body.dataset.state = connected ? "connected" : "new";
  performance.mark("painted");
  await seen;
  (await import("./start.js")).start(kept, lists);
}

look();
open();

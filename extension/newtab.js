// The new tab. It paints from what this device keeps, before anything is asked, in one picture: nothing is drawn until that
// is here. All that can wait comes after it.

import { greet, tick } from "./js/tab/around.js";
import { Lists } from "./js/tab/lists.js";
import { seen } from "./js/tab/seen.js";
import { within } from "./js/tab/view.js";
import { all, on, speakIn } from "./js/words.js";
import { look, lookAsBefore } from "./look.js";

let here = false;
const WANTED = ["hub", "view", "around", "said", "own", "managed", "pairing", "ended"];
const reading = chrome.storage.local.get(WANTED); // while the page itself is read
reading.then(() => (here = true));
const parsed = new Promise((done) => on(document, "DOMContentLoaded", done));

async function open() {
  const [kept] = await Promise.all([reading, parsed]);
  const { hub, view, around, said, own, managed } = kept;
  const connected = Boolean(hub?.token);
  const lists = new Lists((id) => `${hub?.url}/a/${id}`);
  for (const part of all("[data-only]")) part.hidden = part.dataset.only !== (connected ? "connected" : "new");
  if (around) {
    look(around);
    speakIn(around.me.timezone, said);
    greet(managed?.greeting === false ? "" : around.me.name);
  }
  tick();
  if (connected) document.body.dataset.off = (own ?? around?.own)?.off?.join(" ") ?? "";
  if (connected && view) paint(lists, view);
  document.body.dataset.state = connected ? "connected" : "new";
  performance.mark("painted");
  await seen;
  (await import("./start.js")).start(kept, lists);
}

function paint(lists, { items, sums, freshAt }) {
  try {
    lists.paint(within(innerHeight, items), { reach: "fine", freshAt: new Date(freshAt), sums });
  } catch {
    // what is kept is broken: the feed itself comes at once
  }
}

// A frame that comes before what is kept has the colors of the last one. Asked for only then: it is the slower of the two.
parsed.then(() => here || lookAsBefore()).catch(() => null);
open();

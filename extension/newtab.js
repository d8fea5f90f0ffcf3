// The new tab. It paints from what this device keeps, before anything is asked; all that can wait is loaded after.

import { Lists } from "./js/tab/lists.js";
import { speakIn } from "./js/words.js";

const FEW = 8; // of each list fill a window
const kept = await chrome.storage.local.get(["hub", "copy", "around", "own", "managed", "pairing", "ended"]);
const connected = Boolean(kept.hub?.token);
const lists = new Lists((id) => `${kept.hub?.url}/a/${id}`);

document.body.dataset.state = connected ? "connected" : "new";
for (const part of document.querySelectorAll("[data-only]")) part.hidden = part.dataset.only !== document.body.dataset.state;
if (kept.around) speakIn(kept.around.me.timezone);
if (connected) document.body.dataset.off = (kept.own?.off ?? []).join(" ");
if (connected && kept.copy) lists.paint(kept.copy.items, { reach: "fine", freshAt: new Date(kept.copy.freshAt) }, FEW);
performance.mark("painted");
await new Promise((done) => requestAnimationFrame(() => setTimeout(done))); // the picture first

const { start } = await import("./start.js");
start(kept, lists);

// All that the tab runs as a page, with a network and without one. Built, it is one file with all that it names (hub/static.py).

import "./page.js";
import { goOn } from "./clocks.js";
import { install } from "./install.js";
import { find } from "./instant.js";
import { go } from "./offline.js";
import { live } from "./tab.js";
import { seen } from "./tab/seen.js";

const root = document.documentElement;
const me = Number(document.body.dataset.me);
const copied = "kept" in root.dataset; // the page comes from this computer, and so does what it shows

function start() {
  live(me, copied);
  find();
  goOn();
  install();
}

// A copy is whole: nothing may come between it and the screen. The lines behind it are drawn after it.
async function startLater() {
  await seen;
  root.dataset.drawn = "";
  start();
}

// A page that has opened the browser's own copy keeps hold of this window, on another port of this host: the hub's answer lets go.
if (copied && opener) location.reload();
else if (!me) go();
else if (copied) startLater();
else start();

// All that the tab runs as a page, with a network and without one. Built, it is one file with all that it names (hub/static.py).

import "./page.js";
import { goOn } from "./clocks.js";
import { install } from "./install.js";
import { find } from "./instant.js";
import { go } from "./offline.js";
import { live } from "./tab.js";
import { seen } from "./tab/seen.js";

const LETTERS = ["1em 'Inter Variable'", "1em 'Source Serif 4 Variable'"];
const PATIENCE = 150;
const root = document.documentElement;
const me = Number(document.body.dataset.me);
const copied = "kept" in root.dataset; // the page comes from this computer, and so does what it shows

function start() {
  live(me, copied);
  find();
  goOn();
  install();
}

// A copy is whole, and drawn in one picture: laid out without its letters it would be laid out twice. Nothing else comes before it.
async function show() {
  await Promise.race([Promise.all(LETTERS.map((font) => document.fonts.load(font))), new Promise((done) => setTimeout(done, PATIENCE))]).catch(() => null);
  root.dataset.shown = "";
  await seen;
  root.dataset.drawn = "";
  start();
}

if (!me) go();
else if (copied) show();
else start();

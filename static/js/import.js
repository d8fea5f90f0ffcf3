// Shows how far an import has come, and the next step once it is there; says so when it stands still.

import { ofPage } from "./client.js";

const EVERY = 1000;
const STILL = 20_000;
const client = ofPage();
const place = document.getElementById("progress");
let moved = null;
let since = performance.now();

async function look() {
  try {
    const found = await client.get(place.dataset.import);
    if (found.stage !== place.dataset.stage) return location.reload();
    show(found);
  } catch (problem) {
    if (!problem.passing) return;
  }
  setTimeout(look, EVERY);
}

function show(found) {
  place.querySelector("[data-done]").textContent = found.done;
  place.querySelector("[data-total]").textContent = found.total;
  const bar = place.querySelector("progress");
  bar.max = found.total || 1;
  bar.value = found.done;
  const goes = moved !== null && found.moved_at !== moved;
  if (goes) since = performance.now();
  moved = found.moved_at;
  const still = place.querySelector("[data-still]");
  if (goes) still.hidden = true;
  else if (still.hidden && performance.now() - since > STILL) location.reload();
}

if (place) setTimeout(look, EVERY);

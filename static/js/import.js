// Shows how far an import has come, and the next step once it is there.

import { ofPage } from "./client.js";

const EVERY = 1000;
const client = ofPage();
const place = document.getElementById("progress");

async function look() {
  try {
    const found = await client.get(`imports/${place.dataset.import}`);
    if (found.stage !== place.dataset.stage) return location.reload();
    place.querySelector("[data-done]").textContent = found.done;
    place.querySelector("[data-total]").textContent = found.total;
    const bar = place.querySelector("progress");
    bar.max = found.total || 1;
    bar.value = found.done;
  } catch (problem) {
    if (!problem.passing) return;
  }
  setTimeout(look, EVERY);
}

if (place) setTimeout(look, EVERY);

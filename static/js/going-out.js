// Until it goes out: the seconds that are left, then where it has got to.

import { ofPage } from "./client.js";
import { say } from "./words.js";

const SHORT = 90_000;
const place = document.querySelector(".going");
const left = place.querySelector("[data-left]");
const said = place.querySelector("[data-said]");
const client = ofPage();
const due = Date.parse(place.dataset.at);
const id = place.dataset.announcement;

async function look() {
  try {
    const { state } = await client.get(`announcements/${id}`);
    if (state === "scheduled") return void setTimeout(look, 1_500);
    said.textContent = say("out");
    location.replace(state === "draft" ? `/a/${id}/edit` : `/a/${id}`); // a draft again: it was refused, the form says why
  } catch {
    said.textContent = say("away");
    setTimeout(look, 5_000);
  }
}

function tick() {
  const seconds = Math.ceil((due - Date.now()) / 1000);
  if (seconds > 0) {
    if (left) left.textContent = say("left", { count: seconds });
    return void setTimeout(tick, 250);
  }
  place.querySelector("[data-undo]").hidden = true;
  said.textContent = say("going");
  if (left) left.textContent = "";
  look();
}

if (due - Date.now() < SHORT) tick();
else setTimeout(tick, Math.min(due - Date.now() - SHORT, 2 ** 31 - 1));

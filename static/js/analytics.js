// The numbers keep counting while they are looked at, and what is drawn follows them. Names are shown anew when they are asked for: each look at them is noted.

import { ofPage } from "./client.js";
import { readOff } from "./curve.js";
import { load } from "./load.js";
import { number } from "./numbers.js";
import { say, time } from "./words.js";

const BEAT = 5_000;
const client = ofPage();
const { announcement: id, charts } = document.querySelector("[data-announcement]").dataset;
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
const STAGES = [...document.querySelectorAll(".funnel [data-slot]")].map((slot) => slot.dataset.slot);
const named = at("missing")?.dataset.of;
const since = document.querySelector("[data-since]");
let freshAt = new Date();
let drawn = null; // what the charts were drawn from when they were last asked for

function show(reach) {
  STAGES.forEach((stage, place) => {
    if (!at(stage)) return;
    at(stage).textContent = number(reach[stage]);
    Object.assign(document.querySelector(`[data-bar="${stage}"]`), { max: reach.recipients || 1, value: reach[stage] });
    if (place === 0) return;
    const lost = reach[STAGES[place - 1]] - reach[stage];
    document.querySelector(`[data-share="${stage}"]`).textContent = `${reach.recipients ? Math.floor((reach[stage] * 100) / reach.recipients) : 0}%`;
    document.querySelector(`[data-lost="${stage}"]`).textContent = lost ? say(`lost${stage[0].toUpperCase()}${stage.slice(1)}`, { count: lost, many: number(lost) }) : "";
  });
  const { done, total } = reach.progress;
  at("delivering").hidden = done >= total;
  at("delivered").textContent = `${number(done)} / ${number(total)}`;
  if (named) missing(reach.recipients - reach[named]);
}

// How many fewer are missing than when the names were shown, or that more are.
function missing(many) {
  at("missing").textContent = number(many);
  const fewer = Number(names().dataset.missing) - many;
  since.hidden = !fewer;
  const said = fewer > 0 ? say("since", { count: fewer, many: number(fewer) }) : say("changed");
  const place = since.querySelector("span");
  if (fewer && place.textContent !== said) place.textContent = said;
}

const names = () => document.querySelector("[data-names]");

// One look at the names, which is noted as one. Who was ticked stays so, and the reader where they were.
async function again() {
  const ticked = new Set([...names().querySelectorAll("[name=person]:checked")].map((box) => box.value));
  const { ok, page } = await load("GET", location.href);
  if (!ok || !page.querySelector("[data-names]")) return location.reload();
  for (const part of ["[data-names]", "[data-acts]"]) document.querySelector(part).replaceWith(page.querySelector(part));
  for (const box of names().querySelectorAll("[name=person]")) box.checked = ticked.has(box.value);
  missing(Number(names().dataset.missing));
  (names().querySelector(".scroll") ?? names().querySelector("a"))?.focus();
}

since?.querySelector("button").addEventListener("click", async ({ currentTarget: button }) => {
  button.setAttribute("aria-busy", "true");
  await again().catch(() => null); // the button is still there
  button.removeAttribute("aria-busy");
});

// The server draws. What it drew anew takes the place of its like; whatever has the focus, or was opened, stays as it is.
async function redraw({ recipients, curve, by_group, by_channel }) {
  const risen = curve.map(({ opened, acknowledged }) => [opened, acknowledged]);
  const from = JSON.stringify([recipients, risen, by_group, by_channel]);
  if (from === drawn) return;
  const { ok, page } = await load("GET", charts);
  if (!ok) return;
  follow(page);
  drawn = from;
}

function follow(page) {
  const both = (what) => [document, page].map((one) => one.querySelector(what));
  const [place, other] = both("[data-curve-place]");
  if (!place || !other) return;
  if (place.dataset.curvePlace !== other.dataset.curvePlace) {
    place.replaceWith(other);
    readOff();
  }
  for (const piece of page.querySelectorAll("[data-live]")) {
    const here = document.querySelector(`[data-live="${piece.dataset.live}"]`);
    if (here && !here.isEqualNode(piece)) here.replaceWith(piece);
  }
  const [frame, fresh] = both("[data-curve]");
  if (!frame || !fresh) return;
  frame.dataset.curve = fresh.dataset.curve;
  frame.dispatchEvent(new Event("redrawn"));
}

async function look() {
  if (!document.hidden)
    try {
      const reach = await client.get(`announcements/${id}/reach`);
      show(reach);
      await redraw(reach);
      freshAt = new Date();
      at("fresh").textContent = say("fresh", { time: time(freshAt) });
    } catch (problem) {
      at("fresh").textContent = problem?.message || say("stale", { time: time(freshAt) });
    }
  setTimeout(look, BEAT);
}

setTimeout(look, BEAT);

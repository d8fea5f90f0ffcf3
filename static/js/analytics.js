// The numbers keep counting while they are looked at.

import { ofPage } from "./client.js";
import { say, time } from "./words.js";

const BEAT = 5_000;
const client = ofPage();
const id = document.querySelector("[data-announcement]").dataset.announcement;
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
const STAGES = ["recipients", "displayed", "opened", "read", "acknowledged"];
let freshAt = new Date();

function show(reach) {
  STAGES.forEach((stage, place) => {
    if (!at(stage)) return;
    at(stage).textContent = reach[stage];
    Object.assign(document.querySelector(`[data-bar="${stage}"]`), { max: reach.recipients || 1, value: reach[stage] });
    if (place === 0) return;
    const lost = reach[STAGES[place - 1]] - reach[stage];
    document.querySelector(`[data-share="${stage}"]`).textContent = `${reach.recipients ? Math.floor((reach[stage] * 100) / reach.recipients) : 0}%`;
    document.querySelector(`[data-lost="${stage}"]`).textContent = lost ? say(`lost${stage[0].toUpperCase()}${stage.slice(1)}`, { count: lost }) : "";
  });
  const { done, total } = reach.progress;
  at("delivering").hidden = done >= total;
  at("delivered").textContent = `${done} / ${total}`;
  if (at("missing")) at("missing").textContent = reach.recipients - reach.acknowledged;
}

async function look() {
  if (!document.hidden)
    try {
      show(await client.get(`announcements/${id}/reach`));
      freshAt = new Date();
      at("fresh").textContent = say("fresh", { time: time(freshAt) });
    } catch (problem) {
      at("fresh").textContent = problem.message || say("stale", { time: time(freshAt) });
    }
  setTimeout(look, BEAT);
}

setTimeout(look, BEAT);

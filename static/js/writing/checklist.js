// The checklist beside the text: how much there is to look at before it goes out. Pressing it opens the last look.

import { ofPage } from "../client.js";
import { say } from "../words.js";

const QUIET = 600;
const AGAIN = 3_000;
const TRIES = 5; // links that are still being looked at
const client = ofPage();
const form = document.getElementById("form");

// `id()` is the draft's; `when()` says when it goes out.
export function checklist({ id, when }) {
  const place = document.querySelector("[data-checklist]");
  let timer = 0;
  let turn = 0;
  let gone = false; // what is on its way out has no checks any more

  function later(tries = 0, wait = QUIET) {
    clearTimeout(timer);
    timer = setTimeout(() => ask(tries), wait);
  }

  async function ask(tries) {
    const mine = ++turn;
    if (!id() || document.hidden || gone) return;
    const found = await client.get(`announcements/${id()}/checks?${new URLSearchParams(when().query)}`).catch(() => null);
    if (mine !== turn) return;
    show(found?.results ?? []);
    if (found?.results.some(({ state }) => state === "checking") && tries < TRIES) later(tries + 1, AGAIN);
  }

  function show(results) {
    const many = (...states) => results.filter(({ state }) => states.includes(state)).length;
    const open = many("warn", "block");
    const tag = place.querySelector("[data-open]");
    tag.hidden = !open;
    tag.textContent = open ? say("toLookAt", { count: open }) : "";
    place.querySelector("[data-fine]").textContent = results.length ? say("fine", { count: many("ok"), all: results.length }) : "";
  }

  for (const event of ["saved", "landed"]) form.addEventListener(event, () => later());
  form.addEventListener("submit", ({ defaultPrevented }) => (gone ||= !defaultPrevented));
  document.addEventListener("visibilitychange", () => document.hidden || later());
  later();
}

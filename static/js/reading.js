// Reading an announcement: what is noticed about it, and marking it as read without leaving the page.

import { ofPage } from "./client.js";
import { dwell } from "./dwell.js";
import { bind } from "./keys.js";
import { Outbox } from "./receipts.js";
import { save } from "./saving.js";
import { shelf } from "./store.js";
import { toast } from "./toast.js";
import { say, time } from "./words.js";

const client = ofPage();
const outbox = new Outbox(client, shelf(`outbox.${document.body.dataset.me}`), "page");
const page = document.querySelector("[data-announcement]");
const { announcement: id, version, words } = Object.fromEntries(
  Object.entries(page.dataset).map(([name, value]) => [name, Number(value)]),
);

// -- noticing --------------------------------------------------------------------------------------------------------

dwell({
  words,
  end: document.querySelector("[data-body] > :last-child"),
  note: (fact) => "delivered" in page.dataset && outbox.add(id, fact, version),
});
outbox.send();

// -- confirming ------------------------------------------------------------------------------------------------------

const ask = document.querySelector("[data-ask]");
const done = document.querySelector("[data-done]");

function show(confirmed) {
  ask.hidden = confirmed;
  done.hidden = !confirmed;
  if (!confirmed) return ask.querySelector("button").focus({ preventScroll: true });
  done.querySelector("[data-confirmed-at]").textContent = say("now", { time: time(new Date()) });
  done.querySelector("[data-undo]").hidden = false;
  done.querySelector("[data-undo]").focus({ preventScroll: true });
}

ask?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await client.post(`announcements/${id}/acknowledge`, { version, channel: "page" });
    show(true);
  } catch (problem) {
    if (!problem.passing) return toast(problem.message || say("failed"));
    outbox.add(id, "acknowledged", version);
    show(true);
    toast(say("kept"));
  }
});

done?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await outbox.takeBack([id], "acknowledged");
    show(false);
    toast(say("undone"));
  } catch (problem) {
    toast(problem.message || say("failed"));
  }
});

// -- saving for later ------------------------------------------------------------------------------------------------

const saving = document.querySelector("[data-save]");

saving?.addEventListener("submit", (event) => {
  event.preventDefault();
  save(outbox, id, saving.querySelector("button"));
});

bind({ s: () => (saving ? saving.requestSubmit() : false), m: () => ask && !ask.hidden && ask.requestSubmit(), k: () => scrollBy(0, -80), j: () => scrollBy(0, 80) });

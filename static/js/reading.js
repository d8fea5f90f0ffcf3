// Reading an announcement: what is noticed about it, and marking it as read without leaving the page.

import { ofPage } from "./client.js";
import { dwell } from "./dwell.js";
import { bind } from "./keys.js";
import { number } from "./numbers.js";
import { Outbox, uuid } from "./receipts.js";
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

// Who has confirmed is told beside the text, and with this reader among them once it has reached the server.
let counted = ask?.hidden;

function count(confirmed) {
  if (confirmed === counted) return;
  counted = confirmed;
  for (const slot of document.querySelectorAll("[data-confirmed]")) {
    const many = Number(slot.dataset.confirmed) + (confirmed ? 1 : -1);
    slot.dataset.confirmed = many;
    if (slot.matches("progress")) slot.value = many;
    else slot.textContent = slot.dataset.all ? say("aligned", { confirmed: number(many), all: number(slot.dataset.all) }) : number(many);
  }
  const own = document.querySelector(`[data-missing="${document.body.dataset.me}"]`);
  if (own) own.hidden = confirmed;
  const nudge = document.querySelector("[data-owing]");
  if (!nudge) return;
  const owing = Number(nudge.dataset.owing) + (confirmed ? -1 : 1);
  nudge.dataset.owing = owing;
  nudge.textContent = say("nudge", { count: owing, many: number(owing) });
  nudge.parentElement.hidden = !owing;
}

outbox.addEventListener("sent", () => ask && !outbox.confirming.includes(id) && count(ask.hidden));

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
  const receipt = uuid(); // the same if no answer comes
  try {
    await client.post(`announcements/${id}/acknowledge`, { version, channel: "page", receipt });
    show(true);
    count(true);
  } catch (problem) {
    if (!problem.passing) return toast(problem.message || say("failed"));
    outbox.add(id, "acknowledged", version, { client_id: receipt });
    show(true);
    toast(say("kept"));
  }
});

done?.addEventListener("submit", async (event) => {
  event.preventDefault();
  try {
    await outbox.takeBack([id], "acknowledged");
    show(false);
    count(false);
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

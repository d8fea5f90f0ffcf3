// The new tab as a page. It comes painted; this keeps it true while it is looked at.

import { ofPage } from "./client.js";
import { Feed } from "./feed.js";
import { Outbox } from "./receipts.js";
import { shelf } from "./store.js";
import { Board } from "./tab/board.js";
import { Lists } from "./tab/lists.js";
import { eyes } from "./tab/notice.js";
import { date, time } from "./words.js";

const client = ofPage();
const feed = new Feed(client);
const outbox = new Outbox(client, shelf(`outbox.${document.body.dataset.me}`), "tab");
const at = (name) => document.querySelector(`[data-slot="${name}"]`);

function tick() {
  const now = new Date();
  at("clock").textContent = time(now);
  at("date").textContent = date(now);
  setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

const lists = new Lists((id) => `/a/${id}`);
new Board({ feed, outbox, lists }).live(
  eyes((made) => outbox.add(Number(made.dataset.id), "displayed", Number(made.dataset.version))),
);
tick();
outbox.send();
feed.start();

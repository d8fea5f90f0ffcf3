// The new tab. The page comes painted; this keeps it true while it is looked at.

import { ofPage } from "./client.js";
import { Feed, isNew, owes } from "./feed.js";
import { bind } from "./keys.js";
import { Outbox } from "./receipts.js";
import { remember } from "./store.js";
import { toast } from "./toast.js";
import { date, day, due, say, time } from "./words.js";

const PAST = 6;
const LOOKED = 1000;
const client = ofPage();
const feed = new Feed(client);
const outbox = new Outbox(client, remember(`outbox.${document.body.dataset.me}`), "tab");
const lists = ["required", "news", "past"].map((name) => document.querySelector(`[data-list="${name}"]`));
const at = (name, root = document) => root.querySelector(`[data-slot="${name}"]`);

// -- showing ---------------------------------------------------------------------------------------------------------

const shown = new Map(); // announcement id -> the item as it was painted

function paint() {
  const confirming = new Set(outbox.confirming);
  const items = feed.items.map((item) =>
    confirming.has(item.announcement_id) ? { ...item, acknowledged_at: item.acknowledged_at ?? new Date().toISOString() } : item,
  );
  const parts = [items.filter(owes), items.filter(isNew), items.filter((item) => !owes(item) && !isNew(item)).slice(0, PAST)];
  const focused = document.activeElement?.closest("[data-id]")?.dataset.id;
  parts.forEach((part, place) => arrange(lists[place], part));
  if (focused && !document.activeElement.closest("[data-id]"))
    (document.querySelector(`[data-id="${focused}"] a`) ?? document.querySelector("[data-id] a"))?.focus();
  summarize(items, parts[0], parts[1]);
}

function arrange(list, items) {
  const nodes = items.map((item) => node(item));
  const same = nodes.length === list.children.length && nodes.every((one, place) => one === list.children[place]);
  if (!same) list.replaceChildren(...nodes);
  list.closest("section").hidden = items.length === 0;
}

function node(item) {
  const known = document.querySelector(`[data-id="${item.announcement_id}"]`);
  const stamp = JSON.stringify(item);
  if (known && shown.get(item.announcement_id) === stamp) return known;
  const made = known ?? document.getElementById("item").content.firstElementChild.cloneNode(true);
  shown.set(item.announcement_id, stamp);
  fill(made, item);
  watch(made);
  return made;
}

function fill(made, item) {
  made.dataset.id = item.announcement_id;
  made.dataset.version = item.version;
  made.classList.toggle("is-new", isNew(item));
  made.classList.toggle("is-owed", owes(item));
  made.toggleAttribute("data-unseen", !item.displayed_at);
  for (const link of made.querySelectorAll("a")) link.href = `/a/${item.announcement_id}`;
  for (const field of made.querySelectorAll("input[name=announcement]")) field.value = item.announcement_id;
  for (const field of made.querySelectorAll("input[name=version]")) field.value = item.version;
  const words = {
    due: item.deadline ? say("by", { when: due(new Date(item.deadline)) }) : say("asked"),
    title: item.title,
    summary: item.summary,
    author: item.author_name,
    groups: item.groups.join(", "),
    day: day(new Date(item.published_at)),
    minutes: say("minutes", { count: item.minutes }),
    confirmed: say("confirmed", { confirmed: item.confirmed, recipients: item.recipients }),
    done: item.acknowledged_at ? say("done", { time: time(new Date(item.acknowledged_at)) }) : "",
  };
  for (const [name, text] of Object.entries(words)) {
    const slot = at(name, made);
    slot.textContent = text;
    slot.hidden = !text;
  }
  Object.assign(at("bar", made), { max: item.recipients || 1, value: item.confirmed });
  const avatar = at("avatar", made);
  avatar.className = `avatar tint-${(item.author_id % 6) + 1}`;
  const names = item.author_name.split(/\s+/).filter(Boolean);
  avatar.textContent = [names[0], names.length > 1 ? names.at(-1) : ""].map((name) => [...(name ?? "")][0] ?? "").join("").toUpperCase();
}

function summarize(items, owed, news) {
  const minutes = owed.reduce((sum, item) => sum + item.minutes, 0);
  const offline = feed.reach === "offline";
  at("sentence").textContent = offline
    ? say("offline", { time: time(feed.freshAt) })
    : owed.length
      ? `${say("waiting", { count: owed.length })} ${say("reading", { count: minutes })}`
      : items.length
        ? say("aligned")
        : say("nothing");
  at("aligned").hidden = !(items.some((item) => item.required) && !owed.length);
  at("empty").hidden = items.length > 0;
  at("dismiss-all").hidden = news.length < 2;
  const since = new Date(Date.now() - 7 * 86_400_000).toISOString();
  const done = items.filter((item) => item.required && item.acknowledged_at > since).length;
  at("week").textContent = say("week", { count: done, all: done + owed.length });
  document.title = owed.length ? `(${owed.length}) ${document.body.dataset.title}` : document.body.dataset.title;
}

function reached() {
  const waiting = outbox.confirming.length;
  at("offline").hidden = feed.reach !== "offline";
  at("signed-out").hidden = feed.reach !== "signed-out";
  at("outbox").textContent = waiting ? say("queued", { count: waiting }) : "";
  at("fresh").textContent = feed.reach === "fine" ? say("fresh") : say("stale", { time: time(feed.freshAt) });
  if (feed.items) paint();
}

// -- doing -----------------------------------------------------------------------------------------------------------

async function confirm(made) {
  const id = Number(made.dataset.id);
  const neighbour = made.nextElementSibling ?? made.previousElementSibling;
  const hadFocus = made.contains(document.activeElement);
  const sent = outbox.add(id, "acknowledged", Number(made.dataset.version));
  if (feed.items) paint();
  if (hadFocus) neighbour?.querySelector("a")?.focus();
  const arrived = await sent;
  if (arrived) await feed.refresh();
  const item = feed.items?.find(({ announcement_id }) => announcement_id === id);
  if (arrived && item && owes(item)) return toast(say("changed"));
  const counts = item && arrived ? say("counts", { confirmed: item.confirmed, recipients: item.recipients }) : "";
  toast(`${say(arrived ? "marked" : "kept")} ${counts}`.trim(), { label: say("undo"), act: () => undo(id) });
}

async function undo(id) {
  try {
    await outbox.takeBack(id);
    await feed.refresh();
    if (feed.items) paint();
    toast(say("undone"));
    document.querySelector(`[data-id="${id}"] a`)?.focus();
  } catch (problem) {
    toast(problem.message || say("failed"), { label: say("again"), act: () => undo(id) });
  }
}

// News is put aside without being read, and says so.
async function dismiss(nodes) {
  for (const made of nodes) outbox.add(Number(made.dataset.id), "dismissed", Number(made.dataset.version));
  if (await outbox.send()) await feed.refresh();
  else toast(say("kept"));
}

document.addEventListener("submit", (event) => {
  const made = event.target.closest("[data-id]");
  if (!made) return;
  event.preventDefault();
  confirm(made);
});

document.addEventListener("click", (event) => {
  if (event.target.closest('[data-slot="dismiss-all"]')) return dismiss([...lists[1].children]);
  const made = event.target.closest("a") && event.target.closest("[data-id]");
  if (made) outbox.add(Number(made.dataset.id), "opened", Number(made.dataset.version));
});

// -- noticing --------------------------------------------------------------------------------------------------------

const timers = new WeakMap();
const eyes = new IntersectionObserver(
  (entries) => {
    for (const { target, isIntersecting } of entries) {
      clearTimeout(timers.get(target));
      if (isIntersecting && !document.hidden) timers.set(target, setTimeout(() => seen(target), LOOKED));
    }
  },
  { threshold: 0.5 },
);

// A tab that was opened behind another one is met when it comes to the front.
document.addEventListener("visibilitychange", () => {
  for (const made of document.querySelectorAll("[data-unseen]")) {
    eyes.unobserve(made);
    clearTimeout(timers.get(made));
    if (!document.hidden) eyes.observe(made);
  }
});

function watch(made) {
  if (made.hasAttribute("data-unseen")) eyes.observe(made);
}

function seen(made) {
  if (document.hidden || !made.hasAttribute("data-unseen")) return;
  made.removeAttribute("data-unseen");
  eyes.unobserve(made);
  outbox.add(Number(made.dataset.id), "displayed", Number(made.dataset.version));
}

// -- keys ------------------------------------------------------------------------------------------------------------

function move(step) {
  const all = [...document.querySelectorAll("[data-list] [data-id]")].filter((made) => made.offsetParent);
  const place = all.indexOf(document.activeElement.closest("[data-id]"));
  all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + step))]?.querySelector("a").focus();
}

bind({
  j: () => move(1),
  k: () => move(-1),
  "/": () => document.getElementById("q").focus(),
  m: () => {
    const made = document.activeElement.closest("[data-id]") ?? lists[0].firstElementChild;
    if (made?.classList.contains("is-owed")) confirm(made);
    else if (made?.classList.contains("is-new")) dismiss([made]);
  },
});

// -- the clock -------------------------------------------------------------------------------------------------------

function tick() {
  const now = new Date();
  at("clock").textContent = time(now);
  at("date").textContent = date(now);
  setTimeout(tick, 60_000 - (Date.now() % 60_000));
}

document.body.dataset.title = document.title;
for (const made of document.querySelectorAll("[data-unseen]")) watch(made);
feed.addEventListener("change", paint);
feed.addEventListener("reach", reached);
outbox.addEventListener("change", reached);
tick();
reached();
outbox.send();
feed.start();

// The lists of the tab on screen: what is owed, what is new, what was met lately, and the sentence above them.
// This is all that stands between a kept copy and the first picture, so it imports nothing else.

import { asOf, say } from "../words.js";
import { blank, fill, isNew, owes } from "./item.js";

const PAST = 6;
const MOST = 50;
const WEEK = 7 * 86_400_000;
const at = (name) => document.querySelector(`[data-slot="${name}"]`);

export class Lists {
  places = ["required", "news", "past"].map((name) => document.querySelector(`[data-list="${name}"]`));
  watch = () => {}; // told each node that nobody may have met yet
  #address;
  #shown = new Map(); // announcement id -> the item as it was painted
  #title = document.title;

  // `address` says where an announcement is.
  constructor(address) {
    this.#address = address;
  }

  // At most `most` of each list are shown: the first picture needs no more than fits a window, and no window wants hundreds.
  paint(items, { reach, freshAt }, most = MOST) {
    const parts = [items.filter(owes), items.filter(isNew), items.filter((item) => !owes(item) && !isNew(item)).slice(0, PAST)];
    const focused = document.activeElement?.closest("[data-id]")?.dataset.id;
    parts.forEach((part, place) => this.#arrange(this.places[place], part.slice(0, most)));
    if (focused && !document.activeElement.closest("[data-id]"))
      (document.querySelector(`[data-id="${focused}"] a`) ?? document.querySelector("[data-id] a"))?.focus();
    this.#summarize(items, parts[0], parts[1]);
    at("sentence").textContent = reach === "offline" ? say("offline", { time: asOf(freshAt) }) : sentence(items, parts[0]);
  }

  #arrange(list, items) {
    const nodes = items.map((item) => this.#node(item));
    const same = nodes.length === list.children.length && nodes.every((one, place) => one === list.children[place]);
    if (!same) list.replaceChildren(...nodes);
    list.closest("section").hidden = items.length === 0;
  }

  #node(item) {
    const known = document.querySelector(`[data-id="${item.announcement_id}"]`);
    const stamp = JSON.stringify(item);
    if (known && this.#shown.get(item.announcement_id) === stamp) return known;
    const made = known ?? blank();
    this.#shown.set(item.announcement_id, stamp);
    fill(made, item, this.#address(item.announcement_id));
    this.watch(made);
    return made;
  }

  #summarize(items, owed, news) {
    at("aligned").hidden = !(items.some((item) => item.required) && !owed.length);
    at("empty").hidden = items.length > 0;
    at("dismiss-all").hidden = news.length < 2;
    const since = new Date(Date.now() - WEEK).toISOString();
    const done = items.filter((item) => item.required && item.acknowledged_at > since).length;
    at("week").textContent = say("week", { count: done, all: done + owed.length });
    document.title = owed.length ? `(${owed.length}) ${this.#title}` : this.#title;
  }
}

function sentence(items, owed) {
  if (!owed.length) return say(items.length ? "aligned" : "nothing");
  const minutes = owed.reduce((sum, item) => sum + item.minutes, 0);
  return `${say("waiting", { count: owed.length })} ${say("reading", { count: minutes })}`;
}

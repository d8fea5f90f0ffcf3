// The lists of the tab on screen: what is owed, what is new, what was met lately, and the sentence above them.
// This is all that stands between a kept copy and the first picture, so it imports little else.

import { another, asOf, at, make, put, say } from "../words.js";
import { fill, rowOf } from "./item.js";
import { parted, summed } from "./view.js";

const PAST = 6;
const MOST = 50;
const MOST_PIPS = 8;

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

  // At most some of each list are shown: no window wants hundreds. `sums` are of all items, where these are but some of them.
  paint(items, { reach, freshAt, sums = summed(items) }) {
    const [owed, news, past] = parted(items);
    const held = document.activeElement;
    const row = held?.closest("main [data-id]");
    const list = row?.parentNode;
    const neighbour = row?.nextElementSibling ?? row?.previousElementSibling;
    [owed.slice(0, MOST), news.slice(0, MOST), past.slice(0, PAST)].forEach((part, place) => this.#arrange(this.places[place], part));
    this.#summarize(sums);
    // Who works a list goes on in it: what has left it takes the focus nowhere.
    if (row ? !document.activeElement.closest("[data-id]") : held?.hidden)
      ([row?.parentNode === list && row, neighbour].find((one) => one?.isConnected) ?? document.querySelector("main [data-id]"))?.querySelector("a").focus();
    put("sentence", reach === "offline" ? say("offline", { time: asOf(freshAt) }) : sentence(sums));
  }

  #arrange(list, items) {
    const nodes = items.map((item) => this.#node(item));
    for (const gone of [...list.children].filter((one) => !nodes.includes(one))) gone.remove();
    // What stands in its place is left there: taken out and put back it would be drawn anew.
    nodes.forEach((one, place) => one === list.children[place] || list.insertBefore(one, list.children[place] ?? null));
    list.closest("section").hidden = items.length === 0;
  }

  #node(item) {
    const known = rowOf(item.announcement_id);
    const stamp = JSON.stringify(item);
    if (known && this.#shown.get(item.announcement_id) === stamp) return known;
    const made = known ?? another("item");
    this.#shown.set(item.announcement_id, stamp);
    fill(made, item, this.#address);
    this.watch(made);
    return made;
  }

  #summarize({ all: items, asked, owed, news, done, inTime, saved }) {
    at("aligned").hidden = !asked || owed > 0;
    at("empty").hidden = items > 0;
    at("dismiss-all").hidden = news < 2;
    const all = done + owed;
    put("week", say("week", { count: done, all }));
    put("kept-up", done && !owed ? say(inTime ? "inTime" : "week", { count: done, all }) : say("later"));
    put("saved", say("savedSome", { count: saved }));
    at("saved").parentElement.hidden = !saved;
    at("pips").replaceChildren(...Array.from({ length: all > MOST_PIPS ? 0 : all }, (_, place) => pip(place < done)));
    document.title = owed ? `(${owed}) ${this.#title}` : this.#title;
  }
}

const pip = (done) => make("i", { className: done ? "is-done" : "" });

function sentence({ all, owed, minutes }) {
  if (!owed) return say(all ? "aligned" : "nothing");
  return `${say("waiting", { count: owed })} ${say("reading", { count: minutes })}`;
}

// The lists of the tab, whoever brings them there: what is owed, what is new, what was met lately; and what one does with them.
// It knows a feed, an outbox and the lists; no page and no extension.

import { bind } from "../keys.js";
import { save } from "../saving.js";
import { toast } from "../toast.js";
import { all, another, asOf, at, named, on, put, say } from "../words.js";
import { rowOf } from "./item.js";
import { eyes } from "./notice.js";
import { owes } from "./view.js";

const LINKS = "123456789";
const UNDONE = 25_000; // for how long what was done is offered to be taken back; dismissing is sent a moment later
const seen = (selector) => all(selector).filter((node) => node.offsetParent);

export class Board {
  #feed;
  #outbox;
  #lists;
  #done = []; // what Z takes back, the latest last

  constructor({ feed, outbox, lists }) {
    this.#feed = feed;
    this.#outbox = outbox;
    this.#lists = lists;
  }

  // Keep what is on screen true, and let it be worked.
  async live() {
    await this.#outbox.ready;
    const watch = (this.#lists.watch = eyes((made) => this.#note(made, "displayed")));
    for (const made of all("[data-unseen]")) watch(made);
    on(this.#feed, "fresh", () => this.#outbox.settle());
    on(this.#feed, "change", () => this.paint());
    on(this.#feed, "reach", () => this.reached());
    on(this.#outbox, "sent", () => this.#feed.refresh());
    on(this.#outbox, "change", () => this.reached());
    on(document, "submit", (event) => this.#submitted(event));
    on(document, "click", (event) => this.#clicked(event));
    this.#bind();
    this.reached();
  }

  // What was done here is shown as done before the feed says so. Null until there is a feed.
  get items() {
    return this.#feed.items && this.#outbox.since(this.#feed.items);
  }

  find(id) {
    return this.items?.find(({ announcement_id }) => announcement_id === id);
  }

  paint() {
    if (this.#feed.items) this.#lists.paint(this.items, this.#feed);
  }

  reached() {
    const { reach, freshAt } = this.#feed;
    const { confirming } = this.#outbox;
    at("offline").hidden = reach !== "offline";
    at("signed-out").hidden = reach !== "signed-out";
    put("outbox", confirming.length ? say("queued", { count: confirming.length }) : "");
    this.#list(reach === "offline" ? confirming.filter((id) => this.find(id)) : []);
    put("fresh", reach === "fine" ? say("fresh") : say("stale", { time: asOf(freshAt) }));
    this.paint();
  }

  // What waits to be sent, one by one, where it does not go by itself at once.
  #list(ids) {
    const place = at("queued");
    if (place.dataset.ids === String(ids)) return;
    place.dataset.ids = String(ids);
    const rows = ids.map((id) => {
      const row = another("queued-one");
      put("title", say("will", this.find(id)), row);
      on(at("undo", row), "click", () => this.#undo([id]));
      return row;
    });
    place.replaceChildren(...rows);
    place.hidden = !ids.length;
  }

  #note(made, fact) {
    return this.#outbox.add(Number(made.dataset.id), fact, Number(made.dataset.version));
  }

  // -- doing ---------------------------------------------------------------------------------------------------------

  // Say what became of it, and offer to take it back. `made` is a row, or what else names an announcement and its version.
  async confirm(made) {
    const id = Number(made.dataset.id);
    const way = this.#way("undo", [id]);
    named("status").replaceChildren(); // what was said of something before
    const arrived = await this.#note(made, "acknowledged");
    if (arrived) await this.#feed.refresh();
    const item = this.find(id);
    if (!this.#done.includes(way)) return; // it is taken back by now
    if (arrived && item && owes(item)) return toast(say("changed"));
    const counts = item && arrived ? say("counts", item) : "";
    toast(`${say(arrived ? "marked" : "kept")} ${counts}`.trim(), way);
  }

  #way(word, ids, fact = "acknowledged") {
    const act = () => this.#undo(ids, fact);
    const way = { label: say(word), act, click: act, ids, fact, until: Date.now() + UNDONE };
    this.#done.push(way);
    return way;
  }

  async #undo(ids, fact = "acknowledged") {
    this.#done = this.#done.filter((one) => one.fact + one.ids !== fact + ids);
    try {
      const back = await this.#outbox.takeBack(ids, fact);
      await this.#feed.refresh();
      this.paint();
      toast(say(back ? `${fact}Not` : "late"));
      rowOf(ids[0])?.querySelector("a").focus();
    } catch (problem) {
      toast(problem.message || say("failed"), this.#way("again", ids, fact));
    }
  }

  // News is put aside without being read. It is sent once it cannot be taken back any more.
  #dismiss(nodes) {
    for (const made of nodes) this.#note(made, "dismissed");
    const ids = nodes.map(({ dataset }) => Number(dataset.id));
    toast(say("dismissed", { count: ids.length }), { ...this.#way("undo", ids, "dismissed"), most: UNDONE });
  }

  #save(button) {
    save(this.#outbox, Number(button.closest("[data-id]").dataset.id), button);
  }

  #submitted(event) {
    const made = event.target.closest("[data-id]");
    if (!made) return;
    event.preventDefault();
    this.confirm(made);
  }

  #clicked({ target }) {
    const button = target.closest("button");
    const slot = button?.dataset.slot;
    const made = target.closest("[data-id]");
    if (slot === "dismiss-all") this.#dismiss([...this.#lists.places[1].children]);
    else if (slot === "dismiss") this.#dismiss([made]);
    else if (slot === "save") this.#save(button);
    else if (made && target.closest("a")) this.#note(made, "opened");
  }

  #bind() {
    const focused = () => document.activeElement.closest("[data-id]");
    const step = (by) => {
      const rows = seen("main [data-id]");
      const place = rows.indexOf(focused());
      rows[place < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, place + by))]?.querySelector("a").focus();
    };
    const follow = (link) => (link ? link.click() : false);
    const numbers = Object.fromEntries([...LINKS].map((key, place) => [key, () => follow(seen(".tab-links a")[place])]));
    bind({
      ...numbers,
      j: () => step(1),
      k: () => step(-1),
      "/": () => named("q").focus(),
      m: () => {
        const made = focused() ?? this.#lists.places[0].firstElementChild;
        if (made?.classList.contains("is-owed")) this.confirm(made);
        else if (made?.classList.contains("is-new")) this.#dismiss([made]);
      },
      z: () => follow(document.querySelector(".toast button") ?? this.#done.findLast(({ until }) => until > Date.now())),
      s: () => (focused() ? this.#save(at("save", focused())) : false),
    });
  }
}

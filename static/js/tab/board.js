// The lists of the tab, whoever brings them there: what is owed, what is new, what was met lately; and what one does with them.
// It knows a feed, an outbox and the lists; no page and no extension.

import { bind } from "../keys.js";
import { save } from "../saving.js";
import { toast } from "../toast.js";
import { another, asOf, at, on, put, say } from "../words.js";
import { rowOf } from "./item.js";
import { eyes } from "./notice.js";
import { owes } from "./view.js";

const LINKS = "123456789";
const UNDONE = 25_000; // for how long dismissing is offered to be taken back; it is sent a moment later
const seen = (selector) => [...document.querySelectorAll(selector)].filter((node) => node.offsetParent);

export class Board {
  #feed;
  #outbox;
  #lists;

  constructor({ feed, outbox, lists }) {
    this.#feed = feed;
    this.#outbox = outbox;
    this.#lists = lists;
  }

  // Keep what is on screen true, and let it be worked.
  async live() {
    await this.#outbox.ready;
    const watch = (this.#lists.watch = eyes((made) => this.#note(made, "displayed")));
    for (const made of document.querySelectorAll("[data-unseen]")) watch(made);
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
    const arrived = await this.#note(made, "acknowledged");
    if (arrived) await this.#feed.refresh();
    const item = this.find(id);
    if (arrived && item && owes(item)) return toast(say("changed"));
    const counts = item && arrived ? say("counts", item) : "";
    toast(`${say(arrived ? "marked" : "kept")} ${counts}`.trim(), this.#way("undo", [id]));
  }

  #way = (word, ids, fact) => ({ label: say(word), act: () => this.#undo(ids, fact) });

  async #undo(ids, fact = "acknowledged") {
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
    const slot = target.closest("button")?.dataset.slot;
    if (slot === "dismiss-all") return this.#dismiss([...this.#lists.places[1].children]);
    if (slot === "save") return this.#save(target.closest("button"));
    const made = target.closest("a") && target.closest("[data-id]");
    if (made) this.#note(made, "opened");
  }

  #bind() {
    const focused = () => document.activeElement.closest("[data-id]");
    const step = (by) => {
      const all = seen("main [data-id]");
      const place = all.indexOf(focused());
      all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + by))]?.querySelector("a").focus();
    };
    const follow = (link) => (link ? link.click() : false);
    const numbers = Object.fromEntries([...LINKS].map((key, place) => [key, () => follow(seen(".tab-links a")[place])]));
    bind({
      ...numbers,
      j: () => step(1),
      k: () => step(-1),
      "/": () => document.getElementById("q").focus(),
      m: () => {
        const made = focused() ?? this.#lists.places[0].firstElementChild;
        if (made?.classList.contains("is-owed")) this.confirm(made);
        else if (made?.classList.contains("is-new")) this.#dismiss([made]);
      },
      z: () => follow(document.querySelector(".toast button")),
      s: () => (focused() ? this.#save(at("save", focused())) : false),
    });
  }
}

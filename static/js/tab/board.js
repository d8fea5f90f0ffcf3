// The lists of the tab, whoever brings them there: what is owed, what is new, what was met lately; and what one does with them.
// It knows a feed, an outbox and the lists; no page and no extension.

import { bind } from "../keys.js";
import { toast } from "../toast.js";
import { another, asOf, at, say } from "../words.js";
import { eyes } from "./notice.js";
import { owes } from "./view.js";

const LINKS = "123456789";

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
  live() {
    const watch = (this.#lists.watch = eyes((made) => this.#note(made, "displayed")));
    for (const made of document.querySelectorAll("[data-unseen]")) watch(made);
    this.#feed.addEventListener("fresh", () => this.#outbox.settle());
    this.#feed.addEventListener("change", () => this.paint());
    this.#feed.addEventListener("reach", () => this.reached());
    this.#outbox.addEventListener("change", () => this.reached());
    document.addEventListener("submit", (event) => this.#submitted(event));
    document.addEventListener("click", (event) => this.#clicked(event));
    this.#bind();
    this.reached();
  }

  // What was confirmed here is shown as confirmed before the feed says so.
  paint() {
    const { confirmed } = this.#outbox;
    const items = this.#feed.items.map((item) =>
      confirmed.has(item.announcement_id) ? { ...item, acknowledged_at: item.acknowledged_at ?? new Date().toISOString() } : item,
    );
    this.#lists.paint(items, this.#feed);
  }

  reached() {
    const { reach, freshAt, items } = this.#feed;
    const { confirming } = this.#outbox;
    at("offline").hidden = reach !== "offline";
    at("signed-out").hidden = reach !== "signed-out";
    at("outbox").textContent = confirming.length ? say("queued", { count: confirming.length }) : "";
    this.#list(reach === "offline" && items ? confirming.filter((id) => this.#titleOf(id)) : []);
    at("fresh").textContent = reach === "fine" ? say("fresh") : say("stale", { time: asOf(freshAt) });
    if (items) this.paint();
  }

  #titleOf(id) {
    return this.#feed.items.find(({ announcement_id }) => announcement_id === id)?.title;
  }

  // What waits to be sent, one by one, where it does not go by itself at once.
  #list(ids) {
    const place = at("queued");
    if (place.dataset.ids === String(ids)) return;
    place.dataset.ids = String(ids);
    const rows = ids.map((id) => {
      const row = another("queued-one");
      at("title", row).textContent = say("will", { title: this.#titleOf(id) });
      at("undo", row).addEventListener("click", () => this.#undo(id));
      return row;
    });
    place.replaceChildren(...rows);
    place.hidden = !ids.length;
  }

  #note(made, fact) {
    return this.#outbox.add(Number(made.dataset.id), fact, Number(made.dataset.version));
  }

  // -- doing ---------------------------------------------------------------------------------------------------------

  async confirm(made) {
    const id = Number(made.dataset.id);
    const neighbour = made.nextElementSibling ?? made.previousElementSibling;
    const hadFocus = made.contains(document.activeElement);
    const sent = this.#note(made, "acknowledged");
    if (this.#feed.items) this.paint();
    if (hadFocus) neighbour?.querySelector("a")?.focus();
    return this.confirmed(id, await sent);
  }

  // Say what became of a confirmation, and offer to take it back.
  async confirmed(id, arrived) {
    if (arrived) await this.#feed.refresh();
    const item = this.#feed.items?.find(({ announcement_id }) => announcement_id === id);
    if (arrived && item && owes(item)) return toast(say("changed"));
    const counts = item && arrived ? say("counts", { confirmed: item.confirmed, recipients: item.recipients }) : "";
    toast(`${say(arrived ? "marked" : "kept")} ${counts}`.trim(), { label: say("undo"), act: () => this.#undo(id) });
  }

  async #undo(id) {
    try {
      await this.#outbox.takeBack(id);
      await this.#feed.refresh();
      if (this.#feed.items) this.paint();
      toast(say("undone"));
      document.querySelector(`[data-id="${id}"] a`)?.focus();
    } catch (problem) {
      toast(problem.message || say("failed"), { label: say("again"), act: () => this.#undo(id) });
    }
  }

  // News is put aside without being read, and says so.
  async #dismiss(nodes) {
    for (const made of nodes) this.#note(made, "dismissed");
    if (await this.#outbox.send()) await this.#feed.refresh();
    else toast(say("kept"));
  }

  #submitted(event) {
    const made = event.target.closest("[data-id]");
    if (!made) return;
    event.preventDefault();
    this.confirm(made);
  }

  #clicked(event) {
    if (event.target.closest('[data-slot="dismiss-all"]')) return this.#dismiss([...this.#lists.places[1].children]);
    const made = event.target.closest("a") && event.target.closest("[data-id]");
    if (made) this.#note(made, "opened");
  }

  #bind() {
    const step = (by) => {
      const all = [...document.querySelectorAll("[data-list] [data-id]")].filter((made) => made.offsetParent);
      const place = all.indexOf(document.activeElement.closest("[data-id]"));
      all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + by))]?.querySelector("a").focus();
    };
    const links = () => [...document.querySelectorAll(".tab-links a")].filter((link) => link.offsetParent);
    const numbers = Object.fromEntries([...LINKS].map((key, place) => [key, () => (links()[place] ? links()[place].click() : false)]));
    bind({
      ...numbers,
      j: () => step(1),
      k: () => step(-1),
      "/": () => document.getElementById("q").focus(),
      m: () => {
        const made = document.activeElement.closest("[data-id]") ?? this.#lists.places[0].firstElementChild;
        if (made?.classList.contains("is-owed")) this.confirm(made);
        else if (made?.classList.contains("is-new")) this.#dismiss([made]);
      },
    });
  }
}

// The lists of the tab, whoever brings them there: what is owed, what is new, what was met lately; and what one does with them.
// It knows a feed, an outbox, where an announcement is, and the places that the page names; no page and no extension.

import { bind } from "../keys.js";
import { toast } from "../toast.js";
import { say, time } from "../words.js";
import { blank, fill, isNew, owes } from "./item.js";

const PAST = 6;
const WEEK = 7 * 86_400_000;
const at = (name) => document.querySelector(`[data-slot="${name}"]`);

export class Board {
  #feed;
  #outbox;
  #address;
  #lists = ["required", "news", "past"].map((name) => document.querySelector(`[data-list="${name}"]`));
  #shown = new Map(); // announcement id -> the item as it was painted
  #watch = () => {};
  #title = document.title;

  constructor({ feed, outbox, address = (id) => `/a/${id}` }) {
    this.#feed = feed;
    this.#outbox = outbox;
    this.#address = address;
  }

  // Keep what is on screen true, and let it be worked. `watch` is told each node that nobody has met yet.
  live(watch) {
    this.#watch = watch;
    for (const made of document.querySelectorAll("[data-unseen]")) watch(made);
    this.#feed.addEventListener("change", () => this.paint());
    this.#feed.addEventListener("reach", () => this.reached());
    this.#outbox.addEventListener("change", () => this.reached());
    document.addEventListener("submit", (event) => this.#submitted(event));
    document.addEventListener("click", (event) => this.#clicked(event));
    this.#bind();
    this.reached();
  }

  // -- showing -------------------------------------------------------------------------------------------------------

  paint() {
    const confirming = new Set(this.#outbox?.confirming);
    const items = this.#feed.items.map((item) =>
      confirming.has(item.announcement_id) ? { ...item, acknowledged_at: item.acknowledged_at ?? new Date().toISOString() } : item,
    );
    const parts = [items.filter(owes), items.filter(isNew), items.filter((item) => !owes(item) && !isNew(item)).slice(0, PAST)];
    const focused = document.activeElement?.closest("[data-id]")?.dataset.id;
    parts.forEach((part, place) => this.#arrange(this.#lists[place], part));
    if (focused && !document.activeElement.closest("[data-id]"))
      (document.querySelector(`[data-id="${focused}"] a`) ?? document.querySelector("[data-id] a"))?.focus();
    this.#summarize(items, parts[0], parts[1]);
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
    this.#watch(made);
    return made;
  }

  #summarize(items, owed, news) {
    const minutes = owed.reduce((sum, item) => sum + item.minutes, 0);
    at("sentence").textContent =
      this.#feed.reach === "offline"
        ? say("offline", { time: time(this.#feed.freshAt) })
        : owed.length
          ? `${say("waiting", { count: owed.length })} ${say("reading", { count: minutes })}`
          : say(items.length ? "aligned" : "nothing");
    at("aligned").hidden = !(items.some((item) => item.required) && !owed.length);
    at("empty").hidden = items.length > 0;
    at("dismiss-all").hidden = news.length < 2;
    const since = new Date(Date.now() - WEEK).toISOString();
    const done = items.filter((item) => item.required && item.acknowledged_at > since).length;
    at("week").textContent = say("week", { count: done, all: done + owed.length });
    document.title = owed.length ? `(${owed.length}) ${this.#title}` : this.#title;
  }

  reached() {
    const { reach, freshAt, items } = this.#feed;
    const waiting = this.#outbox.confirming.length;
    at("offline").hidden = reach !== "offline";
    at("signed-out").hidden = reach !== "signed-out";
    at("outbox").textContent = waiting ? say("queued", { count: waiting }) : "";
    at("fresh").textContent = reach === "fine" ? say("fresh") : say("stale", { time: time(freshAt) });
    if (items) this.paint();
  }

  // -- doing ---------------------------------------------------------------------------------------------------------

  async confirm(made) {
    const id = Number(made.dataset.id);
    const neighbour = made.nextElementSibling ?? made.previousElementSibling;
    const hadFocus = made.contains(document.activeElement);
    const sent = this.#outbox.add(id, "acknowledged", Number(made.dataset.version));
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
    for (const made of nodes) this.#outbox.add(Number(made.dataset.id), "dismissed", Number(made.dataset.version));
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
    if (event.target.closest('[data-slot="dismiss-all"]')) return this.#dismiss([...this.#lists[1].children]);
    const made = event.target.closest("a") && event.target.closest("[data-id]");
    if (made) this.#outbox.add(Number(made.dataset.id), "opened", Number(made.dataset.version));
  }

  #bind() {
    const step = (by) => {
      const all = [...document.querySelectorAll("[data-list] [data-id]")].filter((made) => made.offsetParent);
      const place = all.indexOf(document.activeElement.closest("[data-id]"));
      all[place < 0 ? 0 : Math.min(all.length - 1, Math.max(0, place + by))]?.querySelector("a").focus();
    };
    bind({
      j: () => step(1),
      k: () => step(-1),
      "/": () => document.getElementById("q").focus(),
      m: () => {
        const made = document.activeElement.closest("[data-id]") ?? this.#lists[0].firstElementChild;
        if (made?.classList.contains("is-owed")) this.confirm(made);
        else if (made?.classList.contains("is-new")) this.#dismiss([made]);
      },
    });
  }
}

// The feed, kept fresh: asked for on a beat while somebody looks, at once when they come back.
// Events: "fresh" (it was asked for and is true now), "change" (items are new), "reach" (whether the server answers, or wants a sign-in, has changed).

import { soundItems } from "./tab/sound.js";

const BEAT = 4_000;

export class Feed extends EventTarget {
  items = null;
  reach = "fine"; // or "kept" (it has yet to be asked for, or the hub is busy), "offline", "signed-out"
  freshAt = new Date();
  after = 0; // for how many milliseconds the server asked to be left alone, last time
  #client;
  #copy;
  #beat;
  #etag;
  #timer = 0;

  // `copy` is where the feed outlives its page: {kept: {items, etag, freshAt} or null, write(it)}.
  constructor(client, { copy = null, beat = BEAT } = {}) {
    super();
    this.#client = client;
    this.#copy = copy;
    this.#beat = beat;
    if (copy?.kept) this.take(copy.kept);
  }

  // As it is kept.
  get kept() {
    return { items: this.items, etag: this.#etag, freshAt: this.freshAt.toISOString() };
  }

  // What another tab, or the worker, has fetched.
  take({ items, etag, freshAt }) {
    this.items = items;
    this.#etag = etag;
    this.freshAt = new Date(freshAt);
    this.#tell("change");
  }

  start() {
    document.addEventListener("visibilitychange", () => this.refresh());
    addEventListener("online", () => this.refresh());
    addEventListener("offline", () => this.#reached("offline"));
    return this.refresh();
  }

  async refresh() {
    clearTimeout(this.#timer);
    if (globalThis.document?.hidden) return;
    await this.#ask();
    clearTimeout(this.#timer);
    if (this.#beat) this.#timer = setTimeout(() => this.refresh(), Math.max(this.#beat, this.after));
  }

  async #ask() {
    try {
      const { data, headers, unchanged } = await this.#client.ask("feed", this.#etag);
      // What is broken or beyond all measure never takes the place of what was good.
      const items = unchanged ? this.items : soundItems(data);
      if (items === null) return this.#reached("offline");
      this.after = 0;
      this.freshAt = new Date();
      if (!unchanged) {
        this.#etag = headers.get("ETag");
        this.items = items;
      }
      await this.#copy?.write(this.kept);
      this.#tell("fresh");
      this.#reached("fine");
      if (!unchanged) this.#tell("change");
    } catch (problem) {
      this.after = problem.after ?? 0;
      const busy = this.after && this.items; // not away: what is here stands, and is asked for again then
      this.#reached(busy ? "kept" : problem.status === 401 || problem.status === 403 ? "signed-out" : "offline");
    }
  }

  #reached(reach) {
    if (reach === this.reach) return;
    this.reach = reach;
    this.#tell("reach");
  }

  #tell(name) {
    this.dispatchEvent(new Event(name));
  }
}

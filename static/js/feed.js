// The feed, kept fresh: asked for on a beat while somebody looks, at once when they come back.
// Events: "change" (items are new), "reach" (whether the server answers, or wants a sign-in, has changed).

const BEAT = 4_000;

export class Feed extends EventTarget {
  items = null;
  reach = "fine"; // or "offline", "signed-out"
  freshAt = new Date();
  #client;
  #etag;
  #timer = 0;

  constructor(client) {
    super();
    this.#client = client;
  }

  start() {
    document.addEventListener("visibilitychange", () => this.refresh());
    addEventListener("online", () => this.refresh());
    addEventListener("offline", () => this.#reached("offline"));
    return this.refresh();
  }

  async refresh() {
    clearTimeout(this.#timer);
    if (document.hidden) return;
    try {
      const { data, etag, unchanged } = await this.#client.ask("feed", this.#etag);
      this.freshAt = new Date();
      this.#reached("fine");
      if (!unchanged) {
        this.#etag = etag;
        this.items = data.items;
        this.dispatchEvent(new Event("change"));
      }
    } catch (problem) {
      this.#reached(problem.status === 401 || problem.status === 403 ? "signed-out" : "offline");
    }
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.refresh(), BEAT);
  }

  #reached(reach) {
    if (reach === this.reach) return;
    this.reach = reach;
    this.dispatchEvent(new Event("reach"));
  }
}

export const owes = (item) => item.required && !item.acknowledged_at;
export const isNew = (item) => !item.required && !item.read_at && !item.dismissed_at;

// What this reader saw, opened, read and confirmed: written down here first, sent as soon as the server answers.
// Each receipt has an id of its own and the time it happened, so sending it twice or late is harmless.
//
// A shelf keeps each receipt by itself, so that two tabs never write over each other: read() answers all of them (or promises
// to), put(receipt), drop(ids), and watch(act) calls when another tab has changed something.

const RETRY = 10_000;
const MOST = 500;
const WITHHELD = 30_000; // for how long dismissing can be taken back, and is not sent

const withheld = ({ fact, at }) => fact === "dismissed" && Math.abs(Date.now() - new Date(at)) < WITHHELD;

// What receipts that have arrived, or wait to, change of an item that a feed brought before.
const DONE = {
  acknowledged: (acknowledged_at) => ({ acknowledged_at }),
  unacknowledged: () => ({ acknowledged_at: null }),
  dismissed: (dismissed_at) => ({ dismissed_at }),
  saved: (saved_at) => ({ saved_at }),
  unsaved: () => ({ saved_at: null }),
};

// Events: "change" (more or less waits), "sent" (something has arrived that the feed is to tell of).
export class Outbox extends EventTarget {
  #client;
  #shelf;
  #channel;
  #kept = new Map(); // client id -> receipt
  #mine = new Set(); // client ids of what was written down here, and in no other tab
  #sent = []; // receipts that have arrived, until a feed knows of them too
  #turn = 0; // counts our own changes
  #sending = null;
  #retry = 0;
  ready; // resolves when it is known what waits

  constructor(client, shelf, channel) {
    super();
    this.#client = client;
    this.#shelf = shelf;
    this.#channel = channel;
    this.ready = this.#read();
    shelf.watch(() => this.#read());
    addEventListener("online", () => this.send());
    addEventListener("pagehide", () => this.#sendAll(({ client_id }) => this.#mine.has(client_id))); // at once: nobody is there to take it back
  }

  // What was read from the shelf before something of ours changed is read again: it knows nothing of it.
  async #read() {
    const turn = this.#turn;
    const receipts = await this.#shelf.read();
    if (turn !== this.#turn) return this.#read();
    this.#kept = new Map(receipts.map((receipt) => [receipt.client_id, receipt]));
    return this.#changed();
  }

  // Resolves to whether it has reached the server. It is on the shelf before anything is sent.
  async add(...said) {
    await this.#keep(...said);
    return this.send();
  }

  async #keep(announcement_id, fact, version = null, more = {}) {
    const receipt = { client_id: uuid(), announcement_id, fact, at: new Date().toISOString(), channel: this.#channel, version, ...more };
    this.#turn += 1;
    this.#mine.add(receipt.client_id);
    this.#kept.set(receipt.client_id, receipt);
    const kept = this.#shelf.put(receipt);
    this.#changed();
    await kept;
    this.#turn += 1;
    this.#kept.set(receipt.client_id, receipt);
  }

  get #waiting() {
    return [...this.#kept.values()];
  }

  // Ids of announcements whose confirmation has yet to be sent.
  get confirming() {
    return this.#waiting.filter(({ fact }) => fact === "acknowledged").map(({ announcement_id }) => announcement_id);
  }

  // Items of a feed, with what was done since.
  since(items) {
    const found = new Map(items.map((item) => [item.announcement_id, item]));
    const done = [...this.#sent, ...this.#waiting].sort((one, other) => (one.at < other.at ? -1 : 1));
    for (const { announcement_id: id, fact, at } of done) {
      const item = found.get(id);
      if (item) found.set(id, { ...item, ...DONE[fact]?.(at) });
    }
    return [...found.values()];
  }

  // A feed has come that knows of all that was sent.
  settle() {
    this.#sent = [];
  }

  // Take back that these were confirmed, or dismissed. Resolves to whether it is: a dismissal that has left stays. A confirmation
  // that waits may have arrived all the same, its answer lost: that it is taken back waits in its place, and is sent like it.
  async takeBack(ids, fact) {
    const confirmed = fact === "acknowledged";
    const of = (one) => one.fact === fact && ids.includes(one.announcement_id);
    if (!confirmed) await this.#sending;
    const kept = this.#waiting.filter(of);
    if (!kept.length && !confirmed) return false;
    this.#sent = this.#sent.filter((one) => !of(one));
    if (!kept.length) await this.#client.delete(`announcements/${ids}/acknowledge`);
    else if (confirmed) for (const one of kept) await this.#keep(one.announcement_id, "unacknowledged", one.version, { takes_back: one.client_id });
    await this.#drop(kept);
    this.send();
    return true;
  }

  // Resolves to true when nothing is left to send but what is withheld, which goes by itself. What `too` picks of that goes as
  // well, behind what is being sent: that was picked before.
  send(too) {
    if (too && this.#sending) return this.#sending.then(() => this.send(too));
    this.#sending ??= this.#sendAll(too).finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendAll(too) {
    clearTimeout(this.#retry);
    await this.ready;
    let most = MOST;
    const before = this.#sent.length;
    const due = () => this.#waiting.filter((one) => too?.(one) || !withheld(one)).slice(0, most);
    for (let batch = due(); batch.length; batch = due()) {
      try {
        await this.#client.post("receipts", { receipts: batch });
        this.#sent.push(...batch.filter(({ fact }) => DONE[fact]));
      } catch (problem) {
        if (problem.passing || problem.status === 401 || problem.status === 403) {
          this.#retry = setTimeout(() => this.send(), Math.max(RETRY, problem.after ?? 0));
          return false;
        }
        // One that the server will never take must not keep the others, nor be kept for ever.
        if (batch.length > 1) {
          most = Math.ceil(batch.length / 2);
          continue;
        }
      }
      await this.#drop(batch);
    }
    if (this.#sent.length > before) this.dispatchEvent(new Event("sent"));
    if (this.#kept.size) this.#retry = setTimeout(() => this.send(), WITHHELD);
    return true;
  }

  async #drop(receipts) {
    const ids = receipts.map(({ client_id }) => client_id);
    for (const id of ids) this.#kept.delete(id);
    this.#turn += 1;
    await this.#shelf.drop(ids);
    this.#turn += 1;
    this.#changed();
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

// A browser makes one by itself, but not for a page without encryption.
const digit = () => (crypto.getRandomValues(new Uint8Array(1))[0] & 15).toString(16);
export const uuid = () => "xxxxxxxx-xxxx-4xxx-8xxx-xxxxxxxxxxxx".replace(/x/g, digit);

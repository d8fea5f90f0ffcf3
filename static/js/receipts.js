// What this reader saw, opened, read and confirmed: written down here first, sent as soon as the server answers.
// Each receipt has an id of its own and the time it happened, so sending it twice or late is harmless.

const RETRY = 10_000;
const MOST = 500;

export class Outbox extends EventTarget {
  #client;
  #memory;
  #channel;
  #sending = null;
  #retry = 0;

  constructor(client, memory, channel) {
    super();
    this.#client = client;
    this.#memory = memory;
    this.#channel = channel;
    addEventListener("online", () => this.send());
  }

  add(announcement_id, fact, version = null) {
    const receipt = { client_id: uuid(), announcement_id, fact, at: new Date().toISOString(), channel: this.#channel, version };
    this.#memory.write([...this.#memory.read([]), receipt]);
    this.#changed();
    return this.send();
  }

  // Ids of announcements whose confirmation has yet to be sent.
  get confirming() {
    return this.#memory.read([]).filter(({ fact }) => fact === "acknowledged").map(({ announcement_id }) => announcement_id);
  }

  // Take a confirmation back: here when it has not left, on the server when it has.
  async takeBack(announcement_id) {
    await this.#sending;
    const kept = this.#memory.read([]);
    const left = kept.filter((receipt) => !(receipt.fact === "acknowledged" && receipt.announcement_id === announcement_id));
    if (left.length === kept.length) return this.#client.delete(`announcements/${announcement_id}/acknowledge`);
    this.#memory.write(left);
    this.#changed();
  }

  // Resolves to true when nothing is left to send.
  send() {
    this.#sending ??= this.#sendAll().finally(() => (this.#sending = null));
    return this.#sending;
  }

  async #sendAll() {
    clearTimeout(this.#retry);
    for (let batch = this.#memory.read([]).slice(0, MOST); batch.length; batch = this.#memory.read([]).slice(0, MOST)) {
      try {
        await this.#client.post("receipts", { receipts: batch });
      } catch (problem) {
        if (problem.passing || problem.status === 401 || problem.status === 403) {
          this.#retry = setTimeout(() => this.send(), RETRY);
          return false;
        } // what the server will never take is not kept for ever
      }
      const sent = new Set(batch.map(({ client_id }) => client_id));
      this.#memory.write(this.#memory.read([]).filter(({ client_id }) => !sent.has(client_id)));
      this.#changed();
    }
    return true;
  }

  #changed() {
    this.dispatchEvent(new Event("change"));
  }
}

function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

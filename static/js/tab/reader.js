// Reading an announcement in place, over the tab: from a text that is kept on this computer.

import { dwell } from "../dwell.js";
import { build } from "../tree.js";
import { at as slot, due, say, day, time } from "../words.js";
import { owes } from "./view.js";

const dialog = document.getElementById("reader");
const at = (name) => slot(name, dialog);

export class Reader {
  #given;
  #item = null;
  #text = null;
  #stop = () => {};

  // `given` is {outbox, confirm, address, picture}: `confirm` is told the id of what its reader marks as read here, `address`
  // says where its page is, and `picture` makes one of its pictures.
  constructor(given) {
    this.#given = given;
    dialog.addEventListener("close", () => this.#closed());
    dialog.addEventListener("click", ({ target }) => target === dialog && dialog.close());
    dialog.addEventListener("keydown", (event) => {
      if (event.key.toLowerCase() !== "m" || event.ctrlKey || event.metaKey || event.altKey) return;
      event.stopPropagation(); // the lists behind have the same key
      this.#marked();
    });
    at("confirm").addEventListener("click", () => this.#marked());
    at("close").addEventListener("click", () => dialog.close());
  }

  // `text` is {version, words, body}, or null where it is not kept yet.
  open(item, text) {
    this.#item = item;
    at("title").textContent = item.title;
    at("author").textContent = item.author_name;
    at("about").textContent = [item.groups.join(", "), day(new Date(item.published_at)), say("minutes", { count: item.minutes })].filter(Boolean).join(" · ");
    at("due").hidden = !owes(item);
    at("due").textContent = item.deadline ? say("by", { when: due(new Date(item.deadline)) }) : say("asked");
    at("page").href = this.#given.address(item.announcement_id);
    this.#docked();
    this.#fill(text);
    dialog.showModal();
    dialog.scrollTop = 0;
    at("title").focus();
  }

  // Texts have been brought in, {id: text}: what is open without its own gets it.
  arrived(texts) {
    const text = texts[this.#item?.announcement_id];
    if (text && !this.#text) this.#fill(text);
  }

  #fill(text) {
    const { announcement_id: id, summary } = this.#item;
    this.#text = text;
    at("body").replaceChildren(text ? build(text.body, this.#given.picture) : paragraph(summary));
    at("missing").hidden = Boolean(text);
    this.#stop();
    const note = (fact) => this.#given.outbox.add(id, fact, text.version);
    this.#stop = text ? dwell({ words: text.words, end: at("body").lastElementChild, note }) : () => {};
  }

  #docked() {
    const { required, acknowledged_at } = this.#item;
    at("confirm").hidden = !owes(this.#item);
    at("confirmed").hidden = !(required && acknowledged_at);
    if (acknowledged_at) at("confirmed").textContent = say("now", { time: time(new Date(acknowledged_at)) });
  }

  #marked() {
    if (!this.#item || !owes(this.#item)) return;
    const id = this.#item.announcement_id;
    dialog.close();
    this.#given.confirm(id);
  }

  #closed() {
    this.#stop();
    const id = this.#item?.announcement_id;
    this.#item = null;
    document.querySelector(`[data-id="${id}"] a`)?.focus();
  }
}

const paragraph = (text) => Object.assign(document.createElement("p"), { textContent: text });

// Reading an announcement in place, over the tab: from a text that is kept on this computer.

import { dwell } from "../dwell.js";
import { held } from "../keys.js";
import { build } from "../tree.js";
import { at as slot, make, named, on, put, sayDone } from "../words.js";
import { rowOf, words } from "./item.js";
import { owes } from "./view.js";

const dialog = named("reader");
const at = (name) => slot(name, dialog);

export class Reader {
  #given;
  #item = null;
  #text = null;
  #stop = () => {};

  // `given` is {outbox, board, address, picture}: `board` is told what its reader marks as read here, `address` says
  // where its page is, and `picture` makes one of its pictures.
  constructor(given) {
    this.#given = given;
    on(dialog, "close", () => this.#closed());
    on(dialog, "click", ({ target }) => target === dialog && dialog.close());
    on(dialog, "keydown", (event) => {
      const act = { m: () => this.#marked(), s: () => at("save").click() }[event.key.toLowerCase()];
      if (!act || held(event)) return;
      event.stopPropagation(); // the lists behind have the same keys
      act();
    });
    on(at("confirm"), "click", () => this.#marked());
    on(at("close"), "click", () => dialog.close());
  }

  // `text` is {version, words, body}, or null where it is not kept yet.
  open(item, text) {
    this.#item = item;
    const { due, title, author, groups, day, minutes } = words(item);
    const said = { due, title, author, about: [groups, day, minutes].filter(Boolean).join(" · ") };
    for (const [name, text] of Object.entries(said)) put(name, text, dialog);
    at("due").hidden = at("confirm").hidden = !owes(item);
    at("save").ariaPressed = Boolean(item.saved_at);
    Object.assign(dialog.dataset, { id: item.announcement_id, version: item.version });
    at("page").href = this.#given.address(item.announcement_id);
    at("confirmed").hidden = !item.required || !item.acknowledged_at;
    if (item.acknowledged_at) put("confirmed", sayDone("now", item.acknowledged_at), dialog);
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
    at("body").replaceChildren(text ? build(text.body, this.#given.picture) : make("p", { textContent: summary }));
    at("missing").hidden = Boolean(text);
    this.#stop();
    const note = (fact) => this.#given.outbox.add(id, fact, text.version);
    this.#stop = text ? dwell({ words: text.words, end: at("body").lastElementChild, note }) : () => {};
  }

  #marked() {
    if (!owes(this.#item)) return;
    dialog.close();
    this.#given.board.confirm(dialog);
  }

  #closed() {
    this.#stop();
    const id = this.#item?.announcement_id;
    this.#item = null;
    rowOf(id)?.querySelector("a").focus();
  }
}


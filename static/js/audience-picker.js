// A combobox over what the server finds (ARIA 1.2), and what was chosen as tokens beside it.

import { say } from "./words.js";

const QUIET = 150;
const copy = (id) => document.getElementById(id).content.firstElementChild.cloneNode(true);
const keyOf = ({ type, id, field, value }) => (type === "everyone" ? "on" : type === "attribute" ? `${field}:${value}` : String(id));

export class Picker {
  #input;
  #tokens;
  #popup;
  #listbox;
  #options = []; // what the listbox shows, in its order
  #active = -1;
  #timer = 0;
  #turn = 0;
  #leave = () => {};

  // `start` is what the names of its fields begin with; with one, it leaves out instead of choosing.
  constructor(root, { client, tell, changed, start = "" }) {
    Object.assign(this, { client, tell, changed, start });
    this.#input = root.querySelector("[role=combobox]");
    this.#tokens = root.querySelector("[data-tokens]");
    this.#popup = root.querySelector("[data-found]");
    this.#listbox = root.querySelector("[role=listbox]");
    this.#input.addEventListener("input", (event) => {
      event.stopPropagation(); // a search is nothing to save
      this.#later();
    });
    this.#input.addEventListener("keydown", (event) => event.isComposing || this.#key(event));
    this.#input.addEventListener("click", () => this.#open || this.#search());
    this.#input.addEventListener("blur", () => this.#close());
    root.querySelector(".audience-box").addEventListener("click", ({ target }) => target.closest("button") || this.#input.focus());
    this.#popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays where it is
    this.#listbox.addEventListener("click", ({ target }) => this.#pick([...this.#listbox.children].indexOf(target.closest("[role=option]"))));
  }

  get size() {
    return this.#tokens.children.length;
  }

  get #open() {
    return !this.#popup.hidden;
  }

  get tokens() {
    return [...this.#tokens.children].map((token) => {
      const { name, value } = token.querySelector("input");
      const told = (part) => token.querySelector(`[data-${part}]`).textContent;
      return { start: this.start, type: name.slice(this.start.length), key: value, label: told("label"), people: told("people") };
    });
  }

  clear() {
    this.#tokens.replaceChildren();
  }

  focus() {
    this.#input.focus();
  }

  onLeave(act) {
    this.#leave = act;
  }

  put({ type, key, label, people }) {
    const token = copy("audience-token");
    Object.assign(token.querySelector("input"), { name: this.start + type, value: key });
    token.querySelector("[data-label]").textContent = label;
    token.querySelector("[data-people]").textContent = type === "person" ? "" : (people ?? "");
    const remove = token.querySelector("button");
    remove.setAttribute("aria-label", say("remove", { name: label }));
    remove.addEventListener("click", () => this.#remove(token));
    this.#tokens.append(token);
  }

  #remove(token) {
    const name = token.querySelector("[data-label]").textContent;
    token.remove();
    this.#input.focus();
    this.tell(say("removed", { name }));
    this.changed();
  }

  #has(type, key) {
    return [...this.#tokens.querySelectorAll("input")].some(({ name, value }) => name === this.start + type && value === key);
  }

  #pick(index) {
    const option = this.#options[index];
    if (!option) return;
    // Everyone stands for whatever else is chosen, so it stands alone.
    const all = option.type === "everyone";
    const before = this.size;
    for (const token of [...this.#tokens.children]) {
      if (all || token.querySelector("input").name === "everyone") token.remove();
    }
    this.put({ type: option.type, key: keyOf(option), label: option.label, people: option.people });
    this.tell(say(this.start ? "leftOut" : all && before ? "replaced" : "added", { name: option.label }));
    this.#input.value = "";
    this.#close();
    this.changed();
  }

  // -- the keyboard --------------------------------------------------------------------------------------------------

  #key(event) {
    const { key } = event;
    if (key === "Enter") {
      event.preventDefault(); // never the form
      if (this.#open) this.#pick(this.#active);
    } else if (key === "ArrowDown" || key === "ArrowUp") {
      event.preventDefault();
      if (!this.#open) this.#search();
      else if (!event.altKey) this.#move(key === "ArrowDown" ? 1 : -1);
      else if (key === "ArrowUp") this.#close();
    } else if (key === "Escape") {
      this.#escape(event);
    } else if (key === "Backspace" && !this.#input.value && this.size) {
      this.#remove(this.#tokens.lastElementChild);
    }
  }

  #escape(event) {
    if (this.#open) {
      event.preventDefault();
      this.#close();
    } else if (this.#input.value) {
      this.#input.value = "";
    } else {
      this.#leave();
    }
  }

  #move(step) {
    const many = this.#options.length;
    if (many) this.#point(this.#active < 0 && step < 0 ? many - 1 : (this.#active + step + many) % many);
  }

  #point(index) {
    this.#active = index;
    [...this.#listbox.children].forEach((node, place) => node.setAttribute("aria-selected", String(place === index)));
    const node = this.#listbox.children[index];
    if (!node) return this.#input.removeAttribute("aria-activedescendant");
    this.#input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  // -- what the server finds -----------------------------------------------------------------------------------------

  #later() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#search(), QUIET);
  }

  async #search() {
    clearTimeout(this.#timer);
    const mine = ++this.#turn;
    const wanted = this.#input.value.trim();
    try {
      const query = new URLSearchParams({ search: wanted, limit: 20, excepting: String(Boolean(this.start)) });
      const { results } = await this.client.get(`audience/options?${query}`);
      if (mine !== this.#turn || document.activeElement !== this.#input) return;
      this.#show(results.filter((option) => !this.#has(option.type, keyOf(option))), wanted);
    } catch (problem) {
      if (mine === this.#turn) this.tell(problem.message || say("unreachable"));
    }
  }

  #show(options, wanted) {
    this.#options = options;
    this.#listbox.replaceChildren(...options.map((option, index) => this.#option(option, index)));
    this.#listbox.hidden = !options.length;
    this.#popup.querySelector("[data-none]").hidden = options.length > 0;
    this.#popup.hidden = false;
    this.#input.setAttribute("aria-expanded", "true");
    this.#point(wanted && options.length ? 0 : -1);
    this.tell(options.length ? say("options", { count: options.length }) : say("optionsNone"));
  }

  #option(option, index) {
    const node = copy("audience-option");
    const people = option.type === "person" ? "" : say("people", { count: option.people });
    node.id = `${this.#listbox.id}-${index}`;
    node.setAttribute("aria-label", [option.label, option.detail, people].filter(Boolean).join(", "));
    node.querySelector("[data-label]").textContent = option.label;
    node.querySelector("[data-detail]").textContent = option.detail;
    node.querySelector("[data-people]").textContent = people && option.people;
    for (const icon of node.querySelectorAll("[data-of]")) icon.hidden = icon.dataset.of !== option.type;
    return node;
  }

  #close() {
    this.#turn += 1;
    clearTimeout(this.#timer);
    this.#popup.hidden = true;
    this.#input.setAttribute("aria-expanded", "false");
    this.#point(-1);
  }
}

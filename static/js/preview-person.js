// As whom one looks: the list becomes a combobox over the whole audience (ARIA 1.2), however many they are.

import { ofPage } from "./client.js";
import { say } from "./words.js";

const QUIET = 150;
const MOST = 20;
const client = ofPage();

export function searchable(form) {
  const place = form.querySelector("[data-person]");
  const { audience, author, authorName } = place.dataset;
  const list = form.elements.person;
  const input = place.querySelector("[role=combobox]");
  const popup = place.querySelector("[data-found]");
  const listbox = place.querySelector("[role=listbox]");
  const shown = input.value;
  let options = [];
  let active = -1;
  let turn = 0;
  let timer = 0;

  list.hidden = true;
  place.querySelector("[data-choose]").hidden = false;
  place.querySelector("label").htmlFor = input.id;

  async function search() {
    clearTimeout(timer);
    const mine = ++turn;
    const wanted = input.value === shown ? "" : input.value.trim();
    try {
      const { results } = await client.post(`audience/people?${new URLSearchParams({ limit: MOST, search: wanted })}`, JSON.parse(audience));
      if (mine === turn && document.activeElement === input) show(withAuthor(results, wanted), wanted);
    } catch (problem) {
      if (mine === turn) tell(problem.message || say("unreachable"));
    }
  }

  // Its author may always look, also from outside of the audience.
  function withAuthor(results, wanted) {
    const them = { id: Number(author), name: authorName };
    const others = results.filter(({ id }) => id !== them.id);
    const fits = results.length > others.length || them.name.toLowerCase().includes(wanted.toLowerCase());
    return fits ? [them, ...others] : others;
  }

  function show(found, wanted) {
    options = found;
    listbox.replaceChildren(...found.map(option));
    listbox.hidden = !found.length;
    popup.querySelector("[data-none]").hidden = found.length > 0;
    popup.hidden = false;
    input.setAttribute("aria-expanded", "true");
    point(wanted && found.length ? 0 : -1);
    tell(found.length ? say("options", { count: found.length }) : popup.querySelector("[data-none]").textContent);
  }

  function option({ name, title, timezone }, index) {
    const node = document.getElementById("person-option").content.firstElementChild.cloneNode(true);
    node.id = `${listbox.id}-${index}`;
    node.querySelector("[data-label]").textContent = name;
    node.querySelector("[data-detail]").textContent = [title, timezone?.split("/").at(-1).replaceAll("_", " ")].filter(Boolean).join(", ");
    return node;
  }

  function point(index) {
    active = index;
    [...listbox.children].forEach((node, at) => node.setAttribute("aria-selected", String(at === index)));
    const node = listbox.children[index];
    if (!node) return input.removeAttribute("aria-activedescendant");
    input.setAttribute("aria-activedescendant", node.id);
    node.scrollIntoView({ block: "nearest" });
  }

  function pick(index) {
    const one = options[index];
    if (!one) return;
    if (![...list.options].some(({ value }) => value === String(one.id))) list.add(new Option(one.name, one.id));
    list.value = String(one.id);
    form.requestSubmit();
  }

  function close() {
    turn += 1;
    clearTimeout(timer);
    popup.hidden = true;
    input.setAttribute("aria-expanded", "false");
    point(-1);
  }

  const tell = (sentence) => (place.querySelector("[data-told]").textContent = sentence);
  const move = (step) => (popup.hidden ? search() : options.length && point(active < 0 && step < 0 ? options.length - 1 : (active + step + options.length) % options.length));
  const keys = {
    ArrowDown: () => move(1),
    ArrowUp: () => move(-1),
    Enter: () => popup.hidden || pick(active),
    Escape: () => {
      close();
      input.value = shown;
    },
  };
  input.addEventListener("keydown", (event) => {
    if (event.isComposing || !(event.key in keys)) return;
    event.preventDefault();
    keys[event.key]();
  });
  input.addEventListener("input", () => {
    clearTimeout(timer);
    timer = setTimeout(search, QUIET);
  });
  input.addEventListener("change", (event) => event.stopPropagation()); // a search is no choice
  input.addEventListener("focus", () => input.select());
  input.addEventListener("click", () => popup.hidden && search());
  input.addEventListener("blur", () => {
    close();
    input.value = shown;
  });
  popup.addEventListener("pointerdown", (event) => event.preventDefault()); // the focus stays where it is
  listbox.addEventListener("click", ({ target }) => pick([...listbox.children].indexOf(target.closest("[role=option]"))));
}

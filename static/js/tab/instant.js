// Results below the search box while one types: a listbox that arrows walk through. Enter without a choice asks the page, as without this.

import { another, at, named, on, put } from "../words.js";

const PAUSE = 150;

// `ask(words, signal)` is several promises of options, each of which takes the place of the one before; `go(option)` goes where
// one of them leads.
export function instant(ask, go = ({ href }) => location.assign(href)) {
  const box = named("q");
  const list = named("instant");
  let options = [];
  let timer = 0;
  let asking = new AbortController();
  let chosen = -1;

  function option(place, { pieces, detail }) {
    const made = another("instant-option");
    made.id = `instant-${place}`;
    at("name", made).append(...pieces);
    put("detail", detail, made);
    return made;
  }

  function show(found) {
    options = found;
    list.replaceChildren(...found.map((one, place) => option(place, one)));
    open(found.length > 0);
  }

  function open(shown) {
    list.hidden = !shown;
    box.ariaExpanded = shown;
    choose(-1);
  }

  function choose(place) {
    chosen = place;
    [...list.children].forEach((one, number) => (one.ariaSelected = number === place));
    if (place < 0) return box.removeAttribute("aria-activedescendant");
    box.setAttribute("aria-activedescendant", list.children[place].id);
    list.children[place].scrollIntoView({ block: "nearest" });
  }

  async function look() {
    const { signal } = (asking = new AbortController());
    try {
      for await (const found of ask(box.value, signal)) {
        if (signal.aborted || document.activeElement !== box || chosen >= 0) return;
        show(found);
      }
    } catch {
      if (!signal.aborted) open(false); // Enter still leads to the page
    }
  }

  const steps = {
    ArrowDown: () => choose(chosen + 1 < list.children.length ? chosen + 1 : -1),
    ArrowUp: () => choose(chosen < 0 ? list.children.length - 1 : chosen - 1),
    Enter: () => chosen >= 0 && go(options[chosen]),
    Escape: () => open(false),
  };

  on(box, "input", () => {
    clearTimeout(timer);
    asking.abort();
    if (box.value.trim()) timer = setTimeout(look, PAUSE);
    else open(false);
  });
  on(box, "keydown", (event) => {
    if (event.isComposing || list.hidden || !steps[event.key] || (event.key === "Enter" && chosen < 0)) return;
    event.preventDefault();
    steps[event.key]();
  });
  on(box, "blur", () => open(false));
  on(list, "mousedown", (event) => event.preventDefault()); // the box keeps the focus until the click
  on(list, "click", (event) => {
    const place = [...list.children].indexOf(event.target.closest("[role=option]"));
    if (place >= 0) go(options[place]);
  });
}

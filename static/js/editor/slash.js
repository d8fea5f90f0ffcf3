// "/" at the start of a word offers what can be put in: a listbox that the text keeps the focus of.

export function slash(place, editor, todo) {
  const list = place.querySelector('[role="listbox"]');
  const menu = list.parentElement;
  const all = [...list.querySelectorAll('[role="option"]')];
  const options = all.filter(({ dataset }) => todo[dataset.do].shown?.() ?? true);
  for (const option of all) option.hidden = !options.includes(option);
  const surface = editor.view.dom;
  let from = null;
  let dismissed = null;

  const offered = () => options.filter(({ hidden }) => !hidden);

  // By a word of its name, or one that others call it by; only where none is meant, by what it says of itself.
  const begins = (option, word) => `${option.querySelector("b").textContent} ${option.dataset.also ?? ""}`.toLowerCase().split(/\s+/).some((one) => one.startsWith(word));

  function typed() {
    const { $from, empty } = editor.state.selection;
    if (!empty || !$from.parent.isTextblock || $from.parent.type.spec.code) return null;
    const before = $from.parent.textBetween(0, $from.parentOffset, "\n", "\ufffc");
    const found = /(?:^|\s)\/([\p{L}\p{N}]{0,20})$/u.exec(before);
    return found && { at: $from.pos - found[1].length - 1, word: found[1].toLowerCase() };
  }

  function show() {
    const found = typed();
    if (!found || found.at === dismissed) {
      if (!found) dismissed = null;
      return close();
    }
    const fitting = options.filter((option) => !todo[option.dataset.do].off?.());
    const named = fitting.filter((option) => begins(option, found.word));
    const meant = named.length ? named : fitting.filter(({ textContent }) => textContent.toLowerCase().includes(found.word));
    for (const option of options) option.hidden = !meant.includes(option);
    if (!offered().length) return close();
    from = found.at;
    choose(offered().find((option) => option.getAttribute("aria-selected") === "true") ?? offered()[0]);
    menu.hidden = false;
    surface.setAttribute("aria-controls", list.id);
    const at = editor.view.coordsAtPos(from);
    const around = place.getBoundingClientRect();
    const below = at.bottom + menu.offsetHeight + 8 < innerHeight || at.top < menu.offsetHeight;
    menu.style.insetBlockStart = `${(below ? at.bottom + 6 : at.top - menu.offsetHeight - 6) - around.top}px`;
    menu.style.insetInlineStart = `${Math.max(0, Math.min(at.left - around.left, around.width - menu.offsetWidth))}px`;
  }

  function choose(option) {
    for (const one of options) one.setAttribute("aria-selected", String(one === option));
    surface.setAttribute("aria-activedescendant", option.id);
    option.scrollIntoView({ block: "nearest" });
  }

  function close() {
    if (menu.hidden) return;
    menu.hidden = true;
    surface.removeAttribute("aria-activedescendant");
    surface.removeAttribute("aria-controls");
  }

  function take(option) {
    const { selection } = editor.state;
    editor.chain().focus().deleteRange({ from, to: selection.from }).run();
    close();
    todo[option.dataset.do].run();
  }

  const keys = {
    ArrowDown: (all, at) => choose(all[(at + 1) % all.length]),
    ArrowUp: (all, at) => choose(all[(at - 1 + all.length) % all.length]),
    Enter: (all, at) => take(all[at]),
    Tab: (all, at) => take(all[at]),
    Escape: () => {
      dismissed = from;
      close();
    },
  };
  surface.addEventListener("keydown", (event) => {
    if (menu.hidden || event.isComposing || !(event.key in keys)) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const all = offered();
    keys[event.key](all, all.findIndex((one) => one.getAttribute("aria-selected") === "true"));
  }, { capture: true });
  menu.addEventListener("mousedown", (event) => event.preventDefault());
  menu.addEventListener("click", ({ target }) => target.closest("[data-do]") && take(target.closest("[data-do]")));
  editor.on("update", show);
  editor.on("selectionUpdate", show);
  editor.on("blur", close);
}

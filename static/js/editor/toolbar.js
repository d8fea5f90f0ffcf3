// The toolbar: one stop for Tab, arrows inside, and what is on is said (ARIA's toolbar pattern).

const APPLE = /Mac|iPhone|iPad/.test(navigator.platform);

// What a button does, with its keys as they are written on the keyboard: only where it shows no words of its own.
function named(button) {
  const name = button.getAttribute("aria-label") ?? "";
  const keys = (button.getAttribute("aria-keyshortcuts") ?? "").replace("Control", APPLE ? "⌘" : "Ctrl").replace("Alt", APPLE ? "⌥" : "Alt");
  return keys ? `${name} (${keys})` : name;
}

export function toolbar(editor, todo) {
  const bar = document.querySelector('[role="toolbar"]');
  const buttons = [...bar.querySelectorAll("[data-do]")];
  bar.hidden = false;
  for (const button of buttons) button.title = named(button);

  function show() {
    for (const button of buttons) {
      const { on, off, shown } = todo[button.dataset.do];
      if (shown) button.hidden = !shown();
      if (on) button.setAttribute("aria-pressed", String(on()));
      if (off) button.setAttribute("aria-disabled", String(off()));
    }
    for (const group of bar.querySelectorAll("[data-group]")) group.hidden = [...group.children].every(({ hidden }) => hidden);
    const usable = buttons.filter(({ hidden }) => !hidden);
    if (!usable.some(({ tabIndex }) => tabIndex === 0)) stop(usable[0]);
  }

  function stop(at) {
    for (const button of buttons) button.tabIndex = button === at ? 0 : -1;
  }

  bar.addEventListener("mousedown", (event) => event.preventDefault()); // the selection stays in the text
  bar.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-do]");
    if (!button) return;
    stop(button);
    todo[button.dataset.do].run();
    show();
  });
  bar.addEventListener("keydown", (event) => {
    const usable = buttons.filter(({ hidden }) => !hidden);
    const forward = getComputedStyle(bar).direction === "rtl" ? "ArrowLeft" : "ArrowRight";
    const back = forward === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
    const at = usable.indexOf(document.activeElement);
    const to = { [forward]: (at + 1) % usable.length, [back]: (at - 1 + usable.length) % usable.length, Home: 0, End: usable.length - 1 }[event.key];
    if (to === undefined) return;
    event.preventDefault();
    stop(usable[to]);
    usable[to].focus();
  });
  // Alt+F10 leads here from the text, Escape back: the way of editors everywhere.
  editor.view.dom.addEventListener("keydown", (event) => event.altKey && event.key === "F10" && bar.querySelector('[tabindex="0"]').focus());
  bar.addEventListener("keydown", ({ key }) => key === "Escape" && editor.commands.focus());
  for (const button of buttons) button.tabIndex = -1;
  editor.on("transaction", show);
  show();
}

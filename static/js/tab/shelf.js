// What its reader has put aside for later, and what they read this week: over the tab, in rows like those of the lists.

import { another, at, named, on, put, say } from "../words.js";
import { fill } from "./item.js";
import { lately } from "./view.js";

const dialog = named("shelf");
// By the name that a button has: whether an item is there.
const SHELVES = {
  saved: ({ saved_at }) => saved_at,
  read: ({ acknowledged_at, read_at }) => lately(acknowledged_at ?? read_at),
};

// `feed` tells when there is more, `items()` is what the tab shows, `address` says where one is.
export function shelving(feed, items, address) {
  const list = at("shelf");
  let name;

  // What is there stays while it is looked at: whoever takes something off may put it back.
  function show() {
    const missing = (item) => SHELVES[name](item) && !list.querySelector(`[data-id="${item.announcement_id}"]`);
    list.append(...(items() ?? []).filter(missing).map((item) => fill(another("item"), item, address)));
    put("shelf-none", list.firstChild ? "" : say(`${name}None`));
  }

  on(document, "click", ({ target }) => {
    const wanted = target.closest("[data-shelf]")?.dataset.shelf;
    if (!wanted) return;
    name = wanted;
    list.replaceChildren();
    put("shelf-title", say(`${name}List`));
    show();
    dialog.showModal();
  });
  on(feed, "change", () => dialog.open && show());
  // What is followed opens over the tab, not over this.
  on(dialog, "click", ({ target }) => (target === dialog || target.closest("a")) && dialog.close());
}

// What its reader has put aside for later, and what they read this week: over the tab, in rows like those of the lists.

import { another, at, put, say } from "../words.js";
import { fill } from "./item.js";
import { lately } from "./view.js";

const dialog = document.getElementById("shelf");
// By the name that a button has: whether an item is there.
const SHELVES = {
  saved: ({ saved_at }) => saved_at,
  read: ({ acknowledged_at, read_at }) => lately(acknowledged_at ?? read_at),
};

// `items()` is what the tab shows, `address` says where one is.
export function shelving(items, address) {
  const row = (item) => {
    const made = another("item");
    fill(made, item, address(item.announcement_id));
    return made;
  };
  document.addEventListener("click", ({ target }) => {
    const name = target.closest("[data-shelf]")?.dataset.shelf;
    if (!name) return;
    const found = (items() ?? []).filter(SHELVES[name]);
    put("shelf-title", say(`${name}List`));
    put("shelf-none", found.length ? "" : say(`${name}None`));
    at("shelf").replaceChildren(...found.map(row));
    dialog.showModal();
  });
  // What is followed opens over the tab, not over this.
  dialog.addEventListener("click", ({ target }) => (target === dialog || target.closest("a")) && dialog.close());
}

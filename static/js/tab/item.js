// One announcement on the tab, made from the template that the page brings along.

import { all, at, day, due, put, say, sayDone } from "../words.js";
import { isNew, owes } from "./view.js";

// Its row in the lists.
export const rowOf = (id) => document.querySelector(`main [data-id="${id}"]`);

// `address` says where one leads to.
export function fill(made, item, address) {
  made.dataset.id = item.announcement_id;
  made.dataset.version = item.version;
  made.classList.toggle("is-new", isNew(item));
  made.classList.toggle("is-owed", owes(item));
  made.toggleAttribute("data-unseen", !item.displayed_at);
  for (const link of all("a", made)) link.href = address(item.announcement_id);
  for (const [name, text] of Object.entries(words(item))) at(name, made).hidden = !put(name, text, made);
  Object.assign(at("bar", made), { max: item.recipients || 1, value: item.confirmed });
  at("save", made).ariaPressed = Boolean(item.saved_at);
  const avatar = at("avatar", made);
  avatar.className = `avatar tint-${(item.author_id % 6) + 1}`;
  avatar.textContent = initials(item.author_name);
  return made;
}

// What is said of one, by the place where it stands.
export function words(item) {
  return {
    due: item.deadline ? say("by", { when: due(new Date(item.deadline)) }) : say("asked"),
    title: item.title,
    summary: item.summary,
    author: item.author_name,
    groups: item.groups.join(", "),
    day: day(new Date(item.published_at)),
    minutes: say("minutes", { count: item.minutes }),
    confirmed: say("confirmed", item),
    done: item.acknowledged_at ? sayDone("done", item.acknowledged_at) : "",
  };
}

function initials(name) {
  const names = name.split(/\s+/).filter(Boolean);
  return [names[0], names.length > 1 ? names.at(-1) : ""].map((one) => [...(one ?? "")][0] ?? "").join("").toUpperCase();
}

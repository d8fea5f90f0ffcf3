// A body as a tree, built into elements: what is not in this list is left out, its words are not. Nothing is ever read as HTML.

import { make } from "./words.js";

const PLAIN = new Set(
  "p br h2 h3 h4 ul ol li blockquote aside pre code hr figure figcaption table thead tbody tr th td strong em u s mark sub sup".split(" "),
);
const VALUES = {
  start: /^-?[0-9]{1,9}$/,
  "data-kind": /^(?:tasks|info|success|warning)$/,
  "data-done": /^(?:true|false)$/,
  colspan: /^[1-9][0-9]{0,3}$/,
  rowspan: /^[1-9][0-9]{0,3}$/,
  scope: /^(?:row|col|rowgroup|colgroup)$/,
};
const DEEPEST = 60;

// `picture` makes what stands for an image, or null.
export function build(nodes, picture = () => null, depth = 0) {
  const made = document.createDocumentFragment();
  if (depth > DEEPEST || !Array.isArray(nodes)) return made;
  for (const node of nodes) {
    if (typeof node === "string") made.append(node);
    else if (node && typeof node === "object") made.append(element(node, picture, depth));
  }
  return made;
}

function element({ tag, attributes, children }, picture, depth) {
  const inside = build(children, picture, depth + 1);
  if (tag === "img") return picture(attributes ?? {}) ?? inside;
  if (tag === "a") return link(attributes ?? {}, inside);
  if (!PLAIN.has(tag)) return inside;
  const made = make(tag);
  for (const [name, value] of Object.entries(attributes ?? {})) if (VALUES[name]?.test(value)) made.setAttribute(name, value);
  if (tag === "aside") made.setAttribute("role", "note"); // a note in the text, not a part of the page of its own
  made.append(inside);
  return tag === "table" ? scrolling(made) : made;
}

function link({ href }, inside) {
  const address = URL.canParse(String(href)) ? new URL(String(href)) : null;
  if (!address || !["https:", "http:", "mailto:"].includes(address.protocol)) return inside;
  const made = make("a", { href: address.href, rel: "noopener noreferrer" });
  made.append(inside);
  return made;
}

// A wide table is moved inside its own frame, by keyboard too.
function scrolling(table) {
  const frame = make("div", { className: "scroll", tabIndex: 0, role: "group", ariaLabel: table.querySelector("th")?.textContent || "…" });
  frame.append(table);
  return frame;
}

// HTML from a clipboard or the API, as a document that runs and loads nothing. The one place that turns strings into elements;
// the page's policy names it (trusted-types), and what it makes is only ever read.

const policy = globalThis.trustedTypes?.createPolicy("mantel-inert", { createHTML: (html) => html });

export function inert(html) {
  return new DOMParser().parseFromString(policy ? policy.createHTML(html) : html, "text/html").body;
}

const VOID = new Set(["BR", "HR", "IMG"]);
const escaped = (text) => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;").replaceAll("\u00a0", "&nbsp;");
const quoted = (value) => escaped(value).replaceAll('"', "&quot;");

export function written(node) {
  if (node.nodeType === Node.TEXT_NODE) return escaped(node.data);
  const inside = [...node.childNodes].map(written).join("");
  if (node.nodeType !== Node.ELEMENT_NODE) return inside;
  const tag = node.localName;
  const attributes = [...node.attributes].map(({ name, value }) => ` ${name}="${quoted(value)}"`).join("");
  return VOID.has(node.nodeName) ? `<${tag}${attributes}>` : `<${tag}${attributes}>${inside}</${tag}>`;
}

// The stored form: an item or a cell with one paragraph holds its text bare, the row of headings is in a thead.
export function normal(fragment) {
  for (const holder of fragment.querySelectorAll("li, td, th")) {
    const paragraphs = [...holder.children].filter(({ localName }) => localName === "p");
    if (paragraphs.length === 1 && paragraphs[0] === holder.firstElementChild) paragraphs[0].replaceWith(...paragraphs[0].childNodes);
  }
  for (const body of fragment.querySelectorAll("tbody")) {
    const first = body.firstElementChild;
    const cells = [...(first?.children ?? [])];
    if (!cells.length || cells.some((cell) => cell.localName !== "th" || cell.hasAttribute("rowspan"))) continue;
    const head = document.createElement("thead");
    head.append(first);
    body.before(head);
    if (!body.firstElementChild) body.remove();
  }
  for (const caption of fragment.querySelectorAll("figcaption")) if (!caption.hasChildNodes()) caption.remove();
  for (const text of fragment.querySelectorAll("p, h2, h3, h4")) if (!text.hasChildNodes()) text.remove();
  for (const holder of fragment.querySelectorAll("blockquote, aside")) if (!holder.hasChildNodes()) holder.remove();
  return fragment;
}

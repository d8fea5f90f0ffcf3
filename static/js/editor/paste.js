// What comes from elsewhere, without its soup: Word, Google Docs, Notion and the web, in the words of our schema.

import { inert, written } from "./inert.js";

const GONE = "meta, link, title, script, template, noscript, iframe, object, svg, math, xml, o\\:p, button, select, textarea";
const SAME = { b: "strong", i: "em", ins: "u", del: "s", strike: "s", h1: "h2", h5: "h4", h6: "h4" };
const OURS = /^\/api\/v1\/images\/[0-9a-f]{32}\/file$/;

// `behind` is told how many pictures stay out, where there are any: nothing of another origin is ever loaded.
export function clean(html, schema, behind = () => {}) {
  const body = inert(html.replace(/<style[\s\S]*?<\/style>|<!--[\s\S]*?-->/gi, "").replace(/<[a-z][^>]*>/gi, (tag) => tag.replace(/\sstyle\s*=/gi, " data-style=")));
  for (const one of body.querySelectorAll(GONE)) one.remove();
  wordLists(body);
  tasks(body);
  for (const one of [...body.querySelectorAll("*")]) restyled(one);
  const cut = open(body, schema);
  const out = [...body.querySelectorAll("img")].filter(foreign).filter(({ width, height }) => Math.max(width, height) !== 1).length;
  const allowed = allowance(schema);
  for (const one of [...body.querySelectorAll("*")].reverse()) settle(one, allowed);
  if (cut?.first.isConnected) cut.first.setAttribute("data-pm-slice", cut.how);
  if (out) behind(out);
  return written(body);
}

// A picture by itself, as a browser copies it: its HTML leads elsewhere, and the file lies beside it.
export function onlyPicture(html) {
  const body = inert(html);
  return !body.textContent.trim() && body.querySelectorAll("img").length === 1;
}

const foreign = (image) => !OURS.test(image.getAttribute("src") ?? "");

// How this editor cuts what it copies is worth keeping. Anybody may write it, so only what cannot hold an address of theirs counts.
function open(body, schema) {
  const first = body.querySelector("[data-pm-slice]");
  const [, depth, around] = /^(\d+ \d+(?: -\d+)?) (\[.*\])$/s.exec(first?.dataset.pmSlice ?? "") ?? [];
  if (!depth) return null;
  const plain = (value) => ["number", "boolean"].includes(typeof value) || value === null || schema.callouts.includes(value);
  try {
    const known = JSON.parse(around).every((part) => typeof part === "string" || part === null || Object.values(part).every(plain));
    return { first, how: `${depth} ${known ? around : "[]"}` };
  } catch {
    return null;
  }
}

function allowance(schema) {
  const allowed = {};
  const add = (tag, attributes) => (allowed[tag] = [...(allowed[tag] ?? []), ...Object.keys(attributes ?? {})]);
  for (const { tag, attributes } of Object.values(schema.marks)) add(tag, attributes);
  for (const tags of Object.values(schema.blocks)) for (const [tag, attributes] of Object.entries(tags)) add(tag, attributes);
  return allowed;
}

// Word writes items as paragraphs with a marker of their own.
function wordLists(body) {
  let levels = [];
  let last = null;
  for (const one of [...body.querySelectorAll("p")]) {
    const found = /mso-list:\s*l\d+\s+level(\d+)/i.exec(one.dataset.style ?? "");
    if (!found) continue;
    const marker = [...one.querySelectorAll("span")].find(({ dataset }) => /mso-list:\s*ignore/i.test(dataset.style ?? ""));
    const tag = /^\s*\(?[0-9a-z]{1,3}[.)]/i.test(marker?.textContent ?? "") ? "ol" : "ul";
    marker?.remove();
    if (last !== one.previousElementSibling || !last) levels = [];
    const level = Math.min(Number(found[1]), levels.length + 1);
    levels.length = Math.min(levels.length, level);
    if (levels.length < level) {
      const list = body.ownerDocument.createElement(tag);
      const item = levels.at(-1)?.lastElementChild;
      item ? item.append(list) : one.before(list);
      levels.push(list);
    }
    const item = body.ownerDocument.createElement("li");
    item.append(...one.childNodes);
    levels.at(-1).append(item);
    one.remove();
    last = levels[0];
  }
}

// Notion draws boxes, others put one in.
function tasks(body) {
  for (const item of body.querySelectorAll("li")) {
    const box = item.querySelector(":scope > .checkbox, :scope > input[type=checkbox], :scope > p > input[type=checkbox], :scope > label > input[type=checkbox]");
    const said = item.getAttribute("aria-checked"); // Google Docs
    if (!box && said === null) continue;
    item.dataset.done = String(box ? box.matches(".checkbox-on, [checked]") : said === "true");
    if (item.parentElement?.localName === "ul") item.parentElement.dataset.kind = "tasks";
    box?.remove();
  }
}

// Looks that mean something become what they mean.
function restyled(one) {
  const style = one.dataset.style;
  if (!style || !["span", "b", "p", "font"].includes(one.localName)) return;
  if (one.localName === "b" && /font-weight:\s*(normal|400)/i.test(style)) return one.replaceWith(...one.childNodes);
  if (one.localName === "p") return;
  const means = [
    [/font-weight:\s*(bold|[6-9]00)/i, "strong"], [/font-style:\s*italic/i, "em"], [/text-decoration[^;]*line-through/i, "s"],
    [/text-decoration[^;]*underline/i, "u"], [/vertical-align:\s*super/i, "sup"], [/vertical-align:\s*sub(?!s)/i, "sub"],
  ].filter(([looks, tag]) => looks.test(style) && !(tag === "u" && one.closest("a"))).map(([, tag]) => tag);
  for (const tag of means) {
    const mark = one.ownerDocument.createElement(tag);
    mark.append(...one.childNodes);
    one.append(mark);
  }
}

function settle(one, allowed) {
  const tag = SAME[one.localName] ?? one.localName;
  if (tag === "img" && foreign(one)) return one.remove();
  if (tag === "a") straight(one);
  if (!(tag in allowed) || (tag === "a" && !/^(https?:|mailto:)/i.test(one.getAttribute("href") ?? ""))) {
    return block(one) ? renamed(one, "div") : one.replaceWith(...one.childNodes);
  }
  for (const { name } of [...one.attributes]) if (!allowed[tag].includes(name)) one.removeAttribute(name);
  if (tag !== one.localName) renamed(one, tag);
}

const block = (one) => /^(div|section|article|main|header|footer|address|dl|dt|dd|details|summary|center)$/.test(one.localName);

function renamed(one, tag) {
  const made = one.ownerDocument.createElement(tag);
  if (tag !== "div") for (const { name, value } of one.attributes) made.setAttribute(name, value);
  made.append(...one.childNodes);
  one.replaceWith(made);
}

// Google wraps the addresses of links.
function straight(link) {
  const address = URL.parse?.(link.getAttribute("href") ?? "");
  if (address?.hostname.endsWith(".google.com") && address.pathname === "/url") link.setAttribute("href", address.searchParams.get("q") ?? "");
}

// Only what is unmistakable: a heading, an item, a fence, a table, or stress and links in Markdown's way.
export const looksLikeMarkdown = (text) => /^(#{1,6} \S|[-*+] \S|\d+\. \S|> \S|```|\|.+\|\s*$)/m.test(text) || /\*\*\S[^*\n]*\*\*|\[[^\]\n]+\]\(https?:[^)\s]+\)/.test(text);

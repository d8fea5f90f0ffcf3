// What a person decides about their own tab: its parts, and links of their own. The hub keeps it, so that it is the same wherever
// they open one; what was decided without it waits.

import { toast } from "../toast.js";
import { all, another, at, named, on, say } from "../words.js";

const LONGEST = 40;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// `own` promises what they have decided so far, {off, links}; `save` is told when they decide otherwise.
export function owning(own, save) {
  const dialog = named("own");
  const parts = all("[type=checkbox]", dialog);
  let before;

  on(at("own"), "click", async () => {
    before = await own();
    for (const part of parts) part.checked = !before.off.includes(part.name);
    at("own-links").replaceChildren(...before.links.map(row), ...rows().filter(wrong));
    dialog.showModal();
  });
  on(at("add-link"), "click", () => {
    const made = row({ label: "", url: "" });
    at("own-links").append(made);
    made.querySelector("input").focus();
  });
  on(dialog, "cancel", check);
  on(dialog, "submit", check);
  on(dialog, "close", () => {
    const off = parts.filter(({ checked }) => !checked).map(({ name }) => name);
    const now = { off, links: rows().map(linkOf).filter(Boolean) };
    if (!same(now, before)) save(now);
  });
}

function row({ label, url, icon = "link" }) {
  const made = another("own-link");
  const [name, address] = all("input", made);
  [name.value, address.value, made.dataset.icon] = [label, url, icon];
  on(made.querySelector("button"), "click", () => made.remove());
  return made;
}

const rows = () => all(".own-link");
const wrong = (made) => linkOf(made) === null;

// What a row says: null where that is no web address, nothing where it is empty. Without a name it is named after where it leads.
function linkOf(made) {
  const [name, address] = all("input", made).map(({ value }) => value.trim());
  if (!name && !address) return undefined;
  const whole = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
  if (!URL.canParse(whole)) return null;
  const { hostname, href } = new URL(whole);
  return /^https?:\/\/[^%@/]+\//.test(href) ? { label: name || hostname.slice(0, LONGEST), url: href, icon: made.dataset.icon } : null;
}

// What is wrong is said at its field and keeps the dialog open; closed all the same, it is there when that opens again.
function check(event) {
  rows().reverse().forEach((made, place) => {
    const address = made.querySelector("[type=url]");
    const said = at("wrong", made);
    const bad = wrong(made);
    said.id = `wrong-${place}`;
    said.textContent = bad ? say("notAddress") : "";
    address.ariaInvalid = bad;
    address.setAttribute("aria-describedby", said.id);
    if (!bad) return;
    event.preventDefault();
    address.focus();
  });
}

// Tell the hub what waits. `waiting` is where it does: read() promises it, or nothing; settled(own) is told what holds from now
// on, or nothing where the hub refuses, and that is said. What is decided meanwhile waits on.
export async function tell(client, waiting) {
  const decided = await waiting.read();
  if (!decided) return;
  let own = null;
  try {
    own = await client.put("tab/own", decided);
  } catch (problem) {
    if (problem.status !== 422) return; // another time
    toast(problem.message);
  }
  if (same(await waiting.read(), decided)) await waiting.settled(own);
}

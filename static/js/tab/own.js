// What a person decides about their own tab: its parts, and links of their own. The hub keeps it, so that it is the same wherever
// they open one; what was decided without it waits.

import { toast } from "../toast.js";
import { another, at, on } from "../words.js";

const MOST = 24;
const LONGEST = 40;
const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// `own` promises what they have decided so far, {off, links}; `save` is told when they decide otherwise.
export function owning(own, save) {
  const dialog = document.getElementById("own");
  const parts = [...dialog.querySelectorAll("[type=checkbox]")];
  let before;

  on(at("own"), "click", async () => {
    before = await own();
    for (const part of parts) part.checked = !before.off.includes(part.name);
    at("own-links").replaceChildren(...before.links.map(row));
    dialog.showModal();
  });
  on(at("add-link"), "click", () => {
    const made = row({ label: "", url: "" });
    at("own-links").append(made);
    made.querySelector("input").focus();
  });
  on(dialog, "close", () => {
    const off = parts.filter(({ checked }) => !checked).map(({ name }) => name);
    const now = { off, links: links().slice(0, MOST) };
    if (!same(now, before)) save(now);
  });
}

function row({ label, url, icon = "link" }) {
  const made = another("own-link");
  const [name, address] = made.querySelectorAll("input");
  [name.value, address.value, made.dataset.icon] = [label, url, icon];
  on(made.querySelector("button"), "click", () => made.remove());
  return made;
}

// A link without a name is named after where it leads; what is no web address is none.
function links() {
  return [...document.querySelectorAll(".own-link")].flatMap((made) => {
    const [name, address] = [...made.querySelectorAll("input")].map(({ value }) => value.trim());
    const whole = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
    if (!URL.canParse(whole)) return [];
    const { protocol, hostname, href } = new URL(whole);
    return /^https?:$/.test(protocol) ? [{ label: name || hostname.slice(0, LONGEST), url: href, icon: made.dataset.icon }] : [];
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

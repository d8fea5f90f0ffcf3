// What a person decides about their own tab: its parts, and where the page offers it links of their own.

const MOST = 24;
const at = (name) => document.querySelector(`#own [data-slot="${name}"]`);

// `own` is {off, links}, what they have decided so far; `save` is told each time they decide anew.
export function owning(own, save) {
  const dialog = document.getElementById("own");
  const parts = [...dialog.querySelectorAll("[type=checkbox]")];
  for (const part of parts) part.checked = !own?.off?.includes(part.name);
  for (const link of own?.links ?? []) row(link);

  document.querySelector('button[data-slot="own"]').addEventListener("click", () => dialog.showModal());
  at("add-link")?.addEventListener("click", () => row({ label: "", url: "" }).querySelector("input").focus());
  dialog.addEventListener("close", () => {
    const off = parts.filter(({ checked }) => !checked).map(({ name }) => name);
    save({ off, links: links().slice(0, MOST) });
  });
}

function row({ label, url }) {
  const made = document.getElementById("own-link").content.firstElementChild.cloneNode(true);
  const [name, address] = made.querySelectorAll("input");
  [name.value, address.value] = [label, url];
  made.querySelector("button").addEventListener("click", () => made.remove());
  at("own-links").append(made);
  return made;
}

// A link without a name is named after where it leads; what is no web address is none.
function links() {
  return [...document.querySelectorAll(".own-link")].flatMap((made) => {
    const [name, address] = [...made.querySelectorAll("input")].map(({ value }) => value.trim());
    const whole = /^[a-z]+:/i.test(address) ? address : `https://${address}`;
    if (!address || !URL.canParse(whole) || !/^https?:$/.test(new URL(whole).protocol)) return [];
    return [{ label: name || new URL(whole).hostname, url: new URL(whole).href, icon: "link" }];
  });
}

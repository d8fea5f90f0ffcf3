// What is said above the text: that it is not saved, and what to do; and what earlier pages kept.

import { toast } from "../toast.js";
import { asOf, say } from "../words.js";

const form = document.getElementById("form");
const trouble = document.getElementById("trouble");
const part = (name) => trouble.querySelector(`[data-${name}]`);

// The text as it stands, for whoever has to take it elsewhere; `tell` says whether it was copied.
export async function copyText(tell = toast) {
  const { title, summary, body } = form.elements;
  const surface = document.querySelector('[role="textbox"][aria-multiline]');
  const said = [title.value, summary.value, surface?.innerText ?? body.value].filter(Boolean).join("\n\n");
  try {
    await navigator.clipboard.writeText(said);
    tell(say("copied"));
  } catch {
    tell(say("notCopied")); // no clipboard without HTTPS
  }
}

// `ways`: which buttons help, of "signIn", "copy" and "ask".
export function troubled(sentence, ways = []) {
  part("said").textContent = sentence;
  for (const [name, node] of Object.entries({ signIn: part("sign-in"), copy: part("copy-text"), ask: part("ask") })) node.hidden = !ways.includes(name);
  trouble.hidden = false;
}

export const untroubled = () => (trouble.hidden = true);

// `leave` goes to another page without being held back; `ask` opens what is to be chosen.
export function helping({ leave, ask }) {
  part("copy-text").addEventListener("click", () => copyText());
  part("ask").addEventListener("click", ask);
  part("sign-in").addEventListener("click", (event) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    leave(`${part("sign-in").getAttribute("href")}?${new URLSearchParams({ next: location.pathname })}`);
  });
}

// A row for each of `left`; `act.back` brings one back, `act.drop` forgets it, `act.put` remembers it again.
export function offer(left, act) {
  const place = document.getElementById("kept");
  const list = place.querySelector("ul");
  const shown = () => (place.hidden = !list.children.length);
  for (const one of left) {
    const row = document.getElementById("kept-row").content.firstElementChild.cloneNode(true);
    const name = row.querySelector("[data-title]");
    name.id = `kept-${list.children.length}`;
    name.textContent = say("keptAs", { title: title(one.value) || say("noTitle"), when: when(one.value) });
    for (const button of row.querySelectorAll("button")) button.setAttribute("aria-describedby", name.id);
    row.querySelector("[data-back]").addEventListener("click", () => {
      row.remove();
      shown();
      act.back(one);
    });
    row.querySelector("[data-drop]").addEventListener("click", () => {
      const after = row.nextElementSibling;
      row.remove();
      shown();
      act.drop(one);
      toast(say("dropped"), { label: say("undo"), act: () => (act.put(one), list.insertBefore(row, after?.isConnected ? after : null), shown()) });
    });
    list.append(row);
  }
  shown();
}

const title = ({ fields }) => fields.values.find(([name]) => name === "title")?.[1].trim();
const when = ({ at }) => (at ? asOf(new Date(at)) : "");

// Whom it is for. The boxes of the page become a picker; what is chosen stays in fields of the form, under the same names.

import { Picker } from "./audience-picker.js";
import { list } from "./audience-list.js";
import { face } from "./audience-face.js";
import { ofPage, reason } from "./client.js";
import { say } from "./words.js";

const client = ofPage();
const field = document.getElementById("audience-field");
const form = document.getElementById("form");
const listeners = [];
const pickers = [];
let chooseAgain = () => {};

const unpacked = (value) => ({ field: value.slice(0, value.indexOf(":")), value: value.slice(value.indexOf(":") + 1) });

// The audience that is chosen now, in the API's words.
export function audience() {
  const sent = new FormData(form);
  const part = (start) => ({
    group_ids: sent.getAll(`${start}group`).map(Number),
    person_ids: sent.getAll(`${start}person`).map(Number),
    attributes: sent.getAll(`${start}attribute`).map(unpacked),
  });
  return { everyone: sent.has("everyone"), ...part(""), except: part("except_") };
}

// What is chosen and left out, with its names; and choosing that again.
export const chosen = () => pickers.flatMap(({ tokens }) => tokens);
export const choose = (tokens) => chooseAgain(tokens);

// Call back with how many people it is, whenever that is counted anew.
export function counted(act) {
  listeners.push(act);
}

const isNobody = ({ everyone, group_ids, person_ids, attributes }) => !everyone && !(group_ids.length + person_ids.length + attributes.length);
const at = (name) => field.querySelector(`[data-${name}]`);
let turn = 0;

async function count() {
  const mine = ++turn;
  const chosen = audience();
  const nobody = isNobody(chosen);
  try {
    const found = nobody ? { people: 0, timezones: {}, faces: [] } : await client.post("audience", chosen);
    if (mine === turn) show(found, nobody);
  } catch (problem) {
    if (mine !== turn) return;
    show({ people: 0, timezones: {}, faces: [] }, nobody);
    field.querySelector("[data-slot] [data-people]").textContent = reason(problem) || say("unreachable");
  }
}

function show({ people, timezones, faces }, nobody) {
  const [heads, zones] = field.querySelectorAll("[data-slot] > *");
  heads.textContent = people ? say("people", { count: people }) : say(nobody ? "nobody" : "nobodyLeft");
  zones.textContent = people ? say("zones", { count: Object.keys(timezones).length }) : "";
  at("faces").replaceChildren(...faces.map((person) => face(person)));
  at("list").hidden = !people;
  for (const act of listeners) act(people);
}

function start() {
  Object.assign(document.getElementById("words").dataset, document.getElementById("audience-words").dataset);
  const plain = at("plain");
  const boxes = [...plain.querySelectorAll("input:checked")];
  plain.remove();
  const [choosing, excepting] = field.querySelectorAll("[data-choose]");
  const tell = (sentence) => (at("said").textContent = sentence);
  const changed = () => {
    field.dispatchEvent(new Event("input", { bubbles: true }));
    count();
  };
  const meant = new Picker(choosing, { client, tell, changed });
  const except = new Picker(excepting, { client, tell, changed, start: "except_" });
  for (const box of boxes) {
    const whose = box.name.startsWith("except_") ? except : meant;
    whose.put({ type: box.name.replace("except_", ""), key: box.value, label: box.dataset.label, people: box.dataset.people });
  }
  const open = at("except");
  const reveal = (shown) => {
    excepting.hidden = !shown;
    open.hidden = shown;
    open.setAttribute("aria-expanded", String(shown));
  };
  reveal(except.size > 0);
  pickers.push(meant, except);
  chooseAgain = (tokens) => {
    for (const picker of pickers) picker.clear();
    for (const token of tokens) (token.start ? except : meant).put(token);
    reveal(except.size > 0);
    count();
  };
  open.addEventListener("click", () => {
    reveal(true);
    except.focus();
  });
  except.onLeave(() => {
    if (except.size) return;
    reveal(false);
    open.focus();
  });
  at("list").addEventListener("click", () => list(client, audience()));
  at("picker").hidden = false;
  setTimeout(count); // once whoever wants the number has said so
}

if (field) start();

// One person, in a drawer over the list: filled from the API, changed through it.

import { toast } from "./toast.js";
import { say } from "./words.js";

const TINTS = 6;
const MONDAY = Date.UTC(2024, 0, 1);
const DAY = 86_400_000;
const language = document.documentElement.lang.replace(/^en$/, "en-GB") || "en-GB";
const dated = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", timeZone: document.body.dataset.timezone || undefined });
const calendar = new Intl.DateTimeFormat(language, { day: "numeric", month: "short", year: "numeric", timeZone: "UTC" });
const weekday = new Intl.DateTimeFormat(language, { weekday: "short", timeZone: "UTC" });

export const clock = (zone) =>
  new Intl.DateTimeFormat(language, { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: zone }).format();
export const stateOf = ({ state }) => say(state === "deactivated" ? "gone" : state);
const day = (instant) => (instant ? dated.format(new Date(instant)) : "—");
const made = (name, values = {}, ...inside) => {
  const node = Object.assign(document.createElement(name), values);
  node.append(...inside);
  return node;
};
function initials(name) {
  const words = name.split(/\s+/).filter(Boolean);
  return [words[0], ...words.slice(1).slice(-1)].map((word) => [...word][0]).join("").toUpperCase();
}

export class Drawer {
  #dialog;
  #client;
  #changed;
  #person;

  // `changed` is called with the person when something about them became another
  constructor(dialog, client, changed) {
    this.#dialog = dialog;
    this.#client = client;
    this.#changed = changed;
    dialog.addEventListener("submit", (event) => this.#submit(event));
    dialog.addEventListener("click", (event) => event.target === dialog && dialog.close());
    dialog.addEventListener("close", () => this.#left());
  }

  async open(id) {
    await this.#load(id);
    for (const part of this.#dialog.querySelectorAll("details")) part.open = false;
    this.#dialog.showModal();
    this.#at("name").focus();
  }

  #left() {
    document.body.append(document.getElementById("status"));
    document.querySelector(`[data-person="${this.#person?.id}"]`)?.focus();
  }

  async #load(id) {
    const client = this.#client;
    this.#show(await client.get(`people/${id}`));
  }

  #at(name) {
    return this.#dialog.querySelector(`[data-slot="${name}"]`);
  }

  #show(person) {
    this.#person = person;
    const zone = say("now", { zone: person.timezone, time: clock(person.timezone) });
    const days = person.work_days.map((number) => weekday.format(new Date(MONDAY + number * DAY))).join(" ");
    const texts = {
      initials: initials(person.name),
      name: person.name,
      title: person.title,
      email: person.email,
      location: person.location || "—",
      timezone: zone,
      hours: say("hours", { days, starts: person.work_starts, ends: person.work_ends }),
      joined: day(person.joined_at),
      seen: person.last_seen_on ? calendar.format(new Date(person.last_seen_on)) : say("never"),
      role: say(person.role),
      state: stateOf(person),
      invited: day(person.invited_at),
    };
    for (const [name, text] of Object.entries(texts)) if (this.#at(name)) this.#at(name).textContent = text;
    this.#at("initials").className = `avatar large tint-${(person.id % TINTS) + 1}`;
    this.#at("page").href = `/people/${person.id}`;
    this.#at("problem").hidden = true;
    this.#at("groups").replaceChildren(...this.#groups(person));
    this.#forms(person);
  }

  #groups(person) {
    const mine = [...(this.#dialog.querySelector("[data-do=add] select")?.options ?? [])].map(({ value }) => Number(value));
    if (!person.groups.length) return [made("li", { className: "quiet", textContent: say("none") })];
    return person.groups.map((group) => {
      const text = made("span", {}, made("a", { href: `/groups/${group.id}`, textContent: group.name }), " ");
      if (group.role === "manager") text.append(made("span", { className: "tag done", textContent: say("manager") }), " ");
      text.append(made("span", { className: "quiet", textContent: say("since", { day: day(group.started_at) }) }));
      const item = made("li", {}, text);
      if (mine.includes(group.id)) item.append(this.#leaving(group));
      return item;
    });
  }

  #leaving(group) {
    const name = made("span", { className: "visually-hidden", textContent: `: ${group.name}` });
    const button = made("button", { className: "btn small quiet", textContent: say("remove") });
    button.append(name);
    const form = made("form", { method: "post" }, made("input", { type: "hidden", name: "group", value: group.id }), button);
    form.dataset.do = "leave";
    return form;
  }

  #forms(person) {
    const self = String(person.id) === document.body.dataset.me;
    for (const part of this.#dialog.querySelectorAll("[data-others]")) part.hidden = self;
    for (const part of this.#dialog.querySelectorAll("[data-self]")) part.hidden = !self;
    if (this.#at("here")) this.#at("here").hidden = person.state === "deactivated";
    if (this.#at("gone")) this.#at("gone").hidden = person.state !== "deactivated";
    if (this.#at("factor")) this.#at("factor").hidden = !person.second_factor || person.state !== "active";
    // What may ask for another proof of who is there leads through the page.
    for (const form of this.#dialog.querySelectorAll("[data-on-page]")) form.action = `/people/${person.id}`;
    const choice = this.#dialog.querySelector("[data-do=add] select");
    const theirs = new Set(person.groups.map(({ id }) => String(id)));
    for (const option of choice?.options ?? []) option.hidden = option.disabled = theirs.has(option.value);
    if (choice) choice.value = [...choice.options].find(({ disabled }) => !disabled)?.value ?? "";
    if (choice) choice.form.hidden = !choice.value;
    const edit = this.#dialog.querySelector("[data-do=edit]");
    for (const field of ["name", "title", "location", "timezone"]) if (edit) edit.elements[field].value = person[field];
    const role = this.#dialog.querySelector("[data-do=role] select");
    if (role) role.value = person.role;
  }

  #submit(event) {
    const form = event.target;
    if (!form.dataset.do) return; // the one that closes the dialog
    event.preventDefault();
    this.#act(form.dataset.do, Object.fromEntries(new FormData(form)));
  }

  async #act(what, values) {
    const before = this.#person;
    try {
      await this.#change(what, values, before.id);
      await this.#load(before.id);
      this.#told(what, values, before);
      this.#changed(this.#person);
    } catch (problem) {
      this.#at("problem").textContent = problem.errors?.map(({ message }) => message).join(" ") || problem.message || say("failed");
      this.#at("problem").hidden = false;
    }
  }

  #change(what, { csrfmiddlewaretoken: _token, group, ...values }, id) {
    const client = this.#client;
    if (what === "edit") return client.patch(`people/${id}`, values);
    if (what === "role") return client.post(`people/${id}/role`, values);
    if (what === "add") return client.post(`groups/${group}/members`, { person_id: id, ...values });
    if (what === "leave") return client.delete(`groups/${group}/members/${id}`);
    if (what === "deactivate") return client.post(`people/${id}/deactivate`);
    return client.post(`people/${id}/reactivate`);
  }

  // A change of groups can be taken back.
  #told(what, { group }, before) {
    const words = { edit: "saved", role: "role", add: "added", leave: "left", deactivate: "deactivated", reactivate: "reactivated" };
    const was = before.groups.find(({ id }) => id === Number(group));
    const back = { add: was ? null : ["leave", { group }], leave: ["add", { group, role: was?.role }] }[what];
    // All but the open dialog is inert, so what is said has to be said inside it.
    if (this.#dialog.open) this.#dialog.append(document.getElementById("status"));
    toast(say(words[what]), back ? { label: say("undo"), act: () => this.#act(...back) } : {});
  }
}

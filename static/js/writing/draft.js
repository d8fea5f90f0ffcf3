// The draft in the form: in the API's words, to be saved; and field by field as it stands there, to be brought back.

import { audience, choose, chosen } from "../audience.js";
import { instant } from "../clock.js";
import { plan, steps } from "../when.js";

const form = document.getElementById("form");
const PRIVATE = new Set(["csrfmiddlewaretoken", "revision"]);
const ELSEWHERE = "#audience-field, [data-editor]"; // these know themselves what is in them

export function savable() {
  const sent = new FormData(form);
  const asks = sent.has("ask_acknowledge");
  return {
    title: sent.get("title"),
    summary: sent.get("summary"),
    ...(sent.has("kind") && { kind: sent.get("kind") }),
    [sent.get("format") === "html" ? "body" : "body_markdown"]: sent.get("body"),
    audience: audience(),
    ask_acknowledge: asks,
    ...(asks && { nudge_hours: steps() }),
    deadline: asks || !("draft" in form.dataset) ? local(sent.get("deadline")) : null,
    expires_at: local(sent.get("expires_at")),
    ...(sent.has("when") && { planned: plan(), pin: sent.has("pin") }),
  };
}

function local(moment) {
  const [day, time] = (moment ?? "").split("T");
  return day && time ? instant(day, time.slice(0, 5)) : null;
}

export const randomKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

export const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

// The same draft, whoever says it: the API adds words to an audience and writes instants in its own way.
export function alike(theirs, sent) {
  const plain = ["title", "summary", "kind", "body", "ask_acknowledge"].every((name) => theirs[name] === sent[name]);
  const pins = Boolean(theirs.pin) === Boolean(sent.pin);
  const dates = ["deadline", "expires_at"].every((name) => at(theirs[name]) === at(sent[name]));
  const nudges = !sent.ask_acknowledge || same(theirs.nudge_hours, sent.nudge_hours);
  return plain && pins && dates && nudges && leaves(theirs.planned) === leaves(sent.planned) && bare(theirs.audience) === bare(sent.audience);
}

// Does the page, as the hub sent it, say what was kept? Its body may stand in the field as Markdown, with its HTML beside it.
export function holds({ sent: kept }) {
  const now = savable();
  const html = form.elements.body.dataset.html;
  const body = now.body ?? (html !== undefined && form.elements.body.value === form.elements.body.defaultValue ? html : now.body_markdown);
  return body === (kept.body ?? kept.body_markdown) && alike({ ...now, body: "" }, { ...kept, body: "" });
}

const leaves = (planned) => (planned?.own_clock ? `${planned.own_clock.day} ${planned.own_clock.time}` : at(planned?.at));

const at = (moment) => (moment ? Date.parse(moment) : null);

function bare({ everyone, except, ...part }) {
  const ids = ({ group_ids, person_ids, attributes }) => [group_ids.toSorted(), person_ids.toSorted(), attributes.map(({ field, value }) => `${field}:${value}`).toSorted()];
  return JSON.stringify([everyone, ids(part), ids(except)]);
}

export function fields() {
  return { values: [...new FormData(form)].filter(([name]) => !PRIVATE.has(name)), chosen: chosen() };
}

// Put every field back as it was; the body is for whoever knows whether the editor is open.
export function bring({ values, chosen: tokens }) {
  const said = (name) => values.filter(([field]) => field === name).map(([, value]) => value);
  for (const control of form.elements) {
    if (!control.name || PRIVATE.has(control.name) || control.closest(ELSEWHERE) || /^(submit|button|file)$/.test(control.type)) continue;
    if (control.name === "format") continue;
    if (/^(checkbox|radio)$/.test(control.type)) control.checked = said(control.name).includes(control.value);
    else control.value = said(control.name)[0] ?? "";
  }
  steadied(said("nudge"));
  choose(tokens);
  for (const part of form.querySelectorAll("#asking, #when-field")) part.dispatchEvent(new Event("input"));
  const [format] = said("format");
  return { [format === "html" ? "body" : "body_markdown"]: said("body")[0] ?? "" };
}

// A step of one's own has no box on a page that was made anew.
function steadied(hours) {
  const boxes = [...form.querySelectorAll('[name="nudge"]')].map(({ value }) => value);
  const own = hours.find((value) => !boxes.includes(value));
  if (own && !form.elements.nudge_custom.value) form.elements.nudge_custom.value = own;
}

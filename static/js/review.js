// The last look: what to set right, how it will be delivered, and the button that names what happens.

import { ofPage, reason } from "./client.js";
import { toast } from "./toast.js";
import { say } from "./words.js";

const AGAIN = 1_500;
const client = ofPage();
const dialog = document.getElementById("review");
const form = document.getElementById("form");
const at = (name) => dialog.querySelector(`[data-${name}]`);

// Where the field of a check is on the page.
const FIELDS = { title: "id_title", summary: "id_summary", body: "id_body_markdown", audience: "audience-search", deadline: "id_deadline", expires_at: "id_expires_at", at: "id_day", own_clock: "id_day", pin: "id_pin" };

// Returns what says the number anew. `saved()` saves and answers whether that worked; `id()` is the draft's then; `when()`, `people()` and `button()` say what is chosen.
export function review({ saved, id, when, people, button }) {
  Object.assign(document.getElementById("words").dataset, document.getElementById("review-words").dataset);
  let turn = 0;

  async function open() {
    if (!(await saved()) || !id()) return toast(say("notSaved"));
    fill();
    dialog.showModal();
    at("title").focus();
    look();
  }

  function name() {
    at("title").textContent = say("ready", { count: people() });
    at("tab").textContent = say("onTab", { count: people() });
    at("go").lastChild.textContent = button();
  }

  function fill() {
    name();
    deliver();
    at("subject").textContent = form.elements.title.value || say("untitled");
    at("go").disabled = true;
    at("checks").replaceChildren();
  }

  function deliver() {
    const chosen = when();
    at("sentence").textContent = chosen.sentence;
    at("zones").replaceChildren(...chosen.table);
    at("nudged").hidden = !chosen.nudges;
    at("nudges").textContent = chosen.nudges ? say("until", { when: chosen.nudges }) : "";
    at("undo").textContent = say(chosen.later ? "undoLater" : "undoNow");
  }

  async function look() {
    const mine = ++turn;
    at("checks").setAttribute("aria-busy", "true");
    try {
      const { results } = await client.get(`announcements/${id()}/checks?${new URLSearchParams(when().query)}`);
      if (mine !== turn || !dialog.open) return;
      show(results);
      if (results.some(({ state }) => state === "checking")) setTimeout(() => mine === turn && dialog.open && look(), AGAIN);
    } catch (problem) {
      if (mine === turn) fault(problem.passing ? say("unreachable") : reason(problem));
    }
  }

  function show(results) {
    at("fault").hidden = true;
    at("checks").setAttribute("aria-busy", String(results.some(({ state }) => state === "checking")));
    at("checks").replaceChildren(...results.map(line));
    at("go").disabled = !when().told || results.some(({ state }) => state === "block");
  }

  function line({ state, title, detail, items, fix }) {
    const node = document.getElementById("review-check").content.firstElementChild.cloneNode(true);
    const part = (name) => node.querySelector(`[data-${name}]`);
    node.dataset.is = state;
    part("state").textContent = `${say(`state${state[0].toUpperCase()}${state.slice(1)}`)} `;
    part("name").textContent = title;
    part("detail").textContent = detail;
    part("items").replaceChildren(...items.map((item) => Object.assign(document.createElement("li"), { textContent: item })));
    if (fix) {
      Object.assign(part("fix"), { hidden: false, textContent: fix.label });
      part("fix").addEventListener("click", () => (fix.kind === "test" ? test() : go(fix.field)));
    }
    return node;
  }

  function go(field) {
    dialog.close();
    const editor = field === "body" && document.querySelector("[role=textbox][aria-multiline]");
    (editor || document.getElementById(FIELDS[field]))?.focus();
  }

  function fault(words) {
    Object.assign(at("fault"), { hidden: false, textContent: words });
    at("checks").setAttribute("aria-busy", "false");
  }

  async function test() {
    if (!(await saved()) || !id()) return toast(say("notSaved"));
    try {
      await client.post(`announcements/${id()}/test`);
      toast(say("sent"));
    } catch (problem) {
      toast(problem.passing && problem.status !== 429 ? say("unreachable") : say("notSent", { why: reason(problem) }));
    }
    if (dialog.open) look();
  }

  async function preview() {
    if (!(await saved()) || !id()) return toast(say("notSaved"));
    location.assign(`/a/${id()}/preview`);
  }

  const acts = { review: open, test, preview };
  for (const [name, act] of Object.entries(acts))
    for (const button of document.querySelectorAll(`[data-act="${name}"]`)) {
      button.hidden = false;
      button.addEventListener("click", (event) => {
        event.preventDefault();
        act();
      });
    }
  at("test").addEventListener("click", test);
  at("close").addEventListener("click", () => dialog.close());
  at("go").addEventListener("click", () => setTimeout(() => dialog.close()));
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey)) return;
    if (event.key === "Enter" && !dialog.open) open();
    else if (event.shiftKey && event.key.toLowerCase() === "p") preview();
    else return;
    event.preventDefault();
  });
  // The preview leads straight here; reloading the page does not.
  if (location.hash === "#review") {
    history.replaceState(null, "", location.pathname + location.search);
    open();
  }
  form.addEventListener("landed", () => dialog.open && deliver());
  return name; // for when the number is known, or another
}

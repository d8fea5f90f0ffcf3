// Writing: the draft saves itself, and the button says for how many it is.

import { audience, counted } from "./audience.js";
import { ofPage } from "./client.js";
import { review } from "./review.js";
import { remember } from "./store.js";
import { delivery, planned, steps } from "./when.js";
import { say, time } from "./words.js";

const QUIET = 2_000;
const WORDS_PER_MINUTE = 220;
const client = ofPage();
const form = document.getElementById("form");
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
const publish = document.querySelector("button[data-publish]");

// -- saving ----------------------------------------------------------------------------------------------------------

let id = form.dataset.announcement;
let saved = JSON.stringify(savable());
const datesAsLoaded = dates();
let timer = 0;
let saving = Promise.resolve(true);

function draft() {
  const sent = new FormData(form);
  const instant = (name) => (sent.get(name) ? sent.get(name) : null);
  return {
    title: sent.get("title"),
    summary: sent.get("summary"),
    [sent.get("format") === "html" ? "body" : "body_markdown"]: sent.get("body"),
    audience: audience(),
    ask_acknowledge: sent.has("ask_acknowledge"),
    ...(sent.has("ask_acknowledge") && { nudge_hours: steps() }),
    deadline: instant("deadline"),
    expires_at: instant("expires_at"),
  };
}

// Times are on the author's clock, which only the server knows: they are saved with the form.
function savable() {
  const { deadline, expires_at, ...rest } = draft();
  return rest;
}

function dates() {
  const { deadline, expires_at } = draft();
  return `${deadline} ${expires_at}`;
}

const kept = () => remember(`draft.${form.dataset.person}.${id || "new"}`);

async function save() {
  clearTimeout(timer);
  const sent = savable();
  const now = JSON.stringify(sent);
  if (now === saved) return true;
  at("state").textContent = say("saving");
  const before = kept();
  before.write({ sent, revision: form.elements.revision.value, at: Date.now() });
  try {
    stored(await (id ? client.patch(`announcements/${id}`, { ...sent, revision: Number(form.elements.revision.value) }) : client.post("announcements", sent)));
    before.write(null);
    saved = now;
    at("state").textContent = say("saved", { time: time(new Date()) });
    return true;
  } catch (problem) {
    refused(problem);
    return false;
  }
}

function stored(item) {
  if (!id) {
    id = item.id;
    history.replaceState(null, "", `/a/${id}/edit`);
    form.action = `/a/${id}/edit`;
  }
  form.elements.revision.value = item.revision;
}

// Whatever the reason: what is written is kept on this computer, and the state says so.
function refused(problem) {
  const [why] = Object.values(problem.fields ?? {});
  if (problem.status === 409) return conflict();
  if (problem.status === 401 || problem.status === 403) at("state").textContent = say("signedOut");
  else if (problem.passing) {
    at("state").textContent = say("kept", { time: time(new Date()) });
    timer = setTimeout(() => (saving = saving.then(save)), 20_000);
  } else at("state").textContent = say("refused", { why: why ?? problem.message });
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => (saving = saving.then(save)), QUIET);
}

if ("draft" in form.dataset) addEventListener("online", soon);

// -- two at once -----------------------------------------------------------------------------------------------------

let asking = false;

// An audience without the words that the API adds to it, to be compared.
function bare({ everyone, except, ...part }) {
  const ids = ({ group_ids, person_ids, attributes }) => [group_ids.toSorted(), person_ids.toSorted(), attributes.map(({ field, value }) => `${field}:${value}`).toSorted()];
  return JSON.stringify([everyone, ids(part), ids(except)]);
}

async function conflict() {
  at("state").textContent = say("conflict");
  if (asking) return;
  asking = true;
  const dialog = document.getElementById("conflict");
  const theirs = await client.get(`announcements/${id}`).catch(() => null);
  const sent = savable();
  if (theirs && ["title", "summary", "body", "ask_acknowledge"].every((name) => theirs[name] === sent[name]) && bare(theirs.audience) === bare(sent.audience)) {
    // Ours all the same: it went out when the page was left.
    asking = false;
    form.elements.revision.value = theirs.revision;
    saving = saving.then(save);
    return;
  }
  at("conflict-when").textContent = theirs ? say("conflictWhen", { time: time(new Date(theirs.updated_at)) }) : "";
  dialog.returnValue = "";
  dialog.showModal();
  dialog.addEventListener("close", () => settled(dialog.returnValue, theirs), { once: true });
}

async function settled(choice, theirs) {
  asking = false;
  if (!theirs || !choice) return;
  if (choice === "copy") {
    const copy = await client.post("announcements", savable()).catch(() => null);
    if (!copy) return refused({ passing: true });
    kept().write(null);
    saved = JSON.stringify(savable());
    location.assign(`/a/${copy.id}/edit`);
  } else if (choice === "theirs") {
    put(theirs);
    form.elements.revision.value = theirs.revision;
    kept().write(null);
    saved = JSON.stringify(savable());
    at("state").textContent = say("saved", { time: time(new Date(theirs.updated_at)) });
  } else {
    form.elements.revision.value = theirs.revision;
    saving = saving.then(save);
  }
}

function put({ title, summary, body, body_markdown }) {
  form.elements.title.value = title;
  form.elements.summary.value = summary;
  if (writing) return writing.load(body ?? body_markdown ?? "");
  const html = body !== undefined;
  form.elements.format.value = html ? "html" : "markdown";
  form.elements.body.value = html ? body : body_markdown;
  delete form.elements.body.dataset.html;
  length();
}

function restore() {
  const found = kept().read();
  if (!found || !("draft" in form.dataset) || JSON.stringify(found.sent) === JSON.stringify(savable())) return;
  put(found.sent);
  if (found.revision) form.elements.revision.value = found.revision;
  at("state").textContent = say("restored");
  soon();
}

// -- the editor: loaded when somebody is about to write, or when nothing else is to do ----------------------------------

let writing = null;

async function open() {
  const field = form.elements.body;
  if (open.done) return;
  open.done = true;
  const focused = document.activeElement === field;
  try {
    const { edit } = await import("./editor/index.js");
    const unchanged = JSON.stringify(savable()) === saved;
    writing = await edit(field, client);
    if (unchanged) saved = JSON.stringify(savable()); // the same text, in its stored form
    if (focused) writing.focus();
  } catch (problem) {
    console.error("The editor could not be opened; the field stays.", problem);
  }
  length();
}

form.elements.body.addEventListener("focus", open, { once: true });
(globalThis.requestIdleCallback ?? setTimeout)(open);

if ("draft" in form.dataset) {
  form.addEventListener("input", soon);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    saving = saving.then(save);
  });
}

// Leaving, or putting the page away: a save that fits goes out with it, and a copy stays in any case.
addEventListener("pagehide", () => "draft" in form.dataset && !leaving && save());

let leaving = false;
addEventListener("beforeunload", (event) => {
  if (!leaving && (JSON.stringify(savable()) !== saved || dates() !== datesAsLoaded)) event.preventDefault();
});

form.addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "discard" || leaving) return settle(event);
  event.preventDefault();
  const sure = document.getElementById("sure");
  sure.addEventListener("close", () => sure.returnValue === "yes" && go(event.submitter), { once: true });
  sure.showModal();
});

// A save that is under way ends first: the form carries the revision it makes.
async function settle(event) {
  if (leaving) return;
  event.preventDefault();
  clearTimeout(timer);
  await saving;
  go(event.submitter);
}

function go(submitter) {
  leaving = true;
  setTimeout(() => form.requestSubmit(submitter)); // not while the first submission is still being asked about
}

// -- counting --------------------------------------------------------------------------------------------------------

let people = 0;
let later = false;

const button = () => (later ? (people ? say("scheduleFor", { count: people }) : say("schedule")) : people ? say("publishTo", { count: people }) : say("publish"));
const renamed = publish && review({ saved: () => (saving = saving.then(save)), id: () => id, when: delivery, people: () => people, button });

counted((many) => {
  people = many;
  renamed?.();
});
planned((isLater) => {
  later = isLater;
  if (publish) publish.lastChild.textContent = say(later ? "reviewLater" : "review");
});

function length() {
  const said = form.elements.format.value === "html" ? form.elements.body.value.replace(/<[^>]+>/g, " ") : form.elements.body.value;
  const words = said.split(/\s+/).filter((word) => /[\p{L}\p{N}]/u.test(word)).length;
  at("length").textContent = words ? say("length", { count: words, minutes: Math.max(1, Math.ceil(words / WORDS_PER_MINUTE)) }) : "";
}

form.elements.body.addEventListener("input", length);
length();
restore();

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close(""));

// A title is one line, however it is typed or pasted.
form.elements.title.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  form.elements.summary.focus();
});
form.elements.title.addEventListener("input", ({ target }) => /\n/.test(target.value) && (target.value = target.value.replace(/\s*\n\s*/g, " ")));

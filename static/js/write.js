// Writing: the draft saves itself, and the button says for how many it is.

import { audience, counted } from "./audience.js";
import { ofPage } from "./client.js";
import { review } from "./review.js";
import { delivery, planned, steps } from "./when.js";
import { say, time } from "./words.js";

const QUIET = 1_500;
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

async function save() {
  clearTimeout(timer);
  const now = JSON.stringify(savable());
  if (now === saved) return true;
  at("state").textContent = say("saving");
  const revision = form.elements.revision;
  try {
    const item = id
      ? await client.patch(`announcements/${id}`, { ...savable(), revision: Number(revision.value) })
      : await client.post("announcements", savable());
    if (!id) {
      id = item.id;
      history.replaceState(null, "", `/a/${id}/edit`);
      form.action = `/a/${id}/edit`;
    }
    revision.value = item.revision;
    saved = now;
    at("state").textContent = say("saved", { time: time(new Date()) });
    return true;
  } catch (problem) {
    const [why] = Object.values(problem.fields);
    at("state").textContent = problem.status === 409 ? say("conflict") : problem.passing ? say("offline") : say("refused", { why: why ?? problem.message });
    return false;
  }
}

function soon() {
  clearTimeout(timer);
  timer = setTimeout(() => (saving = saving.then(save)), QUIET);
}

if ("draft" in form.dataset) {
  form.addEventListener("input", soon);
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    saving = saving.then(save);
  });
}

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
  const words = form.elements.body.value.split(/\s+/).filter(Boolean).length;
  at("length").textContent = words ? say("length", { count: words, minutes: Math.max(1, Math.ceil(words / WORDS_PER_MINUTE)) }) : "";
}

form.elements.body.addEventListener("input", length);
length();

// A title is one line, however it is typed or pasted.
form.elements.title.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  form.elements.summary.focus();
});
form.elements.title.addEventListener("input", ({ target }) => /\n/.test(target.value) && (target.value = target.value.replace(/\s*\n\s*/g, " ")));

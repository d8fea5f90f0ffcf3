// Writing: the draft saves itself, and the button says for how many it is.

import { counted } from "./audience.js";
import { ofPage } from "./client.js";
import { review } from "./review.js";
import { delivery, planned } from "./when.js";
import { toast } from "./toast.js";
import { say } from "./words.js";
import { checklist } from "./writing/checklist.js";
import { conflicts } from "./writing/conflict.js";
import { bring } from "./writing/draft.js";
import { helping, offer } from "./writing/notices.js";
import { saving } from "./writing/saving.js";
import { seen } from "./writing/seen.js";

const WORDS_PER_MINUTE = 220;
const client = ofPage();
const form = document.getElementById("form");
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
const publish = document.querySelector("button[data-publish]");
const isDraft = "draft" in form.dataset;
let leaving = false;

// -- saving ----------------------------------------------------------------------------------------------------------

const ask = conflicts(client, { drafts: () => drafts, go: leaveFor });
const drafts = saving(client, { conflict: ask });
const restored = restore();
helping({ ask: () => ask(), leave: (address) => (drafts.clean() || drafts.keep(), leaveFor(address)) });

async function restore() {
  const wanted = new URLSearchParams(location.search).get("kept");
  const { kept, others } = await drafts.found(wanted);
  if (kept) {
    await put(kept.fields);
    if (kept.revision && drafts.id()) drafts.take(kept.revision);
    if (drafts.clean()) drafts.done();
    else drafts.told("restored");
    drafts.soon();
  }
  offer(others, { back, drop: ({ name }) => drafts.kept.drop(name), put: ({ name, value }) => drafts.kept.put(name, value) });
}

// What was kept of this draft takes the place of what stands here; of a new one, a page of its own. It stays until the hub has it.
async function back({ name, value }) {
  if (!form.dataset.announcement) {
    await drafts.save();
    return leaveFor(`${location.origin}/announcements/new?${new URLSearchParams({ kept: name })}`);
  }
  await put(value.fields);
  form.addEventListener("saved", () => drafts.kept.drop(name), { once: true });
  drafts.soon();
}

async function put(fields) {
  const { body, body_markdown: markdown } = bring(fields);
  if (writing) return writing.load(body ?? (await client.post("bodies", { markdown })).body);
  form.elements.format.value = body === undefined ? "markdown" : "html";
  form.elements.body.value = body ?? markdown;
  delete form.elements.body.dataset.html;
  length();
}

function leaveFor(address) {
  leaving = true;
  location.assign(address);
}

if (isDraft) {
  addEventListener("online", drafts.soon);
  for (const event of ["focus", "pageshow"]) addEventListener(event, drafts.returned); // signed in again elsewhere, it goes on here
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "s") return;
    event.preventDefault();
    drafts.save(true);
  });
}
form.addEventListener("input", drafts.soon);
addEventListener("pagehide", () => leaving || drafts.leave());
addEventListener("beforeunload", (event) => {
  if (!leaving && !drafts.clean()) event.preventDefault();
});

// -- the editor: loaded when somebody is about to write, or when nothing else is to do ----------------------------------

let writing = null;

async function open() {
  const field = form.elements.body;
  if (open.done) return;
  open.done = true;
  try {
    await restored;
    const { edit } = await import("./editor/index.js");
    const [before, clean] = [field.value, drafts.bodyIsClean()];
    writing = await edit(field, client);
    if (clean && before === writing.from) drafts.restate();
    if (writing.focused) writing.focus();
  } catch (problem) {
    console.error("The editor could not be opened; the field stays.", problem);
  }
  length();
}

form.elements.body.addEventListener("focus", open, { once: true });
(globalThis.requestIdleCallback ?? setTimeout)(open);

// -- sending ---------------------------------------------------------------------------------------------------------

form.addEventListener("submit", (event) => {
  if (leaving || event.submitter?.formTarget) return; // what is shown in a frame is not sent away
  event.preventDefault();
  if (event.submitter?.value !== "discard") return send(event.submitter);
  const sure = document.getElementById("sure");
  sure.addEventListener("close", () => sure.returnValue === "yes" && discard(event.submitter), { once: true });
  sure.showModal();
});

// What is written is saved first, or kept here: the form that follows carries the revision that makes.
async function send(submitter) {
  if (isDraft) await drafts.save(true);
  else drafts.leave();
  if (!document.getElementById("conflict").open) go(submitter);
}

async function discard(submitter) {
  await drafts.ended();
  drafts.forget();
  go(submitter);
}

function go(submitter) {
  leaving = true;
  setTimeout(() => form.requestSubmit(submitter)); // not while the first submission is still being asked about
}

// -- counting --------------------------------------------------------------------------------------------------------

let people = 0;
let later = false;

const button = () => (later ? (people ? say("scheduleFor", { count: people }) : say("schedule")) : people ? say("publishTo", { count: people }) : say("publish"));
const renamed = publish && review({ saved: () => drafts.save(true), id: drafts.id, when: delivery, people: () => people, button });
if (form.querySelector("[data-see]")) seen(client, form);
if (publish) checklist({ id: drafts.id, when: delivery });

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

const { summary } = form.elements;
const fits = () => (at("summary-length").textContent = `${summary.value.length} / ${summary.maxLength}`);
summary.addEventListener("input", fits);
fits();

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close(""));

// What does not fit is not put in, and that is said.
for (const field of [form.elements.title, form.elements.summary]) {
  field.addEventListener("beforeinput", ({ data, dataTransfer }) => {
    const given = data ?? dataTransfer?.getData("text/plain") ?? "";
    const kept = field.value.length - (field.selectionEnd - field.selectionStart);
    if (kept + given.length > field.maxLength) toast(say("cutOff", { most: field.maxLength }));
  });
}

// A title is one line, however it is typed or pasted.
form.elements.title.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.isComposing) return;
  event.preventDefault();
  form.elements.summary.focus();
});
form.elements.title.addEventListener("input", ({ target }) => /\n/.test(target.value) && (target.value = target.value.replace(/\s*\n\s*/g, " ")));

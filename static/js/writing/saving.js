// Saving: one at a time, and whatever comes of it, what is written stays on this computer until the hub has it.

import { remember } from "../store.js";
import { say, time } from "../words.js";
import { fields, same, savable } from "./draft.js";

const QUIET = 2_000;
const AGAIN = 20_000;
const form = document.getElementById("form");
const state = document.querySelector('[data-slot="state"]');
const isDraft = "draft" in form.dataset;

const body = ({ body: html, body_markdown: markdown }) => html ?? markdown;
const randomKey = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");

// `conflict(saved)` is asked when somebody else has saved in between.
export function saving(client, { conflict }) {
  let id = form.dataset.announcement;
  let saved = savable();
  let attempt = null; // a draft that was begun, and of which no answer came: {key, first}
  let chain = Promise.resolve(true);
  let busy = false;
  let timer = 0;

  const copy = () => remember(`draft.${form.dataset.person}.${id || "new"}`);
  const keep = (sent = savable()) => copy().write({ sent, fields: fields(), attempt, revision: form.elements.revision.value, at: Date.now() });
  const clean = () => same(savable(), saved);
  const told = (...words) => (state.textContent = say(...words));

  async function once() {
    clearTimeout(timer);
    const sent = savable();
    if (same(sent, saved)) return true;
    busy = true;
    told("saving");
    try {
      if (!id) await begin(sent);
      if (!same(sent, saved)) await change(sent);
      copy().write(null);
      told("saved", { time: time(new Date()) });
      form.dispatchEvent(new Event("saved"));
      return true;
    } catch (problem) {
      keep(savable());
      refused(problem);
      return false;
    } finally {
      busy = false;
    }
  }

  // The key makes sure that a draft is begun once, also when its answer was lost with the page.
  async function begin(sent) {
    attempt ??= { key: randomKey(), first: sent };
    keep(sent);
    try {
      const { data } = await client.create("announcements", attempt.first, attempt.key);
      adopt(data, attempt.first);
    } catch (problem) {
      if (!problem.passing && problem.status !== 401 && problem.status !== 403) attempt = null; // refused: the next one is another
      throw problem;
    }
  }

  async function change(sent) {
    keep(sent);
    const item = await client.patch(`announcements/${id}`, { ...sent, revision: Number(form.elements.revision.value) });
    form.elements.revision.value = item.revision;
    saved = sent;
  }

  function adopt(item, sent) {
    copy().write(null);
    attempt = null;
    id = String(item.id);
    saved = sent;
    history.replaceState(null, "", `/a/${id}/edit`);
    form.action = `/a/${id}/edit`;
    form.elements.revision.value = item.revision;
  }

  // Whatever the reason: what is written is kept on this computer, and the state says so.
  function refused(problem) {
    const [why] = Object.values(problem.fields ?? {});
    if (problem.passing) {
      told("kept", { time: time(new Date()) });
      timer = setTimeout(save, AGAIN);
    } else if (problem.status === 409) {
      told("conflict");
      conflict();
    } else if (problem.status === 401 || problem.status === 403) told("signedOut");
    else told("refused", { why: why ?? problem.message ?? String(problem) });
  }

  const save = () => (chain = chain.then(once));

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(isDraft ? save : keep, QUIET);
  }

  // Leaving, or putting the page away: a save that fits goes out with it, and a copy stays in any case. One that is under way is not
  // begun a second time.
  function leave() {
    if (clean()) return;
    keep();
    if (isDraft && !busy) once();
  }

  // What an earlier page kept, unless the hub has it: {fields} to bring back, or null.
  async function found() {
    const kept = copy().read();
    if (!kept?.fields) return null;
    if (!isDraft) return kept.revision === form.elements.revision.value && !same(kept.sent, savable()) ? kept : forget();
    if (id || !kept.attempt) return same(kept.sent, savable()) ? forget() : kept;
    const before = savable();
    let begun;
    try {
      begun = await client.create("announcements", kept.attempt.first, kept.attempt.key);
    } catch {
      attempt = kept.attempt; // asked again with the next save
      return kept;
    }
    const whole = same(kept.sent, kept.attempt.first);
    if (begun.replayed && whole) return forget(); // it went out when its page was left
    if (!same(before, savable())) return later(begun.data, kept);
    adopt(begun.data, kept.attempt.first);
    return kept;
  }

  // Something new is being written already: what was kept is a draft of its own.
  async function later(item, kept) {
    await client.patch(`announcements/${item.id}`, kept.sent).catch(() => null);
    return forget();
  }

  function forget() {
    copy().write(null);
    return null;
  }

  return {
    save, soon, leave, found, forget, clean, told,
    id: () => id,
    ended: () => (clearTimeout(timer), chain),
    // Begin from what the hub has now: its revision, and what is in the form as saved.
    settle: (revision = form.elements.revision.value) => {
      form.elements.revision.value = revision;
      saved = savable();
    },
    bodyIsClean: () => same(body(savable()), body(saved)),
    // The body says the same in its stored form now; whatever else was changed meanwhile is still to be saved.
    restate: () => {
      const now = savable();
      saved = Object.fromEntries(Object.keys(now).map((name) => [name, name === "body" ? now.body : saved[name]]));
    },
    take: (revision) => (form.elements.revision.value = revision),
  };
}

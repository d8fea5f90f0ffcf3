// Saving: one at a time, and whatever comes of it, what is written stays on this computer until the hub has it.

import { reason } from "../client.js";
import { say, time } from "../words.js";
import { copies } from "./copies.js";
import { fields, holds, randomKey, same, savable } from "./draft.js";
import { renew, who } from "./session.js";
import { troubled, untroubled } from "./notices.js";

const QUIET = 2_000;
const AGAIN = 20_000;
const form = document.getElementById("form");
const state = document.querySelector('[data-slot="state"]');
const mark = document.querySelector("[data-mark]");
const MARKS = { saved: "saved", saving: "", restored: "" }; // all else is not with the hub
const isDraft = "draft" in form.dataset;
const kept = copies(form.dataset.person);

const body = ({ body: html, body_markdown: markdown }) => html ?? markdown;

// `conflict` is asked when the draft cannot be saved as it is: {problem, stays, asked}; it returns once it has asked.
export function saving(client, { conflict }) {
  let id = form.dataset.announcement;
  let saved = savable();
  let attempt = null; // a draft that was begun, and of which no answer came: {key, first}
  let chain = Promise.resolve(true);
  let busy = false;
  let signedOut = false;
  let timer = 0;

  const drop = () => kept.write(id, null);
  const asKept = (sent) => ({ sent, fields: fields(), attempt, revision: form.elements.revision.value, at: Date.now() });
  // Tells whether it is kept: there may be no room.
  const keep = (sent = savable()) => kept.write(id, asKept(sent));
  const clean = () => same(savable(), saved);
  const told = (name, ...values) => {
    state.textContent = say(name, ...values);
    mark.dataset.mark = MARKS[name] ?? "away";
  };

  async function once(asked, again = true) {
    clearTimeout(timer);
    const sent = savable();
    if (same(sent, saved)) return true;
    busy = true;
    told("saving");
    try {
      if (!id) await begin(sent);
      if (!same(sent, saved)) await change(sent);
      done();
      return true;
    } catch (problem) {
      const stays = keep();
      if (again && (await renewed(problem))) return await once(asked, false);
      await refused(problem, { stays, asked });
      return false;
    } finally {
      busy = false;
    }
  }

  function done() {
    drop();
    signedOut = false;
    untroubled();
    told("saved", { time: time(new Date()) });
    form.dispatchEvent(new Event("saved"));
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
    drop();
    attempt = null;
    id = String(item.id);
    saved = sent;
    history.replaceState(null, "", `/a/${id}/edit`);
    form.action = `/a/${id}/edit`;
    form.elements.revision.value = item.revision;
  }

  // A page whose session was begun anew in another tab goes on with the token of that one.
  const renewed = async ({ status, code }) => status === 403 && code === "permission_denied" && (await who()) === "me" && renew();

  // Whatever the reason: it is said whether what is written is kept on this computer, and what to do where it is not.
  async function refused(problem, { stays, asked }) {
    const why = reason(problem) || String(problem);
    if (problem.passing) return unreached(stays);
    if (problem.status === 401) return strange("nobody", stays);
    if (problem.status === 403 && problem.code === "permission_denied") {
      const now = await who();
      return now === "other" || now === "nobody" ? strange(now, stays) : unreached(stays);
    }
    if (problem.code === "second_factor_required") return told(stays ? "keptForYou" : "unkept"), troubled(why, ["copy"]);
    if ([403, 404, 409].includes(problem.status)) {
      told(stays ? "conflict" : "unkept");
      return conflict({ problem, stays, asked });
    }
    told("refused", { why });
    if (stays) untroubled();
    else troubled(say("refusedUnkept"), ["copy"]);
  }

  function unreached(stays) {
    told(stays ? "kept" : "unkept", { time: time(new Date()) });
    if (stays) untroubled();
    else troubled(say("unreachedUnkept"), ["copy"]);
    timer = setTimeout(save, AGAIN);
  }

  function strange(now, stays) {
    signedOut = true;
    told(stays ? (now === "other" ? "keptForYou" : "signedOut") : "unkept");
    const sentence = now === "other" ? (stays ? "otherKept" : "otherUnkept") : stays ? "signInKept" : "signInUnkept";
    troubled(say(sentence), stays ? ["signIn"] : ["copy"]);
  }

  const save = (asked = false) => (chain = chain.then(() => once(asked === true)));

  function soon() {
    clearTimeout(timer);
    timer = setTimeout(isDraft ? save : () => keep() || (told("unkept"), troubled(say("correctionUnkept"), ["copy"])), QUIET);
  }

  // Leaving, or putting the page away: a save that fits goes out with it, and a copy stays in any case. One that is under way is not
  // begun a second time.
  function leave() {
    if (clean()) return;
    keep();
    if (isDraft && !busy) once();
  }

  // What earlier pages kept, unless the hub has it: {kept: to be brought back at once, or null; others: to be offered}. `wanted` names
  // the one that was asked for.
  async function found(wanted) {
    const left = await kept.left(id);
    const own = kept.own(id);
    const known = (value) => (id ? holds(value) : false);
    if (own && known(own)) drop();
    for (const one of left.filter(({ value }) => known(value))) kept.drop(one.name);
    const open = left.filter(({ value }) => !known(value));
    const mine = own && !known(own) ? { value: own } : (open.find(({ name }) => name === wanted) ?? alone(open));
    const rest = open.filter((one) => one !== mine);
    const others = isDraft && !id ? await sendOn(rest) : rest;
    if (!mine) return { kept: null, others };
    if (!isDraft && mine.value.revision !== form.elements.revision.value) return { kept: null, others: [named(mine), ...others] };
    const back = isDraft && !id && mine.value.attempt ? await begun(mine.value, { others, asked: mine.name === wanted }) : mine.value;
    const stays = !back || kept.write(id, back);
    if (mine.name && stays) kept.drop(mine.name);
    return { kept: back, others };
  }

  // One that was left behind comes back by itself; among several nobody but their author chooses.
  const alone = (open) => (open.length === 1 && !open[0].value.aside ? open[0] : null);
  const named = ({ name, value }) => (name ? { name, value } : { name: asideOf(value), value });

  // What was kept of an older state of it stands beside this one.
  function asideOf(value) {
    const name = kept.aside(id, value);
    if (name) drop();
    return name;
  }

  // The draft that a page before this one had begun is gone on with, unless it has all of it and nobody asked for it.
  async function begun(value, { others, asked }) {
    const before = savable();
    let draft;
    try {
      draft = await client.create("announcements", value.attempt.first, value.attempt.key);
    } catch {
      attempt = value.attempt; // asked again with the next save
      return value;
    }
    const whole = same(value.sent, value.attempt.first);
    if (draft.replayed && whole && !asked) return drop(), null; // it went out when its page was left
    if (same(before, savable())) return adopt(draft.data, value.attempt.first), value;
    // Something new is being written already: what was kept is a draft of its own.
    if (!(await sentOn(value))) others.push({ name: kept.aside("", value), value });
    return null;
  }

  // What pages that are gone had begun become drafts of their own; returns those that could not.
  async function sendOn(left) {
    const stay = [];
    for (const one of left) if (!(await sentOn(one.value))) stay.push(one);
    for (const { name } of left.filter((one) => !stay.includes(one))) kept.drop(name);
    return stay;
  }

  async function sentOn({ attempt: begun, sent }) {
    if (!begun) return false;
    try {
      const { data } = await client.create("announcements", begun.first, begun.key);
      if (!same(sent, begun.first)) await client.patch(`announcements/${data.id}`, { ...sent, revision: data.revision });
      return true;
    } catch {
      return false; // it stays where it is, and is offered
    }
  }

  return {
    save, soon, leave, found, clean, told, done, kept, keep,
    forget: drop,
    id: () => id,
    aside: () => kept.aside(id, asKept(savable())),
    returned: () => signedOut && save(),
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

// A draft that cannot be saved as it is: somebody saved in between, it went out, it is gone, or a right is. Its author is told which,
// chooses, and loses nothing.

import { reason } from "../client.js";
import { say, time } from "../words.js";
import { alike, savable } from "./draft.js";
import { copyText, troubled, untroubled } from "./notices.js";

const form = document.getElementById("form");
const dialog = document.getElementById("conflict");
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
const button = (choice) => dialog.querySelector(`button[value="${choice}"]`);

// Returns what asks; `drafts()` is the saving, `go` leaves for another page without being held back.
export function conflicts(client, { drafts, go }) {
  let last = null; // what is asked about
  let put = false; // put off: saving by itself does not ask again
  dialog.querySelector("[data-copy-text]").addEventListener("click", () => copyText((sentence) => (at("conflict-copied").textContent = sentence)));

  // Without `given`, about what was put off.
  async function ask(given) {
    last = given ?? last;
    if (dialog.open) return;
    if (put && given && !given.asked) return later();
    const { theirs, problem } = await fetched(last.problem);
    if (theirs?.state === "draft" && alike(theirs, savable())) return ours(theirs);
    show(theirs, problem, last.stays);
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => settled(dialog.returnValue, theirs), { once: true });
  }

  // What the hub has now: nothing where it does not say, and then what it says instead.
  async function fetched(problem) {
    if (problem.status !== 409) return { theirs: null, problem };
    try {
      return { theirs: await client.get(`announcements/${drafts().id()}`), problem };
    } catch (another) {
      return { theirs: null, problem: [403, 404].includes(another.status) ? another : problem };
    }
  }

  // Ours all the same: it went out when the page was left.
  function ours(theirs) {
    drafts().settle(theirs.revision);
    drafts().forget();
    drafts().told("saved", { time: time(new Date(theirs.updated_at)) });
  }

  function show(theirs, { status, message }, stays) {
    const lost = status === 403 || status === 404;
    at("conflict-title").textContent = say(status === 404 ? "conflictGone" : status === 403 ? "conflictLost" : "conflictChanged");
    at("conflict-when").textContent = status === 404 ? say("conflictGoneWhy") : status === 403 ? message : theirs ? said(theirs) : say("conflictUnseen");
    at("conflict-kept").textContent = say(stays ? "conflictKept" : "conflictUnkept");
    button("copy").hidden = status === 403 && !drafts().id(); // it is what was refused
    button("theirs").hidden = button("mine").hidden = lost;
    button("theirs").disabled = !theirs;
    const why = lost ? "" : !theirs ? say("mineUnseen") : theirs.state === "draft" ? "" : say(theirs.state === "scheduled" ? "mineScheduled" : "mineOut");
    button("mine").disabled = Boolean(why);
    at("conflict-mine").textContent = why;
    at("conflict-mine").hidden = !why;
    at("conflict-copied").textContent = "";
  }

  function said(theirs) {
    const when = time(new Date(theirs.updated_at));
    const own = String(theirs.updated_by) === form.dataset.person;
    return own ? say("conflictOwn", { time: when }) : say("conflictBy", { name: theirs.updated_by_name, time: when });
  }

  function later() {
    put = true;
    troubled(say(last.stays ? "conflictLater" : "conflictLaterUnkept"), ["ask", "copy"]);
  }

  async function settled(choice, theirs) {
    put = false;
    if (choice === "mine") {
      drafts().take(theirs.revision);
      untroubled();
      return drafts().save();
    }
    if (choice === "theirs") return showTheirs(theirs);
    if (choice === "copy") return copied();
    return later();
  }

  function showTheirs(theirs) {
    if (!drafts().aside()) return later();
    drafts().forget();
    return go(`/a/${theirs.id}/edit`);
  }

  async function copied() {
    try {
      const copy = await client.post("announcements", savable());
      drafts().forget();
      go(`/a/${copy.id}/edit`);
    } catch (problem) {
      const why = problem.passing ? say("conflictUnreached") : reason(problem);
      later();
      troubled(say("notCopiedHere", { why }), ["ask", "copy"]);
    }
  }

  return ask;
}

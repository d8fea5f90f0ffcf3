// Two at one draft: the second is told by whom and when it was changed, chooses, and loses nothing.

import { remember } from "../store.js";
import { say, time } from "../words.js";
import { alike, fields, savable } from "./draft.js";

const form = document.getElementById("form");
const at = (name) => document.querySelector(`[data-slot="${name}"]`);
const aside = (id) => remember(`draft.${form.dataset.person}.${id}.aside`);

// Returns what asks; `drafts()` is the saving, `go` leaves for another page without being held back.
export function conflicts(client, { drafts, go }) {
  const dialog = document.getElementById("conflict");
  let asking = false;

  async function ask() {
    if (asking) return;
    asking = true;
    const theirs = await client.get(`announcements/${drafts().id()}`).catch(() => null);
    if (theirs && alike(theirs, savable())) {
      // Ours all the same: it went out when the page was left.
      asking = false;
      drafts().settle(theirs.revision);
      drafts().forget();
      return drafts().told("saved", { time: time(new Date(theirs.updated_at)) });
    }
    at("conflict-when").textContent = theirs ? said(theirs) : "";
    dialog.returnValue = "";
    dialog.showModal();
    dialog.addEventListener("close", () => settled(dialog.returnValue, theirs), { once: true });
  }

  function said(theirs) {
    const when = time(new Date(theirs.updated_at));
    const own = String(theirs.updated_by) === form.dataset.person;
    return own ? say("conflictOwn", { time: when }) : say("conflictBy", { name: theirs.updated_by_name, time: when });
  }

  async function settled(choice, theirs) {
    asking = false;
    if (!theirs || !choice) return;
    if (choice === "mine") {
      drafts().take(theirs.revision);
      return drafts().save();
    }
    if (choice === "theirs") {
      aside(theirs.id).write({ fields: fields() });
      drafts().forget();
      return go(`/a/${theirs.id}/edit`);
    }
    try {
      const copy = await client.post("announcements", savable());
      drafts().forget();
      go(`/a/${copy.id}/edit`);
    } catch (problem) {
      drafts().told(problem.passing ? "kept" : "refused", { time: time(new Date()), why: Object.values(problem.fields)[0] ?? problem.message });
    }
  }

  return ask;
}

// What was mine, when theirs was shown: there to be brought back until something new is written or the page is left.
export function setAside(id, bringBack) {
  const mine = id && aside(id).read();
  if (!mine) return;
  aside(id).write(null);
  const notice = document.getElementById("aside");
  notice.hidden = false;
  notice.querySelector("button").addEventListener("click", () => {
    notice.hidden = true;
    bringBack(mine.fields);
  });
}

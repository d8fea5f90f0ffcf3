// A correction before it is made: as somebody will see it, in a frame of this page, and as a test to oneself. Nothing of it is kept.

import { reason } from "../client.js";
import { toast } from "../toast.js";
import { say } from "../words.js";
import { savable } from "./draft.js";

export function seen(client, form) {
  const [show, test] = ["see", "test"].map((name) => form.querySelector(`[data-${name}]`));
  const dialog = document.getElementById("seen");
  Object.assign(document.getElementById("words").dataset, document.getElementById("seen-words").dataset);
  show.formTarget = "seen";
  show.addEventListener("click", () => dialog.showModal());

  test.hidden = false;
  test.addEventListener("click", async () => {
    const { title, summary, body, body_markdown } = savable();
    const words = { title, summary, ...(body === undefined ? { body_markdown } : { body }) };
    try {
      await client.post(`announcements/${form.dataset.announcement}/test`, words);
      toast(say("sent"));
    } catch (problem) {
      toast(problem.passing && problem.status !== 429 ? say("unreachable") : say("notSent", { why: reason(problem) }));
    }
  });
}

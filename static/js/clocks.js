// The clocks of the company, on a page that was painted with them: they go on, and when somewhere work begins or ends the hub is asked.

import { ofPage } from "./client.js";
import { keepClocks, places } from "./tab/clocks.js";

// Take what the hub says now: whether each place is at work, and until when.
function take(found) {
  for (const [number, one] of [...places()].entries()) {
    if (found[number]?.timezone !== one.dataset.clock) continue;
    one.dataset.working = found[number].working ? "1" : "";
    one.dataset.changes = found[number].changes_at;
  }
}

export async function goOn() {
  const due = [...places()].some((one) => new Date(one.dataset.changes) <= new Date());
  if (due) await ofPage().get("workspace").then(({ clocks }) => take(clocks), () => null); // offline: the times go on
  keepClocks();
  setTimeout(goOn, 60_000 - (Date.now() % 60_000));
}

// Putting an announcement aside for later, or no longer, by a button that says which.

import { toast } from "./toast.js";
import { say } from "./words.js";

export function save(outbox, id, button) {
  const on = button.ariaPressed !== "true";
  const word = on ? "saved" : "unsaved";
  button.ariaPressed = on;
  outbox.add(id, word);
  toast(say(word), { label: say("undo"), act: () => save(outbox, id, button) });
}

// Putting an announcement aside for later, or no longer, by a button that says which.

import { toast } from "./toast.js";
import { say } from "./words.js";

// In a dialog the button alone says it: what stands below cannot be pressed.
export function save(outbox, id, button) {
  const on = button.ariaPressed !== "true";
  const word = on ? "saved" : "unsaved";
  button.ariaPressed = on;
  outbox.add(id, word);
  if (!button.closest("dialog")) toast(say(word), { label: say("undo"), act: () => save(outbox, id, button) });
}

// A dialog with one field: what was typed, trimmed; null when it was left.

export function ask(id, value = "") {
  const dialog = document.getElementById(id);
  const field = dialog.querySelector("input");
  field.value = value;
  dialog.returnValue = "no";
  dialog.showModal();
  field.select();
  return new Promise((done) => dialog.addEventListener("close", () => done(dialog.returnValue === "yes" ? field.value.trim() : null), { once: true }));
}

// Addresses to hand on: a button beside each copies it. Without a clipboard the field is there to copy from.

import { toast } from "./toast.js";

for (const button of document.querySelectorAll("[data-copy]")) {
  if (!navigator.clipboard) continue;
  const field = document.getElementById(button.dataset.copy);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.select();
    await navigator.clipboard.writeText(field.value);
    toast(button.dataset.said);
  });
}

// A choice shows at once; the button is for who has no scripts.

import { searchable } from "./preview-person.js";

const form = document.getElementById("preview");
form.querySelector("[data-show]").hidden = true;
form.addEventListener("change", () => form.requestSubmit());
searchable(form);

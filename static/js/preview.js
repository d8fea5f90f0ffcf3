// A choice shows at once; the button is for who has no scripts.

const form = document.getElementById("preview");
form.querySelector("[data-show]").hidden = true;
form.addEventListener("change", () => form.requestSubmit());

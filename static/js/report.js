// The report is printed by a button, too.

const button = document.querySelector("[data-print]");
button.hidden = false;
button.addEventListener("click", () => print());

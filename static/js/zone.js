// The browser knows a time zone: where it is another than the one chosen, it is offered.

const offer = document.querySelector("[data-browser-zone]");
const zones = document.getElementById("id_timezone");
const here = Intl.DateTimeFormat().resolvedOptions().timeZone;

function look() {
  const known = [...zones.options].some(({ value }) => value === here);
  offer.hidden = !known || zones.value === here;
}

offer.querySelector("span").textContent = offer.dataset.said.replace("{zone}", here);
offer.querySelector("button").addEventListener("click", () => {
  zones.value = here;
  look();
  zones.focus();
});
zones.addEventListener("change", look);
look();

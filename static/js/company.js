// The hue is seen while it is chosen.

const hue = document.getElementById("id_brand_hue");
const said = document.querySelector('[data-slot="hue"]');
hue?.addEventListener("input", () => {
  said.textContent = `${hue.value}°`;
  document.documentElement.style.setProperty("--brand-h", hue.value);
});

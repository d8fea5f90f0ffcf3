// The theme and the hue of whose tab it is; and those that this device had last.

export function look({ me, company }) {
  const root = document.documentElement;
  if (me.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = me.theme;
  root.style.setProperty("--brand-h", company.brand_hue);
}

export const lookAsBefore = () => look(JSON.parse(localStorage.getItem("look")));

export const keepLook = ({ me: { theme }, company: { brand_hue } }) =>
  localStorage.setItem("look", JSON.stringify({ me: { theme }, company: { brand_hue } }));

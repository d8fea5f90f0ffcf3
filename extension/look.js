// Before anything is drawn: the theme and the hue this device had last, so that nothing flashes.

export function look() {
  try {
    const { theme, hue } = JSON.parse(localStorage.getItem("look")) ?? {};
    if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
    if (Number.isInteger(hue)) document.documentElement.style.setProperty("--brand-h", hue);
  } catch {
    // nothing is kept yet
  }
}

export function keepLook({ me, company }) {
  localStorage.setItem("look", JSON.stringify({ theme: me.theme, hue: company.brand_hue }));
  const root = document.documentElement;
  if (me.theme === "system") delete root.dataset.theme;
  else root.dataset.theme = me.theme;
  root.style.setProperty("--brand-h", company.brand_hue);
}

// Before anything is drawn: the theme and the hue this device had last, so that nothing flashes. This runs while the page is read.
try {
  const { theme, hue } = JSON.parse(localStorage.getItem("look")) ?? {};
  if (theme === "light" || theme === "dark") document.documentElement.dataset.theme = theme;
  if (Number.isInteger(hue)) document.documentElement.style.setProperty("--brand-h", hue);
} catch {
  // nothing is kept yet
}

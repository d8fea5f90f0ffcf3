// Before anything is drawn: the parts of the tab that its person has switched off, so that nothing is there and goes. The page says
// whose it is and what the hub knows; what they have decided since, or the page without either, is kept here.

try {
  const { me = JSON.parse(localStorage.getItem("mantel.who")), off } = document.currentScript.dataset;
  const kept = (name) => JSON.parse(localStorage.getItem(`mantel.${name}.${me}`));
  document.documentElement.dataset.off = kept("own")?.off.join(" ") ?? off ?? kept("around").own.off.join(" ");
} catch {
  // nothing is switched off, or nothing can be remembered
}

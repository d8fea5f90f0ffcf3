// Before anything is drawn: the parts of the tab that whoever was here last has switched off, so that nothing is there and goes.

try {
  const who = JSON.parse(localStorage.getItem("mantel.who"));
  document.documentElement.dataset.off = JSON.parse(localStorage.getItem(`mantel.off.${who}`)).join(" ");
} catch {
  // nothing is switched off, or nothing can be remembered
}

// Before anything of the page without a network is drawn: the parts that whoever was here last has switched off, so that nothing is
// there and goes. Both are kept here.

try {
  const me = JSON.parse(localStorage.getItem("mantel.who"));
  const kept = (name) => JSON.parse(localStorage.getItem(`mantel.${name}.${me}`));
  document.documentElement.dataset.off = (kept("own") ?? kept("around").own).off.join(" ");
} catch {
  // nothing is switched off, or nothing can be remembered
}

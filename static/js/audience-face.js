// Somebody's picture, or their initials.

const TINTS = 6;

export function face({ id, name, picture }, node = document.createElement("span")) {
  if (picture) {
    const shown = Object.assign(document.createElement("img"), { src: picture.small, alt: "", className: "avatar middle" });
    node.replaceWith(shown);
    return shown;
  }
  const words = name.split(/\s+/).filter(Boolean);
  node.className = `avatar middle tint-${(id % TINTS) + 1}`;
  node.setAttribute("aria-hidden", "true");
  node.textContent = [words[0], ...words.slice(1).slice(-1)].map((word) => [...word][0]).join("").toUpperCase();
  return node;
}

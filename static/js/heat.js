// The cells of a heat map are one stop for the Tab key; from one to the next the arrow keys lead. One of weeks begins at its end: with this week.

const table = document.querySelector("table.heat");
const rows = table ? [...table.tBodies[0].rows] : [];
const linkAt = (row, column) => rows[row]?.cells[column]?.querySelector("a") ?? null;
const STEPS = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] };

// The next link that way; cells without one are passed over.
function next(cell, [down, along]) {
  const across = document.documentElement.dir === "rtl" ? -along : along;
  let [row, column] = [rows.indexOf(cell.parentElement) + down, cell.cellIndex + across];
  while (row >= 0 && row < rows.length && column > 0 && column < rows[row].cells.length) {
    if (linkAt(row, column)) return linkAt(row, column);
    row += down;
    column += across;
  }
  return null;
}

function stopAt(link) {
  for (const other of table.querySelectorAll("td a")) other.tabIndex = other === link ? 0 : -1;
}

if (table) {
  const room = table.parentElement;
  const ofWeeks = !table.matches(".flows");
  if (ofWeeks) room.scrollLeft = (document.documentElement.dir === "rtl" ? -1 : 1) * room.scrollWidth; // to the week that is running
  const first = [...table.querySelectorAll("tr:first-child td a")]; // at their end, too
  stopAt(first.at(ofWeeks ? -1 : 0) ?? table.querySelector("td a"));
  table.addEventListener("focusin", ({ target }) => target.matches("td a") && stopAt(target));
  table.addEventListener("keydown", (event) => {
    const cell = event.target.closest("td");
    if (!cell || !STEPS[event.key] || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault(); // the page stays where it is: the link that is met scrolls into view
    next(cell, STEPS[event.key])?.focus();
  });
}

// The curve is read off: by pointer, by finger, and by the arrow keys, of which a range that is not seen makes sense to every reader.

import { say } from "./words.js";

const APART = 12; // between the line and the card, in pixels
const frame = document.querySelector("[data-curve]");

function reading(points) {
  const at = (name) => frame.querySelector(`[data-${name}]`);
  const [reader, cross, card] = ["reader", "cross", "card"].map(at);
  const width = Number(frame.dataset.width);

  const place = (x) => {
    const drawn = frame.querySelector(".curve").getBoundingClientRect();
    const left = (x / width) * drawn.width;
    const room = left + APART + card.offsetWidth <= drawn.width;
    card.style.left = `${Math.max(0, room ? left + APART : left - APART - card.offsetWidth)}px`;
  };

  const show = (point) => {
    cross.removeAttribute("hidden");
    card.hidden = false;
    at("when").textContent = point.when;
    for (const slot of card.querySelectorAll("[data-many]")) slot.textContent = point[slot.dataset.many].many;
    for (const end of ["x1", "x2"]) cross.querySelector("line").setAttribute(end, point.x);
    for (const dot of cross.querySelectorAll("circle")) {
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point[dot.classList[0]].y);
    }
    place(point.x);
  };

  const hide = () => {
    cross.setAttribute("hidden", "");
    card.hidden = true;
  };

  const said = () => {
    const point = points[reader.value];
    const values = { when: point.when, opened: point.opened?.many, acknowledged: point.acknowledged.many };
    reader.setAttribute("aria-valuetext", say("readOff", values));
    return point;
  };

  const under = (event) => {
    const drawn = frame.querySelector(".curve").getBoundingClientRect();
    const x = ((event.clientX - drawn.left) / drawn.width) * width;
    return points.reduce((best, point) => (Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best));
  };

  reader.max = points.length - 1;
  reader.value = reader.max;
  reader.hidden = false;
  said();
  reader.addEventListener("focus", () => show(said()));
  reader.addEventListener("input", () => show(said()));
  reader.addEventListener("blur", hide);
  for (const kind of ["pointermove", "pointerdown"]) frame.addEventListener(kind, (event) => show(under(event)));
  frame.addEventListener("pointerleave", () => (document.activeElement === reader ? show(said()) : hide()));
}

if (frame) reading(JSON.parse(frame.dataset.curve));

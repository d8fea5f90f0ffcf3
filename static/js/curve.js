// The curve is read off: by pointer, by finger, and by the arrow keys, of which a range that is not seen makes sense to every reader.

import { number } from "./numbers.js";
import { say } from "./words.js";

const APART = 12; // between the line and the card, in pixels

function reading(frame) {
  const at = (name) => frame.querySelector(`[data-${name}]`);
  const [reader, card] = ["reader", "card"].map(at);
  const width = Number(frame.dataset.width);
  let points = JSON.parse(frame.dataset.curve);
  let shown = null; // the moment that is read off

  const place = (x) => {
    const drawn = frame.querySelector(".curve").getBoundingClientRect();
    const left = (x / width) * drawn.width;
    const room = left + APART + card.offsetWidth <= drawn.width;
    card.style.left = `${Math.max(0, room ? left + APART : left - APART - card.offsetWidth)}px`;
  };

  const show = (point) => {
    const cross = at("cross");
    shown = point;
    cross.removeAttribute("hidden");
    card.hidden = false;
    at("when").textContent = point.when;
    for (const slot of card.querySelectorAll("[data-many]")) slot.textContent = number(point[slot.dataset.many].many);
    for (const end of ["x1", "x2"]) cross.querySelector("line").setAttribute(end, point.x);
    for (const dot of cross.querySelectorAll("circle")) {
      dot.setAttribute("cx", point.x);
      dot.setAttribute("cy", point[dot.classList[0]].y);
    }
    place(point.x);
  };

  const hide = () => {
    shown = null;
    at("cross").setAttribute("hidden", "");
    card.hidden = true;
  };

  const said = () => {
    const point = points[reader.value];
    const values = { when: point.when, opened: number(point.opened?.many ?? 0), acknowledged: number(point.acknowledged.many) };
    reader.setAttribute("aria-valuetext", say("readOff", values));
    return point;
  };

  const under = (event) => {
    const drawn = frame.querySelector(".curve").getBoundingClientRect();
    const x = ((event.clientX - drawn.left) / drawn.width) * width;
    return points.reduce((best, point) => (Math.abs(point.x - x) < Math.abs(best.x - x) ? point : best));
  };

  const last = () => points.length - 1;

  // Who reads off a moment stays there while the curve grows, and who stands at its end moves on with it.
  const again = () => {
    const [here, seen, end] = [points[reader.value], shown, points[last()]];
    points = JSON.parse(frame.dataset.curve);
    const placeOf = (point) => {
      const found = point === end ? -1 : points.findIndex(({ when }) => when === point.when);
      return found < 0 ? last() : found;
    };
    reader.max = last();
    reader.value = placeOf(here);
    said();
    if (seen) show(points[placeOf(seen)]);
  };

  reader.max = last();
  reader.value = reader.max;
  reader.hidden = false;
  said();
  frame.addEventListener("redrawn", again);
  reader.addEventListener("focus", () => show(said()));
  reader.addEventListener("input", () => show(said()));
  reader.addEventListener("blur", hide);
  for (const kind of ["pointermove", "pointerdown"]) frame.addEventListener(kind, (event) => show(under(event)));
  frame.addEventListener("pointerleave", () => (document.activeElement === reader ? show(said()) : hide()));
}

// The curve that is there by now, if any.
export function readOff() {
  const frame = document.querySelector("[data-curve]");
  if (frame) reading(frame);
}

readOff();

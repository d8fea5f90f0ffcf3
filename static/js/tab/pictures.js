// Pictures in a text that is read in place. Where one is not to be had, words stand for it.

import { make, on, say } from "../words.js";
import { pictureKey } from "./texts.js";

// `find(key)` promises an address for a picture, or null. Returns what makes a picture of the attributes of an image.
export const pictures = (find) => (attributes) => {
  const key = pictureKey(attributes.src);
  const alt = attributes.alt ?? "";
  if (!key) return words(alt);
  const made = make("img", { alt });
  for (const side of ["width", "height"]) if (/^[0-9]{1,5}$/.test(attributes[side])) made.setAttribute(side, attributes[side]);
  const instead = () => made.replaceWith(words(alt));
  on(made, "error", instead);
  find(key).then((address) => (address ? (made.src = address) : instead()));
  return made;
};

const words = (alt) => make("span", { className: "reader-picture", textContent: alt ? say("picture", { alt }) : say("pictureAlone") });

// Charts as pictures: what the server drew as SVG, on a canvas.

import { toast } from "./toast.js";
import { say } from "./words.js";

const DENSITY = 2; // so that it is sharp on paper and on fine screens

async function picture(address) {
  const drawn = new Image();
  drawn.src = address;
  await drawn.decode();
  const canvas = document.createElement("canvas");
  canvas.width = drawn.naturalWidth * DENSITY;
  canvas.height = drawn.naturalHeight * DENSITY;
  const pen = canvas.getContext("2d");
  pen.scale(DENSITY, DENSITY);
  pen.drawImage(drawn, 0, 0);
  return new Promise((done) => canvas.toBlob(done, "image/png"));
}

// As the drawing is named: after what it shows, and the day it is of.
async function named(address) {
  const answer = await fetch(address, { method: "HEAD" });
  const [, name] = answer.headers.get("Content-Disposition")?.match(/filename="(.+)\.svg"/) ?? [];
  if (!answer.ok || !name) throw new Error(`${address}: ${answer.status}`);
  return `${name}.png`;
}

function keep(blob, name) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(blob);
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 60_000); // a browser may ask first where to put it
}

for (const button of document.querySelectorAll("[data-picture]")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    button.setAttribute("aria-busy", "true");
    try {
      keep(await picture(button.dataset.picture), await named(button.dataset.picture));
      button.closest("details").open = false;
    } catch {
      toast(say("failed"));
    } finally {
      button.removeAttribute("aria-busy");
    }
  });
}

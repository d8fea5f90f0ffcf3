// Pictures: picked, dropped or pasted; each asks what it shows, goes up, and says so when it could not.

import { reason } from "../client.js";
import { toast } from "../toast.js";
import { say } from "../words.js";
import { ask } from "./asking.js";
import { spot } from "./spot.js";

const PATIENCE = 60_000; // a worker that runs needs seconds

export function images(editor, client, place) {
  const input = place.querySelector('input[type="file"]');
  const list = place.querySelector("[data-uploads]");
  const dialog = document.getElementById("describe");
  let turn = Promise.resolve();
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  editor.view.dom.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    take([...event.dataTransfer.files], editor.view.posAtCoords({ left: event.clientX, top: event.clientY })?.pos);
  }, { capture: true });

  // They go up beside each other, and ask one after the other what they show; each stands where it was put, whatever is typed meanwhile.
  function take(files, at = editor.state.selection.from) {
    if (place.dataset.noPictures) return toast(place.dataset.noPictures), true;
    for (const file of files) queue(begin(file, spot(editor, at)));
    return files.length > 0;
  }

  function queue(one) {
    turn = turn.then(() => described(one)).then(() => void finish(one));
  }

  // `again` is what came of it the first time: a picture that went up is only waited for, and a description is not asked twice.
  function begin(file, place, again = {}) {
    const one = { file, place, alt: again.alt ?? null, asking: false, problem: null, row: waiting(file) };
    one.sent = uploadImage(client, file, again.problem?.image);
    one.sent.catch((problem) => {
      one.problem = problem;
      if (one.asking) dialog.close("no");
    });
    return one;
  }

  async function described(one) {
    if (one.problem || one.alt !== null) return;
    dialog.querySelector("[data-name]").textContent = one.file.name;
    one.asking = true;
    one.alt = await ask("describe");
    one.asking = false;
    editor.view.focus(); // at once where it was: a key that is pressed next belongs there
  }

  async function finish(one) {
    if (one.alt === null && !one.problem) return one.row.remove(); // it was left: the picture is not wanted
    try {
      const { src, width, height } = await one.sent;
      put(one.place, { src, alt: one.alt ?? "", width: String(width), height: String(height) });
      one.row.remove();
    } catch (problem) {
      failed(one, problem);
    }
  }

  function put(place, attrs) {
    const at = place.end();
    const { selection } = editor.state;
    const figure = { type: "figure", attrs };
    if (selection.empty && selection.from === at) editor.chain().focus().insertContent([figure, { type: "paragraph" }]).run(); // and on below it
    else editor.chain().insertContentAt(at, figure, { updateSelection: false }).run();
  }

  function waiting(file) {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("span"), { textContent: say("uploading", { name: file.name }) }));
    list.append(row);
    return row;
  }

  function failed({ row, file, place, alt }, problem) {
    row.dataset.failed = "";
    row.firstChild.textContent = say("uploadRefused", { name: file.name, why: reason(problem) || say("uploadLost") });
    if (problem.passing) row.append(button("again", () => (row.remove(), queue(begin(file, place, { alt, problem })))));
    row.append(button("dismiss", () => row.remove()));
  }

  function button(name, act) {
    const made = Object.assign(document.createElement("button"), { type: "button", className: "link", textContent: say(name) });
    made.addEventListener("click", act);
    return made;
  }

  async function describe() {
    const { alt } = editor.getAttributes("figure");
    dialog.querySelector("[data-name]").textContent = "";
    const said = await ask("describe", alt);
    editor.commands.focus();
    if (said !== null) editor.commands.updateAttributes("figure", { alt: said });
  }

  return { take, describe, pick: () => input.click() };
}

// Sends a picture and waits until it can be shown: {src, width, height}. Where that takes too long it is said, with the picture that
// may be waited for once more.
async function uploadImage(client, file, known) {
  const form = new FormData();
  form.append("file", file);
  let image = known ?? (await client.upload("images", form));
  const until = Date.now() + PATIENCE;
  for (let wait = 300; image.state === "processing"; wait = Math.min(wait * 1.5, 3_000)) {
    if (Date.now() > until) throw Object.assign(new Error(say("uploadSlow")), { passing: true, image });
    await new Promise((done) => setTimeout(done, wait));
    image = await client.get(`images/${image.id}`).catch((problem) => Promise.reject(Object.assign(problem, { image })));
  }
  if (image.state === "failed") throw new Error(image.fault);
  return image;
}

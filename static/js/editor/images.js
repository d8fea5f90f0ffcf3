// Pictures: picked, dropped or pasted; each asks what it shows, goes up, and says so when it could not.

import { say } from "../words.js";
import { ask } from "./asking.js";

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
    for (const file of files) {
      const one = begin(file, anchor(at));
      turn = turn.then(() => described(one)).then(() => void finish(one));
    }
    return files.length > 0;
  }

  function begin(file, spot) {
    const one = { file, spot, alt: null, asking: false, problem: null, row: waiting(file) };
    one.sent = uploadImage(client, file);
    one.sent.catch((problem) => {
      one.problem = problem;
      if (one.asking) dialog.close("no");
    });
    return one;
  }

  async function described(one) {
    if (one.problem) return;
    dialog.querySelector("[data-name]").textContent = one.file.name;
    one.asking = true;
    one.alt = await ask("describe");
    one.asking = false;
  }

  async function finish(one) {
    if (one.alt === null && !one.problem) return one.row.remove(); // it was left: the picture is not wanted
    try {
      const { src, width, height } = await one.sent;
      put(one.spot, { src, alt: one.alt ?? "", width: String(width), height: String(height) });
      one.row.remove();
    } catch (problem) {
      failed(one, problem);
    }
  }

  function put(spot, attrs) {
    const at = spot.end();
    const { selection } = editor.state;
    const figure = { type: "figure", attrs };
    if (selection.empty && selection.from === at) editor.chain().focus().insertContent([figure, { type: "paragraph" }]).run(); // and on below it
    else editor.chain().insertContentAt(at, figure, { updateSelection: false }).run();
  }

  // A place in the text that moves with what is typed before it.
  function anchor(at) {
    const move = ({ transaction }) => (at = transaction.mapping.map(at, -1));
    editor.on("transaction", move);
    return { end: () => (editor.off("transaction", move), Math.min(at, editor.state.doc.content.size)) };
  }

  function waiting(file) {
    const row = document.createElement("li");
    row.append(Object.assign(document.createElement("span"), { textContent: say("uploading", { name: file.name }) }));
    list.append(row);
    return row;
  }

  function failed({ row, file, spot }, problem) {
    row.dataset.failed = "";
    row.firstChild.textContent = say("uploadRefused", { name: file.name, why: problem.fields?.file ?? (problem.message || say("uploadLost")) });
    if (problem.passing) row.append(button("again", () => (row.remove(), take([file], spot.end()))));
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

// Sends a picture and waits until it can be shown: {src, width, height}.
export async function uploadImage(client, file) {
  const form = new FormData();
  form.append("file", file);
  let image = await client.upload("images", form);
  for (let wait = 300; image.state === "processing"; wait = Math.min(wait * 1.5, 3_000)) {
    await new Promise((done) => setTimeout(done, wait));
    image = await client.get(`images/${image.id}`);
  }
  if (image.state === "failed") throw new Error(image.fault);
  return image;
}

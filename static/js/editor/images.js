// Pictures: picked, dropped or pasted; each asks what it shows, goes up, and says so when it could not.

import { say } from "../words.js";

export function images(lib, editor, client, place) {
  const input = place.querySelector('input[type="file"]');
  const list = place.querySelector("[data-uploads]");
  const dialog = document.getElementById("describe");
  input.addEventListener("change", () => {
    take([...input.files]);
    input.value = "";
  });
  editor.view.dom.addEventListener("drop", (event) => {
    if (!event.dataTransfer?.files.length) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const at = editor.view.posAtCoords({ left: event.clientX, top: event.clientY });
    if (at) editor.commands.setTextSelection(at.pos);
    take([...event.dataTransfer.files]);
  }, { capture: true });

  function take(files) {
    files.reduce((before, file) => before.then(() => one(file)), Promise.resolve());
    return files.length > 0;
  }

  async function one(file) {
    const row = document.createElement("li");
    row.textContent = say("uploading", { name: file.name });
    list.append(row);
    try {
      const sent = uploadImage(client, file);
      const alt = await describe(file);
      const { src, width, height } = await sent;
      editor.chain().focus().insertContent({ type: "figure", attrs: { src, alt, width: String(width), height: String(height) } }).run();
      row.remove();
    } catch (problem) {
      row.textContent = say("uploadRefused", { name: file.name, why: problem.fields?.file ?? problem.message ?? "" });
      row.dataset.failed = "";
      setTimeout(() => row.remove(), 20_000);
    }
  }

  function describe(file) {
    return new Promise((done) => {
      const [field] = dialog.getElementsByTagName("input");
      field.value = "";
      dialog.querySelector("[data-name]").textContent = file.name;
      dialog.addEventListener("close", () => done(field.value.trim()), { once: true });
      dialog.showModal();
    });
  }

  return { take, pick: () => input.click() };
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

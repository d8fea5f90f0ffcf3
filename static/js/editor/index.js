// The editor in place of the field: loaded when somebody is about to write. Where it cannot be, the field stays.

import { inert, normal, written } from "./inert.js";
import { commands } from "./commands.js";
import { images } from "./images.js";
import { linking } from "./link.js";
import { clean, looksLikeMarkdown, onlyPicture } from "./paste.js";
import { extensions } from "./schema.js";
import { say } from "../words.js";
import { toast } from "../toast.js";
import { slash } from "./slash.js";
import { spot } from "./spot.js";
import { toolbar } from "./toolbar.js";

const SOUP = 20; // so much longer a program's HTML may be than what it says

export async function edit(field, client) {
  const place = field.closest("[data-editor]");
  const lib = await import(place.dataset.editor);
  const schema = JSON.parse(place.dataset.schema);
  const surface = document.createElement("div");
  const holder = document.createElement("div"); // the library takes its own element
  const link = linking(() => editor);
  const parse = () => lib.pm.model.DOMParser.fromSchema(editor.schema);
  const editor = new lib.Editor({
    element: holder,
    injectCSS: false,
    content: { type: "doc", content: [{ type: "paragraph" }] }, // never a string: those go through inert()
    extensions: extensions(lib, schema, { placeholder: field.placeholder, link }),
    editorProps: {
      attributes: { role: "textbox", "aria-multiline": "true", "aria-label": place.dataset.label, class: "prose writing-body" },
      transformPastedHTML: (html) => clean(html, schema, (count) => toast(say("stayedBehind", { count }))),
      handlePaste: (view, event) => pasted(event),
      // A click on a picture chooses it; one into its caption writes there.
      handleClickOn: (view, pos, node, at, { target }) => node.type.name === "figure" && target.localName === "img" && editor.commands.setNodeSelection(at),
    },
  });
  const upload = images(editor, client, place);
  const todo = commands(editor, { link, pick: upload.pick, describe: upload.describe, pictures: !place.dataset.noPictures });
  const { text, from } = await settled(field, client);
  const focused = document.activeElement === field;
  surface.append(holder);
  field.after(surface);
  load(text);
  field.form.elements.format.value = "html";
  field.value = html();
  field.hidden = true;
  editor.on("update", ({ transaction }) => {
    if (!transaction.docChanged) return;
    field.value = html();
    field.dispatchEvent(new Event("input", { bubbles: true }));
  });
  toolbar(editor, todo);
  slash(place, editor, todo);
  place.dataset.ready = "";

  function html() {
    const fragment = lib.pm.model.DOMSerializer.fromSchema(editor.schema).serializeFragment(editor.state.doc.content);
    return written(normal(fragment));
  }

  function load(body) {
    const doc = parse().parse(inert(body));
    const { tr } = editor.state;
    tr.replaceWith(0, tr.doc.content.size, doc.content).setSelection(lib.pm.state.Selection.atStart(tr.doc));
    editor.view.dispatch(tr.setMeta("addToHistory", false).setMeta("preventUpdate", true));
  }

  function pasted(event) {
    const data = event.clipboardData;
    const html = data.getData("text/html");
    const text = data.getData("text/plain");
    // Nothing so long can be kept: it is said at once, before anything is made of it.
    if (text.length > schema.most || html.length > schema.most * SOUP) return toast(say("tooLong", { most: schema.most.toLocaleString() })), true;
    if (data.files.length && (!html || onlyPicture(html))) return upload.take([...data.files]);
    const plain = !html || data.types.includes("vscode-editor-data");
    if (!plain || editor.isActive("codeBlock") || !looksLikeMarkdown(text)) return false;
    asMarkdown(text);
    return true;
  }

  // It stands where it was pasted, whatever is typed or chosen until the API has answered.
  async function asMarkdown(text) {
    const { from, to } = editor.state.selection;
    const start = spot(editor, from);
    const end = from === to ? start : spot(editor, to);
    const body = await client.post("bodies", { markdown: text }).then((made) => made.body, () => null);
    const { selection, tr } = editor.state;
    const [at, until] = [start.end(), end.end()];
    const here = selection.from === at && selection.to === until;
    tr.setSelection(lib.pm.state.TextSelection.between(tr.doc.resolve(at), tr.doc.resolve(Math.max(at, until))));
    if (body === null) tr.insertText(text);
    else tr.replaceSelection(parse().parseSlice(inert(body)));
    if (!here) tr.setSelection(selection.map(tr.doc, tr.mapping));
    editor.view.dispatch(here ? tr.scrollIntoView() : tr);
  }

  return { editor, html, from, focused, load: (body) => (load(body), (field.value = html())), focus: () => editor.commands.focus("end") };
}

// What stands in the field as HTML, once nobody types into it while that is found out. Markdown without its HTML beside it, of a
// template, a form shown again, or somebody who was faster than this: the API says what it becomes.
async function settled(field, client) {
  for (;;) {
    const from = field.value;
    const known = from === field.defaultValue ? field.dataset.html : "";
    const markdown = field.form.elements.format.value === "markdown" && !known && from.trim();
    const text = markdown ? (await client.post("bodies", { markdown: from })).body : known || from;
    if (field.value === from) return { text, from };
  }
}

// What one can do, by name: the toolbar and the slash menu say which.

import { ask } from "./asking.js";

export function commands(editor, { link, pick, describe, pictures }) {
  const run = (change) => () => change(editor.chain().focus()).run();
  const is = (...what) => () => editor.isActive(...what);
  // A cell holds none of these: one that was put in would tear its table apart.
  const outside = (change, ...what) => ({ run: () => editor.isActive("table") || run(change)(), on: what.length && is(...what), off: is("table") });
  const heading = (level) => outside((on) => on.toggleHeading({ level }), "heading", { level });
  const callout = (kind) => outside((on) => on.toggleWrap("callout", { kind }), "callout", { kind });
  const inTable = { shown: is("table") };
  let more = false;
  const rare = (name, change) => ({ run: run(change), on: is(name), shown: () => more || editor.isActive(name) });
  return {
    text: { run: run((on) => on.setParagraph()), on: is("paragraph") },
    h2: heading(2), h3: heading(3), h4: heading(4),
    bold: { run: run((on) => on.toggleBold()), on: is("bold") },
    italic: { run: run((on) => on.toggleItalic()), on: is("italic") },
    underline: rare("underline", (on) => on.toggleUnderline()),
    strike: { run: run((on) => on.toggleStrike()), on: is("strike") },
    highlight: { run: run((on) => on.toggleHighlight()), on: is("highlight") },
    subscript: rare("subscript", (on) => on.toggleSubscript()),
    superscript: rare("superscript", (on) => on.toggleSuperscript()),
    code: rare("code", (on) => on.toggleCode()),
    link: { run: link, on: is("link") },
    bullets: { run: run((on) => on.toggleBulletList()), on: is("bulletList") },
    numbers: { run: run((on) => on.toggleOrderedList()), on: is("orderedList") },
    tasks: { run: run((on) => on.toggleTaskList()), on: is("taskList") },
    quote: outside((on) => on.toggleBlockquote(), "blockquote"),
    info: callout("info"), success: callout("success"), warning: callout("warning"),
    codeBlock: outside((on) => on.toggleCodeBlock(), "codeBlock"),
    divider: outside((on) => on.setHorizontalRule()),
    table: outside((on) => on.insertTable({ rows: 3, cols: 3, withHeaderRow: true })),
    image: { run: pick, shown: () => pictures },
    describe: { run: describe, shown: is("figure") },
    imageGone: { run: run((on) => on.deleteNode("figure")), shown: is("figure") },
    language: { run: language, shown: is("codeBlock") },
    start: { run: start, shown: is("orderedList") },
    rowAfter: { run: run((on) => on.addRowAfter()), ...inTable },
    columnAfter: { run: run((on) => on.addColumnAfter()), ...inTable },
    rowGone: { run: run((on) => on.deleteRow()), ...inTable },
    columnGone: { run: run((on) => on.deleteColumn()), ...inTable },
    tableGone: { run: run((on) => on.deleteTable()), ...inTable },
    more: { run: () => (more = !more), on: () => more },
    undo: { run: run((on) => on.undo()), off: () => !editor.can().undo() },
    redo: { run: run((on) => on.redo()), off: () => !editor.can().redo() },
  };

  async function language() {
    const said = await ask("language", editor.getAttributes("codeBlock").language ?? "");
    editor.commands.focus();
    const tidy = said?.toLowerCase().replace(/[^a-z0-9+#-]/g, "").slice(0, 20);
    if (said !== null) editor.commands.updateAttributes("codeBlock", { language: tidy || null });
  }

  async function start() {
    const said = await ask("start", String(editor.getAttributes("orderedList").start ?? 1));
    editor.commands.focus();
    if (/^\d{1,9}$/.test(said ?? "")) editor.commands.updateAttributes("orderedList", { start: Number(said) });
  }
}

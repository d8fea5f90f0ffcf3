// What one can do, by name: the toolbar and the slash menu say which.

export function commands(editor, { link, pick }) {
  const run = (change) => () => change(editor.chain().focus()).run();
  const is = (...what) => () => editor.isActive(...what);
  const heading = (level) => ({ run: run((on) => on.toggleHeading({ level })), on: is("heading", { level }) });
  const callout = (kind) => ({ run: run((on) => on.toggleWrap("callout", { kind })), on: is("callout", { kind }) });
  const inTable = { shown: is("table") };
  return {
    text: { run: run((on) => on.setParagraph()), on: is("paragraph") },
    h2: heading(2), h3: heading(3), h4: heading(4),
    bold: { run: run((on) => on.toggleBold()), on: is("bold") },
    italic: { run: run((on) => on.toggleItalic()), on: is("italic") },
    underline: { run: run((on) => on.toggleUnderline()), on: is("underline") },
    strike: { run: run((on) => on.toggleStrike()), on: is("strike") },
    highlight: { run: run((on) => on.toggleHighlight()), on: is("highlight") },
    subscript: { run: run((on) => on.toggleSubscript()), on: is("subscript") },
    superscript: { run: run((on) => on.toggleSuperscript()), on: is("superscript") },
    code: { run: run((on) => on.toggleCode()), on: is("code") },
    link: { run: link, on: is("link") },
    bullets: { run: run((on) => on.toggleBulletList()), on: is("bulletList") },
    numbers: { run: run((on) => on.toggleOrderedList()), on: is("orderedList") },
    tasks: { run: run((on) => on.toggleTaskList()), on: is("taskList") },
    quote: { run: run((on) => on.toggleBlockquote()), on: is("blockquote") },
    info: callout("info"), success: callout("success"), warning: callout("warning"),
    codeBlock: { run: run((on) => on.toggleCodeBlock()), on: is("codeBlock") },
    divider: { run: run((on) => on.setHorizontalRule()) },
    table: { run: run((on) => on.insertTable({ rows: 3, cols: 3, withHeaderRow: true })) },
    image: { run: pick },
    rowAfter: { run: run((on) => on.addRowAfter()), ...inTable },
    columnAfter: { run: run((on) => on.addColumnAfter()), ...inTable },
    rowGone: { run: run((on) => on.deleteRow()), ...inTable },
    columnGone: { run: run((on) => on.deleteColumn()), ...inTable },
    tableGone: { run: run((on) => on.deleteTable()), ...inTable },
    undo: { run: run((on) => on.undo()) },
    redo: { run: run((on) => on.redo()) },
  };
}

// What the editor can make, from the schema that the sanitizer is made from.

const BLOCK = "block+";
const IN_CELL = "(paragraph | bulletList | orderedList | taskList | figure)+";

export function extensions(lib, schema, { placeholder, link }) {
  return [...marks(lib, schema, link), ...texts(lib, schema), ...lists(lib), ...holders(lib, schema), ...tables(lib, schema),
    lib.UndoRedo, lib.Dropcursor, lib.Gapcursor, lib.TrailingNode, lib.Placeholder.configure({ placeholder })];
}

// Marks nest in the schema's order: what comes first is outermost.
function marks(lib, schema, link) {
  const made = {
    link: linked(lib, schema, link), bold: lib.Bold, italic: lib.Italic, underline: lib.Underline, strike: lib.Strike,
    highlight: lib.Highlight, subscript: lib.Subscript, superscript: lib.Superscript, code: lib.Code,
  };
  // A link stands in no other link; all else may meet.
  return Object.keys(schema.marks).map((name, rank) => made[name].extend({ priority: 1000 - rank, excludes: name === "link" ? name : "" }));
}

function linked(lib, schema, open) {
  return lib.Link.extend({
    inclusive: false,
    addAttributes: () => Object.fromEntries(Object.keys(schema.marks.link.attributes).map((name) => [name, { default: null }])),
    renderHTML: ({ HTMLAttributes }) => ["a", { ...HTMLAttributes, rel: "noopener noreferrer" }, 0],
    addKeyboardShortcuts: () => ({ "Mod-k": () => (open(), true) }),
    addInputRules() { return [asMarkdown(lib, this.type)]; },
  }).configure({ openOnClick: false, autolink: true, linkOnPaste: true, defaultProtocol: "https" });
}

// [words](https://…): the words stay, with what marks them, and lead there.
function asMarkdown(lib, type) {
  return new lib.InputRule({
    find: /\[([^[\]\n]+)\]\(((?:https?:\/\/|mailto:)[^\s()]+)\)$/,
    handler({ state: { tr }, range: { from, to }, match: [, words, href] }) {
      const end = from + 1 + words.length;
      tr.delete(end, to).delete(from, from + 1).addMark(from, end - 1, type.create({ href })).removeStoredMark(type);
    },
  });
}

function texts(lib, schema) {
  const levels = Object.keys(schema.blocks.heading).map((tag) => Number(tag.slice(1)));
  const Heading = lib.Heading.extend({
    addInputRules() {
      const { type } = this;
      return [[/^#\s$/, 2], [/^##\s$/, 2], [/^###\s$/, 3], [/^####\s$/, 4]].map(([find, level]) => lib.textblockTypeInputRule({ find, type, getAttributes: { level } }));
    },
  }).configure({ levels });
  const HardBreak = lib.HardBreak.extend({ addKeyboardShortcuts() { return { "Shift-Enter": () => this.editor.commands.setHardBreak() }; } });
  const CodeBlock = lib.CodeBlock.extend({ addMenuItems: undefined }).configure({ languageClassPrefix: "language-" });
  const HorizontalRule = lib.HorizontalRule.extend({ addInputRules() { return this.parent().map((rule) => outsideTables(rule, this.editor)); } });
  return [lib.Document, lib.Text, lib.Paragraph, Heading, HardBreak, CodeBlock, HorizontalRule];
}

// In a cell, what is typed stays: a line across would tear the table apart.
function outsideTables(rule, editor) {
  const { handler } = rule;
  rule.handler = (typed) => (editor.isActive("table") ? null : handler(typed));
  return rule;
}

function lists(lib) {
  const OrderedList = lib.OrderedList.extend({
    addAttributes: () => ({
      start: {
        default: 1,
        parseHTML: (list) => Number(list.getAttribute("start") ?? 1),
        renderHTML: ({ start }) => (start === 1 ? {} : { start }),
      },
    }),
    renderHTML: ({ HTMLAttributes }) => ["ol", HTMLAttributes, 0],
    addInputRules() {
      const find = /^(\d+)\.\s$/;
      return [already(lib, find, [this.name]), lib.wrappingInputRule({ find, type: this.type, getAttributes: ([, start]) => ({ start: Number(start) }) })];
    },
  });
  const BulletList = lib.BulletList.extend({ addInputRules() { return [already(lib, /^[-+*]\s$/, [this.name, "taskList"]), ...this.parent()]; } });
  const TaskList = lib.Node.create({
    name: "taskList", group: "block list", content: "taskItem+",
    parseHTML: () => [{ tag: 'ul[data-kind="tasks"]', priority: 60 }],
    renderHTML: () => ["ul", { "data-kind": "tasks" }, 0],
    addCommands() { return { toggleTaskList: () => ({ commands }) => commands.toggleList(this.name, "taskItem") }; },
    addKeyboardShortcuts() { return { "Mod-Shift-9": () => this.editor.commands.toggleTaskList() }; },
  });
  return [BulletList, OrderedList, lib.ListItem.extend({ content: BLOCK }), TaskList, taskItem(lib)];
}

// Who types the mark of each item, where the list has made the next one, gets no list within it.
function already(lib, find, lists, attributes = () => ({})) {
  return new lib.InputRule({
    find,
    handler({ state, range, match, chain }) {
      const at = state.doc.resolve(range.from);
      if (at.depth < 3 || !lists.includes(at.node(-2).type.name) || at.index(-1)) return null;
      chain().deleteRange(range).updateAttributes(at.node(-1).type, attributes(match)).run();
    },
  });
}

function taskItem(lib) {
  return lib.Node.create({
    name: "taskItem", content: BLOCK, defining: true,
    addAttributes: () => ({
      done: { default: false, keepOnSplit: false, parseHTML: (item) => item.dataset.done === "true", renderHTML: ({ done }) => ({ "data-done": String(done) }) },
    }),
    parseHTML: () => [{ tag: "li[data-done]", priority: 60 }, { tag: 'ul[data-kind="tasks"] > li', priority: 59 }],
    renderHTML: ({ HTMLAttributes }) => ["li", HTMLAttributes, 0],
    addKeyboardShortcuts() {
      const item = this.name;
      return {
        Enter: () => this.editor.commands.splitListItem(item),
        Tab: () => this.editor.commands.sinkListItem(item),
        "Shift-Tab": () => this.editor.commands.liftListItem(item),
      };
    },
    addInputRules() {
      const find = /^\s*\[([ xX]?)\]\s$/;
      const done = ([, box]) => ({ done: /x/i.test(box) });
      return [instead(lib, find, this.name), already(lib, find, ["taskList"], done), lib.wrappingInputRule({ find, type: this.type, getAttributes: done })];
    },
    addNodeView: () => ({ node, getPos, editor }) => box(node, getPos, editor),
  });
}

// "- [ ] " begins a list before it says that it is one of tasks: the list becomes one, and its item holds none.
function instead(lib, find, item) {
  return new lib.InputRule({
    find,
    handler({ state, range, match: [, box], chain }) {
      if (state.doc.resolve(range.from).node(-1).type.name !== "listItem") return null;
      chain().deleteRange(range).toggleTaskList().updateAttributes(item, { done: /x/i.test(box) }).run();
    },
  });
}

function box(node, getPos, editor) {
  const [item, tick, content] = ["li", "input", "div"].map((tag) => document.createElement(tag));
  tick.type = "checkbox";
  tick.contentEditable = "false";
  tick.setAttribute("aria-label", editor.options.element.closest("[data-editor]")?.dataset.done ?? "");
  item.append(tick, content);
  const show = ({ attrs }) => {
    item.dataset.done = String(attrs.done);
    tick.checked = attrs.done;
  };
  tick.addEventListener("change", () => editor.commands.command(({ tr }) => (tr.setNodeAttribute(getPos(), "done", tick.checked), true)));
  show(node);
  return { dom: item, contentDOM: content, update: (next) => next.type === node.type && (show(next), true), ignoreMutation: (one) => one.target !== content && !content.contains(one.target) };
}

function holders(lib, schema) {
  const Callout = lib.Node.create({
    name: "callout", group: "block", content: "block+", defining: true,
    addAttributes: () => ({
      kind: {
        default: null,
        parseHTML: ({ dataset }) => (schema.callouts.includes(dataset.kind) ? dataset.kind : null),
        renderHTML: ({ kind }) => (kind ? { "data-kind": kind } : {}),
      },
    }),
    parseHTML: () => [{ tag: "aside" }],
    renderHTML: ({ HTMLAttributes }) => ["aside", HTMLAttributes, 0],
    // On the page it is a note in the text, not a part of the page of its own.
    addNodeView: () => ({ HTMLAttributes }) => {
      const aside = document.createElement("aside");
      for (const [name, value] of Object.entries({ ...HTMLAttributes, role: "note" })) aside.setAttribute(name, value);
      return { dom: aside, contentDOM: aside };
    },
  });
  const names = Object.keys(schema.blocks.figure.img);
  const Figure = lib.Node.create({
    name: "figure", group: "block", content: "inline*", draggable: true, isolating: true,
    addAttributes: () => Object.fromEntries(names.map((name) => [name, { default: name === "alt" ? "" : null, rendered: false }])),
    parseHTML: () => ["figure", "img[src]"].map((tag) => ({ tag, getAttrs: (found) => shown(found, names), contentElement: (found) => found.querySelector("figcaption") ?? document.createElement("figcaption") })),
    renderHTML: ({ node }) => ["figure", ["img", Object.fromEntries(names.map((name) => [name, node.attrs[name]]))], ["figcaption", 0]],
  });
  return [lib.Blockquote, Callout, Figure];
}

function shown(found, names) {
  const image = found.localName === "img" ? found : found.querySelector("img[src]");
  return image ? Object.fromEntries(names.map((name) => [name, image.getAttribute(name) ?? (name === "alt" ? "" : null)])) : false;
}

function tables(lib, schema) {
  const cell = (tag) => ({
    content: IN_CELL,
    addAttributes: () => Object.fromEntries(Object.keys(schema.blocks.table[tag]).map((name) => [name, name === "scope" ? { default: null } : span(name)])),
    renderHTML: ({ HTMLAttributes }) => [tag, HTMLAttributes, 0],
  });
  return [
    lib.Table.extend({ addMenuItems: undefined, addNodeView: () => null, renderHTML: () => ["table", ["tbody", 0]] }).configure({ resizable: false }),
    lib.TableRow, lib.TableHeader.extend(cell("th")), lib.TableCell.extend(cell("td")),
  ];
}

const span = (name) => ({ default: 1, parseHTML: (cell) => Number(cell.getAttribute(name) ?? 1), renderHTML: (attributes) => (attributes[name] > 1 ? { [name]: attributes[name] } : {}) });

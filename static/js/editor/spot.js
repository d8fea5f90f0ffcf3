// A place in the text that moves with what is typed before it; what is typed right there stays after it. `end` says where it is by then.

export function spot(editor, at) {
  const move = ({ transaction }) => (at = transaction.mapping.map(at, -1));
  editor.on("transaction", move);
  return { end: () => (editor.off("transaction", move), Math.min(at, editor.state.doc.content.size)) };
}

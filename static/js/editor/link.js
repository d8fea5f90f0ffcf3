// The dialog of a link: its address; an empty one takes the link away.

export function linking(current) {
  const dialog = document.getElementById("link");
  const address = dialog.querySelector("input");

  dialog.addEventListener("close", () => {
    const editor = current();
    const on = editor.chain().focus().extendMarkRange("link");
    const said = address.value.trim();
    if (dialog.returnValue !== "yes") return editor.commands.focus();
    if (!said) return on.unsetLink().run();
    const href = /^(https?:|mailto:)/i.test(said) ? said : /^[^\s@/]+@[^\s@/]+$/.test(said) ? `mailto:${said}` : `https://${said}`;
    const { empty } = editor.state.selection;
    if (empty && !editor.isActive("link")) return editor.chain().focus().insertContent({ type: "text", text: said, marks: [{ type: "link", attrs: { href } }] }).run();
    on.setLink({ href }).run();
  });

  address.addEventListener("input", () => address.setCustomValidity(""));
  // An address of another kind (javascript:, file:) is said here, and no link is made of it; a port is none.
  dialog.querySelector("form").addEventListener("submit", (event) => {
    const [, kind] = /^([a-z][a-z0-9+.-]*):(?!\d)/i.exec(address.value.trim()) ?? [];
    if (!kind || /^(https?|mailto)$/i.test(kind)) return;
    event.preventDefault();
    address.setCustomValidity(address.dataset.other);
    address.reportValidity();
  });

  return () => {
    address.setCustomValidity("");
    address.value = current().getAttributes("link").href ?? "";
    dialog.returnValue = "no";
    dialog.showModal();
    address.select();
  };
}

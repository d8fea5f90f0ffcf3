// A template: its text in the editor, as an announcement's is. Where that cannot be opened, the field stays.

import { ofPage } from "./client.js";
import { edit } from "./editor/index.js";

for (const button of document.querySelectorAll("[data-close]")) button.addEventListener("click", () => button.closest("dialog").close(""));

edit(document.getElementById("form").elements.body, ofPage()).catch((problem) => console.error("The editor could not be opened; the field stays.", problem));

// The pad in a running notebook (anywidget).
import { add } from "./dom.js";
import { ownKeys } from "./frame.js";
import { libraryOf, mathlive } from "./load.js";
import { Page } from "./page.js";
import { gettext } from "../../explorer/browser/gettext.js";

export async function render({ model, el }) {
  const root = add(el, "div"), free = ownKeys(root);
  root.textContent = gettext("The pad is being loaded.");
  const library = await libraryOf(model), Mathfield = await mathlive(library);
  root.textContent = "";
  const page = new Page(model, root, Mathfield), look = () => library.comm_live || page.stop();
  look();
  library.on("comm_live_update", look);
  return () => {
    library.off("comm_live_update", look);
    free();
    page.end();
  };
}

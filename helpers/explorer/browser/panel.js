// The picture of a panel in a running notebook.
import { add, addLive, set } from "./dom.js";
import { attend } from "./handles.js";

const BOX = ".activation-panel";

export function render({ model, el }) {
  const shown = add(el, "div"), speak = addLive(el);
  let latest = 0;
  const show = async () => {
    const turn = (latest += 1), next = document.createElement("div");
    next.innerHTML = model.get("html");
    await next.querySelector("img")?.decode().catch(() => {}); // else the page would jump
    if (turn !== latest) return;
    shown.replaceChildren(...next.childNodes);
    speak(shown.querySelector("img")?.alt ?? shown.textContent, turn > 1);
  };
  const names = model.get("names");
  const name = (handles) => handles.forEach((handle, k) => {
    if (handle.ariaLabel !== names[k]) set(handle, { "aria-label": names[k] });
  });
  const box = attend(el, BOX, name, () => false); // the keys are noUiSlider's own
  show();
  model.on("change:html", show);
  return () => {
    model.off("change:html", show);
    box.end();
  };
}

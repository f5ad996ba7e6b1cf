// The handles of ipywidgets' sliders beside `el`, which come in their own time and have no names.
import { ownKeys } from "./keys.js";

// After a click on the track the arrow keys go on from there.
function focusHandle(event) {
  event.target.closest(".noUi-target")?.querySelector(".noUi-handle").focus();
}

// Once `box`, a selector, is around both, name(handles) is called, and again whenever they change;
// step(k, n) moves the k-th slider by n steps, if it can. Returns again(), to name them at once,
// and end().
export function attend(el, box, name, step) {
  let found, release;
  const handles = () => [...found.querySelectorAll(".noUi-handle")];
  const again = () => found && name(handles());
  const changed = new MutationObserver(again);
  const arrived = new ResizeObserver(() => {
    if (found || !(found = el.closest(box))) return;
    changed.observe(found, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
    again();
    found.addEventListener("pointerup", focusHandle);
    release = ownKeys(found, (handle, n) => {
      const k = handles().indexOf(handle);
      return k >= 0 && step(k, n);
    });
  });
  arrived.observe(el);
  const end = () => {
    arrived.disconnect();
    changed.disconnect();
    release?.();
  };
  return { again, end };
}

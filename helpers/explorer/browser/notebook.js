// An explorer in a running notebook (anywidget): ipywidgets' sliders are linked to the model, and
// `explorer` builds its card.
import { add, set } from "./dom.js";
import { attend } from "./handles.js";
import { clamp, nearest, place } from "./numbers.js";
import { sliders } from "./state.js";

const BOX = ".activation-explorer";

function moveBy(model, trait, n) {
  const grid = model.get("data")[trait];
  if (model.get("locked")) return false;
  model.set(trait, place(clamp(nearest(model.get(trait), grid) + n, 0, grid.count - 1), grid));
  model.save_changes();
  return true;
}

function answer(model, prediction) {
  model.set({ prediction, locked: false });
  model.save_changes();
}

export function render({ model, el }, explorer) {
  const data = model.get("data"), traits = sliders(data);
  let texts;
  const view = explorer(add(el, "div"), data, (prediction) => {
    answer(model, prediction);
    show();
  }, (z) => {
    const grid = data.z;
    model.set("z", place(nearest(z, grid), grid));
    model.save_changes();
    el.closest(BOX)?.querySelector(".noUi-handle").focus({ preventScroll: true });
  });
  const box = attend(el, BOX, (handles) => handles.forEach((handle, k) => {
    const { name } = data[traits[k]], text = texts[traits[k]];
    if (handle.ariaValueText !== text) set(handle, { "aria-label": name, "aria-valuetext": text });
  }), (k, n) => moveBy(model, traits[k], n));
  const show = () => {
    texts = view.show(Object.fromEntries(traits.map((trait) => [trait, model.get(trait)])));
    box.again();
  };
  const wide = new ResizeObserver(() => { // sliders as wide as the z axis
    el.closest(BOX)?.style.setProperty("--plot", `${view.svg.clientWidth}px`);
  });
  if (model.get("prediction")) view.unlock(model.get("prediction"));
  show();
  for (const trait of traits) model.on(`change:${trait}`, show);
  wide.observe(el);
  return () => {
    for (const trait of traits) model.off(`change:${trait}`, show);
    wide.disconnect();
    box.end();
  };
}

// An explorer on any other page: `root` holds a picture and the data as JSON, `explorer` builds its
// card. Its sliders are those of the page.
import { add, set } from "./dom.js";
import { ownKeys } from "./keys.js";
import { place } from "./numbers.js";
import { sliders } from "./state.js";

export function addSlider(controls, name, grid, attributes) {
  const row = add(controls, "label", { class: "row" });
  add(row, "i", {}, grid.symbol);
  const range = { type: "range", min: grid.low, step: grid.step, max: place(grid.count - 1, grid) };
  const input = add(row, "input", { ...range, name, "aria-label": grid.name });
  add(row, "span", { "aria-hidden": true });
  return Object.assign(input, { value: grid.start, ...attributes });
}

export function mount(root, explorer) {
  const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  root.querySelector("img").hidden = true;
  const view = explorer(add(root, "div"), data, () => {
    for (const input of inputs) input.disabled = false;
    show();
  }, (z) => {
    inputs[0].value = z;
    inputs[0].dispatchEvent(new Event("input", { bubbles: true, composed: true }));
    inputs[0].focus({ preventScroll: true }); // arrow keys go on from there
  });
  view.card.classList.add("alone");
  const start = { disabled: Boolean(data.predict), oninput: () => show() };
  const inputs = sliders(data).map((name) => addSlider(view.controls, name, data[name], start));
  const show = () => {
    const texts = view.show(Object.fromEntries(inputs.map((input) => [input.name, +input.value])));
    for (const input of inputs) {
      const text = texts[input.name];
      set(input, { "aria-valuetext": text }).nextSibling.textContent = text;
    }
  };
  ownKeys(root, (input, n) => {
    if (!inputs.includes(input)) return false;
    input.value = +input.value + n * input.step;
    show();
    return true;
  });
  show();
}

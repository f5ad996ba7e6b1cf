// The keys of this exercise, and what is done with the whole pad. The arrow keys move between them:
// for the Tab key each bar is one stop.
import { add, button, set } from "./dom.js";
import { gettext } from "../../explorer/browser/gettext.js";

export function bar(parent, label) {
  const node = add(parent, "div", { class: "bar", role: "toolbar", "aria-label": label });
  const move = (event) => {
    const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
    if (!step) return;
    const all = [...node.querySelectorAll("button:not([disabled])")];
    const next = all[(all.indexOf(event.target) + step + all.length) % all.length];
    event.preventDefault();
    next.focus();
  };
  node.addEventListener("keydown", move);
  node.addEventListener("focusin", ({ target }) => {
    for (const one of node.querySelectorAll("button")) one.tabIndex = one === target ? 0 : -1;
  });
  return node;
}

export function keypad(parent, groups, insert) {
  const node = bar(parent, gettext("Keys of this exercise"));
  for (const group of groups) {
    const box = add(node, "span", { class: "group" });
    for (const key of group) {
      const made = button(box, { class: "key", "aria-label": key.name, title: key.name }, "", () => insert(key.insert));
      made.innerHTML = key.label;
      set(made.firstChild, { "aria-hidden": "true" });
    }
  }
  firstStop(node);
  return node;
}

export function firstStop(node) {
  [...node.querySelectorAll("button")].forEach((one, k) => { one.tabIndex = k ? -1 : 0; });
}

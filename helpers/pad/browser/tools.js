// The keys of the exercise, undo and redo, and copies of the whole.
import { button, copy } from "./dom.js";
import { bar, firstStop, keypad } from "./keypad.js";
import { isBegun } from "./lines.js";
import { gettext } from "../../explorer/browser/gettext.js";

function latexOfAll(lines) {
  const steps = lines.filter(isBegun).map(({ latex, reason }) =>
    (latex.startsWith("=") ? `&${latex}` : `${latex} &`) + (reason ? ` && \\text{${reason}}` : ""));
  return `\\begin{aligned}\n${steps.join(" \\\\\n")}\n\\end{aligned}`;
}

function copier(parent, words, text) {
  const node = button(parent, {}, words, async () => {
    await copy(text());
    node.textContent = gettext("Copied");
    setTimeout(() => { node.textContent = words; }, 1500);
  });
}

function undoKeys(page, { undo, redo }) {
  page.view.root.addEventListener("keydown", (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !"zy".includes(key) || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    (key === "y" || event.shiftKey ? redo : undo)();
  }, true);
}

export function tools(page) {
  const { view, sheet, past, model } = page;
  keypad(view.tools, sheet.keys, (latex) => page.insert(latex));
  const whole = bar(view.tools, gettext("The whole pad"));
  const steps = { undo: () => page.step(past.undo), redo: () => page.step(past.redo) };
  const undo = button(whole, { title: "Ctrl+Z" }, gettext("Undo"), steps.undo);
  const redo = button(whole, { title: "Ctrl+Y" }, gettext("Redo"), steps.redo);
  button(whole, { title: gettext("Alt+Enter: the line once more, to go on from") }, gettext("Repeat line"), () => page.repeat(page.at));
  copier(whole, gettext("Copy text"), () => model.get("told").text);
  copier(whole, gettext("Copy LaTeX"), () => latexOfAll(page.lines()));
  firstStop(whole);
  undoKeys(page, steps);
  const allow = (can) => {
    undo.disabled = !can.undo;
    redo.disabled = !can.redo;
  };
  return { allow };
}

// What all cards have: the frame, a table of numbers, tasks, a question to be answered first.
import { add, set } from "./dom.js";
import { CSS } from "./style.js";
import { gettext } from "./gettext.js";

export function addFrame(element, title) {
  const card = document.createElement("div");
  set(card, { class: "card", role: "group", "aria-label": gettext`Explorer: ${title}` });
  element.attachShadow({ mode: "open" }).append(card); // the page's style and this one keep apart
  add(card, "style", {}, CSS);
  const question = add(card, "fieldset", { hidden: "" });
  const stage = add(card, "div", { class: "stage" });
  const main = add(stage, "div"), side = add(stage, "div", { class: "side" });
  const controls = add(main, "div");
  const svg = add(main, "svg", { viewBox: "0 0 640 360", role: "img" });
  return { card, question, stage, side, controls, svg };
}

export function addEquation(stage, side, mathematics) {
  const equation = add(side, "div", { class: "equation" });
  equation.innerHTML = mathematics;
  if (equation.textContent.length > 22) stage.prepend(set(equation, { class: "equation wide" }));
}

// A row of the table of numbers, digits below digits; returns write(text).
export function addNumber(table, symbol, style = "", secret = "") {
  const row = add(table, "tr", { class: style });
  add(row, "th", { scope: "row" }, symbol);
  const cell = add(row, "td", { class: secret });
  const sign = add(cell, "span"), digits = add(cell, "span");
  return (text) => {
    sign.textContent = text[0] === "−" ? "−" : "";
    digits.textContent = text.replace(/^−/, "");
  };
}

const REST = 500, NEAR = 1e-9; // milliseconds; a slider's grid is not exact

const reached = (stop, at) => Object.entries(stop)
  .every(([name, [low, high]]) => low - NEAR <= at[name] && at[name] <= high + NEAR);

// Returns at(quantities), which hears where the sliders are: a task is ticked off when they have
// been moved and have rested in each of its places.
export function addTasks(card, tasks, goals = []) {
  const list = tasks.length && add(card, "ol", { "aria-label": gettext("Tasks"), "aria-live": "polite" });
  const open = tasks.map((task, k) => ({ item: add(list, "li", {}, task), left: goals[k] ?? [] }));
  let start, moved = false, waiting;
  function tick(at) {
    for (const task of open.filter(({ left }) => left.length)) {
      task.left = task.left.filter((stop) => !reached(stop, at));
      if (!task.left.length) add(task.item, "b", {}, gettext(" ✓ done"));
    }
  }
  return (at) => {
    const here = JSON.stringify(at);
    start ??= here;
    moved ||= here !== start;
    clearTimeout(waiting);
    if (moved) waiting = setTimeout(tick, REST, at);
  };
}

export function ask(fieldset, { question, choices }, answered) {
  fieldset.hidden = false;
  add(fieldset, "legend", {}, gettext`Predict first: ${question}`);
  const form = add(fieldset, "div"), group = `guess-${Math.random()}`; // many on one page
  for (const choice of choices) {
    const label = add(form, "label");
    add(label, "input", { type: "radio", name: group, value: choice });
    label.append(choice);
  }
  const button = add(form, "button", { type: "button", disabled: "" }, gettext("That is my prediction"));
  form.addEventListener("change", () => { button.disabled = false; });
  button.addEventListener("click", () => answered(form.querySelector(":checked").value));
}

export function recall(fieldset, { question }, answer, drawn) {
  fieldset.textContent = "";
  const said = add(fieldset, "p", { tabindex: -1 }, gettext`${question} You expected `);
  add(said, "b", {}, answer);
  said.append(gettext`${drawn ? gettext(", the grey line") : ""}. Does the picture agree?`);
  return said;
}

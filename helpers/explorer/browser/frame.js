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

export function addTasks(card, tasks) {
  const list = tasks.length && add(card, "ol", { "aria-label": gettext("Tasks") });
  for (const task of tasks) add(list, "li", {}, task);
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
  said.append(gettext`${drawn ? ", the grey line" : ""}. Does the picture agree?`);
  return said;
}

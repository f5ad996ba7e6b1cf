// The card of an explorer, with all that it says: the same in a notebook and on any other page.
import { add, addLive, set } from "./dom.js";
import { drawing } from "./drawing.js";
import { number, unpack } from "./numbers.js";
import { aboutKink, aboutLine, aboutRival, isApart, reader, spoken, stateAt } from "./state.js";
import { CSS } from "./style.js";

function addFrame(element, title) {
  const card = document.createElement("div");
  set(card, { class: "card", role: "group", "aria-label": `Explorer: ${title}` });
  element.attachShadow({ mode: "open" }).append(card); // the page's style and this one keep apart
  add(card, "style", {}, CSS);
  const question = add(card, "fieldset", { hidden: "" });
  const stage = add(card, "div", { class: "stage" });
  const main = add(stage, "div"), side = add(stage, "div", { class: "side" });
  const controls = add(main, "div");
  const svg = add(main, "svg", { viewBox: "0 0 640 360", role: "img" });
  return { card, question, stage, side, controls, svg };
}

function addEquation(stage, side, mathematics) {
  const equation = add(side, "div", { class: "equation" });
  equation.innerHTML = mathematics;
  if (equation.textContent.length > 22) stage.prepend(set(equation, { class: "equation wide" }));
}

// A row of the table of numbers, digits below digits; returns write(text).
function addNumber(table, symbol, style = "", secret = "") {
  const row = add(table, "tr", { class: style });
  add(row, "th", { scope: "row" }, symbol);
  const cell = add(row, "td", { class: secret });
  const sign = add(cell, "span"), digits = add(cell, "span");
  return (text) => {
    sign.textContent = text[0] === "−" ? "−" : "";
    digits.textContent = text.replace(/^−/, "");
  };
}

// What stands beside the picture; returns write(state).
function addNumbers(side, { parameter, rival, subgradient }) {
  const table = add(add(side, "table"), "tbody");
  const a = parameter && addNumber(table, parameter.symbol), z = addNumber(table, "z");
  const g = addNumber(table, "g(z)", "g"), prime = addNumber(table, "g′(z)", "p", "secret");
  const other = rival && addNumber(table, rival.name, "r", "secret");
  const m = subgradient && addNumber(table, "m", "m", "secret");
  return ({ i, value, slope, rows, texts }) => {
    a?.(texts.parameter);
    z(texts.z);
    g(number(value));
    prime(number(slope));
    other?.(number(rows.rival[i]));
    m?.(texts.subgradient);
  };
}

// What stands below the picture; returns write(state), which returns what is also read aloud.
function addNotes(card, { kinks, rival, subgradient, view }) {
  const note = (style) => add(card, "p", { class: `note ${style}` });
  const parting = rival && note("parting secret"), support = subgradient && note("m secret");
  const kink = kinks.length && note("secret");
  return (state) => {
    if (kink) kink.textContent = aboutKink(state, subgradient);
    if (rival) {
      parting.textContent = aboutRival(state, rival);
      parting.classList.toggle("apart", isApart(state, rival));
    }
    if (subgradient) support.textContent = aboutLine(state, view);
    return [parting, support].filter(Boolean).map((line) => line.textContent);
  };
}

function ask(fieldset, { question, choices }, answered) {
  fieldset.hidden = false;
  add(fieldset, "legend", {}, `Predict first: ${question}`);
  const form = add(fieldset, "div"), group = `guess-${Math.random()}`; // many on one page
  for (const choice of choices) {
    const label = add(form, "label");
    add(label, "input", { type: "radio", name: group, value: choice });
    label.append(choice);
  }
  const button = add(form, "button", { type: "button", disabled: "" }, "That is my prediction");
  form.addEventListener("change", () => { button.disabled = false; });
  button.addEventListener("click", () => answered(form.querySelector(":checked").value));
}

function recall(fieldset, { question }, answer, drawn) {
  fieldset.textContent = "";
  const said = add(fieldset, "p", { tabindex: -1 }, `${question} You expected `);
  add(said, "b", {}, answer);
  said.append(`${drawn ? ", the grey line" : ""}. Does the picture agree?`);
  return said;
}

// Build the explorer in `element`; predicted(answer) hears of the answer to its question. Returns
// show(values), which moves it to the values of the sliders, by name, and returns their texts;
// unlock(answer), for an answer that is known; and nodes: `card`, `svg` and `controls`, where a
// host puts sliders.
export function explorer(element, data, predicted) {
  const { predict, tasks, title } = data;
  const { card, question, stage, side, controls, svg } = addFrame(element, title);
  const picture = drawing(svg, data), rows = reader(data);
  addEquation(stage, side, data.equation);
  const writeNumbers = addNumbers(side, data), writeNotes = addNotes(card, data);
  const list = tasks.length && add(card, "ol", { "aria-label": "Tasks" });
  for (const task of tasks) add(list, "li", {}, task);
  const speak = addLive(card);
  let locked = Boolean(predict);

  function show(values) {
    const state = stateAt(data, values, rows);
    picture.show(state);
    writeNumbers(state);
    const said = spoken(state, writeNotes(state), locked);
    speak(said, svg.hasAttribute("aria-label"));
    svg.setAttribute("aria-label", `${title}: g, its slope g′ and the tangent. ${said}`);
    return state.texts;
  }

  function unlock(answer) {
    const guess = predict.ghosts[predict.choices.indexOf(answer)], drawn = guess != null;
    locked = false;
    card.classList.remove("locked");
    const level = () => rows(0).z.map(() => guess);
    if (drawn) picture.showGhost(typeof guess === "number" ? level() : unpack(guess));
    return recall(question, predict, answer, drawn);
  }

  if (predict) {
    card.classList.add("locked");
    ask(question, predict, (answer) => {
      unlock(answer).focus();
      predicted(answer);
    });
  }
  return { show, unlock, card, controls, svg };
}

// The card of a softmax of three logits: its probabilities as bars, and as one point of the
// triangle of all that add up to 1, on the path that it takes from cold to hot.
import { add, addLive, set } from "./dom.js";
import { addEquation, addFrame, addNumber, addTasks, ask, recall } from "./frame.js";
import { nearest, number, place, unpack } from "./numbers.js";
import { AXIS, BLUE, GREY, INK, PAPER, RULE, TEAL, TICK, VERMILION } from "./style.js";

const COLOURS = [BLUE, VERMILION, TEAL], BARS = [92, 176, 260], WIDE = 54, FLOOR = 296, HIGH = 268;
const CORNERS = [[482, 56], [346, 292], [618, 292]]; // equilateral

// p[k][a] is the row over the first logit of class k at temperature a. Returns at(i, a), the three.
export function probabilities({ p }) {
  const rows = p.map((settings) => settings.map(unpack));
  return (i, a) => rows.map((settings) => settings[a][i]);
}

// Where the triangle has three numbers that add up to 1
export const pointOf = (p) =>
  [0, 1].map((axis) => +CORNERS.reduce((sum, corner, k) => sum + p[k] * corner[axis], 0).toFixed(1));

export function saying({ names, parameter, z }, p, texts) {
  const each = names.map((name, k) => `${name} ${number(p[k])}`).join(", ");
  return `${parameter.symbol} = ${texts.parameter}, ${z.symbol} = ${texts.z}: ${each}`;
}

function addBars(svg, names) {
  for (const v of [0, 0.25, 0.5, 0.75, 1]) {
    const y = FLOOR - HIGH * v;
    add(svg, "path", { d: `M56,${y}H296`, stroke: v ? RULE : AXIS });
    add(svg, "text", { x: 48, y: y + 4.5, fill: TICK, "text-anchor": "end" }, String(v));
  }
  return names.map((name, k) => {
    const middle = { x: BARS[k], "text-anchor": "middle" };
    add(svg, "text", { ...middle, y: FLOOR + 22, "font-size": 17, fill: COLOURS[k] }, name);
    const logit = add(svg, "text", { ...middle, y: FLOOR + 44, fill: INK });
    const bar = add(svg, "rect", { x: BARS[k] - WIDE / 2, width: WIDE, fill: COLOURS[k] });
    return { bar, logit };
  });
}

function addTriangle(svg, names) {
  const edge = CORNERS.map(String).join("L");
  add(svg, "path", { d: `M${edge}Z`, fill: "none", stroke: AXIS, "stroke-width": 1.5 });
  const [x, y] = pointOf([1 / 3, 1 / 3, 1 / 3]);
  add(svg, "path", { d: `M${x - 6},${y}h12m-6,-6v12`, stroke: GREY, "stroke-width": 1.5 });
  names.forEach((name, k) => {
    const [cx, cy] = CORNERS[k], at = { x: cx, y: cy + (k ? 22 : -12), "text-anchor": "middle" };
    add(svg, "text", { ...at, "font-size": 17, fill: COLOURS[k] }, name);
  });
  const line = { fill: "none", stroke: GREY, "stroke-width": 2, "stroke-dasharray": "6 4" };
  return {
    path: add(svg, "path", { ...line, class: "path secret" }),
    point: add(svg, "circle", { r: 7, fill: INK, stroke: PAPER, "stroke-width": 1.5 }),
  };
}

export function explorer(element, data, predicted) {
  const { names, logits, z, parameter, predict, title } = data, at = probabilities(data);
  const { card, question, stage, side, controls, svg } = addFrame(element, title);
  const bars = addBars(svg, names), { path, point } = addTriangle(svg, names);
  addEquation(stage, side, data.equation);
  const table = add(add(side, "table"), "tbody");
  const writeT = addNumber(table, parameter.symbol), writeZ = addNumber(table, z.symbol);
  const write = names.map((name) => addNumber(table, `p(${name})`));
  const tick = addTasks(card, data.tasks, data.goals);
  const speak = addLive(card);
  add(card, "style", {}, ".card .row { grid-template-columns: 3em 1fr 4.2em; }"); // names are long

  function show(values) {
    const i = nearest(values.z, z), a = nearest(values.parameter, parameter), p = at(i, a);
    const texts = { z: number(place(i, z), z.digits), parameter: number(place(a, parameter), parameter.digits) };
    bars.forEach(({ bar, logit }, k) => {
      set(bar, { y: FLOOR - HIGH * p[k], height: HIGH * p[k] });
      logit.textContent = `z = ${k ? number(logits[k], z.digits) : texts.z}`;
      write[k](number(p[k]));
    });
    const way = Array.from({ length: parameter.count }, (_, n) => pointOf(at(i, n)));
    path.setAttribute("d", `M${way.join("L")}`);
    const [cx, cy] = pointOf(p);
    set(point, { cx, cy });
    writeT(texts.parameter);
    writeZ(texts.z);
    const said = saying(data, p, texts), ends = [Math.min(...p), Math.max(...p)];
    tick({ z: place(i, z), parameter: place(a, parameter), smallest: ends[0], largest: ends[1] });
    speak(said, svg.hasAttribute("aria-label"));
    svg.setAttribute("aria-label", `${title}. ${said}`);
    return texts;
  }

  function unlock(answer) {
    card.classList.remove("locked");
    return recall(question, predict, answer, false);
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

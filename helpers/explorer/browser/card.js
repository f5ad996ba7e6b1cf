// The card of an explorer, with all that it says: the same in a notebook and on any other page.
import { add, addLive } from "./dom.js";
import { drawing } from "./drawing.js";
import { addEquation, addFrame, addNumber, addTasks, ask, recall } from "./frame.js";
import { number, unpack } from "./numbers.js";
import { aboutKink, aboutLine, aboutRival, isApart, quantities, reader, spoken, stateAt } from "./state.js";
import { gettext } from "./gettext.js";

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

// Have `grip` follow a pointer that holds it: moved(x) in units of the picture.
function dragged(svg, grip, moved) {
  grip.addEventListener("pointerdown", (event) => {
    grip.setPointerCapture(event.pointerId);
    event.preventDefault(); // neither text is selected nor a picture dragged away
  });
  grip.addEventListener("pointermove", (event) => {
    if (!grip.hasPointerCapture(event.pointerId)) return;
    const { left, width } = svg.getBoundingClientRect();
    moved(((event.clientX - left) / width) * 640);
  });
}

// Build the explorer in `element`; predicted(answer) hears of the answer to its question, moved(z) of
// a point that is dragged along the curve. Returns
// show(values), which moves it to the values of the sliders, by name, and returns their texts;
// unlock(answer), for an answer that is known; and nodes: `card`, `svg` and `controls`, where a
// host puts sliders.
export function explorer(element, data, predicted, moved) {
  const { predict, tasks, title } = data;
  const { card, question, stage, side, controls, svg } = addFrame(element, title);
  const picture = drawing(svg, data), rows = reader(data);
  addEquation(stage, side, data.equation);
  const writeNumbers = addNumbers(side, data), writeNotes = addNotes(card, data);
  const tick = addTasks(card, tasks, data.goals);
  const speak = addLive(card);
  let locked = Boolean(predict);
  dragged(svg, picture.grip, (x) => moved(picture.zAt(x)));

  function show(values) {
    const state = stateAt(data, values, rows);
    picture.show(state);
    writeNumbers(state);
    const said = spoken(state, writeNotes(state), locked);
    tick(quantities(state));
    speak(said, svg.hasAttribute("aria-label"));
    svg.setAttribute("aria-label", gettext`${title}: g, its slope g′ and the tangent. ${said}`);
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

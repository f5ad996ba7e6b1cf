// The explorer in the browser: it looks numbers up and draws them. It knows no activation: every
// value of g and g′ was computed in Python and comes in `data`. One module, two hosts:
//   render({model, el})  a running notebook (anywidget); ipywidgets' sliders are linked to the model
//   mount(root)          any other page; root holds a picture and the data as JSON

const BLUE = "#0072B2", VERMILION = "#C04F00", INK = "#1A1A1A", GREY = "#666";
const W = 640, H = 360, LEFT = 46, RIGHT = 584, TOP = 16, BOTTOM = 322;
const NAVIGATION = /^(Arrow|Page|Home$|End$)/;

const CSS = `
:host { all: initial; display: block; container-type: inline-size; color: ${INK};
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.card { background: #fff; border-radius: 8px; padding: 10px 14px 12px; box-sizing: border-box; }
.plain { border: 1px solid #DDD; max-width: 980px; }
.stage { display: grid; gap: 4px 22px; grid-template-columns: minmax(0, 680px) minmax(200px, 1fr); }
@container (max-width: 700px) { .stage { grid-template-columns: minmax(0, 1fr); } }
svg { display: block; width: 100%; height: auto; font: inherit; font-size: 13px; }
.equation { font-size: 1.15em; margin: 10px 0 14px; overflow-x: auto; }
table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 1.1em; }
th { font-weight: 600; text-align: left; padding: 1px 14px 1px 0; font-style: italic; }
td { padding: 1px 0; white-space: nowrap; min-width: 6.5em; }
.sign { display: inline-block; width: .75em; }
.g { color: ${BLUE}; fill: ${BLUE}; } .p { color: ${VERMILION}; fill: ${VERMILION}; }
.note { min-height: 4.4em; margin: 8px 0 0; font-size: .93em; }
ol { margin: 6px 0 0; padding-left: 1.4em; } li { margin: 5px 0; }
h4 { margin: 4px 0 0; font-size: 1em; }
.row { display: grid; grid-template-columns: 1.6em minmax(0, 1fr) 3.6em; gap: 10px; align-items: center;
  max-width: 640px; min-height: 30px; font-variant-numeric: tabular-nums; }
.row i { text-align: right; }
input { accent-color: ${BLUE}; margin: 0; width: 100%; } input[type=radio] { width: auto; }
:focus-visible { outline: 3px solid ${BLUE}; outline-offset: 2px; border-radius: 3px; }
fieldset { border: 0; border-left: 4px solid ${INK}; margin: 4px 0 10px; padding: 2px 0 2px 12px; }
legend { float: left; width: 100%; padding: 0; font-weight: 600; } legend + * { clear: both; }
fieldset label { margin: 4px 18px 4px 0; display: inline-flex; gap: 6px; align-items: center; }
button { font: inherit; padding: 3px 12px; border: 1px solid ${INK}; border-radius: 5px;
  background: #fff; color: inherit; cursor: pointer; }
button:disabled { color: ${GREY}; border-color: #AAA; cursor: default; }
.locked .secret { visibility: hidden; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@media print { .row { display: none; } }`;

function add(parent, tag, attributes = {}, text) {
  const space = parent.namespaceURI.endsWith("svg") || tag === "svg" ? "http://www.w3.org/2000/svg"
    : "http://www.w3.org/1999/xhtml";
  const node = document.createElementNS(space, tag);
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  if (text !== undefined) node.textContent = text;
  return parent.appendChild(node);
}
const set = (node, attributes) => {
  for (const name in attributes) node.setAttribute(name, attributes[name]);
};

// 0.25 as 0.2500, −0.5 with a proper minus sign, small numbers as 3.35 × 10⁻⁴
function number(value, digits = 4) {
  if (value === 0 || Math.abs(value) >= 1e-3) return value.toFixed(digits).replace("-", "−");
  const [mantissa, exponent] = value.toExponential(2).replace("-", "−").split("e");
  return `${mantissa} × 10⁻${[...exponent.slice(1)].map((d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d]).join("")}`;
}

// A run of n numbers on a straight line was left out of a table and noted as [n]
const unpack = (row) => row.flatMap((v, k) => Array.isArray(v)
  ? Array.from({ length: v[0] }, (_, j) => row[k - 1] + ((row[k + 1] - row[k - 1]) * (j + 1)) / (v[0] + 1)) : [v]);

// Build the explorer in `element`; `predicted` is told the answer of the prediction.
// Returns show(z, parameter), unlock(answer) and the card, where a host may put its sliders.
function explorer(element, data, predicted) {
  const root = element.attachShadow({ mode: "open" });
  add(root.appendChild(document.createElement("div")), "style", {}, CSS);
  const card = add(root.firstChild, "div", { class: "card", role: "group", "aria-label": `Explorer: ${data.title}` });
  const controls = add(card, "div");
  const stage = add(card, "div", { class: "stage" });
  const svg = add(stage, "svg", { viewBox: `0 0 ${W} ${H}`, role: "img" });
  const side = add(stage, "div");

  const { low, step, count } = data.z, { bottom, top } = data.view, last = low + step * (count - 1);
  const Z = (i) => low + step * i;
  const x = (z) => LEFT + ((z - low) / (last - low)) * (RIGHT - LEFT);
  const y = (v) => BOTTOM - ((v - bottom) / (top - bottom)) * (BOTTOM - TOP);
  const inside = (py) => Math.min(BOTTOM, Math.max(TOP, py));
  const at = (z, v) => `${x(z).toFixed(1)},${y(v).toFixed(1)}`;

  // what stays: grid, ticks, axes
  for (const z of data.view.zticks) {
    add(svg, "path", { d: `M${x(z)},${TOP}V${BOTTOM}`, stroke: z ? "#EAEAEA" : "#8C8C8C" });
    add(svg, "text", { x: x(z), y: BOTTOM + 19, "text-anchor": "middle", fill: "#444" }, String(z).replace("-", "−"));
  }
  for (const v of data.view.yticks) {
    add(svg, "path", { d: `M${LEFT},${y(v)}H${RIGHT}`, stroke: v ? "#EAEAEA" : "#8C8C8C" });
    add(svg, "text", { x: LEFT - 8, y: y(v) + 4.5, "text-anchor": "end", fill: "#444" }, String(v).replace("-", "−"));
  }
  add(svg, "text", { x: RIGHT + 14, y: BOTTOM + 19, fill: INK, "font-style": "italic", "font-size": 15 }, "z");

  // what moves with the parameter: curves, their labels, the circles at a kink
  const line = { fill: "none", "stroke-linejoin": "round", "stroke-linecap": "round" };
  add(add(svg, "clipPath", { id: "frame" }), "rect", { x: LEFT, y: TOP, width: RIGHT - LEFT, height: BOTTOM - TOP });
  const drawing = add(svg, "g", { "clip-path": "url(#frame)" });
  const fan = add(drawing, "path", { fill: "#000", opacity: 0.09 });
  const ghost = add(drawing, "path", { ...line, stroke: GREY, "stroke-width": 2, "stroke-dasharray": "9 4 2 4", class: "secret" });
  const ghostLabel = add(svg, "text", { x: LEFT + 8, fill: GREY, class: "secret" });
  const value = add(drawing, "path", { ...line, stroke: BLUE, "stroke-width": 2.8, class: "curve value" });
  const prime = add(drawing, "path", { ...line, stroke: VERMILION, "stroke-width": 2.8, "stroke-dasharray": "8 6", class: "curve prime secret" });
  const circles = add(svg, "g", { fill: "#fff", stroke: VERMILION, "stroke-width": 2, class: "secret" });
  const big = { x: RIGHT + 7, "font-size": 17, "font-style": "italic" };
  const valueLabel = add(svg, "text", { ...big, class: "g" }, "g(z)");
  const primeLabel = add(svg, "text", { ...big, class: "p secret" }, "g′(z)");

  // what moves with z: the tangent, its slope triangle with run 1, the same rise on g′, the points
  const moving = add(drawing, "g", { class: "secret" });
  const tangent = add(moving, "path", { stroke: INK, "stroke-width": 1.8 });
  const run = add(moving, "path", { stroke: GREY, "stroke-width": 1.5, "stroke-dasharray": "2 3" });
  const rise = add(moving, "path", { stroke: VERMILION, "stroke-width": 3 });
  const one = add(moving, "text", { fill: "#555", "text-anchor": "middle" }, "1");
  const halo = { fill: INK, stroke: "#fff", "stroke-width": 1.5 };
  const primePoint = add(svg, "circle", { r: 5, ...halo, class: "secret" });
  const point = add(svg, "circle", { r: 6.5, ...halo, class: "point" });

  // beside the picture: equation, numbers, tasks
  add(side, "div", { class: "equation" }).innerHTML = data.equation;
  const table = add(add(side, "table"), "tbody"), cells = {};
  const names = [["z", "z", ""], ["g", "g(z)", "g"], ["p", "g′(z)", "p"]];
  if (data.parameter) names.unshift(["a", data.parameter.symbol, ""]);
  for (const [key, label, style] of names) {
    const row = add(table, "tr", { class: style });
    add(row, "th", { scope: "row" }, label);
    const cell = add(row, "td", { class: key === "p" ? "secret" : "" });
    cells[key] = [add(cell, "span", { class: "sign" }), add(cell, "span")];
  }
  const write = ([sign, digits], text) => {
    const negative = text[0] === "−";
    sign.textContent = negative ? "−" : "";
    digits.textContent = negative ? text.slice(1) : text;
  };
  const note = data.kinks.length ? add(side, "p", { class: "note secret" }) : null;
  if (data.tasks.length) {
    add(side, "h4", {}, "Find out");
    const list = add(side, "ol");
    for (const task of data.tasks) add(list, "li", {}, task);
  }
  const live = add(card, "p", { class: "live", "aria-live": "polite" });

  const curve = (row) => row.map((v, i) => (i ? "L" : "M") + at(Z(i), v)).join("");
  // g′ is broken at each kink: one path up to the left limit, the next from the right limit
  function brokenCurve(row, a) {
    let path = "", kinks = [...data.kinks];
    row.forEach((v, i) => {
      const kink = kinks[0], onIt = kink && Math.abs(Z(i) - kink.z) < 1e-9;
      if (kink && (onIt || Z(i) > kink.z)) {
        path += `${path ? "L" : "M"}${at(kink.z, kink.left[a])}M${at(kink.z, kink.right[a])}`;
        kinks.shift();
      }
      if (!onIt) path += (path ? "L" : "M") + at(Z(i), v);
    });
    return path;
  }

  const tables = []; // one a parameter value, unpacked when it is first needed
  let a, i, timer, now, locked = false;
  function showParameter() {
    if (!tables[a]) {
      const g = unpack(data.g[a]), m = unpack(data.prime[a]);
      tables[a] = { g, m, value: curve(g), prime: brokenCurve(m, a) };
    }
    now = tables[a];
    value.setAttribute("d", now.value);
    prime.setAttribute("d", now.prime);
    const yg = inside(y(now.g[count - 1])), yp = inside(y(now.m[count - 1]));
    const apart = Math.max(0, 20 - Math.abs(yg - yp)) / 2, up = yg <= yp ? -1 : 1;
    valueLabel.setAttribute("y", yg + up * apart + 5);
    primeLabel.setAttribute("y", yp - up * apart + 5);
    circles.replaceChildren();
    for (const kink of data.kinks) {
      if (kink.left[a] === kink.right[a]) continue;
      for (const v of new Set([kink.left[a], kink.right[a]]))
        if (v !== kink.at[a]) add(circles, "circle", { cx: x(kink.z), cy: y(v), r: 4.5 });
      add(circles, "circle", { cx: x(kink.z), cy: y(kink.at[a]), r: 4.5, fill: VERMILION });
    }
  }

  function showPoint() {
    const z = Z(i), g = now.g[i], m = now.m[i];
    const sx = (RIGHT - LEFT) / (last - low), sy = (BOTTOM - TOP) / (top - bottom);
    const reach = 120 / Math.hypot(sx, m * sy), forward = z + 1 <= last ? 1 : -1;
    for (const [dot, v] of [[point, g], [primePoint, m]]) // out of the picture: faint, at its edge
      set(dot, { cx: x(z), cy: inside(y(v)), opacity: inside(y(v)) === y(v) ? 1 : 0.4 });
    tangent.setAttribute("d", `M${at(z - reach, g - reach * m)}L${at(z + reach, g + reach * m)}`);
    if (sx > 16) {
      const end = z + forward, height = g + forward * m;
      run.setAttribute("d", `M${at(z, g)}H${x(end)}`);
      rise.setAttribute("d", `M${at(end, g)}V${y(height)}M${at(z, 0)}V${y(m)}`);
      set(one, { x: x(z + forward / 2), y: y(g) + (m * forward < 0 ? -6 : 16) });
    }
    const kink = data.kinks.find((k) => Math.abs(k.z - z) < 1e-9 && k.left[a] !== k.right[a]);
    fan.setAttribute("d", kink && !locked ? ["left", "right"].map((s) => [-1, 1].map((way) =>
      at(z + way * 2, g + way * 2 * kink[s][a]))).reduce((l, r) =>
      `M${at(z, g)}L${l[0]}L${r[0]}ZM${at(z, g)}L${l[1]}L${r[1]}Z`) : "");
    const ends = kink && [kink.left[a], kink.right[a]].sort((l, r) => l - r).map((v) => number(v, 2));
    const slope = locked ? "hidden until you predict" : number(m) + (kink ? ", a convention" : "");
    const text = `z = ${number(z, 2)}, g = ${number(g)}, slope g′ = ${slope}`;
    if (note) note.textContent = !kink ? "" : `A kink: there is no derivative here. ${number(m, 2)} is `
      + `the convention; the ${kink.left[a] < kink.right[a] ? "subgradients fill" : "Clarke gradient is"} [${ends.join(", ")}].`;
    write(cells.z, number(Math.abs(z) < 1e-9 ? 0 : z, 2));
    write(cells.g, number(g));
    write(cells.p, number(m));
    svg.setAttribute("aria-label", `${data.title}: curve g, its slope g′ and the tangent. ${text}`);
    clearTimeout(timer); // a screen reader hears where the slider came to rest
    timer = setTimeout(() => { live.textContent = text; }, 400);
  }

  const nearest = (v, grid) => Math.min(grid.count - 1, Math.max(0, Math.round((v - grid.low) / grid.step)));
  function show(z, parameter) {
    const before = a;
    a = data.parameter ? nearest(parameter, data.parameter) : 0;
    i = nearest(z, data.z);
    if (a !== before) showParameter();
    if (a !== before && data.parameter)
      write(cells.a, (data.parameter.low + a * data.parameter.step).toFixed(data.parameter.digits).replace("-", "−"));
    showPoint();
  }

  function unlock(answer) {
    const k = data.predict.choices.indexOf(answer), guess = data.predict.ghosts[k];
    locked = false;
    card.classList.remove("locked");
    question.replaceChildren();
    const said = add(question, "p", { tabindex: -1 }, `${data.predict.question} `);
    add(said, "strong", {}, `You expected ${answer}${guess === null ? "" : " (grey)"}.`);
    if (guess !== null && guess !== undefined) {
      const row = Array.isArray(guess) ? unpack(guess) : Array(count).fill(guess);
      ghost.setAttribute("d", curve(row));
      set(ghostLabel, { y: y(row[0]) - 7 });
      ghostLabel.textContent = `you expected ${answer}`;
    }
    if (i !== undefined) showPoint();
    return said;
  }

  let question;
  if (data.predict) {
    locked = true;
    card.classList.add("locked");
    question = add(card, "fieldset");
    card.prepend(question);
    add(question, "legend", {}, `Predict first: ${data.predict.question}`);
    const group = `guess-${Math.random()}`, choices = add(question, "div");
    for (const choice of data.predict.choices) {
      const label = add(choices, "label");
      add(label, "input", { type: "radio", name: group, value: choice });
      add(label, "span", {}, choice);
    }
    const button = add(choices, "button", { type: "button", disabled: "" }, "That is my prediction");
    choices.addEventListener("change", () => { button.disabled = false; });
    button.addEventListener("click", () => {
      const answer = choices.querySelector("input:checked").value;
      unlock(answer).focus();
      predicted(answer);
    });
  }
  return { show, unlock, card, controls };
}

// Keys that move a slider shall not also turn a slide or select a notebook cell, and
// PageUp and PageDown are ten steps everywhere.
function ownKeys(element, page) {
  const shield = (event) => {
    if (!event.composedPath().includes(element)) return;
    const node = event.target;
    if (NAVIGATION.test(event.key)) node.setAttribute("data-lm-suppress-shortcuts", "");
    else node.removeAttribute("data-lm-suppress-shortcuts");
    const way = { PageUp: 10, PageDown: -10 }[event.key];
    if (way && page(event.composedPath()[0], way)) event.preventDefault(), event.stopImmediatePropagation();
  };
  const stop = (event) => { if (NAVIGATION.test(event.key)) event.stopPropagation(); };
  window.addEventListener("keydown", shield, true); // before JupyterLab looks
  element.addEventListener("keydown", stop);
  return () => { window.removeEventListener("keydown", shield, true); element.removeEventListener("keydown", stop); };
}

function render({ model, el }) {
  const data = model.get("data"), sliders = [["z", data.z, "pre-activation z", 2]];
  if (data.parameter) sliders.push(["parameter", data.parameter, data.parameter.name, data.parameter.digits]);
  const view = explorer(el.appendChild(document.createElement("div")), data, (answer) => {
    model.set("prediction", answer);
    model.set("locked", false);
    model.save_changes();
  });
  const show = () => view.show(model.get("z"), model.get("parameter"));
  show();
  if (data.predict && model.get("prediction")) view.unlock(model.get("prediction"));
  model.on("change:z", show);
  model.on("change:parameter", show);

  // The sliders are ipywidgets' own and come in their own time: find them, give them names.
  let box, freeKeys = () => {};
  const handles = () => [...box.querySelectorAll(".noUi-handle")];
  const names = new MutationObserver(nameHandles);
  function nameHandles() {
    handles().forEach((handle, k) => {
      const [trait, , name, digits] = sliders[k] ?? [];
      const label = { "aria-label": name, "aria-valuetext": trait && number(model.get(trait), digits) };
      for (const key in label) if (trait && handle.getAttribute(key) !== label[key]) handle.setAttribute(key, label[key]);
    });
  }
  function page(target, way) {
    const [trait, grid] = sliders[handles().indexOf(target)] ?? [];
    if (!trait || model.get("locked")) return false;
    const index = Math.min(grid.count - 1, Math.max(0, Math.round((model.get(trait) - grid.low) / grid.step) + way));
    model.set(trait, grid.low + index * grid.step);
    model.save_changes();
    return true;
  }
  const arrived = new ResizeObserver(() => {
    const found = el.closest(".activation-explorer");
    if (!found || found === box) return;
    box = found;
    freeKeys();
    freeKeys = ownKeys(box, page);
    names.observe(box, { subtree: true, childList: true, attributes: true, attributeFilter: ["aria-valuetext"] });
    nameHandles();
  });
  arrived.observe(el);
  return () => {
    model.off("change:z", show);
    model.off("change:parameter", show);
    arrived.disconnect();
    names.disconnect();
    freeKeys();
  };
}

function mount(root) {
  const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  const inputs = [];
  root.querySelector("img").hidden = true;
  const view = explorer(root.appendChild(document.createElement("div")), data, () => {
    for (const input of inputs) input.disabled = false;
  });
  view.card.classList.add("plain");
  const show = () => {
    inputs.forEach((input) => {
      const text = number(+input.value, input.digits);
      input.nextSibling.textContent = text;
      input.setAttribute("aria-valuetext", text);
    });
    view.show(...inputs.map((input) => +input.value));
  };
  const slider = (grid, symbol, name, start, digits) => {
    const row = add(view.controls, "label", { class: "row" });
    add(row, "i", {}, symbol);
    const input = add(row, "input", { type: "range", min: grid.low, step: grid.step,
      max: grid.low + grid.step * (grid.count - 1) + 1e-9, "aria-label": name });
    add(row, "span", { "aria-hidden": true });
    Object.assign(input, { value: start, digits, disabled: Boolean(data.predict), oninput: show });
    inputs.push(input);
  };
  slider(data.z, "z", "pre-activation z", data.start.z, 2);
  if (data.parameter)
    slider(data.parameter, data.parameter.symbol, data.parameter.name, data.start.parameter, data.parameter.digits);
  ownKeys(root, (input, way) => {
    if (!inputs.includes(input)) return false;
    input.value = +input.value + way * input.step;
    show();
    return true;
  });
  show();
}

export default { render, mount };

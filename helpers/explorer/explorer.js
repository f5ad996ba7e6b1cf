// The explorer in the browser: it looks numbers up and draws them. It knows no activation: every
// value of g and g′ was computed in Python and comes in `data`. One module, two hosts:
//   render({ model, el })  a running notebook (anywidget): ipywidgets' sliders, linked to the model
//   mount(root)            any other page: root holds a picture and the data as JSON

const BLUE = "#0072B2", VERMILION = "#C04F00", INK = "#1A1A1A", GREY = "#666", RIVAL = "#333333", PURPLE = "#7A3E9D";
const LEFT = 46, RIGHT = 584, TOP = 14, BOTTOM = 324; // of the plot, in a picture of 640 × 360
const MOVES = /^(Arrow|Page|Home$|End$)/; // keys that move a slider

const CSS = `
:host { all: initial; display: block; container-type: inline-size; color: ${INK};
  font: 15px/1.45 system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; }
.card { background: #fff; border-radius: 8px; padding: 10px 14px 12px; }
.alone { border: 1px solid #DDD; max-width: 950px; }
.stage { display: grid; gap: 4px 24px; grid-template-columns: minmax(0, 680px) minmax(200px, 1fr); }
.note { min-height: 1.5em; margin: 8px 0 0; font-size: .93em; }
@container (max-width: 700px) { .stage { grid-template-columns: minmax(0, 1fr); } .note { min-height: 3em; } }
svg { display: block; width: 100%; font-size: 13px; }
math { font-size: 1.2em; } mtd { text-align: left; padding: .1em .4em; }
.equation { margin: 12px 0 16px; } .wide { grid-column: 1 / -1; margin: 4px 0; overflow-x: auto; }
table { border-collapse: collapse; font-size: 1.15em; font-variant-numeric: tabular-nums; }
th { font-style: italic; font-weight: 600; text-align: left; padding: 1px 16px 1px 0; }
td { padding: 0; white-space: nowrap; } td span { display: inline-block; min-width: .75em; }
.g { color: ${BLUE}; fill: ${BLUE}; } .p { color: ${VERMILION}; fill: ${VERMILION}; }
.m { color: ${PURPLE}; fill: ${PURPLE}; } .r { color: ${RIVAL}; fill: ${RIVAL}; }
.parting { padding-left: 18px; } .apart { background: left / 10px 1.3em no-repeat
  repeating-linear-gradient(135deg, #8A8A8A 0 1px, #EFEFEF 1px 5px); }
.on { font-size: 15px; text-anchor: middle; paint-order: stroke; stroke: #fff; stroke-width: 4px; }
ol { margin: 10px 0 0; padding-left: 1.4em; } li { margin: 4px 0; }
.row { display: grid; grid-template-columns: ${LEFT / 6.4}% ${(RIGHT - LEFT) / 6.4}% auto;
  align-items: center; min-height: 30px; font-variant-numeric: tabular-nums; }
.row span { padding-left: 18px; }
input { accent-color: ${BLUE}; margin: 0; } .row input { margin: 0 -8px; } /* a handle is 16 wide */
:focus-visible { outline: 3px solid ${BLUE}; outline-offset: 2px; border-radius: 3px; }
fieldset { border: 0; border-left: 4px solid ${INK}; margin: 4px 0 12px; padding: 2px 0 2px 12px; }
legend { float: left; width: 100%; padding: 0; font-weight: 600; } legend + * { clear: both; }
fieldset label { display: inline-flex; gap: 6px; margin: 6px 20px 6px 0; } p { margin: 0; }
button { font: inherit; color: inherit; background: #fff; padding: 3px 12px; border-radius: 5px; }
button:disabled { color: #6B6B6B; background: #F3F3F3; border-color: #CCC; }
.locked .secret { visibility: hidden; }
.live { position: absolute; width: 1px; height: 1px; overflow: hidden; clip-path: inset(50%); }
@container (max-width: 480px) { svg text, .on { font-size: 17px; }
  .row { grid-template-columns: ${LEFT / 6.4}% 1fr 4.6em; } .row input { margin: 0 -8px 0 0; } }
@media print { .row { display: none; } }`;

function set(node, attributes) {
  for (const name in attributes) node.setAttribute(name, attributes[name]);
  return node;
}
function add(parent, tag, attributes = {}, text = "") {
  const drawn = tag === "svg" || parent.namespaceURI.endsWith("svg");
  const node = document.createElementNS(`http://www.w3.org/${drawn ? "2000/svg" : "1999/xhtml"}`, tag);
  node.textContent = text;
  return parent.appendChild(set(node, attributes));
}

// 0.25 as 0.2500, -0.5 with a proper minus sign, small numbers as 3.35 × 10⁻⁴
function number(v, digits = 4) {
  if (v === 0 || Math.abs(v) >= 1e-3 || digits < 4) return v.toFixed(digits).replace("-", "−");
  const [mantissa, exponent] = v.toExponential(2).split("e-");
  return `${mantissa.replace("-", "−")} × 10⁻${exponent.replace(/./g, (d) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[d])}`;
}
const short = (v) => String(+v.toFixed(4)).replace("-", "−");

// ".5 ~2 .2" is 0.5 0.4 0.3 0.2: ~n stands for n numbers on a straight line
function unpack(row) {
  const words = row.split(" ");
  return words.flatMap((word, k) => {
    if (word[0] !== "~") return [+word];
    const n = +word.slice(1), from = +words[k - 1], step = (words[k + 1] - from) / (n + 1);
    return Array.from({ length: n }, (_, j) => from + (j + 1) * step);
  });
}
const clamp = (v, low, high) => Math.min(high, Math.max(low, v));
const nearest = (v, grid) => clamp(Math.round((v - grid.low) / grid.step), 0, grid.count - 1);
const place = (i, grid) => +(grid.low + i * grid.step).toFixed(9);
const sliders = (data) => ["z", "parameter", "subgradient"].filter((slider) => data[slider]);

// Build the explorer in `element`. Returns show(values), which moves it to the values of the sliders,
// by name, and returns their texts; unlock(answer), for the answer of a prediction; and nodes: `card`,
// `svg` and `controls`, where a host puts sliders.
function explorer(element, data, predicted) {
  const shadow = element.attachShadow({ mode: "open" }); // the page's style and this one keep apart
  const card = document.createElement("div");
  shadow.append(set(card, { class: "card", role: "group", "aria-label": `Explorer: ${data.title}` }));
  add(card, "style", {}, CSS);
  const question = add(card, "fieldset", { hidden: "" }), stage = add(card, "div", { class: "stage" });
  const main = add(stage, "div"), side = add(stage, "div", { class: "side" }), controls = add(main, "div");
  const svg = add(main, "svg", { viewBox: "0 0 640 360", role: "img" });

  const last = data.z.count - 1, low = data.z.low, high = place(last, data.z);
  const { bottom, top } = data.view, sx = (RIGHT - LEFT) / (high - low), sy = (BOTTOM - TOP) / (top - bottom);
  const x = (z) => +(LEFT + (z - low) * sx).toFixed(1), y = (v) => +(BOTTOM - (v - bottom) * sy).toFixed(1);
  const at = (z, v) => `${x(z)},${y(v)}`, { rival, subgradient } = data;

  // what stays: grid, ticks, axes
  const tick = { fill: "#444", "text-anchor": "end" }, rule = (v) => (v ? "#EAEAEA" : "#888");
  for (const z of data.view.zticks) {
    add(svg, "path", { d: `M${x(z)},${TOP}V${BOTTOM}`, stroke: rule(z) });
    add(svg, "text", { ...tick, x: x(z), y: BOTTOM + 20, "text-anchor": "middle" }, short(z));
  }
  for (const v of data.view.yticks) {
    add(svg, "path", { d: `M${LEFT},${y(v)}H${RIGHT}`, stroke: rule(v) });
    add(svg, "text", { ...tick, x: LEFT - 8, y: y(v) + 4.5 }, short(v));
  }
  add(svg, "text", { x: RIGHT + 12, y: BOTTOM + 20, "font-size": 16, "font-style": "italic" }, "z");

  // what moves with the parameter: curves, their labels, the circles at a kink
  add(add(svg, "clipPath", { id: "frame" }), "path", { d: `M${LEFT},${TOP - 6}H${RIGHT}V${BOTTOM}H${LEFT}Z` });
  const plot = add(svg, "g", { "clip-path": "url(#frame)", fill: "none", "stroke-linejoin": "round" });
  const hatch = add(svg, "pattern", { id: "hatch", width: 7, height: 7, patternUnits: "userSpaceOnUse" });
  add(hatch, "path", { d: "M0,0H7V7H0Z", fill: "#EFEFEF" });
  add(hatch, "path", { d: "M-1,1L1,-1M0,7L7,0M6,8L8,6", stroke: "#8A8A8A" });
  const gap = add(plot, "path", { fill: "url(#hatch)", class: "gap secret" });
  const fan = add(plot, "path", { fill: "#000", opacity: 0.09, class: "secret" });
  const ghostCurve = add(plot, "path", { stroke: GREY, "stroke-width": 2, "stroke-dasharray": "16 5" });
  const valueCurve = add(plot, "path", { stroke: BLUE, "stroke-width": 2.8, class: "value" });
  const primeCurve = add(plot, "path", { stroke: VERMILION, "stroke-width": 2.8, "stroke-dasharray": "8 6", class: "prime secret" });
  const rivalCurve = add(plot, "path", { stroke: RIVAL, "stroke-width": 1.8, "stroke-dasharray": "10 6 2 6", class: "rival secret" });
  const chosen = add(plot, "path", { stroke: PURPLE, "stroke-width": 2.4, "stroke-dasharray": "2 4", class: "chosen secret" });
  const circles = add(svg, "g", { stroke: VERMILION, "stroke-width": 2, class: "secret" });
  const name = { x: RIGHT + 7, "font-size": 17, "font-style": "italic" };
  const valueName = add(svg, "text", { ...name, class: "g" }, "g(z)");
  const primeName = add(svg, "text", { ...name, class: "p secret" }, "g′(z)");
  const rivalName = add(svg, "text", { class: "on r secret" }), lineName = add(svg, "text", { class: "on m secret" });
  const ghostName = add(svg, "text", { class: "on", fill: GREY });

  // what moves with z: the tangent, its slope triangle of run 1, the same rise below g′, the points
  const moving = add(plot, "g", { class: "secret", stroke: INK });
  const tangent = add(moving, "path", { "stroke-width": 1.8 });
  const run = add(moving, "path", { "stroke-width": 1.5, "stroke-dasharray": "2 3" });
  const rise = add(moving, "path", { "stroke-width": 3, stroke: VERMILION });
  const one = add(moving, "text", { fill: INK, stroke: "none", "text-anchor": "middle" });
  const dot = { fill: INK, stroke: "#fff", "stroke-width": 1.5 };
  const primePoint = add(svg, "circle", { ...dot, r: 5, class: "secret" });
  const point = add(svg, "circle", { ...dot, r: 6.5 });

  // beside the picture: equation, numbers; below it: what is to be said, tasks
  const equation = add(side, "div", { class: "equation" });
  equation.innerHTML = data.equation;
  if (equation.textContent.length > 22) stage.prepend(set(equation, { class: "equation wide" }));
  const table = add(add(side, "table"), "tbody");
  const line = (symbol, style = "") => {
    const row = add(table, "tr", { class: style });
    add(row, "th", { scope: "row" }, symbol);
    const cell = add(row, "td", { class: /[prm]/.test(style) ? "secret" : "" });
    const sign = add(cell, "span"), digits = add(cell, "span");
    return (text) => {
      sign.textContent = text[0] === "−" ? "−" : "";
      digits.textContent = text.replace(/^−/, "");
    };
  };
  const writeParameter = data.parameter && line(data.parameter.symbol);
  const writeZ = line("z"), writeValue = line("g(z)", "g"), writePrime = line("g′(z)", "p");
  const writeRival = rival && line(rival.name, "r"), writeSlope = subgradient && line("m", "m");
  const parting = rival && add(card, "p", { class: "note parting secret" });
  const support = subgradient && add(card, "p", { class: "note m secret" });
  const note = data.kinks.length && add(card, "p", { class: "note secret" });
  const list = data.tasks.length && add(card, "ol", { "aria-label": "Tasks" });
  for (const task of data.tasks) add(list, "li", {}, task);
  const live = add(card, "p", { class: "live", "aria-live": "polite" });

  const path = (row) => row.map((v, i) => (i ? "L" : "M") + at(place(i, data.z), v)).join("");
  const axis = Array(last + 1).fill(0);
  const straight = (z, v, slope, reach = Infinity) => axis.map((_, i) => { // a line through (z, v), as a row
    const away = place(i, data.z) - z;
    return Math.abs(away) <= reach ? v + slope * away : Infinity;
  });
  // g′ breaks at a kink: one stroke ends in the left limit, the next begins in the right limit
  function primePath(row, a) {
    let d = "M", kinks = [...data.kinks];
    row.forEach((v, i) => {
      const z = place(i, data.z), kink = z >= kinks[0]?.z && kinks.shift();
      if (kink) d += `${at(kink.z, kink.left[a])}M${at(kink.z, kink.right[a])}L`;
      if (kink?.z !== z) d += `${at(z, v)}L`;
    });
    return d.slice(0, -1);
  }

  // A name stands on its own curve, just above or below it, and away from the other lines. It stays
  // where it was as long as there is room, so that it does not jump about.
  const upright = [0, ...data.kinks.map(({ z }) => z)].map((z) => nearest(z, data.z));
  function putName(node, text, row, lines) {
    const others = lines.filter((line) => line !== row);
    const half = Math.ceil((5 * text.length) / (sx * data.z.step));
    const raw = (v) => BOTTOM - (v - bottom) * sy;
    const room = ([i, way]) => {
      const near = (curve) => curve.slice(i - half, i + half + 1).map(raw), own = near(row);
      if (upright.some((k) => Math.abs(k - i) <= half)) return { room: -Infinity };
      const middle = (way < 0 ? Math.min(...own) : Math.max(...own)) + 13 * way;
      if (!(middle > TOP + 8 && middle < BOTTOM - 8)) return { room: -Infinity };
      const free = Math.min(40, ...others.flatMap(near).map((v) => Math.abs(v - middle)));
      return { room: free - Math.abs(middle - raw(row[i])) / 9, middle };
    };
    let best = node.spot, found = best ? room(best) : { room: -Infinity };
    for (let i = last - half; found.room < 12 && i >= half; i -= 8)
      for (const way of [-1, 1]) {
        const tried = room([i, way]);
        if (tried.room > found.room) [best, found] = [[i, way], tried];
      }
    node.spot = best;
    node.textContent = found.middle ? text : "";
    if (found.middle) set(node, { x: x(place(best[0], data.z)), y: found.middle + 5 });
  }

  // Where the rival is not g: the area between them, a grid step further on both sides
  const between = (g, r, runs) => runs.map(([first, end]) => {
    const from = Math.max(0, first - 1), to = Math.min(last, end + 1), there = [], back = [];
    for (let i = from; i <= to; i++) {
      there.push(at(place(i, data.z), g[i]));
      back.unshift(at(place(i, data.z), r[i]));
    }
    return `M${[...there, ...back].join("L")}Z`;
  }).join("");

  const tables = []; // one a value of the parameter, unpacked when it is first shown
  let a, now, ghost, timer, pending;
  function showParameter() {
    if (!tables[a]) {
      const g = unpack(data.g[a]), prime = unpack(data.prime[a]);
      tables[a] = { g, prime, valuePath: path(g), primePath: primePath(prime, a) };
      if (rival) {
        const r = rival.runs[a].length ? unpack(rival.values[a]) : g;
        Object.assign(tables[a], { r, rivalPath: path(r), gap: between(g, r, rival.runs[a]) });
      }
    }
    now = tables[a];
    valueCurve.setAttribute("d", now.valuePath);
    primeCurve.setAttribute("d", now.primePath);
    const [yg, yp] = [now.g[last], now.prime[last]].map((v) => clamp(y(v), TOP, BOTTOM));
    const apart = (Math.max(0, 20 - Math.abs(yg - yp)) / 2) * (yg <= yp ? 1 : -1);
    valueName.setAttribute("y", yg - apart + 5);
    primeName.setAttribute("y", yp + apart + 5);
    if (rival) {
      rivalCurve.setAttribute("d", now.rivalPath);
      gap.setAttribute("d", now.gap);
    }
    circles.replaceChildren();
    for (const { z, at, left, right } of data.kinks)
      if (left[a] !== right[a])
        for (const v of [left[a], right[a], at[a]]) // filled: the convention; open: the other limit
          add(circles, "circle", { cx: x(z), cy: y(v), r: 4.5, fill: v === at[a] ? VERMILION : "#fff" });
    writeParameter?.(number(place(a, data.parameter), data.parameter.digits));
  }

  // What the rival gives at place i, and the line of slope m through the kink: what is said of them
  function compare(i) {
    const { name } = rival, where = rival.where[a], z = number(place(i, data.z), 2);
    const apart = rival.runs[a].some(([first, end]) => first <= i && i <= end);
    writeRival(number(now.r[i]));
    parting.classList.toggle("apart", apart);
    return parting.textContent = apart
      ? `${name} is not g here: at z = ${z} it gives ${number(now.r[i])} instead of ${number(now.g[i])}.`
      : where ? `${name} agrees with g at z = ${z}, but not for ${where}.`
      : `${name} agrees with g for every z shown.`;
  }
  function choose(m, row) {
    const off = 1e-5 * (top - bottom), rises = row.some((v, i) => v > now.g[i] + off), falls = row.some((v, i) => v < now.g[i] - off);
    const does = rises ? (falls ? "crosses" : "stays above") : falls ? "stays below" : "is";
    chosen.setAttribute("d", `M${at(low, row[0])}L${at(high, row[last])}`);
    writeSlope(m);
    return support.textContent = `Slope m = ${m}: the line ${does} the curve.`;
  }

  function show(values) {
    const [i, k, n] = ["z", "parameter", "subgradient"].map((name) => data[name] ? nearest(values[name], data[name]) : 0);
    if (k !== a) {
      a = k;
      showParameter();
    }
    const z = place(i, data.z), g = now.g[i], slope = now.prime[i];
    for (const [circle, v] of [[point, g], [primePoint, slope]]) {
      const cy = clamp(y(v), TOP, BOTTOM); // beyond the picture: faint, at its edge
      set(circle, { cx: x(z), cy, opacity: cy === y(v) ? 1 : 0.4 });
    }
    const reach = 120 / Math.hypot(sx, slope * sy), way = z + 1 > high ? -1 : 1;
    tangent.setAttribute("d", `M${at(z - reach, g - reach * slope)}L${at(z + reach, g + reach * slope)}`);
    if (sx > 16) {
      run.setAttribute("d", `M${at(z, g)}H${x(z + way)}`);
      rise.setAttribute("d", `M${at(z + way, g)}V${y(g + way * slope)}M${at(z, 0)}V${y(slope)}`);
      set(one, { x: x(z + way / 2), y: y(g) + (way * slope < 0 ? -6 : 15) }).textContent = "1";
    }
    const kink = data.kinks.find((k) => k.z === z && k.left[a] !== k.right[a]);
    tangent.setAttribute("stroke-dasharray", kink ? "5 5" : "none"); // no tangent, a convention
    if (note) {
      const limits = kink ? [kink.left[a], kink.right[a]] : [], wing = (way) =>
        `M${at(z, g)}${limits.map((m) => `L${at(z + 2 * way, g + 2 * way * m)}`).join("")}Z`;
      const found = `; the ${limits[0] < limits[1] ? "subgradients are" : "Clarke gradient is"} `
        + `[${[...limits].sort((l, r) => l - r).map(short).join(", ")}]`;
      // where a slope is to be chosen, it is the learner who finds from where to where
      fan.setAttribute("d", kink && !subgradient ? wing(-1) + wing(1) : "");
      note.textContent = kink ? `A kink: no derivative here. ${short(slope)} is the convention${subgradient ? "" : found}.` : "";
    }
    writeZ(number(z, 2));
    writeValue(number(g));
    writePrime(number(slope));
    const m = subgradient && place(n, subgradient), mText = subgradient && number(m, subgradient.digits);
    const line = subgradient && straight(data.kinks[0].z, subgradient.height[a], m);
    const lines = [axis, now.g, now.prime, straight(z, g, slope, reach), now.r, line, ghost].filter(Boolean);
    if (rival) putName(rivalName, rival.name, now.r, lines);
    if (line) putName(lineName, `m = ${mText}`, line, lines);
    if (ghost) putName(ghostName, "your guess", ghost, lines);
    const locked = card.classList.contains("locked");
    const told = [rival && compare(i), subgradient && choose(mText, line)].filter(Boolean);
    pending = `z = ${number(z, 2)}, g = ${number(g)}, slope `
      + (locked ? "not shown yet" : `g′ = ${number(slope)}${kink ? ", a convention" : ""}`);
    if (!locked && told.length) pending += `. ${told.join(" ")}`;
    live.textContent = "";
    clearTimeout(timer); // a screen reader hears where the slider came to rest, and nothing at first
    if (svg.ariaLabel) timer = setTimeout(() => { live.textContent = pending; }, 400);
    svg.setAttribute("aria-label", `${data.title}: g, its slope g′ and the tangent. ${pending}`);
    const texts = { z: number(z, 2), subgradient: mText };
    if (data.parameter) texts.parameter = number(place(a, data.parameter), data.parameter.digits);
    return texts;
  }

  function unlock(answer) {
    const { choices, ghosts, question: asked } = data.predict, guess = ghosts[choices.indexOf(answer)];
    card.classList.remove("locked");
    question.textContent = "";
    const said = add(question, "p", { tabindex: -1 }, `${asked} You expected `);
    add(said, "b", {}, answer);
    if (guess != null) {
      ghost = typeof guess === "number" ? axis.map(() => guess) : unpack(guess);
      ghostCurve.setAttribute("d", path(ghost));
      said.append(", the grey line");
    }
    said.append(". Does the picture agree?");
    return said;
  }

  if (data.predict) {
    question.hidden = false;
    card.classList.add("locked");
    add(question, "legend", {}, `Predict first: ${data.predict.question}`);
    const form = add(question, "div"), group = `guess-${Math.random()}`; // many on one page
    for (const choice of data.predict.choices) {
      const label = add(form, "label");
      add(label, "input", { type: "radio", name: group, value: choice });
      label.append(choice);
    }
    const button = add(form, "button", { type: "button", disabled: "" }, "That is my prediction");
    form.onchange = () => { button.disabled = false; };
    button.onclick = () => {
      const answer = form.querySelector(":checked").value;
      unlock(answer).focus();
      predicted(answer);
    };
  }
  return { show, unlock, card, controls, svg };
}

// Keys that move a slider don't also turn a slide or select another cell. PageUp and PageDown are
// ten steps in every browser: `step(node, n)` moves the slider `node`, if it is one.
function ownKeys(element, step) {
  const early = (event) => { // at the window, before JupyterLab looks
    const [node] = event.composedPath();
    if (!element.contains(event.target)) return;
    event.target.toggleAttribute("data-lm-suppress-shortcuts", MOVES.test(event.key));
    const n = { PageUp: 10, PageDown: -10 }[event.key];
    if (n && step(node, n)) {
      event.preventDefault();
      event.stopPropagation();
    }
  };
  window.addEventListener("keydown", early, true);
  element.addEventListener("keydown", (event) => MOVES.test(event.key) && event.stopPropagation());
  return () => window.removeEventListener("keydown", early, true);
}

// The sliders beside `el` are ipywidgets' own: they come in their own time and have no names. Once
// `box`, a selector, is around both, name(handles) is called, and again whenever they change;
// step(k, n) moves the k-th slider by n steps, if it can. Returns the ways to do so at once and to end.
function attend(el, box, name, step) {
  let found, release;
  const handles = () => [...found.querySelectorAll(".noUi-handle")];
  const again = () => found && name(handles());
  const changed = new MutationObserver(again);
  const arrived = new ResizeObserver(() => {
    if (found || !(found = el.closest(box))) return;
    changed.observe(found, { subtree: true, childList: true, attributeFilter: ["aria-valuetext"] });
    again();
    found.addEventListener("pointerup", (event) => { // a click on the track: the arrow keys go on from there
      event.target.closest(".noUi-target")?.querySelector(".noUi-handle").focus();
    });
    release = ownKeys(found, (handle, n) => {
      const k = handles().indexOf(handle);
      return k >= 0 && step(k, n);
    });
  });
  arrived.observe(el);
  const end = () => {
    arrived.disconnect();
    changed.disconnect();
    release?.();
  };
  return { again, end };
}

function render({ model, el }) {
  const data = model.get("data"), traits = sliders(data);
  const view = explorer(add(el, "div"), data, (prediction) => {
    model.set({ prediction, locked: false });
    model.save_changes();
    show();
  });
  if (model.get("prediction")) view.unlock(model.get("prediction"));

  let texts;
  const name = (handles) => handles.forEach((handle, k) => {
    const trait = traits[k], text = texts[trait];
    if (handle.ariaValueText !== text) set(handle, { "aria-label": data[trait].name, "aria-valuetext": text });
  });
  const box = attend(el, ".activation-explorer", name, (k, n) => {
    const trait = traits[k], grid = data[trait];
    if (model.get("locked")) return false;
    model.set(trait, place(clamp(nearest(model.get(trait), grid) + n, 0, grid.count - 1), grid));
    model.save_changes();
    return true;
  });
  const show = () => {
    texts = view.show(Object.fromEntries(traits.map((trait) => [trait, model.get(trait)])));
    box.again();
  };
  show();
  for (const trait of traits) model.on(`change:${trait}`, show);
  const wide = new ResizeObserver(() => { // sliders as wide as the z axis
    el.closest(".activation-explorer")?.style.setProperty("--plot", `${view.svg.clientWidth}px`);
  });
  wide.observe(el);
  return () => {
    for (const trait of traits) model.off(`change:${trait}`, show);
    wide.disconnect();
    box.end();
  };
}

function mount(root) {
  const data = JSON.parse(root.querySelector("script[type='application/json']").textContent);
  root.querySelector("img").hidden = true;
  const view = explorer(add(root, "div"), data, () => {
    for (const input of inputs) input.disabled = false;
    show();
  });
  view.card.classList.add("alone");
  const inputs = sliders(data).map((name) => {
    const grid = data[name];
    const row = add(view.controls, "label", { class: "row" });
    add(row, "i", {}, grid.symbol);
    const input = add(row, "input", { type: "range", min: grid.low, step: grid.step,
      max: place(grid.count - 1, grid), name, "aria-label": grid.name });
    add(row, "span", { "aria-hidden": true });
    return Object.assign(input, { value: grid.start, disabled: Boolean(data.predict), oninput: () => show() });
  });
  const show = () => {
    const texts = view.show(Object.fromEntries(inputs.map((input) => [input.name, +input.value])));
    for (const input of inputs)
      set(input, { "aria-valuetext": texts[input.name] }).nextSibling.textContent = texts[input.name];
  };
  ownKeys(root, (input, n) => {
    if (!inputs.includes(input)) return false;
    input.value = +input.value + n * input.step;
    show();
    return true;
  });
  show();
}

export default { render, mount };

// The picture of an explorer: g, g′, the tangent and what else is asked for, as SVG.
import { add, set } from "./dom.js";
import { short } from "./numbers.js";
import { BOTTOM, LEFT, RIGHT, TOP, endNames, inside, planeOf, spotFor } from "./plane.js";
import { areaPath, curvePath, fanPath, primePath } from "./plane.js";
import { straight } from "./state.js";
import { AXIS, BLUE, FAINT, GREY, HATCH, INK, PAPER, PURPLE, RIVAL, RULE, TICK, VERMILION } from "./style.js";
import { gettext } from "./gettext.js";

const ruleColour = (v) => (v ? RULE : AXIS); // the axes are darker

function addAxes(svg, view, { x, y }) {
  const tick = { fill: TICK, "text-anchor": "end" };
  for (const z of view.zticks) {
    add(svg, "path", { d: `M${x(z)},${TOP}V${BOTTOM}`, stroke: ruleColour(z) });
    add(svg, "text", { ...tick, x: x(z), y: BOTTOM + 20, "text-anchor": "middle" }, short(z));
  }
  for (const v of view.yticks) {
    add(svg, "path", { d: `M${LEFT},${y(v)}H${RIGHT}`, stroke: ruleColour(v) });
    add(svg, "text", { ...tick, x: LEFT - 8, y: y(v) + 4.5 }, short(v));
  }
  add(svg, "text", { x: RIGHT + 12, y: BOTTOM + 20, fill: INK, "font-size": 16, "font-style": "italic" }, "z");
}

function addPlot(svg) {
  const clip = add(svg, "clipPath", { id: "frame" });
  add(clip, "path", { d: `M${LEFT},${TOP - 6}H${RIGHT}V${BOTTOM}H${LEFT}Z` });
  const lines = { fill: "none", "stroke-linejoin": "round" };
  const plot = add(svg, "g", { "clip-path": "url(#frame)", ...lines });
  const tile = { width: 7, height: 7, patternUnits: "userSpaceOnUse" };
  const hatch = add(svg, "pattern", { id: "hatch", ...tile });
  add(hatch, "path", { d: "M0,0H7V7H0Z", fill: FAINT });
  add(hatch, "path", { d: "M-1,1L1,-1M0,7L7,0M6,8L8,6", stroke: HATCH });
  return plot;
}

function addCurves(plot) {
  const line = (style, stroke, width, dashes) =>
    add(plot, "path", { stroke, "stroke-width": width, "stroke-dasharray": dashes, class: style });
  return {
    gap: add(plot, "path", { fill: "url(#hatch)", class: "gap secret" }),
    fan: add(plot, "path", { fill: INK, opacity: 0.09, class: "secret" }),
    ghost: add(plot, "path", { stroke: GREY, "stroke-width": 2, "stroke-dasharray": "16 5" }),
    value: add(plot, "path", { stroke: BLUE, "stroke-width": 2.8, class: "value" }),
    prime: line("prime secret", VERMILION, 2.8, "8 6"),
    rival: line("rival secret", RIVAL, 1.8, "10 6 2 6"),
    chosen: line("chosen secret", PURPLE, 2.4, "2 4"),
  };
}

function addNames(svg) {
  const end = { x: RIGHT + 7, "font-size": 17, "font-style": "italic" };
  return {
    value: add(svg, "text", { ...end, class: "g" }, "g(z)"),
    prime: add(svg, "text", { ...end, class: "p secret" }, "g′(z)"),
    rival: add(svg, "text", { class: "on r secret" }),
    line: add(svg, "text", { class: "on m secret" }),
    ghost: add(svg, "text", { class: "on", fill: GREY }),
  };
}

// The tangent, its slope triangle of run 1, and the same rise below g′
function addTangent(plot) {
  const moving = add(plot, "g", { class: "secret", stroke: INK });
  return {
    tangent: add(moving, "path", { "stroke-width": 1.8 }),
    run: add(moving, "path", { "stroke-width": 1.5, "stroke-dasharray": "2 3" }),
    rise: add(moving, "path", { "stroke-width": 3, stroke: VERMILION }),
    one: add(moving, "text", { fill: INK, stroke: "none", "text-anchor": "middle" }),
  };
}

function addPoints(svg) {
  const dot = { fill: INK, stroke: PAPER, "stroke-width": 1.5 };
  const prime = add(svg, "circle", { ...dot, r: 5, class: "secret" });
  const value = add(svg, "circle", { ...dot, r: 6.5 });
  return { prime, value, grip: add(svg, "circle", { r: 24, class: "grip" }) };
}

// At a kink where g′ jumps a filled circle is the convention, an open one the other limit.
function drawCircles(circles, { x, y }, kinks, a) {
  circles.replaceChildren();
  for (const { z, at, left, right } of kinks)
    if (left[a] !== right[a])
      for (const v of [left[a], right[a], at[a]]) {
        const fill = v === at[a] ? VERMILION : PAPER;
        add(circles, "circle", { cx: x(z), cy: y(v), r: 4.5, fill });
      }
}

function drawPoint(circle, { x, y }, z, v) {
  const cy = inside(y(v)); // beyond the picture: faint, at its edge
  set(circle, { cx: x(z), cy, opacity: cy === y(v) ? 1 : 0.4 });
}

// How far the tangent reaches along the z axis, to be 120 long on both sides
const reachOf = ({ sx, sy }, slope) => 120 / Math.hypot(sx, slope * sy);

function drawTangent({ tangent, run, rise, one }, plane, { z, value, slope, limits }) {
  const { x, y, at, sx, high } = plane, reach = reachOf(plane, slope), way = z + 1 > high ? -1 : 1;
  const end = (far) => at(z + far, value + far * slope);
  tangent.setAttribute("d", `M${end(-reach)}L${end(reach)}`);
  tangent.setAttribute("stroke-dasharray", limits ? "5 5" : "none"); // no tangent, a convention
  if (sx <= 16) return; // no room for the triangle
  const top = y(value + way * slope);
  run.setAttribute("d", `M${at(z, value)}H${x(z + way)}`);
  rise.setAttribute("d", `M${at(z + way, value)}V${top}M${at(z, 0)}V${y(slope)}`);
  set(one, { x: x(z + way / 2), y: y(value) + (way * slope < 0 ? -6 : 15) }).textContent = "1";
}

function pathsOf(plane, { kinks, rival }, { g, prime, rival: other }, a) {
  const paths = { value: curvePath(plane, g), prime: primePath(plane, prime, kinks, a) };
  if (!rival) return paths;
  const gap = areaPath(plane, g, other, rival.runs[a]);
  return { ...paths, gap, rival: curvePath(plane, other) };
}

function putName(node, { x, zs }, text, spot) {
  const { i, middle } = spot ?? {};
  node.textContent = middle ? text : "";
  if (middle) set(node, { x: x(zs[i]), y: middle + 5 });
}

// Returns show(state), and showGhost(row), for the answer to a question.
export function drawing(svg, data) {
  const plane = planeOf(data), { low, sx } = plane, { kinks, rival, subgradient, view } = data;
  addAxes(svg, view, plane);
  const plot = addPlot(svg), curves = addCurves(plot);
  const circles = add(svg, "g", { stroke: VERMILION, "stroke-width": 2, class: "secret" });
  const names = addNames(svg), tangent = addTangent(plot), points = addPoints(svg);
  const spots = {}, paths = [];
  let drawn, ghost;

  function showCurves({ a, rows }) {
    paths[a] ??= pathsOf(plane, data, rows, a);
    for (const name in paths[a]) curves[name].setAttribute("d", paths[a][name]);
    const [yg, yp] = endNames(plane, rows.g, rows.prime);
    names.value.setAttribute("y", yg);
    names.prime.setAttribute("y", yp);
    drawCircles(circles, plane, kinks, a);
    drawn = a;
  }

  function showName(name, text, row, rows) {
    spots[name] = spotFor(plane, text, row, rows, spots[name]);
    putName(names[name], plane, text, spots[name]);
  }

  function showNames({ z, value, slope, rows, line, texts }) {
    const axis = plane.zs.map(() => 0);
    const touching = straight(plane.zs, z, value, slope, reachOf(plane, slope));
    const all = [axis, rows.g, rows.prime, touching, rows.rival, line, ghost].filter(Boolean);
    if (rival) showName("rival", rival.name, rows.rival, all);
    if (line) showName("line", `m = ${texts.subgradient}`, line, all);
    if (ghost) showName("ghost", gettext("your guess"), ghost, all);
  }

  function show(state) {
    if (state.a !== drawn) showCurves(state);
    const { z, value, slope, limits, line } = state, { at, high } = plane;
    drawPoint(points.value, plane, z, value);
    drawPoint(points.grip, plane, z, value);
    drawPoint(points.prime, plane, z, slope);
    drawTangent(tangent, plane, state);
    // where a slope is to be chosen, it is the learner who finds from where to where
    const fan = limits && !subgradient ? fanPath(plane, state) : "";
    if (kinks.length) curves.fan.setAttribute("d", fan);
    if (line) curves.chosen.setAttribute("d", `M${at(low, line[0])}L${at(high, line.at(-1))}`);
    showNames(state);
  }

  function showGhost(row) {
    ghost = row;
    curves.ghost.setAttribute("d", curvePath(plane, row));
  }
  const zAt = (x) => low + (x - LEFT) / sx;
  return { show, showGhost, grip: points.grip, zAt };
}

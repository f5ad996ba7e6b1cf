// The plane of a picture of 640 × 360: where a number lies in it, paths for SVG, room for names.
import { clamp, nearest, place, places } from "./numbers.js";

export const LEFT = 46, RIGHT = 584, TOP = 14, BOTTOM = 324; // of the plot

export function planeOf({ z, view: { bottom, top }, kinks }) {
  const low = z.low, high = place(z.count - 1, z);
  const sx = (RIGHT - LEFT) / (high - low), sy = (BOTTOM - TOP) / (top - bottom);
  const height = (v) => BOTTOM - (v - bottom) * sy;
  const x = (v) => +(LEFT + (v - low) * sx).toFixed(1), y = (v) => +height(v).toFixed(1);
  const at = (v, w) => `${x(v)},${y(w)}`;
  const upright = [0, ...kinks.map((kink) => kink.z)].map((v) => nearest(v, z)); // no names there
  return { low, high, step: z.step, zs: places(z), sx, sy, height, x, y, at, upright };
}

export const inside = (y) => clamp(y, TOP, BOTTOM);

export const curvePath = ({ at, zs }, row) => `M${row.map((v, i) => at(zs[i], v)).join("L")}`;

// g′ breaks at a kink: one stroke ends in the left limit, the next begins in the right limit
export function primePath({ at, zs }, row, kinks, a) {
  const ahead = [...kinks];
  let path = "M";
  row.forEach((v, i) => {
    const kink = zs[i] >= ahead[0]?.z && ahead.shift();
    if (kink) path += `${at(kink.z, kink.left[a])}M${at(kink.z, kink.right[a])}L`;
    if (kink?.z !== zs[i]) path += `${at(zs[i], v)}L`;
  });
  return path.slice(0, -1);
}

// The area between two rows along each run of places, and a grid step further on both sides
export const areaPath = ({ at, zs }, row, other, runs) => runs.map(([first, end]) => {
  const from = Math.max(0, first - 1), to = Math.min(zs.length - 1, end + 1), there = [], back = [];
  for (let i = from; i <= to; i++) {
    there.push(at(zs[i], row[i]));
    back.unshift(at(zs[i], other[i]));
  }
  return `M${[...there, ...back].join("L")}Z`;
}).join("");

// All the lines through a kink between those of both limits, 2 to the left and 2 to the right
export function fanPath({ at }, { z, value, limits }) {
  const wing = (run) => {
    const ends = limits.map((m) => `L${at(z + run, value + run * m)}`);
    return `M${at(z, value)}${ends.join("")}Z`;
  };
  return wing(-2) + wing(2);
}

// Two names at the ends of their curves are moved apart, to be 20 from each other at least.
export function endNames({ y }, g, prime) {
  const [yg, yp] = [g, prime].map((row) => inside(y(row.at(-1))));
  const apart = (Math.max(0, 20 - Math.abs(yg - yp)) / 2) * (yg <= yp ? 1 : -1);
  return [yg - apart + 5, yp + apart + 5];
}

// How much room a name has above (way = -1) or below (way = 1) place i of its row, and where its
// middle would be: away from the other rows, and near its own.
function roomAt(plane, { i, way }, half, row, others) {
  const nowhere = { i, way, room: -Infinity };
  const near = (curve) => curve.slice(i - half, i + half + 1).map(plane.height), own = near(row);
  if (plane.upright.some((k) => Math.abs(k - i) <= half)) return nowhere;
  const middle = (way < 0 ? Math.min(...own) : Math.max(...own)) + 13 * way;
  if (!(middle > TOP + 8 && middle < BOTTOM - 8)) return nowhere;
  const free = Math.min(40, ...others.flatMap(near).map((v) => Math.abs(v - middle)));
  return { i, way, middle, room: free - Math.abs(middle - plane.height(row[i])) / 9 };
}

// A name stands on its own curve, just above or below it, and away from the other rows. It stays at
// its `old` spot as long as there is room, so that it does not jump about.
export function spotFor(plane, text, row, rows, old) {
  const others = rows.filter((other) => other !== row);
  const half = Math.ceil((5 * text.length) / (plane.sx * plane.step));
  let best = old && roomAt(plane, old, half, row, others);
  for (let i = row.length - 1 - half; i >= half && !(best?.room >= 12); i -= 8)
    for (const way of [-1, 1]) {
      const spot = roomAt(plane, { i, way }, half, row, others);
      if (spot.room > (best?.room ?? -Infinity)) best = spot;
    }
  return best;
}

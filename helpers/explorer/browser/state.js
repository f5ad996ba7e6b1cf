// What an explorer shows when its sliders stand somewhere: first as numbers, then in words.
import { nearest, number, place, places, short, unpack } from "./numbers.js";
import { gettext } from "./gettext.js";

export const sliders = (data) => ["z", "parameter", "subgradient"].filter((name) => data[name]);

// A line of the given slope through (z, v), as a row over the places zs; Infinity beyond its reach
export const straight = (zs, z, v, slope, reach = Infinity) =>
  zs.map((s) => (Math.abs(s - z) <= reach ? v + slope * (s - z) : Infinity));

// Returns rows(a): what is drawn over z for the a-th value of the parameter, unpacked at first use.
export function reader(data) {
  const { rival } = data, z = places(data.z), read = [];
  return (a) => {
    if (!read[a]) {
      const g = unpack(data.g[a]), prime = unpack(data.prime[a]);
      read[a] = { z, g, prime };
      if (rival) read[a].rival = rival.runs[a].length ? unpack(rival.values[a]) : g;
    }
    return read[a];
  };
}

// i and a are the places of z and of the parameter; `limits` are those of g′ at a kink where it
// jumps; `line` is the one of the chosen slope; `texts` are the values of the sliders, written.
export function stateAt(data, values, rowsOf) {
  const { kinks, parameter, subgradient } = data;
  const i = nearest(values.z, data.z), a = parameter ? nearest(values.parameter, parameter) : 0;
  const z = place(i, data.z), rows = rowsOf(a), texts = { z: number(z, 2) };
  const state = { i, a, z, rows, value: rows.g[i], slope: rows.prime[i], texts };
  const kink = kinks.find((k) => k.z === z && k.left[a] !== k.right[a]);
  if (kink) state.limits = [kink.left[a], kink.right[a]];
  if (parameter) {
    state.parameter = place(a, parameter);
    texts.parameter = number(state.parameter, parameter.digits);
  }
  if (subgradient) {
    const m = state.m = place(nearest(values.subgradient, subgradient), subgradient);
    texts.subgradient = number(m, subgradient.digits);
    state.line = straight(rows.z, kinks[0].z, subgradient.height[a], m);
  }
  return state;
}

// What the places of a task are written in
export const quantities = ({ z, value: g, slope, parameter, m }) => ({ z, g, slope, parameter, m });

export function aboutKink({ limits, slope }, subgradient) {
  if (!limits) return "";
  const said = gettext`A kink: no derivative here. ${short(slope)} is the convention`;
  if (subgradient) return `${said}.`; // the learner finds from where to where
  const [low, high] = [Math.min(...limits), Math.max(...limits)].map(short);
  const found = limits[0] < limits[1] ? gettext("subgradients are") : gettext("Clarke gradient is");
  return gettext`${said}; the ${found} [${low}, ${high}].`;
}

export function isApart({ i, a }, { runs }) {
  return runs[a].some(([first, end]) => first <= i && i <= end);
}

export function aboutRival(state, rival) {
  const { i, a, rows, value, texts } = state, { name } = rival, where = rival.where[a];
  if (isApart(state, rival)) {
    const numbers = gettext`it gives ${number(rows.rival[i])} instead of ${number(value)}`;
    return gettext`${name} is not g here: at z = ${texts.z} ${numbers}.`;
  }
  if (where) return gettext`${name} agrees with g at z = ${texts.z}, but not for ${where}.`;
  return gettext`${name} agrees with g for every z shown.`;
}

export function aboutLine({ line, rows, texts }, { bottom, top }) {
  const off = 1e-5 * (top - bottom);
  const rises = line.some((v, i) => v > rows.g[i] + off);
  const falls = line.some((v, i) => v < rows.g[i] - off);
  let does = gettext("is");
  if (rises) does = falls ? gettext("crosses") : gettext("stays above");
  else if (falls) does = gettext("stays below");
  return gettext`Slope m = ${texts.subgradient}: the line ${does} the curve.`;
}

// What a screen reader hears; `notes` are what stands below the picture.
export function spoken({ value, slope, limits, texts }, notes, locked) {
  const start = gettext`z = ${texts.z}, g = ${number(value)}, slope `;
  if (locked) return gettext`${start}not shown yet`;
  const numbers = `${start}g′ = ${number(slope)}${limits ? gettext(", a convention") : ""}`;
  return notes.length ? `${numbers}. ${notes.join(" ")}` : numbers;
}

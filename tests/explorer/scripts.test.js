// The parts of an explorer that need no page: numbers, what is shown and said, places in the picture.
import assert from "node:assert/strict";
import { test } from "node:test";
import * as numbers from "../../helpers/explorer/browser/numbers.js";
import * as plane from "../../helpers/explorer/browser/plane.js";
import * as simplex from "../../helpers/explorer/browser/simplex.js";
import * as state from "../../helpers/explorer/browser/state.js";

// |z| and z, which the parameter chooses between, beside relu; a kink at 0
const DATA = {
  z: { low: -2, step: 0.5, count: 9, digits: 2 },
  parameter: { low: 0, step: 1, count: 2, digits: 1 },
  subgradient: { low: -2, step: 0.5, count: 9, digits: 2, height: [0, 0] },
  g: ["2 ~3 0 ~3 2", "-2 ~7 2"],
  prime: ["-1 ~3 -1 1 ~2 1", "1 ~7 1"],
  kinks: [{ z: 0, left: [-1, 1], at: [-1, 1], right: [1, 1] }],
  rival: { name: "relu", values: ["0 ~3 0 ~3 2", "0 ~3 0 ~3 2"], runs: [[[0, 3]], []], where: ["z < 0", ""] },
  view: { bottom: -2, top: 2 },
};
const rowsOf = state.reader(DATA);
const at = (z, parameter = 0, subgradient = 0) => state.stateAt(DATA, { z, parameter, subgradient }, rowsOf);

test("rows are read with the lines that were left out", () => {
  assert.deepEqual(numbers.unpack("0 ~3 2 .5"), [0, 0.5, 1, 1.5, 2, 0.5]);
  assert.deepEqual(numbers.unpack("-.5 1e-7"), [-0.5, 1e-7]);
});

test("a slider stands at the place nearest to its value, and never beyond its ends", () => {
  const grid = { low: -8, step: 0.05, count: 321 };
  numbers.places(grid).forEach((z, i) => {
    assert.equal(z, Number((-8 + i / 20).toFixed(2)));
    assert.equal(numbers.nearest(z + 0.02, grid), i);
  });
  assert.deepEqual([-99, 99].map((v) => numbers.nearest(v, grid)), [0, 320]);
});

test("numbers have four decimals and a minus sign, small ones a power of ten", () => {
  const written = { "0.2500": 0.25, "−0.5000": -0.5, "0.0000": 0, "0.0010": 1e-3, "3.35 × 10⁻⁴": 3.35e-4, "−1.00 × 10⁻¹²": -1e-12 };
  for (const text in written) assert.equal(numbers.number(written[text]), text);
  assert.equal(numbers.number(1e-4, 2), "0.00");
  assert.deepEqual([0.5, -1.25, 1 / 3].map(numbers.short), ["0.5", "−1.25", "0.3333"]);
});

test("a state holds what the rows hold there", () => {
  const { z, value, slope, limits, texts } = at(1.1);
  assert.deepEqual([z, value, slope, limits], [1, 1, 1, undefined]);
  assert.deepEqual(texts, { z: "1.00", parameter: "0.0", subgradient: "0.00" });
  assert.deepEqual(at(-2, 1).value, -2);
});

test("a kink has limits where g′ jumps there, and a sentence with all the slopes between", () => {
  assert.deepEqual(at(0).limits, [-1, 1]);
  assert.equal(at(0, 1).limits, undefined);
  assert.equal(state.aboutKink(at(1)), "");
  const start = "A kink: no derivative here. −1 is the convention";
  assert.equal(state.aboutKink(at(0)), `${start}; the subgradients are [−1, 1].`);
  assert.equal(state.aboutKink(at(0), DATA.subgradient), `${start}.`);
  assert.match(state.aboutKink({ slope: 2, limits: [2, 1] }), /the Clarke gradient is \[1, 2\]\.$/);
});

test("a rival is told apart where it is, there and elsewhere", () => {
  const said = (...place) => state.aboutRival(at(...place), DATA.rival);
  assert.equal(said(-1), "relu is not g here: at z = −1.00 it gives 0.0000 instead of 1.0000.");
  assert.equal(said(1), "relu agrees with g at z = 1.00, but not for z < 0.");
  assert.equal(said(1, 1), "relu agrees with g for every z shown.");
  assert.deepEqual([-2, -0.5, 0].map((z) => state.isApart(at(z), DATA.rival)), [true, true, false]);
});

test("a line through the kink stays on one side, crosses, or is the curve", () => {
  const said = (...place) => state.aboutLine(at(...place), DATA.view);
  assert.equal(said(0, 0, 0.5), "Slope m = 0.50: the line stays below the curve.");
  assert.equal(said(0, 0, 1.5), "Slope m = 1.50: the line crosses the curve.");
  assert.equal(said(0, 1, 1), "Slope m = 1.00: the line is the curve.");
  const upside = { ...at(0, 0, 0.5), rows: { g: rowsOf(0).g.map((v) => -v) } };
  assert.match(state.aboutLine(upside, DATA.view), /stays above/);
});

test("what is read aloud keeps the slope to itself while the sliders are locked", () => {
  assert.equal(state.spoken(at(0), ["A note."], true), "z = 0.00, g = 0.0000, slope not shown yet");
  const open = "z = 0.00, g = 0.0000, slope g′ = −1.0000, a convention";
  assert.equal(state.spoken(at(0), [], false), open);
  assert.equal(state.spoken(at(0), ["One.", "Two."], false), `${open}. One. Two.`);
});

const PLANE = plane.planeOf(DATA);
const strokes = (path) => path.split("M").slice(1);

test("the ends of both axes are the corners of the plot", () => {
  assert.deepEqual([PLANE.at(-2, -2), PLANE.at(2, 2)], ["46,324", "584,14"]);
  assert.equal(plane.curvePath(PLANE, DATA.z.count && rowsOf(1).g).split("L").length, 9);
});

test("g′ breaks at a kink, on the grid or off it", () => {
  const { prime } = rowsOf(0);
  const [left, right] = strokes(plane.primePath(PLANE, prime, DATA.kinks, 0));
  assert.ok(left.endsWith(`L${PLANE.at(0, -1)}`));
  assert.ok(right.startsWith(`${PLANE.at(0, 1)}L`));
  assert.equal(`${left}L${right}`.split("L").length, 10); // both limits instead of the value there
  const off = [{ z: 0.2, left: [-1], at: [0], right: [1] }];
  assert.ok(strokes(plane.primePath(PLANE, prime, off, 0))[1].startsWith(PLANE.at(0.2, 1)));
  assert.equal(strokes(plane.primePath(PLANE, prime, [], 0)).length, 1);
});

test("an area reaches a grid step beyond its run, but not beyond the ends", () => {
  const { g, rival } = rowsOf(0);
  const areas = strokes(plane.areaPath(PLANE, g, rival, [[0, 3], [6, 7]]));
  const [first, second] = areas.map((area) => area.slice(0, -1).split("L"));
  assert.equal(first.length, 10); // five places, there and back
  assert.deepEqual([first[0], first[4], first[9]], [PLANE.at(-2, 2), PLANE.at(0, 0), PLANE.at(-2, 0)]);
  assert.deepEqual([second[0], second[3]], [PLANE.at(0.5, 0.5), PLANE.at(2, 2)]);
});

test("the fan of a kink lies on both sides between lines of both slopes", () => {
  const fan = plane.fanPath(PLANE, { z: 0, value: 0, limits: [-1, 1] });
  const wings = [[PLANE.at(0, 0), PLANE.at(-2, 2), PLANE.at(-2, -2)], [PLANE.at(0, 0), PLANE.at(2, -2), PLANE.at(2, 2)]];
  assert.deepEqual(strokes(fan), wings.map((wing) => `${wing.join("L")}Z`));
});

test("the names at the ends of the curves keep apart, g above where it is larger", () => {
  for (const [g, prime] of [[1, 1], [1, 1.05], [1.05, 1], [-2, 2]]) {
    const [yg, yp] = plane.endNames(PLANE, [g], [prime]);
    assert.ok(Math.abs(yg - yp) >= 20);
    assert.equal(yg < yp, g >= prime);
  }
});

const WIDE = { ...DATA, z: { low: -8, step: 0.05, count: 321 }, kinks: [] };
const wide = plane.planeOf(WIDE), level = (v) => wide.zs.map(() => v);
const spotOf = (row, others, old, on = wide) => plane.spotFor(on, "m = 1", row, [row, ...others], old);

test("a name stands on the side where no other line is, and inside the picture", () => {
  const own = level(0.5);
  assert.equal(spotOf(own, [level(0.7)]).way, 1);
  assert.equal(spotOf(own, [level(0.3)]).way, -1);
  assert.equal(spotOf(level(-1.95), []).way, -1);
  assert.equal(spotOf(level(1.95), []).way, 1);
  assert.notEqual(spotOf(level(-1.95), [level(-1.75)])?.way, 1);
  assert.equal(spotOf(level(9), []), undefined);
  for (const other of [-0.4, 0.3, 0.7, 1.4]) {
    const { i, middle } = spotOf(own, [level(other)]);
    for (const v of [own[i], other]) assert.ok(Math.abs(wide.height(v) - middle) >= 12);
  }
});

test("a name does not stand on the vertical line of a kink", () => {
  const { i } = spotOf(level(0.5), []), z = wide.zs[i];
  const kinked = plane.planeOf({ ...WIDE, kinks: [{ z }] });
  assert.ok(Math.abs(spotOf(level(0.5), [], undefined, kinked).i - i) > 10);
});

test("a name stays where it was while there is room, however much there is elsewhere", () => {
  const old = { i: 40, way: -1 }, own = level(0.5);
  assert.equal(spotOf(own, [wide.zs.map((z) => 1.35 + z / 20)], old).i, 40);
  assert.notEqual(spotOf(own, [wide.zs.map((z) => 1 + z / 20)], old).i, 40);
});

test("three probabilities are read, said, and put where they belong in the triangle", () => {
  const read = simplex.probabilities({ p: [["1 .5", ".4 .2"], ["0 .5", ".4 .2"], ["0 0", ".2 .6"]] });
  assert.deepEqual([read(0, 0), read(1, 1)], [[1, 0, 0], [0.2, 0.2, 0.6]]);
  const corners = [[1, 0, 0], [0, 1, 0], [0, 0, 1]].map(simplex.pointOf);
  const side = (i, j) => Math.hypot(corners[i][0] - corners[j][0], corners[i][1] - corners[j][1]);
  assert.ok(Math.abs(side(0, 1) / side(1, 2) - 1) < 0.01 && side(0, 1) === side(0, 2));
  const middle = [0, 1].map((k) => (corners[0][k] + corners[1][k]) / 2);
  assert.deepEqual(simplex.pointOf([0.5, 0.5, 0]), middle);
  const names = { names: ["A", "B", "C"], parameter: { symbol: "T" }, z: { symbol: "z(A)" } };
  const said = simplex.saying(names, read(0, 0), { z: "2.0", parameter: "0.4" });
  assert.equal(said, "T = 0.4, z(A) = 2.0: A 1.0000, B 0.0000, C 0.0000");
});

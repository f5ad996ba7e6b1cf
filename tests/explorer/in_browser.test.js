// What the in-browser edition and the bars below exercises do where no page is needed.
import assert from "node:assert/strict";
import { test } from "node:test";
import { browser, exercises } from "./browser_copy.js";

const LESSON = "01_x.ipynb";
const notebook = (...sources) =>
  ({ cells: sources.map((source) => ({ cell_type: "code", source, metadata: {}, outputs: [] })) });

test("without a network the newer edition is not fetched, and nothing is left behind", async () => {
  const { copy, files } = browser(undefined, { [LESSON]: notebook("mine") });
  await assert.rejects(copy.fetchNewest(LESSON), /could not be fetched: no network/);
  assert.deepEqual(files, { [LESSON]: notebook("mine") });
});

test("what fails behind a button is told above the lesson", async () => {
  const { copy, line } = browser({}), panel = { context: { path: LESSON } };
  const act = () => Promise.reject(new Error("The disk is full."));
  const { node } = line(copy, panel, { "Take out": act }), [words, button] = node.parts;
  await button.click();
  assert.equal(words.textContent, "The disk is full.");
});

test("what was fetched stands beside mine, whose name is told", async () => {
  const published = { [LESSON]: JSON.stringify(notebook("new")) };
  const { copy, files } = browser(published, { [LESSON]: notebook("mine") });
  assert.equal(await copy.fetchNewest(LESSON), "01_x.mine.ipynb");
  assert.deepEqual(files, { [LESSON]: notebook("new"), "01_x.mine.ipynb": notebook("mine") });
});

test("a list of lessons that could not be fetched is asked for again", async () => {
  const { copy, net } = browser(undefined, { [LESSON]: notebook("as published") });
  assert.equal(await copy.published(LESSON), undefined);
  net.published = { [LESSON]: JSON.stringify(notebook("as published")) };
  assert.deepEqual(await copy.mine(), []);
});

test("only what was left out, and what differed, is told", async () => {
  const { copy, files } = browser({}, { "a.txt": "mine", ".course.json": "{}" });
  assert.equal(await copy.bringBack([["new.txt", "x"]]), "1 file is back.");
  assert.equal(await copy.bringBack([["a.txt", "other"], [".course.json", "x"], ["b.ipynb", "{"]]),
    "1 file is back. Left out, as hidden, not to be read or a folder here: .course.json, b.ipynb. "
    + "What differed is kept as a.mine.txt.");
  assert.deepEqual(files, { "a.txt": "other", "a.mine.txt": "mine", "new.txt": "x", ".course.json": "{}" });
  assert.deepEqual((await copy.mine()).map(([path]) => path), ["a.txt", "new.txt", "a.mine.txt"]);
});

test("a file that would hide a module stays out", async () => {
  const { copy, files } = browser({});
  const names = ["numpy.py", "random.cpython-313.so", "plots.py", "numpy.txt", "a/numpy.py"];
  assert.equal(await copy.bringBack(names.map((name) => [name, "x"])), "3 files are back. "
    + "Left out, as each would hide an installed module: numpy.py, random.cpython-313.so.");
  assert.deepEqual(Object.keys(files), names.slice(2));
});

test("of progress comes in only what can be read again", async () => {
  const { copy, files } = browser({}, { ".progress.json": '{"relu": {"right": true}}' });
  const entries = ['{"when": "x"}', '{"hints": null}', "3", "[]"];
  const bad = entries.map((entry) => [".progress.json", `{"relu": ${entry}}`]);
  assert.match(await copy.bringBack(bad), /^0 files/);
  await copy.bringBack([[".progress.json", '{"relu": {"right": false, "hints": 2, "when": 9}}']]);
  assert.deepEqual(JSON.parse(files[".progress.json"]), { relu: { right: true, hints: 2, when: 9 } });
});

test("names in tables of progress are looked for once a frame", () => {
  const frames = [], spans = [], watching = [];
  let read = 0;
  const { linkNames, Notebook } = exercises("linkNames, Notebook", {
    document: { createElement: () => ({ setAttribute() {} }) },
    requestAnimationFrame: (act) => frames.push(act),
    cancelAnimationFrame: (frame) => { if (frame) frames[frame - 1] = () => {}; },
    MutationObserver: class { constructor(act) { watching.push(act); } observe() {} },
  });
  const widgets = ["relu", "tanh", "relu"].map((name) => ({
    model: { type: "code", sharedModel: { getSource: () => { read += 1; return `check("${name}", ...)`; } } },
  }));
  const node = { querySelectorAll: () => spans, addEventListener() {} };
  const book = new Notebook({}, { content: { widgets, node } });
  linkNames(book);
  const linked = [];
  for (const exercise of ["relu", ...Array(40).fill("elsewhere")]) {
    spans.push({ dataset: { exercise }, replaceWith: () => linked.push(exercise) });
  }
  for (let change = 0; change < 30; change += 1) watching[0]();
  for (const frame of frames) frame();
  assert.deepEqual(linked, ["relu"]);
  assert.equal(read, widgets.length);
  assert.equal(book.asking().get("relu"), widgets[0]);
});

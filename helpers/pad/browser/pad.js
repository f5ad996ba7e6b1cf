// The pad in a running notebook: lines go to Python 200 ms after the last key, marks come back.
import { add, button, copy, set } from "./dom.js";
import { bar, firstStop, keypad } from "./keypad.js";
import { added, changed, history, isBegun, isBlank, isEmpty, line, numbers, removed, rows, same } from "./lines.js";
import { libraryOf, mathlive } from "./load.js";
import { cutText, toLatex } from "./paste.js";
import { isFirstToMend, makeRow } from "./row.js";

const PAUSE = 200, PATIENCE = 3000; // ms
const BUSY = "Python has not answered yet: it may be busy with another cell. What you write is not lost.";
const STOPPED = "The kernel was stopped or restarted: run this cell again to write on. Your lines are kept.";
const STATUS = {
  correct: ["✓", "Correct"], "not yet": ["✗", "Not yet"],
  unfinished: ["○", "Right so far, not finished"], "not attempted": ["○", "Nothing written yet"],
  fault: ["!", "Not judged"],
};

// All keys but these are the pad's own; JupyterLab would take a letter for a command.
const isJupyters = ({ key, ctrlKey, metaKey, shiftKey }) =>
  key === "Escape" || (key === "Enter" && (shiftKey || ctrlKey || metaKey))
  || ((ctrlKey || metaKey) && !/^(Arrow|Backspace|Delete|Home|End|[acvxyzACVXYZ]$)/.test(key));

function ownKeys(root) {
  const early = (event) => {
    if (root.contains(event.target)) root.toggleAttribute("data-lm-suppress-shortcuts", !isJupyters(event));
  };
  window.addEventListener("keydown", early, true);
  root.addEventListener("keydown", (event) => isJupyters(event) || event.stopPropagation());
  return () => window.removeEventListener("keydown", early, true);
}

function build(root, sheet) {
  set(root, { class: "activation-pad", role: "group", "aria-label": `Pad: ${sheet.title}` });
  add(root, "p", { class: "title" }, sheet.title);
  const list = add(root, "ol", { class: "lines", "aria-label": "Lines" });
  const status = add(root, "div", { class: "status" });
  const tools = add(root, "div", { class: "tools" });
  add(root, "p", { class: "help" }, "Enter: the next line. # a reason. Space: out of an exponent or a fraction. Alt+Enter: the line once more.");
  const live = add(root, "p", { class: "live", "aria-live": "polite" });
  return { root, list, status, tools, live };
}

function writeStatus(node, { status, message }, first) {
  const [icon, word] = STATUS[status];
  node.dataset.status = status;
  node.replaceChildren();
  add(node, "span", { class: "icon", "aria-hidden": "true" }, icon);
  add(node, "b", {}, word);
  add(node, "span", {}, first || (status === "not attempted" ? "" : message));
}

function start(model, root, Mathfield) {
  const sheet = model.get("sheet"), view = build(root, sheet), rowsById = new Map();
  const unanswered = `activation-pad: ${sheet.name}`, lost = JSON.parse(sessionStorage.getItem(unanswered));
  const past = history((lost ?? model.get("lines")).map(([latex, reason]) => line(latex, reason)));
  let at = past.lines()[0].id, turn = model.get("turn"), sent = past.lines(), marks = new Map();
  let timer, patience, announced, stopped = false;

  // ---------------------------------------------------------------------------- drawing

  function draw() {
    const lines = past.lines(), kept = new Set(lines.map(({ id }) => id));
    for (const [id, row] of rowsById) {
      if (kept.has(id)) continue;
      row.item.remove();
      rowsById.delete(id);
    }
    const places = numbers(lines);
    lines.forEach((one, k) => {
      if (!rowsById.has(one.id)) rowsById.set(one.id, makeRow(one.id, { Mathfield, sheet, tell }));
      const row = rowsById.get(one.id);
      if (view.list.children[k] !== row.item) view.list.insertBefore(row.item, view.list.children[k] ?? null);
      row.draw(one, places[k]);
    });
    const can = past.can();
    undo.disabled = !can.undo;
    redo.disabled = !can.redo;
  }

  const firstToMend = () => past.lines().find(({ id }) => isFirstToMend(marks.get(id)));

  function drawMarks() {
    const first = firstToMend();
    for (const { id } of past.lines()) rowsById.get(id).mark(marks.has(id) ? marks.get(id) : null, id === first?.id);
  }

  const place = (id) => numbers(past.lines())[past.lines().findIndex((one) => one.id === id)];

  function focus(id, where) {
    at = id;
    rowsById.get(id)?.focus(where);
  }

  // ------------------------------------------------------------------ to Python and back

  function put(lines, what) {
    past.put(lines, what);
    draw();
    later();
  }

  function later() {
    const before = new Map(sent.map((one) => [one.id, one.latex]));
    for (const { id, latex } of past.lines()) if (before.get(id) !== latex) rowsById.get(id).mark();
    clearTimeout(timer);
    timer = setTimeout(send, PAUSE);
  }

  function flush() {
    if (!stopped && !same(sent, past.lines())) send();
  }

  function send() {
    clearTimeout(timer);
    past.rest();
    sent = past.lines();
    turn += 1;
    model.set({ lines: rows(sent), turn });
    model.save_changes();
    sessionStorage.setItem(unanswered, JSON.stringify(rows(sent)));
    clearTimeout(patience);
    patience = setTimeout(say, PATIENCE, BUSY);
  }

  function say(words) {
    view.status.dataset.status = "";
    view.status.textContent = words;
  }

  // Without its kernel a pad can only be read.
  function stop() {
    stopped = true;
    clearTimeout(timer);
    clearTimeout(patience);
    if (!same(sent, past.lines())) sessionStorage.setItem(unanswered, JSON.stringify(rows(past.lines())));
    view.root.classList.add("stopped");
    for (const row of rowsById.values()) row.close();
    for (const one of view.tools.querySelectorAll("button")) one.disabled = true;
    say(STOPPED);
  }

  function receive() {
    const told = model.get("told");
    if (told.turn !== turn) return;
    clearTimeout(patience);
    sessionStorage.removeItem(unanswered);
    marks = new Map(told.marks.map((mark) => [sent[mark.place]?.id, mark]));
    drawMarks();
    const first = firstToMend();
    writeStatus(view.status, told, first && `Line ${place(first.id)} ${marks.get(first.id).mark}.`);
    announce();
  }

  function announce() {
    const told = marks.get(at), said = told ? `Line ${place(at)}: ${told.mark}. ${told.evidence} ${told.question}` : "";
    if (said === announced) return;
    announced = said;
    view.live.textContent = said;
  }

  // ---------------------------------------------------------------------- what is done

  function step(go) {
    if (!go()) return;
    const before = new Map(rows(sent).map((row, k) => [sent[k].id, row.join()]));
    draw();
    later();
    const lines = past.lines(), other = lines.find((one) => before.get(one.id) !== [one.latex, one.reason].join());
    focus((other ?? lines.find(({ id }) => id === at) ?? lines.at(-1)).id);
  }

  function insertLines(id, fresh) {
    const lines = past.lines(), target = lines.find((one) => one.id === id);
    const all = added(lines, id, fresh);
    put(isEmpty(target) ? removed(all, id) : all);
    focus(fresh.at(-1).id);
  }

  const tell = {
    change: (id, latex) => {
      if (past.lines().find((one) => one.id === id)?.latex !== latex) put(changed(past.lines(), id, { latex }), `${id} latex`);
    },
    reason: (id, reason) => put(changed(past.lines(), id, { reason }), `${id} reason`),
    focus: (id) => { at = id; },
    enter(id) {
      const lines = past.lines(), next = lines[lines.findIndex((one) => one.id === id) + 1];
      if (next && isBlank(next)) return focus(next.id);
      const fresh = line();
      put(added(lines, id, [fresh]));
      focus(fresh.id);
    },
    repeat(id) {
      const { latex } = past.lines().find((one) => one.id === id), fresh = line(latex.startsWith("=") ? latex : `=${latex}`);
      put(added(past.lines(), id, [fresh]));
      focus(fresh.id);
    },
    erase(id) {
      const lines = past.lines(), k = lines.findIndex((one) => one.id === id), left = removed(lines, id);
      put(left);
      focus(left[Math.max(0, k - 1)].id);
    },
    leave(id, by, where) {
      const lines = past.lines(), next = lines[lines.findIndex((one) => one.id === id) + by];
      if (next) focus(next.id, where);
    },
  };

  function paste(event) {
    if (event.target.matches?.("input")) return;
    const pasted = cutText(event.clipboardData.getData("text/plain"));
    if (!pasted.length) return;
    event.preventDefault();
    event.stopPropagation();
    const written = pasted.map(([text, reason]) => [toLatex(text, view.root, Mathfield, sheet), reason]);
    if (written.length > 1 || isEmpty(past.lines().find(({ id }) => id === at))) {
      insertLines(at, written.map(([latex, reason]) => line(latex, reason)));
    } else {
      const { field } = rowsById.get(at);
      focus(at);
      field.insert(written[0][0], { format: "latex" });
    }
  }

  async function copied(node, words, text) {
    await copy(text);
    node.textContent = "Copied";
    setTimeout(() => { node.textContent = words; }, 1500);
  }

  // -------------------------------------------------------------------------- the tools

  keypad(view.tools, sheet.keys, (latex) => {
    const { field } = rowsById.get(at) ?? rowsById.values().next().value;
    field.focus();
    field.insert(latex, { format: "latex", focus: true });
  });
  const whole = bar(view.tools, "The whole pad");
  const undo = button(whole, { title: "Ctrl+Z" }, "Undo", () => step(past.undo));
  const redo = button(whole, { title: "Ctrl+Y" }, "Redo", () => step(past.redo));
  button(whole, { title: "Alt+Enter: the line once more, to go on from" }, "Repeat line", () => tell.repeat(at));
  const asText = button(whole, {}, "Copy text", () => copied(asText, "Copy text", model.get("told").text));
  const asLatex = button(whole, {}, "Copy LaTeX", () => copied(asLatex, "Copy LaTeX", latexOfAll(past.lines())));
  firstStop(whole);

  const keys = (event) => {
    const key = event.key.toLowerCase();
    if (!(event.ctrlKey || event.metaKey) || !"zy".includes(key) || event.altKey) return;
    event.preventDefault();
    event.stopPropagation();
    step(key === "y" || event.shiftKey ? past.redo : past.undo);
  };
  root.addEventListener("keydown", keys, true);
  root.addEventListener("paste", paste, true);

  function received() {
    if (same(model.get("lines").map(([latex, reason]) => ({ latex, reason })), past.lines())) return;
    if (model.get("turn") === turn) return;
    turn = model.get("turn"); // another view of this pad was written on
    sent = model.get("lines").map(([latex, reason]) => line(latex, reason));
    past.put(sent);
    draw();
  }

  draw();
  if (lost) send(); // written while Python was busy, and then its kernel was restarted
  else receive();
  model.on("change:told", receive);
  model.on("change:turn", received);
  window.addEventListener("pagehide", flush);
  const end = () => {
    flush();
    clearTimeout(patience);
    window.removeEventListener("pagehide", flush);
    model.off("change:told", receive);
    model.off("change:turn", received);
  };
  return { stop, end };
}

function latexOfAll(lines) {
  const written = lines.filter(isBegun);
  const steps = written.map(({ latex, reason }) =>
    (latex.startsWith("=") ? `&${latex}` : `${latex} &`) + (reason ? ` && \\text{${reason}}` : ""));
  return `\\begin{aligned}\n${steps.join(" \\\\\n")}\n\\end{aligned}`;
}

async function render({ model, el }) {
  const root = add(el, "div"), free = ownKeys(root);
  root.textContent = "The pad is being loaded.";
  const library = await libraryOf(model), Mathfield = await mathlive(library);
  root.textContent = "";
  const pad = start(model, root, Mathfield), look = () => library.comm_live || pad.stop();
  look();
  library.on("comm_live_update", look);
  return () => {
    library.off("comm_live_update", look);
    free();
    pad.end();
  };
}

export default { render };

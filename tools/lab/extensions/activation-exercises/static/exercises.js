// Under each cell that asks an exercise stand Check, Hint and Solution, and where an option or a
// short answer is asked for, options to click or a field. What is chosen is written into the cell:
// it stays the source of truth. Nothing of this is stored in the notebook. Under `practice()` stands
// Answer in place of Check: it opens a cell for what was drawn, or a pad. Besides, the names of
// exercises in a table of progress lead to their cells, and a lesson opens where it was left.
// The same file serves JupyterLab, Notebook 7 and the in-browser edition.
(() => {
// In another language what is called with this name is replaced before a browser gets this file.
const gettext = (said, ...values) => (said.raw ? String.raw(said, ...values) : said);
const ASKS = /^%%check\s+([\w.]+)|^[^#\n]*\b(?:check|pad)\(\s*["']([\w.]+)["']/m;
const CALL = /^\s*check\(\s*["']([\w.]+)["']\s*,\s*(.*?)\s*\)\s*$/; // nothing but the call, in a line
const ON_PAD = /^\s*(?:from helpers\.pad import pad\s+)?pad\(\s*["'][\w.]+["']\s*\)\s*$/;
const BARE = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$|^\(.*\)$/; // a number, or several in brackets
const ROOM = '__import__("helpers.exercises").exercises';

const STYLE = `
.course-bar { margin: 2px 0 6px calc(var(--jp-cell-prompt-width, 64px) + 16px); max-width: 60em;
  color: var(--jp-ui-font-color1); font: var(--jp-ui-font-size1)/1.5 var(--jp-ui-font-family); }
.course-bar fieldset { border: 0; margin: 0 0 4px; padding: 0; min-width: 0; }
.course-bar legend { position: absolute; width: 1px; height: 1px; overflow: hidden;
  clip-path: inset(50%); }
.course-bar label { display: flex; gap: .5em; align-items: baseline; padding: 3px 6px;
  border-radius: 3px; cursor: pointer; }
.course-bar label:hover { background: var(--jp-layout-color2); }
.course-bar input[type=text] { width: 12em; max-width: 100%; box-sizing: border-box; padding: 3px 6px;
  color: inherit; background: var(--jp-layout-color1); border: 1px solid var(--jp-border-color0);
  border-radius: 3px; font: inherit; }
.course-bar button { padding: 2px 10px; margin-right: 6px; color: inherit; background: none;
  border: 1px solid var(--jp-border-color1); border-radius: 3px; font: inherit; cursor: pointer; }
.course-bar button:hover { background: var(--jp-layout-color2); }
.course-bar :focus-visible { outline: 2px solid var(--jp-brand-color1); outline-offset: 1px; }
.course-bar .course-said:not(:empty) { margin-top: 6px; padding: 4px 12px;
  border-left: 3px solid var(--jp-border-color1); overflow-x: auto; }
.course-offers .jp-OutputArea ul, .course-unanswered.course-offers .jp-OutputArea p { display: none; }
.course-draws .practice-by-hand { display: none; }
a.course-link { cursor: pointer; text-decoration: underline; color: var(--jp-content-link-color); }
@media (max-width: 600px) { .course-bar { margin-left: 8px; } }
body[data-jp-theme-light="false"] :is(.activation-explorer, .activation-panel) { color-scheme: dark; }
body[data-jp-theme-light="false"] .jp-OutputArea-output img { filter: invert(.93) hue-rotate(180deg); }
`;

function make(kind, attributes = {}, text = "") {
  const node = document.createElement(kind);
  for (const [name, value] of Object.entries(attributes)) node.setAttribute(name, value);
  if (text) node.textContent = text;
  return node;
}

// Run code beside the notebook; what it shows, as HTML, and the name of its error if it has one.
async function evaluate(panel, code) {
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel) return { html: gettext("No Python is running: choose a kernel first.") };
  const found = {};
  const future = kernel.requestExecute({ code, store_history: false, stop_on_error: false });
  future.onIOPub = ({ header, content }) => {
    if (header.msg_type === "execute_result") {
      const shown = make("pre", {}, content.data["text/plain"]).outerHTML;
      found.html = content.data["text/html"] ?? shown;
    }
    if (header.msg_type === "error") Object.assign(found, { error: content.ename, words: content.evalue });
  };
  await future.done;
  return found;
}

function asked(cell) {
  const found = ASKS.exec(cell.model.sharedModel.getSource());
  return found?.[1] ?? found?.[2];
}

function outputOf(cell) {
  const html = cell.model.sharedModel.toJSON().outputs.map((output) => output.data?.["text/html"] ?? "");
  return new DOMParser().parseFromString(html.flat().join(""), "text/html");
}

// The options that the last verdict lists, each [what is answered, what stands there].
function listed(page) {
  const items = [...page.querySelectorAll("[role=status] > ul > li")];
  const unanswered = page.querySelector("[role=status]")?.textContent.includes(gettext("Not attempted yet"));
  return [unanswered, items.map((li) => [li.querySelector("strong")?.textContent, li.textContent])];
}

class Bar {
  constructor(notebook, cell) {
    Object.assign(this, { notebook, cell, options: [] });
    const later = () => {
      cancelAnimationFrame(this.frame);
      this.frame = requestAnimationFrame(() => !cell.isDisposed && this.update());
    };
    cell.model.sharedModel.changed.connect(later);
    cell.model.outputs.changed.connect(later);
    this.update();
  }

  get source() {
    return this.cell.model.sharedModel.getSource();
  }

  update() {
    const page = outputOf(this.cell), own = asked(this.cell);
    const drawn = own ? undefined : page.querySelector("[data-practice]")?.dataset;
    const name = own ?? drawn?.practice;
    if (name !== this.name || Boolean(drawn) !== this.draws) {
      this.node?.remove();
      this.options = [];
      this.kind = this.node = undefined;
      Object.assign(this, { name, draws: Boolean(drawn) });
      this.cell.node.classList.toggle("course-draws", this.draws);
      if (name) this.build(drawn);
    }
    if (!name || drawn) return;
    const call = CALL.exec(this.source), [unanswered, options] = listed(page);
    const kind = !call ? "" : options.length || this.options.length ? "choice" : "field";
    if (kind === "field" && !unanswered && !this.kind && call[2] === "...") return; // never run
    if (options.length) this.offer(options);
    if (kind === "field" && this.kind !== kind) this.addField();
    if (kind !== this.kind) this.answers.hidden = !kind;
    this.kind = kind;
    this.cell.node.classList.toggle("course-offers", kind === "choice");
    this.cell.node.classList.toggle("course-unanswered", Boolean(unanswered));
    this.follow(call?.[2]);
  }

  build(drawn) {
    const node = make("div", { class: "course-bar", "data-lm-suppress-shortcuts": "true" });
    this.answers = make("fieldset");
    this.answers.hidden = true;
    const row = make("div", { role: "group", "aria-label": gettext`Exercise ${this.name}` });
    const add = (text, act) => {
      const button = make("button", { type: "button" }, text);
      button.addEventListener("click", () => act(button));
      row.append(button);
      return button;
    };
    if (drawn) add(gettext("Answer"), () => this.notebook.open(this.cell, this.name, drawn.cell));
    else add(gettext("Check"), (button) => this.check(button));
    const pad = `from helpers.pad import pad\n\npad("${this.name}")`;
    if (drawn && "pad" in drawn) add(gettext("Pad"), () => this.notebook.open(this.cell, this.name, pad));
    add(gettext("Hint"), () => this.say(`${ROOM}.hint("${this.name}")`));
    add(gettext("Solution"), (button) => this.solution(button));
    this.said = make("div", { class: "course-said", role: "status" });
    node.append(this.answers, row, this.said);
    this.cell.node.append(node);
    this.node = node;
  }

  // Radio buttons; the order is that of the output, which is each learner's own.
  offer(options) {
    if (JSON.stringify(options) === JSON.stringify(this.options)) return;
    this.options = options;
    const labels = options.map(([word, text]) => {
      const label = make("label"), input = make("input", { type: "radio", name: `course-${this.name}` });
      input.value = word;
      input.addEventListener("change", () => this.write(word));
      label.append(input, make("span", {}, text));
      return label;
    });
    this.answers.replaceChildren(make("legend", {}, gettext("Your answer")), ...labels);
  }

  addField() {
    const label = make("label", {}, gettext("Your answer")), input = make("input", { type: "text" });
    input.addEventListener("input", () => input.value.trim() && this.write(input.value.trim()));
    input.addEventListener("keydown", (event) => event.key === "Enter" && this.check(input));
    label.append(input);
    this.answers.replaceChildren(label);
  }

  // What stands in the cell is what is chosen here.
  follow(answer) {
    if (answer === undefined || this.answers.contains(document.activeElement)) return;
    const text = answer === "..." ? "" : answer.replace(/^(["'])(.*)\1$/, "$2");
    const field = this.answers.querySelector("[type=text]");
    if (field) field.value = text;
    for (const input of this.answers.querySelectorAll("[type=radio]")) {
      input.checked = text === input.value;
    }
  }

  write(answer) {
    const written = this.kind === "field" && BARE.test(answer) ? answer : JSON.stringify(answer);
    this.cell.model.sharedModel.setSource(`check("${this.name}", ${written})`);
  }

  async check(button) {
    if (ON_PAD.test(this.source)) return this.say(`${ROOM}.check("${this.name}")`);
    this.said.replaceChildren();
    await this.notebook.check(this.cell);
    button.focus();
  }

  // Asked once more, so that nobody sees it by a slip of the hand.
  async solution(button) {
    if (!this.sure) {
      this.sure = true;
      button.textContent = gettext("Show the solution");
      return;
    }
    await this.say(`${ROOM}.solution("${this.name}")`);
    this.sure = false;
    button.textContent = gettext("Solution");
  }

  async say(code) {
    this.said.textContent = gettext("Waiting for Python …");
    const { html, words } = await evaluate(this.notebook.panel, code);
    if (html) this.said.innerHTML = html;
    else this.said.textContent = words ?? "";
  }
}

class Notebook {
  constructor(commands, panel) {
    Object.assign(this, { commands, panel, content: panel.content, bars: new Map() });
  }

  index(cell) {
    return this.content.widgets.indexOf(cell);
  }

  async run(cell) {
    this.content.deselectAll();
    this.content.activeCellIndex = this.index(cell);
    this.content.mode = "command";
    await this.commands.execute("notebook:run-cell");
  }

  // Run a cell of an exercise; before it the cell of imports, if that was not run yet.
  async check(cell) {
    if ((await evaluate(this.panel, "check")).error === "NameError") {
      const imports = this.content.widgets.find((one) => one.model.type === "code");
      if (imports && imports !== cell) await this.run(imports);
    }
    await this.run(cell);
  }

  // Go to the cell where a drawn exercise is answered, on a pad or not; if there is none, make it.
  async open(below, name, source) {
    const pad = ON_PAD.test(source);
    const same = (cell) =>
      cell.model.type === "code" && asked(cell) === name && ON_PAD.test(cell.model.sharedModel.getSource()) === pad;
    const there = this.content.widgets.find(same);
    if (there) return this.goTo(there);
    this.content.activeCellIndex = this.index(below);
    await this.commands.execute("notebook:insert-cell-below");
    const cell = this.content.activeCell;
    cell.model.sharedModel.setSource(source);
    if (CALL.test(source) || pad) return this.check(cell); // which shows what there is to choose
    this.content.mode = "edit";
    const dots = /\.{3}|…/.exec(source); // what is typed now stands in their place
    const [start, end] = [dots.index, dots.index + dots[0].length].map((at) => cell.editor.getPositionAt(at));
    cell.editor.setSelection({ start, end });
  }

  // Of each exercise the first cell that asks it.
  asking() {
    const cells = this.content.widgets.filter((cell) => cell.model.type === "code");
    return new Map(cells.toReversed().map((cell) => [asked(cell), cell]));
  }

  async goTo(cell) {
    this.content.activeCellIndex = this.index(cell);
    await this.content.scrollToItem(this.index(cell), "start");
    cell.node.scrollIntoView({ block: "start" });
  }

  // Give every cell that asks something its bar.
  follow() {
    for (const cell of this.content.widgets) {
      if (cell.model.type === "code" && !this.bars.has(cell)) {
        this.bars.set(cell, new Bar(this, cell));
        cell.disposed.connect(() => this.bars.delete(cell));
      }
    }
  }
}

// Python meets the course before the first cell does: a name that is used too early is told in a
// sentence, and a browser fetches the packages while the lesson is read.
function greet({ panel, content }) {
  const first = content.widgets.find((cell) => cell.model.type === "code");
  if (!first?.model.sharedModel.getSource().includes("from helpers")) return;
  const code = "import helpers\ndel helpers", options = { code, silent: true, store_history: false };
  let fresh = true;
  const hello = (status) => {
    if (status.includes("starting")) fresh = true; // again
    if (status !== "idle" || !fresh) return;
    fresh = false;
    panel.sessionContext.session?.kernel?.requestExecute(options).done.catch(() => {});
  };
  panel.sessionContext.statusChanged.connect((_, status) => hello(status));
  panel.sessionContext.ready.then(() => hello(panel.sessionContext.session?.kernel?.status ?? ""));
}

// Remember the cell that was worked on last, and open the lesson there the next time.
function keepPlace(notebook) {
  const { content, panel } = notebook, key = `course-place:${panel.context.path}`;
  const left = content.widgets.find((cell) => cell.model.id === localStorage.getItem(key));
  if (left && notebook.index(left) && !location.hash) notebook.goTo(left);
  content.activeCellChanged.connect((_, cell) => cell && localStorage.setItem(key, cell.model.id));
}

// In a table of progress the names of exercises lead to their cells.
function linkNames(notebook) {
  const { node } = notebook.content;
  let frame;
  const link = () => {
    const names = node.querySelectorAll("span[data-exercise]");
    const cells = names.length ? notebook.asking() : new Map();
    for (const name of names) {
      if (!cells.has(name.dataset.exercise)) continue;
      const about = { class: "course-link", href: "#", "data-exercise": name.dataset.exercise };
      name.replaceWith(make("a", about, name.textContent));
    }
  };
  const later = () => {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(link);
  };
  new MutationObserver(later).observe(node, { childList: true, subtree: true });
  link();
  node.addEventListener("click", (event) => {
    const anchor = event.target.closest?.("a.course-link");
    if (!anchor) return;
    event.preventDefault();
    event.stopPropagation();
    const cell = notebook.asking().get(anchor.dataset.exercise);
    if (cell) notebook.goTo(cell);
  }, true);
}

const plugin = {
  id: "activation-derivatives:exercises",
  autoStart: true,
  activate({ commands, docRegistry }) {
    document.head.append(make("style", {}, STYLE));
    docRegistry.addWidgetExtension("Notebook", {
      createNew(panel, context) {
        Promise.all([context.ready, panel.revealed]).then(() => {
          const notebook = new Notebook(commands, panel);
          notebook.follow();
          panel.content.model.cells.changed.connect(() => notebook.follow());
          greet(notebook);
          linkNames(notebook);
          keepPlace(notebook);
        });
        return { isDisposed: false, dispose() {} };
      },
    });
  },
};

// What webpack would make of it.
const extension = { __esModule: true, default: plugin };
const container = { init() {}, get: () => Promise.resolve(() => extension) };
globalThis["_JUPYTERLAB"] = { ...globalThis["_JUPYTERLAB"], "activation-exercises": container };
})();

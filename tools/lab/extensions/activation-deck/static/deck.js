// Present: the lesson that is open as its slides, made of the notebook as it stands, over all of
// JupyterLab. C goes to the code of a slide, in type for a room, and back to the slide, which then
// shows what the code gave. Nothing of this is kept in settings, in the layout or in the notebook.
(() => {
// In another language what is called with this name is replaced before a browser gets this file.
const gettext = (said, ...values) => (said.raw ? String.raw(said, ...values) : said);
const STYLE = `
.course-deck { background: #fff; color: #1a1a1a; display: flex; flex-direction: column; inset: 0;
  position: fixed; z-index: 9000; /* dialogs stand above it */ }
.course-deck.at-code { inset: auto 0 0 0; }
.course-deck.at-code iframe { display: none; }
.course-deck iframe { border: 0; flex: 1; }
.course-deck div { display: flex; flex-wrap: wrap; gap: 4px 12px; justify-content: flex-end; padding: 4px 12px; }
.course-deck button, .course-present { background: none; border: 1px solid #6e6e6e; border-radius: 4px;
  color: inherit; cursor: pointer; font: 14px/1.4 system-ui, sans-serif; padding: 1px 10px; }
.course-deck.at-code button { font-size: 20px; }
.course-deck :focus-visible { outline: 3px solid #00598c; }
.course-present { align-self: center; margin: 0 4px; white-space: nowrap; }
.course-for-a-room { --jp-code-font-size: calc(2.6vh * var(--course-type)); --jp-code-line-height: 1.4;
  --jp-content-font-size1: var(--jp-code-font-size); --jp-cell-prompt-width: 20px;
  padding-bottom: 50px; }
.course-for-a-room .jp-InputPrompt, .course-for-a-room .jp-OutputPrompt { visibility: hidden; }
.course-for-a-room .jp-OutputArea pre { font-size: var(--jp-code-font-size); }
`;

function button(text, act) {
  const made = Object.assign(document.createElement("button"), { type: "button", textContent: text });
  made.addEventListener("click", act);
  return made;
}

class Deck {
  constructor(app, panel) {
    Object.assign(this, { app, panel, type: 1 });
    this.key = `course-slide:${panel.context.path}`;
    this.node = document.createElement("section");
    this.node.className = "course-deck";
    this.node.setAttribute("aria-label", gettext("Slides"));
    this.frame = Object.assign(document.createElement("iframe"), { title: gettext("Slides"), allow: "fullscreen" });
    this.frame.addEventListener("load", () => this.loaded());
    this.bar = document.createElement("div");
    this.node.append(this.frame, this.bar);
    this.stale = () => { this.changed = true; };
  }

  async open() {
    document.body.append(this.node);
    this.panel.content.model.contentChanged.connect(this.stale);
    this.panel.disposed.connect(() => this.node.remove());
    this.import();
    await this.show();
  }

  // The names that a lesson's cells use are there before one of them is edited.
  async import() {
    const { content, sessionContext } = this.panel;
    await sessionContext.ready;
    const first = content.widgets.find((cell) => cell.model.type === "code");
    const code = first?.model.sharedModel.getSource() ?? "";
    if (code.includes("from helpers"))
      sessionContext.session?.kernel?.requestExecute({ code, silent: true, store_history: false });
  }

  // Slides of what was saved just now, at the place where they were left.
  async show() {
    await this.panel.context.save();
    this.changed = false;
    const { baseUrl } = this.app.serviceManager.serverSettings;
    const path = this.panel.context.path.split("/").map(encodeURIComponent).join("/");
    const place = new URL(`${baseUrl}course/deck/${path}`, location.href);
    place.searchParams.set("made", Date.now());
    this.frame.src = `${place}#/${localStorage.getItem(this.key)?.split(",")[0] ?? 0}`;
    this.atSlide();
  }

  get reveal() {
    return this.frame.contentWindow.Reveal;
  }

  async loaded() {
    const window = this.frame.contentWindow;
    window.focus();
    window.addEventListener("keydown", (event) => {
      if (event.ctrlKey || event.metaKey || event.composedPath()[0].matches?.("input:not([type=range])")) return;
      if (event.key === "c") this.atCode();
      if (event.key === "q") this.leave();
    });
    if (!window.Reveal) return; // a sentence says why
    if (!window.Reveal.isReady()) await new Promise((done) => window.Reveal.on("ready", done));
    const [slide, step] = (localStorage.getItem(this.key) ?? "0").split(",").map(Number);
    window.Reveal.slide(slide, 0, step ?? -1);
    const keep = () => {
      const { h, f } = window.Reveal.getIndices();
      localStorage.setItem(this.key, [h, f ?? -1]);
    };
    for (const kind of ["slidechanged", "fragmentshown", "fragmenthidden"]) window.Reveal.on(kind, keep);
  }

  atSlide() {
    this.node.classList.remove("at-code");
    this.panel.node.classList.remove("course-for-a-room");
    this.bar.replaceChildren(
      button(gettext("Code of this slide (C)"), () => this.atCode()), button(gettext("Leave (Q)"), () => this.leave()));
    this.frame.contentWindow?.focus();
  }

  cell(which) {
    const id = this.reveal?.getCurrentSlide()?.dataset[which];
    return this.panel.content.widgets.findIndex((cell) => cell.model.id === id);
  }

  async atCode() {
    this.node.classList.add("at-code");
    this.resize(1);
    this.panel.node.classList.add("course-for-a-room");
    this.bar.replaceChildren(
      button(gettext("Run all above"), () => this.app.commands.execute("notebook:run-all-above")),
      button("A−", () => this.resize(1 / 1.1)),
      button("A+", () => this.resize(1.1)),
      button(gettext("Back to the slide"), () => this.changed ? this.show() : this.atSlide()));
    await this.goTo(this.cell("code"));
    this.panel.content.mode = "edit";
  }

  resize(times) {
    this.type *= times;
    this.panel.node.style.setProperty("--course-type", this.type);
  }

  async goTo(index) {
    const { content } = this.panel;
    if (index < 0) return;
    this.app.shell.activateById(this.panel.id);
    content.deselectAll();
    content.activeCellIndex = index;
    await content.scrollToItem(index, "start");
  }

  leave() {
    const cell = this.cell("cell");
    this.panel.content.model.contentChanged.disconnect(this.stale);
    this.atSlide();
    this.node.remove();
    this.goTo(cell);
  }
}

// Lumino's class of widgets, which is not at hand otherwise: the one that can be attached.
const widgetOf = ({ constructor }) => {
  let found = constructor;
  while (!Object.hasOwn(found, "attach")) found = Object.getPrototypeOf(found);
  return found;
};

const plugin = {
  id: "activation-derivatives:deck",
  autoStart: true,
  activate(app) {
    document.head.append(Object.assign(document.createElement("style"), { textContent: STYLE }));
    app.docRegistry.addWidgetExtension("Notebook", {
      createNew(panel) {
        const present = button(gettext("Present"), () => new Deck(app, panel).open());
        present.classList.add("course-present");
        present.title = gettext("Show this notebook as slides");
        const item = new (widgetOf(panel))({ node: present });
        panel.revealed.then(() => // early among them: what has no room goes behind a menu
          panel.toolbar.insertAfter("restart-and-run", "present", item)
            || panel.toolbar.addItem("present", item));
        return { isDisposed: false, dispose() {} };
      },
    });
  },
};

const extension = { __esModule: true, default: plugin };
const container = { init() {}, get: () => Promise.resolve(() => extension) };
globalThis["_JUPYTERLAB"] = { ...globalThis["_JUPYTERLAB"], "activation-deck": container };
})();

// An extension of the in-browser edition, where no server keeps notebooks. It does what
// `tools/working_copy.py` and `helpers/explorer/lab.py` do elsewhere: a lesson that the learner has
// not changed is renewed when a newer one is published, a changed one is kept; a saved explorer keeps
// the form that lives without its kernel. A line above the lesson says where the work is, takes it
// out as a zip and brings it back, and stops Python, whatever it does.
(() => {
// In another language what is called with this name is replaced before a browser gets this file.
const gettext = (said, ...values) => (said.raw ? String.raw(said, ...values) : said);
const WIDGET = "application/vnd.jupyter.widget-view+json";
const PROGRESS = ".progress.json";
const NO_WORK = /(^|\/)(\.|__|\/|$)|[\\:]/; // hidden, or a name that leads out of the folder
const SAVED = "course-saved", TAKEN = "course-taken"; // when, in milliseconds
const STYLE = `
.course-line { display: flex; flex-wrap: wrap; gap: 2px 8px; align-items: center; overflow: auto;
  min-height: 34px; padding: 0 10px; box-sizing: border-box; color: var(--jp-ui-font-color1);
  background: var(--jp-layout-color2); font: var(--jp-ui-font-size1)/1.35 var(--jp-ui-font-family); }
.course-line p { flex: 1 1 14em; margin: 0; }
.course-line button { padding: 3px 9px; color: inherit; background: var(--jp-layout-color1);
  border: 1px solid var(--jp-border-color1); border-radius: 3px; font: inherit; cursor: pointer; }
.course-line button:hover { background: var(--jp-layout-color3); }
.course-line.course-open p { font-weight: 600; }
@media (max-width: 600px) {
  .course-line { min-height: 92px; } .course-line p { flex-basis: 100%; }
  .jp-Notebook { padding: 4px; }
  .jp-Notebook .jp-InputPrompt, .jp-Notebook .jp-OutputPrompt { display: none; }
  .jp-Notebook .jp-Cell { padding: 4px 2px; }
}`;

// ------------------------------------------------------------------- what is saved lives anywhere

function living(output) {
  if (!output.data?.["text/html"]) return output;
  const { [WIDGET]: _, ...data } = output.data;
  return { ...output, data };
}

function withoutWidgets(file) {
  if (file?.type !== "notebook" || !file.content?.cells) return file;
  const cells = file.content.cells.map((cell) =>
    (cell.outputs ? { ...cell, outputs: cell.outputs.map(living) } : cell));
  return { ...file, content: { ...file.content, cells } };
}

// --------------------------------------------------------------------- what is published, and mine

const text = (source) => (Array.isArray(source) ? source.join("") : source);

// What a notebook says and how it is a lecture, not what running it shows.
function fingerprint(notebook) {
  const cells = notebook.cells.filter((cell) => text(cell.source).trim());
  return JSON.stringify(cells.map(({ cell_type: kind, source, metadata }) =>
    [kind, text(source), ["slideshow", "lecture", "tags"].map((about) => metadata?.[about] ?? null)]));
}

// 53 bits of any text (cyrb53): nobody forges a lesson against themselves.
function hash(words) {
  let [a, b] = [0xdeadbeef, 0x41c6ce57];
  for (let k = 0; k < words.length; k += 1) {
    const code = words.charCodeAt(k);
    a = Math.imul(a ^ code, 2654435761);
    b = Math.imul(b ^ code, 1597334677);
  }
  a = Math.imul(a ^ (a >>> 16), 2246822507) ^ Math.imul(b ^ (b >>> 13), 3266489909);
  b = Math.imul(b ^ (b >>> 16), 2246822507) ^ Math.imul(a ^ (a >>> 13), 3266489909);
  return (4294967296 * (2097151 & b) + (a >>> 0)).toString(36);
}

// The decision of `WorkingCopy.refresh`: "keep" what the learner changed, "renew" what they did not
// and what is newer now, else "leave". mine, now: [fingerprint, whole]; then: as it was copied.
function decide(mine, now, then) {
  if (mine[0] !== now[0] && mine[0] !== then?.[0]) return now[1] === then?.[1] ? "leave" : "keep";
  return then && then[1] !== now[1] ? "renew" : "leave";
}

// Is this the name of what a learner did? As in `tools/moving.py`, on the way out and back.
function isWork(path) {
  return path === PROGRESS || !NO_WORK.test(path);
}

// A table of progress, read as strictly as `helpers/exercises/records.py` does it.
function entries(words) {
  const table = JSON.parse(words);
  const isTable = (value) => value?.constructor === Object;
  const isEntry = (entry) => isTable(entry) && typeof (entry.when ?? 0) === "number"
    && ["attempts", "hints", "same"].every((key) => !(key in entry) || Number.isInteger(entry[key]));
  if (!isTable(table) || !Object.values(table).every(isEntry)) throw new Error("progress");
  return table;
}

// How far each exercise is, from two tables of progress: nothing right is lost.
function merged(mine, theirs) {
  const all = { ...mine };
  for (const [name, entry] of Object.entries(theirs)) {
    const held = mine[name] ?? {}, isNew = (entry.when ?? 0) >= (held.when ?? 0);
    const [older, newer] = isNew ? [held, entry] : [entry, held];
    const most = (key) => Math.max(older[key] ?? 0, newer[key] ?? 0);
    all[name] = { ...older, ...newer, right: Boolean(older.right || newer.right) };
    for (const key of ["attempts", "hints"]) if (most(key)) all[name][key] = most(key);
  }
  return all;
}

class Copy {
  constructor(contents, base) {
    Object.assign(this, { contents, base, get: contents.get.bind(contents), kept: new Set() });
    const save = contents.save.bind(contents);
    this.save = save;
    contents.get = (path, options) => this.renewed(path, options);
    contents.save = async (path, file) => {
      const saved = await save(path, withoutWidgets(file));
      if (file?.type === "notebook") localStorage.setItem(SAVED, Date.now());
      this.changed?.();
      return saved;
    };
  }

  // The published notebook as text; undefined where there is none, or no network.
  async published(path) {
    this.names ??= fetch(`${this.base}api/contents/all.json`, { cache: "no-cache" })
      .then((answer) => answer.json())
      .then(({ content }) => new Set(content.map((file) => file.path)))
      .catch(() => {
        this.names = undefined; // asked again the next time
        return new Set();
      });
    if (!(await this.names).has(path)) return undefined;
    const answer = await fetch(`${this.base}files/${encodeURI(path)}`, { cache: "no-cache" })
      .catch(() => undefined);
    return answer?.ok ? answer.text() : undefined;
  }

  // A file, an untouched lesson in its newest edition.
  async renewed(path, options) {
    const file = await this.get(path, options);
    if (file.type !== "notebook" || !file.content || path.includes("/")) return file;
    const fresh = await this.published(path);
    if (fresh === undefined) return file;
    const key = `course-copied:${path}`, notebook = JSON.parse(fresh);
    const now = [hash(fingerprint(notebook)), hash(fresh)];
    const then = JSON.parse(localStorage.getItem(key) ?? "null");
    const decision = decide([hash(fingerprint(file.content))], now, then);
    this.kept.delete(path);
    if (decision === "keep") this.kept.add(path);
    else localStorage.setItem(key, JSON.stringify(now));
    if (decision !== "renew") return file;
    await this.save(path, { type: "notebook", format: "json", content: notebook });
    return this.get(path, options);
  }

  // Mine beside the newest one, as `course.py reset` does it; the name of mine.
  async fetchNewest(path) {
    const fresh = await this.published(path);
    if (!fresh) throw new Error(gettext("The newer edition could not be fetched: no network. Yours stands as it was."));
    const notebook = JSON.parse(fresh), kept = await this.free(path);
    const { content } = await this.get(path, { content: true });
    await this.save(kept, { type: "notebook", format: "json", content });
    await this.save(path, { type: "notebook", format: "json", content: notebook });
    const now = [hash(fingerprint(notebook)), hash(fresh)];
    localStorage.setItem(`course-copied:${path}`, JSON.stringify(now));
    this.kept.delete(path);
    return kept;
  }

  // The first name for what is kept beside a file that nobody has.
  async free(path) {
    const [, folder, stem, ending] = /^(.*\/)?([^/]*?)(\.[^./]*)?$/.exec(path);
    const { content } = await this.get((folder ?? "").replace(/\/$/, ""), { content: true });
    const taken = new Set(content.map(({ name }) => name));
    let name = `${stem}.mine${ending ?? ""}`;
    for (let n = 2; taken.has(name); n += 1) name = `${stem}.mine-${n}${ending ?? ""}`;
    return (folder ?? "") + name;
  }

  // All files that are not as published: [[path, text], …].
  async mine(folder = "") {
    const { content } = await this.get(folder, { content: true });
    const found = content.filter(({ path }) => path !== PROGRESS && isWork(path));
    if (!folder) found.push({ path: PROGRESS, type: "file" });
    return (await Promise.all(found.map((file) => this.ifMine(file)))).flat();
  }

  async ifMine({ path, type }) {
    if (type === "directory") return this.mine(path);
    const file = await this.read(path);
    if (!file) return [];
    return unchanged(path, written(file), await this.published(path)) ? [] : [[path, written(file)]];
  }

  // A file with its content as text, of a notebook as JSON; undefined where there is none.
  read(path) {
    const format = path.endsWith(".ipynb") ? "json" : "text";
    return this.get(path, { content: true, format }).catch(() => undefined);
  }

  // Put the files of a zip in their places, one after the other; what came of it, in words.
  async bringBack(files) {
    const hiding = await this.hidingModules(files.map(([path]) => path));
    const coming = files.filter(([path]) => !hiding.includes(path)), kept = [], left = [];
    await coming.reduce((before, [path, words]) => before.then(() => this.bring(path, words))
      .then((name) => name && kept.push(name), () => left.push(path)), Promise.resolve());
    const count = coming.length - left.length;
    const said = [count === 1 ? gettext("1 file is back.") : gettext`${count} files are back.`];
    if (left.length) said.push(gettext`Left out, as hidden, not to be read or a folder here: ${left.join(", ")}.`);
    if (hiding.length) said.push(gettext`Left out, as each would hide an installed module: ${hiding.join(", ")}.`);
    if (kept.length) said.push(gettext`What differed is kept as ${kept.join(", ")}.`);
    return said.join(" ");
  }

  // Which of these would Python, which looks beside a notebook first, import instead of a module?
  async hidingModules(paths) {
    const code = paths.filter((path) => /^[^/]+\.(py|pyc|so|pyd)$/.test(path));
    if (!code.length) return code;
    const modules = await fetch(`${this.base}static/course/modules.json`)
      .then((answer) => answer.json()).catch(() => []);
    return code.filter((path) => modules.includes(path.split(".")[0]));
  }

  // Put a file in its place; the name of what stood there, if it differs and is kept beside it.
  async bring(path, words) {
    const there = isWork(path) && await this.read(path), held = there && written(there);
    if (!isWork(path) || there?.type === "directory") throw new Error(`${path} is no name for a file`);
    if (path === PROGRESS) {
      const all = merged(held ? entries(held) : {}, entries(words));
      await this.save(path, { type: "file", format: "text", content: JSON.stringify(all, null, 1) });
      return undefined;
    }
    if (there && same(held, words)) return undefined;
    const file = path.endsWith(".ipynb")
      ? { type: "notebook", format: "json", content: JSON.parse(words) }
      : { type: "file", format: "text", content: words };
    let kept;
    if (there && !unchanged(path, held, await this.published(path))) {
      const { type, format, content } = there;
      kept = await this.free(path);
      await this.save(kept, { type, format, content });
    }
    await this.save(path, file);
    return kept;
  }
}

function written({ content }) {
  return typeof content === "string" ? content : JSON.stringify(content);
}

// Does a file say what is published? Outputs of a notebook do not count.
function unchanged(path, mine, published) {
  if (published === undefined || !path.endsWith(".ipynb")) return mine === published;
  return fingerprint(JSON.parse(mine)) === fingerprint(JSON.parse(published));
}

// Do two files say the same? Of notebooks, the spaces between do not count.
function same(mine, theirs) {
  if (mine === undefined || theirs === undefined) return mine === theirs;
  try {
    return JSON.stringify(JSON.parse(mine)) === JSON.stringify(JSON.parse(theirs));
  } catch {
    return mine === theirs;
  }
}

// ------------------------------------------------------------------------------- the line above it

const when = (key) => Number(localStorage.getItem(key) ?? 0);

// Where the work is, and whether it is anywhere else.
async function standing(kept) {
  const lasting = await navigator.storage?.persisted?.().catch(() => false);
  const where = lasting ? gettext("Your work is kept in this browser, on this machine alone.")
    : gettext("Your work is kept in this browser alone, which may clear it.");
  if (kept) return [true, gettext`${where} A newer edition of this lesson is published; yours was changed and is kept.`];
  if (when(SAVED) <= when(TAKEN)) return [false, when(TAKEN) ? gettext`${where} A copy was taken out.` : where];
  if (!when(TAKEN)) return [true, gettext`${where} Nothing was taken out.`];
  return [true, gettext`${where} Nothing was taken out since ${new Date(when(TAKEN)).toLocaleString()}.`];
}

function line(copy, panel, actions) {
  const node = document.createElement("div"), words = document.createElement("p");
  node.className = "course-line";
  words.setAttribute("role", "status");
  node.append(words);
  const buttons = Object.entries(actions).map(([name, act]) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = name;
    button.addEventListener("click", async () => tell(await act().catch((error) => error.message)));
    node.append(button);
    return button;
  });
  let said = "";
  async function tell(news = "") {
    said = news;
    const kept = copy.kept.has(panel.context.path), [open, where] = await standing(kept);
    words.textContent = said || where;
    node.classList.toggle("course-open", open);
    buttons.at(-1).hidden = !kept;
  }
  tell();
  return { node, tell };
}

function choose() {
  return new Promise((done) => {
    const input = document.createElement("input");
    input.type = "file";
    input.accept = ".zip";
    input.addEventListener("change", () => done(input.files[0]));
    input.addEventListener("cancel", () => done(undefined));
    input.click();
  });
}

function actionsOf(copy, panel, { pack, unpack }) {
  const save = () => panel.context.save();
  return {
    [gettext("Take out")]: async () => {
      await save();
      const files = await copy.mine(), link = document.createElement("a");
      if (!files.length) return gettext("All is as published: there is nothing to take out yet.");
      link.href = URL.createObjectURL(pack(files));
      link.download = `my_course-${new Date().toISOString().slice(0, 10)}.zip`;
      link.click();
      localStorage.setItem(TAKEN, Date.now());
      return gettext`Taken out as ${link.download}: ${files.length} files.`;
    },
    [gettext("Bring back")]: async () => {
      const chosen = await choose();
      if (!chosen) return "";
      const files = await unpack(chosen).catch(() => undefined);
      if (!files) return gettext`${chosen.name} is no zip file that could be read.`;
      await save();
      const said = await copy.bringBack(files);
      await panel.context.revert();
      return said;
    },
    [gettext("Stop Python")]: async () => {
      await panel.sessionContext.session?.kernel?.restart();
      return gettext("Python was stopped and begins anew: run the cells again, from the first one on.");
    },
    [gettext("Fetch the newer one")]: async () => {
      await save();
      const kept = await copy.fetchNewest(panel.context.path);
      await panel.context.revert();
      return gettext`This is the newer edition; yours stands beside it as ${kept}.`;
    },
  };
}

// A busy worker hears nothing: to interrupt it is to end it, and to begin anew.
function stopForGood(panel, tell) {
  const kernel = panel.sessionContext.session?.kernel;
  if (!kernel || kernel.stopsForGood) return;
  kernel.stopsForGood = true;
  kernel.interrupt = async () => {
    await kernel.restart();
    tell(gettext("Python was stopped and begins anew: run the cells again, from the first one on."));
  };
}

// Whoever leaves within the ten seconds until the next save: it is saved at once, and where the page
// would be gone before that, the browser asks.
function keepOnLeaving(panel, context) {
  const leave = () => document.hidden && context.model.dirty && context.save();
  const ask = (event) => {
    const here = context.model.dirty && fingerprint(context.model.toJSON());
    if (here && here !== saved) event.preventDefault();
  };
  let saved;
  const note = () => { saved = fingerprint(context.model.toJSON()); };
  context.ready.then(note);
  context.saveState.connect((_, state) => state === "completed" && note());
  document.addEventListener("visibilitychange", leave);
  addEventListener("beforeunload", ask);
  panel.disposed.connect(() => {
    document.removeEventListener("visibilitychange", leave);
    removeEventListener("beforeunload", ask);
  });
}

const HERE = document.currentScript.src;

const plugin = {
  id: "activation-derivatives:in-browser",
  autoStart: true,
  async activate({ serviceManager: { contents, serverSettings }, docRegistry }) {
    const style = document.createElement("style");
    style.textContent = STYLE;
    document.head.append(style);
    const copy = new Copy(contents, serverSettings.baseUrl);
    docRegistry.addWidgetExtension("Notebook", {
      createNew(panel, context) {
        const header = panel.contentHeader, BoxPanel = header.constructor;
        const Widget = Object.getPrototypeOf(Object.getPrototypeOf(BoxPanel)); // of Panel, of BoxPanel
        Promise.all([context.ready, import(new URL("archive.js", HERE))]).then(([, archive]) => {
          const { node, tell } = line(copy, panel, actionsOf(copy, panel, archive));
          header.addWidget(new Widget({ node }));
          copy.changed = () => {
            navigator.storage?.persist?.().catch(() => false);
            tell();
          };
          const stop = () => stopForGood(panel, tell);
          panel.sessionContext.kernelChanged.connect(stop);
          stop();
        });
        keepOnLeaving(panel, context);
        return { isDisposed: false, dispose() {} };
      },
    });
  },
};

// What webpack would make of it.
const extension = { __esModule: true, default: plugin };
const container = { init() {}, get: () => Promise.resolve(() => extension) };
globalThis["_JUPYTERLAB"] = { ...globalThis["_JUPYTERLAB"], "in-browser": container };
})();

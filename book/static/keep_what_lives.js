// An extension of the in-browser edition, where no server saves notebooks. A running explorer, panel
// or pad has two forms: a widget, which only its own kernel can show, and HTML, which lives anywhere.
// A saved notebook keeps the second alone, as `helpers/explorer/lab.py` does it in JupyterLab.

const WIDGET = "application/vnd.jupyter.widget-view+json";

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

const plugin = {
  id: "activation-derivatives:keep-what-lives",
  autoStart: true,
  activate({ serviceManager: { contents } }) {
    const save = contents.save.bind(contents);
    contents.save = (path, file) => save(path, withoutWidgets(file));
  },
};

// What webpack would make of it.
const extension = { __esModule: true, default: plugin };
const container = { init() {}, get: () => Promise.resolve(() => extension) };
globalThis["_JUPYTERLAB"] = { ...globalThis["_JUPYTERLAB"], "keep-what-lives": container };

// The working copy of the in-browser edition without its page: JupyterLite's contents, the network
// and the browser's storage are tables here.
import { readFileSync } from "node:fs";

const STATIC = new URL("../../book/static/in_browser.js", import.meta.url);
const LAB = "../../tools/lab/extensions/activation-exercises/static/exercises.js";

// What a script that exports nothing defines by these names.
export function within(source, names, about = {}) {
  const code = source.replace("\n(() => {", "\nreturn (() => {")
    .replace("\nconst plugin =", `\nreturn { ${names} };\nconst plugin =`);
  return new Function(...Object.keys(about), code)(...Object.values(about));
}

export const exercises = (names, about) =>
  within(readFileSync(new URL(LAB, import.meta.url), "utf8"), names, about);

// Of a page's elements as much as a line of buttons needs.
function element() {
  const parts = [], classList = { toggle() {} };
  const append = (...more) => parts.push(...more);
  return { parts, classList, append, setAttribute() {}, addEventListener(_, act) { this.click = act; } };
}

// A copy of `published` ({path: text}; none: no network), which holds `files` ({path: content}).
export function browser(published, files = {}) {
  const storage = {}, net = { published };
  const localStorage = {
    getItem: (key) => storage[key] ?? null,
    setItem: (key, value) => { storage[key] = String(value); },
  };
  const typeOf = (path) => (path.endsWith(".ipynb") ? "notebook" : "file");
  const contents = {
    get: async (path) => {
      const listed = Object.keys(files).map((name) => ({ path: name, name, type: typeOf(name) }));
      if (!path) return { type: "directory", path, content: listed };
      if (!(path in files)) throw new Error("404");
      return { type: typeOf(path), path, format: "text", content: structuredClone(files[path]) };
    },
    save: async (path, { content }) => { files[path] = content; },
  };
  const fetch = async (address) => {
    if (!net.published) throw new TypeError("Failed to fetch");
    const path = address.replace("/files/", "");
    if (path.endsWith("modules.json")) return { ok: true, json: async () => ["numpy", "random"] };
    const all = { content: Object.keys(net.published).map((name) => ({ path: name })) };
    return { ok: true, json: async () => all, text: async () => net.published[path] };
  };
  const document = { currentScript: { src: "" }, createElement: element };
  const made = within(readFileSync(STATIC, "utf8"), "Copy, isWork, line", { document, localStorage, fetch });
  const fresh = () => new made.Copy({ ...contents }, "/");
  return { ...made, files, net, fresh, copy: fresh() };
}

// What becomes of a lesson: copied from one edition, changed to `mine`, and a newer edition comes.
export async function decision([then, mine, now]) {
  const path = "01_x.ipynb", { files, net, fresh } = browser({}, {});
  if (then) {
    net.published = { [path]: then };
    files[path] = JSON.parse(then);
    await fresh().renewed(path);
  }
  net.published = { [path]: now };
  files[path] = JSON.parse(mine);
  const copy = fresh();
  await copy.renewed(path);
  if (copy.kept.has(path)) return "keep";
  return JSON.stringify(files[path]) === JSON.stringify(JSON.parse(mine)) ? "leave" : "renew";
}

export const { isWork } = browser({});

// Compiles Python as Pyodide does it: node bytecode.mjs PYODIDE FILE…  Each FILE is a wheel, or the
// zip of the standard library; bytecode takes the place of its source. Wheels of the course keep
// theirs beside it, for whoever asks what a kernel looks like.
import { pathToFileURL } from "node:url";
import { readFileSync, writeFileSync } from "node:fs";

const [pyodide, ...files] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(`${pyodide}/pyodide.mjs`));
const python = await loadPyodide({ indexURL: `${pyodide}/` });
const compiled = python.runPython(`
import io, sys, sysconfig, zipfile
from importlib.util import cache_from_source, source_hash
from importlib._bootstrap_external import _code_to_hash_pyc

SITE = sysconfig.get_path("purelib")
ZIP = "/lib/python{}{}.zip".format(*sys.version_info)

def bytecode(source, place):
    """Return bytecode that is taken without a look at the source; None where it is no Python."""
    try:
        code = compile(source, place, "exec", dont_inherit=True)
    except SyntaxError:
        return None
    return bytes(_code_to_hash_pyc(code, source_hash(source), False))

def compiled(data, home, keep):
    out, packing = io.BytesIO(), zipfile.ZIP_DEFLATED
    with zipfile.ZipFile(io.BytesIO(data)) as old, zipfile.ZipFile(out, "w", packing) as new:
        for each in old.infolist():
            name, content = each.filename, old.read(each)
            code = bytecode(content, f"{home}/{name}") if name.endswith(".py") else None
            if keep or code is None:
                new.writestr(each, content, packing)
            if code is not None:
                new.writestr(cache_from_source(name) if keep else f"{name}c", code)
    return out.getvalue()

lambda file, whole, keep: compiled(file.to_bytes(), ZIP if whole else SITE, keep)
`);
for (const file of files) {
  const whole = file.endsWith(".zip"), own = /activation_derivatives-/.test(file);
  const made = compiled(new Uint8Array(readFileSync(file)), whole, own);
  writeFileSync(file, made.toJs());
}
process.exit(0);

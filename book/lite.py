"""Builds the in-browser edition: `python course.py lite [FOLDER] [--pyodide DIR]`.

JupyterLite runs Python in the reader's browser with Pyodide. Pyodide's own packages come from where
it lies; `helpers` and what it needs besides lie in the edition itself, as wheels, and Pyodide finds
them by its lock file, to which they are added here.
"""

import email.parser
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

import nbformat
from jupyterlite_pyodide_kernel.constants import (
    PYODIDE_KERNEL_PLUGIN_ID,
    PYODIDE_LOCK_DEFAULT_URL,
    PYODIDE_PYTHON_VERSION,
)
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

from book.assets import make_room
from helpers.language import active, translate_script
from tools.faults import Fault, guarded
from tools.files import ROOT, lessons, sha256, write
from tools.translate import known, translated

WHEELS = "static/course"  # of ours, with the lock, below the edition
ELSEWHERE = {"jupyterlab", "nbval", "widgetsnbextension", "jupyterlab-widgets"}  # not for a kernel
KERNEL = ("ipython", "comm", "jedi")  # what the kernel itself imports
OURS = "activation-derivatives"
SELDOM = {"sympy", "fonttools", "pytz"}  # loaded with others, and imported by hardly any cell
BYTECODE = Path(__file__).with_name("bytecode.mjs")
COMPILED = ROOT / "_build" / "compiled"  # packages of former builds, by what they were made of
STDLIB = "python_stdlib.zip"
SETTINGS = {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # all cells stay
    "@jupyterlab/docmanager-extension:plugin": {"autosaveInterval": 10},  # seconds
}
EXTENSIONS = {  # ours: name, and the folder of its scripts; the first one is loaded
    "in-browser": (Path(__file__).with_name("static"), ("in_browser.js", "archive.js")),
    "activation-exercises": (
        ROOT / "tools/lab/extensions/activation-exercises/static",
        ("exercises.js",),
    ),
}
IN_A_BROWSER = {
    "python_version": PYODIDE_PYTHON_VERSION,
    "python_full_version": f"{PYODIDE_PYTHON_VERSION}.0",
    "sys_platform": "emscripten",
    "platform_system": "Emscripten",
    "os_name": "posix",
    "implementation_name": "cpython",
    "platform_python_implementation": "CPython",
    "extra": "",
}


def run(*command, **options):
    """Run a command quietly; if it fails, show what it said."""
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run([*map(str, command)], text=True, **pipe, **options)
    if done.returncode:
        raise Fault(done.stdout)


def pip(*words, **options):
    run(sys.executable, "-m", "pip", *words, **options)


def needed(requirements):
    """Yield the requirements that hold in a browser."""
    for requirement in map(Requirement, requirements):
        if requirement.marker is None or requirement.marker.evaluate(IN_A_BROWSER):
            name = canonicalize_name(requirement.name)
            if name not in ELSEWHERE:
                yield name


def locked(name):
    """Return the line of requirements.lock, with hashes, that a browser would install."""
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for entry in re.findall(rf"^{name}==.*\n(?: .*\n)*", lock, re.MULTILINE):
        requirement, _, hashes = entry.partition(" \\\n")
        if list(needed([requirement])):
            return f"{requirement.partition(' ; ')[0]} \\\n{hashes}"
    raise Fault(f"requirements.lock has no {name} for Python {PYODIDE_PYTHON_VERSION}")


def fetch(names, folder):
    """Fetch the wheels of ``names`` into ``folder``, their hashes checked; return their paths."""
    with tempfile.TemporaryDirectory() as fresh:
        wanted = Path(fresh, "wanted.txt")
        wanted.write_text("".join(map(locked, sorted(names))), encoding="utf-8")
        how = ("--no-deps", "--require-hashes", "--only-binary=:all:")
        target = (f"--python-version={PYODIDE_PYTHON_VERSION}", "--platform=any")
        pip("download", *how, *target, "-r", wanted, "-d", fresh)
        return [Path(shutil.move(wheel, folder)) for wheel in sorted(Path(fresh).glob("*.whl"))]


def own_wheel(folder):
    """Build the wheel of `helpers` into ``folder`` and return its path."""
    with tempfile.TemporaryDirectory() as fresh:  # the build leaves traces where it runs
        for name in ("pyproject.toml", "README.md", "LICENSE"):
            shutil.copy(ROOT / name, fresh)
        shutil.copytree(ROOT / "helpers", Path(fresh, "helpers"))
        same = os.environ | {"SOURCE_DATE_EPOCH": "315532800"}  # the first second that a zip knows
        pip("wheel", "-q", "--no-deps", "--no-build-isolation", "-w", folder, fresh, env=same)
    (wheel,) = folder.glob("activation_derivatives-*.whl")
    return wheel


def entry(wheel):
    """Return what Pyodide's lock says of a pure wheel that lies beside it."""
    with zipfile.ZipFile(wheel) as files:
        names = files.namelist()
        (metadata,) = (name for name in names if name.endswith(".dist-info/METADATA"))
        said = email.parser.Parser().parsestr(files.read(metadata).decode())
    packages = {name.split("/")[0] for name in names if name.endswith(".py")}
    return {
        "name": canonicalize_name(said["Name"]),
        "version": said["Version"],
        "file_name": wheel.name,
        "sha256": sha256(wheel.read_bytes()),
        "install_dir": "site",
        "package_type": "package",
        "imports": sorted(name.removesuffix(".py") for name in packages if "." not in name[:-3]),
        "depends": sorted(set(needed(said.get_all("Requires-Dist") or []))),
        "unvendored_tests": False,
    }


def complete(lock, folder):
    """Add `helpers`, and all that it and the kernel need and ``lock`` lacks, with their wheels."""
    packages, fresh = lock["packages"], [own_wheel(folder)]
    while fresh:
        found = [entry(wheel) for wheel in fresh]
        packages |= {package["name"]: package for package in found}
        depends = {name for package in found for name in package["depends"]} | set(KERNEL)
        missing = depends - set(packages)
        fresh = fetch(missing, folder) if missing else []
    return lock


def pyodide_lock(pyodide):
    """Return Pyodide's lock: of the local folder what lies there, or the one of its usual address.

    A package of the local folder must have the hash that the lock tells.
    """
    if pyodide is None:
        try:
            with urllib.request.urlopen(PYODIDE_LOCK_DEFAULT_URL, timeout=60) as answer:
                lock = json.load(answer)
        except OSError as error:
            raise Fault(
                f"Pyodide's list of packages could not be fetched ({error}): check the network, "
                "or give a local copy with --pyodide."
            ) from None
        base = PYODIDE_LOCK_DEFAULT_URL.rpartition("/")[0]
        kept = lock["packages"]
    else:
        lock = json.loads((pyodide / "pyodide-lock.json").read_text(encoding="utf-8"))
        base = "../pyodide"
        kept = {k: p for k, p in lock["packages"].items() if (pyodide / p["file_name"]).exists()}
        for package in kept.values():
            file = pyodide / package["file_name"]
            if sha256(file.read_bytes()) != package["sha256"]:
                raise Fault(f"{file} does not have the hash that pyodide-lock.json tells.")
    for package in kept.values():
        package["file_name"] = f"{base}/{package['file_name']}"
    return {**lock, "packages": kept}


def begun_with(lock):
    """Return the packages with which a lesson begins: the kernel's, ours, and what they need."""
    packages, found, left = lock["packages"], set(), [OURS, "micropip", *KERNEL]
    while left:
        if (name := left.pop()) not in found:
            found.add(name)
            left += packages[name]["depends"]
    return found


def compile_all(node, lock, folder, pyodide):
    """Put bytecode in the place of the Python that a lesson begins with.

    A browser keeps none: it would compile two thousand files anew at each start, a third of the
    time until the first picture. Pyodide itself compiles, in Node.js, whose program is ``node``.
    What a former build compiled is taken from there.
    """
    files = [Path(shutil.copy(pyodide / STDLIB, folder))]
    for name in sorted(begun_with(lock) - SELDOM):
        package = lock["packages"][name]
        wheel = folder / Path(package["file_name"]).name
        if wheel.name != package["file_name"]:  # it lies with Pyodide
            shutil.copy(folder / package["file_name"], wheel)
            package["file_name"] = wheel.name
        files.append(wheel)
    by = sha256(BYTECODE.read_bytes() + (pyodide / STDLIB).read_bytes())
    kept = {file: COMPILED / f"{sha256(file.read_bytes())}-{by}" for file in files}
    if fresh := [file for file in files if not kept[file].exists()]:
        run(node, BYTECODE, pyodide.resolve(), *fresh)
    for file in files:
        if file in fresh:
            write(kept[file], file.read_bytes())
        else:
            shutil.copyfile(kept[file], file)
    for old in set(COMPILED.iterdir()) - set(kept.values()):
        old.unlink()
    digests = {path.name: sha256(path.read_bytes()) for path in files}
    for package in lock["packages"].values():
        package["sha256"] = digests.get(package["file_name"], package["sha256"])


def fetch_early(page, lock, settings):
    """Have a page fetch what its kernel will need while it does other things."""
    base = settings.get("pyodideUrl", PYODIDE_LOCK_DEFAULT_URL).rpartition("/")[0]
    stdlib = settings["loadPyodideOptions"].get("stdLibURL", f"{base}/{STDLIB}")
    addresses = [stdlib, *(f"{base}/pyodide{part}" for part in (".mjs", ".asm.mjs", ".asm.wasm"))]
    for name in sorted(begun_with(lock)):
        address = lock["packages"][name]["file_name"]
        addresses.append(address if ":" in address else f"./{WHEELS}/{address}")
    addresses = [re.sub(r"^\./", "../", address) for address in addresses]
    links = "".join(f'<link rel="prefetch" crossorigin href="{it}">\n' for it in addresses)
    text = page.read_text(encoding="utf-8")
    page.write_text(text.replace("</title>", f"</title>\n{links}", 1), encoding="utf-8")


def modules(lock):
    """Return the modules that a kernel of the edition has, which no file of a learner may hide."""
    packaged = {name for package in lock["packages"].values() for name in package["imports"]}
    return sorted({*sys.stdlib_module_names, *(name.partition(".")[0] for name in packaged)})


def extend(site):
    """Add our extensions to those that the edition loads."""
    path = site / "jupyter-lite.json"
    config = json.loads(path.read_text(encoding="utf-8"))
    for name, (folder, scripts) in EXTENSIONS.items():
        static = site / "extensions" / name / "static"
        static.mkdir(parents=True)
        for script in scripts:
            said = (folder / script).read_text(encoding="utf-8")
            (static / script).write_text(translate_script(said), encoding="utf-8")
        load = {"name": name, "load": f"static/{scripts[0]}", "extension": "./extension"}
        config["jupyter-config-data"].setdefault("federated_extensions", []).append(load)
    path.write_text(json.dumps(config), encoding="utf-8")


def build(folder, pyodide=None):
    """Build the edition into ``folder``, with the Pyodide of a local folder if one is given."""
    if pyodide and not (pyodide / "pyodide-lock.json").exists():
        raise Fault(f"{pyodide} holds no Pyodide: its pyodide-lock.json is not there.")
    settings = {
        "disablePyPIFallback": True,
        "loadPyodideOptions": {
            "lockFileURL": f"./{WHEELS}/pyodide-lock.json",
            **({"env": {"COURSE_LANGUAGE": active()}} if active() != "en" else {}),
        },
    }
    if pyodide:
        settings["pyodideUrl"] = "./static/pyodide/pyodide.mjs"
    if node := shutil.which("node") if pyodide else None:
        settings["loadPyodideOptions"]["stdLibURL"] = f"./{WHEELS}/{STDLIB}"
    elif pyodide:
        print("Without Node.js nothing is compiled: lessons start later.")
    config = {
        "appName": "Derivatives of activation functions",
        "exposeAppInBrowser": True,
        "litePluginSettings": {PYODIDE_KERNEL_PLUGIN_ID: settings},
    }
    config = {"jupyter-lite-schema-version": 0, "jupyter-config-data": config}
    command = [sys.executable, "-m", "jupyterlite_core", "build", "--output-dir=site"]
    command += ["--no-sourcemaps", "--no-unused-shared-packages", "--no-libarchive"]
    command += ["--apps=lab", "--apps=notebooks"]
    with tempfile.TemporaryDirectory() as work:
        (contents := Path(work, "lessons")).mkdir()
        for path in lessons():
            whole = nbformat.read(path, as_version=4)  # JupyterLite does not join split lines
            if active() != "en":
                said = json.dumps(translated(whole, known(active()).gettext))
                whole = nbformat.reads(said, as_version=4)
            (contents / path.name).write_text(json.dumps(whole), encoding="utf-8")
        Path(work, "jupyter-lite.json").write_text(json.dumps(config), encoding="utf-8")
        Path(work, "overrides.json").write_text(json.dumps(SETTINGS), encoding="utf-8")
        run(*command, f"--contents={contents}", cwd=work)
        site = Path(work, "site")
        if pyodide:
            shutil.copytree(pyodide, site / "static" / "pyodide")
        extend(site)
        (wheels := site / WHEELS).mkdir()
        lock = complete(pyodide_lock(pyodide), wheels)
        if node:
            compile_all(node, lock, wheels, pyodide)
        fetch_early(site / "notebooks" / "index.html", lock, settings)
        (wheels / "pyodide-lock.json").write_text(json.dumps(lock), encoding="utf-8")
        (wheels / "modules.json").write_text(json.dumps(modules(lock)), encoding="utf-8")
        shutil.copytree(site, make_room(folder), dirs_exist_ok=True)


@guarded
def main(words):
    """Build into the folder that the first word names, with the Pyodide of the second."""
    build(*map(Path, words))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

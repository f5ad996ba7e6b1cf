"""A course of tiny packages, to try the launcher on.

course.py runs there as a process of its own, in a folder made for the test. Its packages come from
an index on loopback, which can also be made to hang in the middle of a download.
"""

import contextlib
import functools
import hashlib
import http.server
import io
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace

import course
from tools.environment import base_python

ROOT = Path(course.__file__).parent
PYTHON = base_python()
SCRIPTS = Path(sys.executable).parent  # where uv is, whoever starts the tests
POSIX = os.name == "posix"
INTERPRETER = "bin/python" if POSIX else "Scripts/python.exe"
SYSTEM = ("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "TEMP", "TMP")  # Windows needs them all
DOOR = {"course.py"} | {  # the standard library alone
    f"tools/{name}.py"
    for name in ("__init__", "environment", "faults", "files", "lock", "moving", "working_copy")
}


ECHO = """
import json, os, sys
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "home": os.environ.get("COURSE_HOME")}))
sys.exit(__package__ in os.environ.get("FAILING", "").split())
"""  # what stands in for JupyterLab, ruff, mypy and pytest says what it was asked


@functools.cache
def wheel(name, version="1.0"):
    """Return the bytes of a wheel whose module, run with -m, tells its arguments."""
    info = f"{name}-{version}.dist-info"
    files = {
        f"{name}/__init__.py": f"version = {version!r}\n",
        f"{name}/__main__.py": ECHO,
        f"{info}/METADATA": f"Metadata-Version: 2.1\nName: {name}\nVersion: {version}\n",
        f"{info}/WHEEL": "Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n",
    }
    record = "".join(f"{path},,{len(text)}\n" for path, text in files.items())
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w") as archive:
        for path, text in (files | {f"{info}/RECORD": record + f"{info}/RECORD,,\n"}).items():
            archive.writestr(zipfile.ZipInfo(path), text)
    return data.getvalue()


def pin(name, version="1.0"):
    """Return a package's entry in a lock."""
    digest = hashlib.sha256(wheel(name, version)).hexdigest()
    return f"{name}=={version} \\\n    --hash=sha256:{digest}\n"


def lock_text(lab="1.0", pytest="1.0"):
    extra = pin("ruff") + pin("mypy") + pin("pytest", pytest)
    return "# base\n" + pin("jupyterlab", lab) + "# extra: test\n" + extra


class Index(http.server.ThreadingHTTPServer):
    """A package index on loopback; `gate` holds downloads back, `asked` tells of the first."""

    daemon_threads = True

    def __init__(self, folder):
        for name in ("jupyterlab", "ruff", "mypy", "pytest"):
            (folder / name).mkdir()
            for version in ("1.0", "2.0"):
                file = folder / name / f"{name}-{version}-py3-none-any.whl"
                file.write_bytes(wheel(name, version))
        super().__init__(("127.0.0.1", 0), functools.partial(Pages, directory=folder))
        self.address = f"http://127.0.0.1:{self.server_port}"
        self.gate, self.asked = threading.Event(), threading.Event()
        self.gate.set()
        self.downloads = 0

    def handle_error(self, request, client_address):
        pass  # a client was killed, as a test wanted


class Pages(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path.endswith(".whl"):
            self.server.downloads += 1
            self.server.asked.set()
            self.server.gate.wait(60)
        super().do_GET()

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served_index():
    with tempfile.TemporaryDirectory() as folder, Index(Path(folder)) as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.gate.set()
        server.shutdown()


class Course:
    """A course folder, and the environment in which its commands are run."""

    def __init__(self, folder, home, address):
        self.folder = folder
        self.venv = folder / ".venv"
        self.python = self.venv / INTERPRETER
        self.stamp = self.venv / "course.json"
        self.lock = folder / "requirements.lock"
        home.mkdir(exist_ok=True)
        self.env = {name: os.environ[name] for name in SYSTEM if name in os.environ}
        self.env |= {
            "PATH": str(SCRIPTS) + os.pathsep + os.environ["PATH"],
            "HOME": str(home),
            "USERPROFILE": str(home),
            "NO_PROXY": "127.0.0.1",
            "PIP_INDEX_URL": address,
            "PIP_CONFIG_FILE": os.devnull,
            "PIP_RETRIES": "0",
            "UV_INDEX_URL": address,
            "UV_HTTP_RETRIES": "0",
            "UV_CACHE_DIR": str(home / "uv-cache"),
        }

    def fill(self):
        self.folder.mkdir(parents=True, exist_ok=True)
        for name in DOOR:
            (self.folder / name).parent.mkdir(exist_ok=True)
            shutil.copy(ROOT / name, self.folder / name)
        self.lock.write_text(lock_text(), encoding="utf-8")
        (self.folder / "helpers").mkdir()
        (self.folder / "helpers" / "__init__.py").write_text("here = True\n")
        (self.folder / "notebooks").mkdir()
        save(self.folder / "notebooks" / "01_sigmoid.ipynb", "g(z)")
        save(self.folder / "notebooks" / "02_tanh.ipynb", "tanh(z)")
        return self

    def start(self, *words, python=PYTHON, door=("course.py",), **env):
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            [python, *door, *words],
            cwd=self.folder,
            env=self.env | env,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            encoding="utf-8",
            errors="replace",
            start_new_session=True,
        )

    def run(self, *words, **env):
        return ended(self.start(*words, **env))

    def works(self):
        """Does `.venv` import the course's own package and what was installed, from anywhere?"""
        code = "import helpers, jupyterlab; print(jupyterlab.version)"
        done = subprocess.run(
            [self.python, "-c", code], cwd=Path.home(), capture_output=True, text=True
        )
        assert done.returncode == 0, done.stderr
        return done.stdout.strip()

    def has(self, package):
        return any(self.venv.rglob(f"{package}/__main__.py"))


def ended(process):
    out, err = process.communicate(timeout=300)
    return SimpleNamespace(status=process.returncode, out=out, err=err)


def until_asked(index, process):
    """Wait for the first download; a process that has ended asks for none."""
    while not index.asked.wait(0.1):
        assert process.poll() is None, process.communicate()


def told(lines):
    """Return what the stand-ins said of themselves."""
    return [json.loads(line) for line in lines.splitlines() if line.startswith("{")]


def succeeded(result):
    """Return what a command printed that went well."""
    assert result.status == 0, result.err
    assert result.err == ""
    return result.out


def sentence(result, status=1):
    """Return the one sentence of a fault."""
    assert result.status == status, (result.out, result.err)
    assert "Traceback" not in result.out + result.err
    (line,) = result.err.splitlines()
    assert line.endswith(".")
    return line


def nowhere():
    """Return an address at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/simple"


def path_without_uv():
    """Return a PATH on which uv is not to be found."""
    places = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(p for p in places if p and not shutil.which("uv", path=p))


def save(path, *sources, outputs=()):
    """Write a notebook with one code cell for each source."""
    cells = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "source": s, "outputs": list(outputs)}
        for n, s in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))


def sources(path):
    return [cell["source"] for cell in json.loads(path.read_text("utf-8"))["cells"]]

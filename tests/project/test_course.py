"""The launcher: set-up, its faults, the working copy, and a clean room where all of it is real.

Most tests run course.py as a process of its own in a folder made for the test. Its packages are
tiny wheels from an index on loopback, which can also be made to hang in the middle of a download.
"""

import ast
import contextlib
import errno
import functools
import hashlib
import http.server
import io
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse
import urllib.request
import zipfile
from pathlib import Path
from types import SimpleNamespace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import course

ROOT = Path(course.__file__).parent
PYTHON = course.base_python()
POSIX = os.name == "posix"
INTERPRETER = "bin/python" if POSIX else "Scripts/python.exe"
SYSTEM = ("PATH", "SYSTEMROOT", "COMSPEC", "PATHEXT", "TEMP", "TMP")  # Windows needs them all


# ------------------------------------------------------------------ a small world of packages

ECHO = """
import json, os, sys
print(json.dumps({"argv": sys.argv[1:], "cwd": os.getcwd(), "home": os.environ.get("COURSE_HOME")}))
sys.exit(__package__ in os.environ.get("FAILING", "").split())
"""  # what stands in for JupyterLab, ruff and pytest says what it was asked


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
    extra = pin("ruff") + pin("pytest", pytest)
    return "# base\n" + pin("jupyterlab", lab) + "# extra: test\n" + extra


class Index(http.server.ThreadingHTTPServer):
    """A package index on loopback; `gate` holds downloads back, `asked` tells of the first."""

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Pages)
        self.address = f"http://127.0.0.1:{self.server_port}/simple"
        self.gate, self.asked = threading.Event(), threading.Event()
        self.gate.set()
        self.downloads = 0
        self.wheels = {
            f"{name}-{version}-py3-none-any.whl": wheel(name, version)
            for name in ("jupyterlab", "ruff", "pytest")
            for version in ("1.0", "2.0")
        }

    def handle_error(self, request, client_address):
        pass  # a client was killed, as a test wanted


class Pages(http.server.BaseHTTPRequestHandler):
    def do_GET(self):
        kind, name = self.path.strip("/").split("/")[:2]
        if kind == "simple":
            links = (
                f'<a href="/files/{file}#sha256={hashlib.sha256(data).hexdigest()}">{file}</a>\n'
                for file, data in self.server.wheels.items()
                if file.startswith(name + "-")
            )
            return self.answer("text/html", "".join(links).encode())
        if self.command == "HEAD":
            return self.answer("application/octet-stream", b"")
        self.server.downloads += 1
        self.server.asked.set()
        self.server.gate.wait(60)
        return self.answer("application/octet-stream", self.server.wheels[name])

    do_HEAD = do_GET

    def answer(self, kind, data):
        self.send_response(200)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, *_):
        pass


@contextlib.contextmanager
def served_index():
    with Index() as server:
        threading.Thread(target=server.serve_forever, args=[0.02], daemon=True).start()
        yield server
        server.gate.set()
        server.shutdown()


@pytest.fixture
def index():
    with served_index() as server:
        yield server


# ------------------------------------------------------------------ a course to try things on


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
        shutil.copy(ROOT / "course.py", self.folder)
        self.lock.write_text(lock_text(), encoding="utf-8")
        (self.folder / "helpers").mkdir()
        (self.folder / "helpers" / "__init__.py").write_text("here = True\n")
        (self.folder / "notebooks").mkdir()
        save(self.folder / "notebooks" / "01_sigmoid.ipynb", "g(z)")
        save(self.folder / "notebooks" / "02_tanh.ipynb", "tanh(z)")
        return self

    def start(self, *words, python=PYTHON, **env):
        """Start a command in a process group of its own."""
        return subprocess.Popen(
            [python, "course.py", *words],
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


def told(lines):
    """Return what the stand-ins said of themselves."""
    return [json.loads(line) for line in lines.splitlines() if line.startswith("{")]


def succeeded(result):
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


@pytest.fixture
def fresh(tmp_path, index):
    """A course that was never set up, in a folder with spaces and umlauts."""
    return Course(tmp_path / "Mein Kurs ü é", tmp_path / "home", index.address).fill()


@pytest.fixture(scope="module")
def model(tmp_path_factory):
    """A course that is set up, to be copied."""
    place = tmp_path_factory.mktemp("model")
    with served_index() as server:
        made = Course(place / "course", place / "home", server.address).fill()
        succeeded(made.run("setup"))
    return made.folder


@pytest.fixture
def ready(model, tmp_path, index):
    """A course that is set up (a moved `.venv` works on)."""
    folder = tmp_path / "Mein Kurs ü é"
    shutil.copytree(model, folder, symlinks=True)
    return Course(folder, tmp_path / "home", index.address)


# ------------------------------------------------------------------ words


@pytest.mark.parametrize("words", [[], ["-h"], ["--help"]])
def test_without_a_word_the_commands_are_listed(fresh, words):
    out = succeeded(fresh.run(*words))
    assert re.findall(r"^  (\w+) +[A-Z].*\.$|^  (\w+) .*", out, re.MULTILINE)
    assert all(re.search(rf"^  {name} ", out, re.MULTILINE) for name in course.COMMANDS)


def test_an_unknown_word_gets_the_list_and_status_2(fresh):
    result = fresh.run("labb")
    assert result.status == 2
    assert "`labb`" in result.err
    assert all(f"  {name} " in result.err for name in course.COMMANDS)
    assert not fresh.venv.exists()


@pytest.mark.parametrize("name", course.COMMANDS)
def test_every_command_has_help_that_does_nothing_else(name, capsys):
    assert course.guarded([name, "--help"]) == 0
    out = capsys.readouterr().out
    assert re.match(rf"usage: python course.py {name}( |\n)", out)
    assert len(out.splitlines()) > 2


def test_help_shows_what_a_command_takes(capsys):
    for name, usage in {"reset": "reset LESSON", "store": "store [LESSON ...]"}.items():
        course.guarded([name, "--help"])
        assert capsys.readouterr().out.startswith(f"usage: python course.py {usage}\n")
    assert course.ARGUMENTS.keys() <= course.COMMANDS.keys()


def test_setup_takes_no_further_words(capsys):
    assert course.guarded(["setup", "now"]) == 2
    assert "`now`" in capsys.readouterr().err


# ------------------------------------------------------------------ set-up


def test_set_up_installs_the_learners_packages_and_nothing_else(fresh, index):
    out = succeeded(fresh.run("setup"))
    assert re.match(r"Setting up the course .*\nReady in \d+ s\.\n", out)
    assert fresh.works() == "1.0"
    assert not fresh.has("pytest")
    settings = fresh.venv / "share/jupyter/lab/settings/overrides.json"
    assert json.loads(settings.read_text()) == course.NO_NEWS
    assert index.downloads == 1


def test_the_second_time_nothing_is_left_to_do(ready, index):
    before = ready.stamp.stat().st_mtime_ns
    assert "Setting up" not in succeeded(ready.run("setup"))
    assert ready.stamp.stat().st_mtime_ns == before
    assert index.downloads == 0


def test_pip_does_it_all_where_there_is_no_uv(fresh):
    fresh.env["PATH"] = path_without_uv()
    assert "check the network" in sentence(fresh.run("setup", PIP_INDEX_URL=nowhere()))
    right = fresh.lock.read_text()
    fresh.lock.write_text(with_wrong_hash(right))
    assert "does not match its hash" in sentence(fresh.run("setup"))
    assert not fresh.has("jupyterlab")
    fresh.lock.write_text(right)
    succeeded(fresh.run("setup"))
    assert fresh.works() == "1.0"
    assert not fresh.has("pytest")
    succeeded(fresh.run("test"))
    assert fresh.has("pytest")


def path_without_uv():
    """Return a PATH on which uv is not to be found."""
    places = os.environ["PATH"].split(os.pathsep)
    return os.pathsep.join(p for p in places if p and not shutil.which("uv", path=p))


def test_a_uv_that_does_not_start_counts_as_none(tmp_path, monkeypatch):
    for name, text in {"uv": "#!/bin/sh\nexit 127\n", "uv.bat": "@exit /b 127\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    assert shutil.which("uv")
    assert course.find_uv() is None


def test_an_extra_is_added_when_first_needed_and_remembered(ready, index):
    assert not ready.has("pytest")
    assert "Adding what `test` needs" in succeeded(ready.run("test"))
    assert ready.has("pytest")
    assert ready.has("ruff")
    assert "Adding" not in succeeded(ready.run("test"))
    assert "Setting up" not in succeeded(ready.run("setup"))
    ready.lock.write_text(lock_text(lab="2.0", pytest="2.0"))
    assert "Setting up" in succeeded(ready.run("setup"))
    assert ready.works() == "2.0"
    assert ready.has("pytest")


def test_an_extra_that_is_half_there_is_no_trap(ready):
    (site,) = {path.parent for path in ready.venv.rglob("jupyterlab")}
    with zipfile.ZipFile(io.BytesIO(wheel("pytest"))) as archive:
        archive.extract("pytest-1.0.dist-info/METADATA", site)
    succeeded(ready.run("test"))
    assert ready.has("pytest")


def test_the_callers_environment_does_not_lead_it_astray(fresh, tmp_path):
    astray = tmp_path / "astray"
    astray.mkdir()
    for module in ("pip", "ensurepip", "venv", "jupyterlab", "helpers"):
        (astray / f"{module}.py").write_text("raise SystemExit('led astray')")
    env = {
        "PYTHONPATH": str(astray),
        "PYTHONHOME": sys.base_prefix,
        "VIRTUAL_ENV": str(astray),
        "PIP_TARGET": str(astray),
        "PIP_NO_DEPS": "1",
        "UV_SYSTEM_PYTHON": "1",
        "UV_PYTHON": str(astray),
        "UV_OVERRIDE": str(astray / "none.txt"),
    }
    succeeded(fresh.run("setup", **env))
    assert fresh.works() == "1.0"
    assert told(succeeded(fresh.run("lab", **env)))


def test_where_packages_come_from_stays_the_callers_choice(monkeypatch):
    kept = ("PIP_INDEX_URL", "UV_INDEX_URL", "UV_DEFAULT_INDEX", "PIP_CERT", "PIP_CONFIG_FILE")
    kept += ("UV_INDEX_CAMPUS_USERNAME", "PIP_FIND_LINKS", "HTTPS_PROXY", "SSL_CERT_FILE")
    gone = ("PYTHONPATH", "PYTHONHOME", "VIRTUAL_ENV", "PIP_TARGET", "PIP_NO_DEPS")
    gone += ("UV_NO_VERIFY_HASHES", "PIP_REQUIREMENT", "UV_CONSTRAINT")
    for name in kept + gone:
        monkeypatch.setenv(name, "x")
    env = course.environment()
    assert [name for name in kept if env.get(name) != "x"] == []
    assert [name for name in gone if name in env] == []


def test_the_venvs_own_python_may_start_a_rebuild(ready):
    ready.stamp.unlink()
    succeeded(ready.run("setup", python=ready.python))
    assert ready.works() == "1.0"


# ------------------------------------------------------------------ faults


def test_the_file_is_readable_to_old_pythons():
    ast.parse((ROOT / "course.py").read_text(encoding="utf-8"), feature_version=(3, 6))


def older_pythons():
    """Return the Pythons of this machine that are too old for the course."""
    found = [*Path("~/.pyenv/versions").expanduser().glob("3.*/bin/python")]
    found += [Path(p) for n in range(6, 11) if (p := shutil.which(f"python3.{n}"))]
    code = "import sys; sys.exit(sys.version_info >= (3, 11))"
    return [p for p in found if not subprocess.run([p, "-c", code], capture_output=True).returncode]


class TestOlderPythons:
    """With the older Pythons of this machine, where it has any."""

    __test__ = bool(older_pythons())

    @pytest.mark.parametrize("python", older_pythons(), ids=lambda path: path.parts[-3])
    def test_an_older_python_says_what_is_needed(self, fresh, python):
        assert "needs Python 3.11 or newer" in sentence(fresh.run("setup", python=python))
        assert not fresh.venv.exists()


def test_a_version_that_is_too_old_is_named(monkeypatch, capsys):
    monkeypatch.setattr(sys, "version_info", (3, 9, 1))
    assert course.guarded(["lab"]) == 1
    err = capsys.readouterr().err
    assert "needs Python 3.11 or newer" in err
    assert sys.version.split()[0] in err


@pytest.mark.parametrize("module", ["venv", "ensurepip"])
def test_a_python_without_venv(fresh, module):
    fresh.env["PATH"] = path_without_uv()
    (fresh.folder / "bare.py").write_text(
        f"import runpy, sys; sys.modules[{module!r}] = None; sys.argv = ['course.py', 'setup']\n"
        "runpy.run_path('course.py', run_name='__main__')"
    )
    bare = subprocess.run(
        [PYTHON, "bare.py"], cwd=fresh.folder, env=fresh.env, capture_output=True, text=True
    )
    bare = SimpleNamespace(status=bare.returncode, out=bare.stdout, err=bare.stderr)
    assert "apt install python3-venv" in sentence(bare)
    assert not fresh.venv.exists()


def nowhere():
    """Return an address at which nobody answers."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return f"http://127.0.0.1:{probe.getsockname()[1]}/simple"


def test_without_a_network(fresh):
    away = fresh.run("setup", PIP_INDEX_URL=nowhere(), UV_INDEX_URL=nowhere())
    assert "check the network" in sentence(away)
    succeeded(fresh.run("setup"))
    assert fresh.works() == "1.0"


def with_wrong_hash(lock):
    return re.sub(r"sha256:\w{8}", "sha256:00000000", lock)


def test_a_wrong_hash_in_the_lock(fresh):
    right = fresh.lock.read_text()
    fresh.lock.write_text(with_wrong_hash(right))
    assert "does not match its hash" in sentence(fresh.run("setup"))
    assert not fresh.has("jupyterlab")
    fresh.lock.write_text(right)
    succeeded(fresh.run("setup"))
    assert fresh.works() == "1.0"


def test_an_extra_that_cannot_be_fetched_leaves_the_rest_usable(ready):
    env = {"PIP_INDEX_URL": nowhere(), "UV_INDEX_URL": nowhere()}
    assert "check the network" in sentence(ready.run("test", **env))
    assert told(succeeded(ready.run("lab", **env)))


def test_a_missing_lock(fresh):
    fresh.lock.unlink()
    assert "requirements.lock" in sentence(fresh.run("setup"))


def test_a_lock_without_the_packages_of_an_extra(ready):
    ready.lock.write_text(pin("jupyterlab"))
    assert "lacks the packages of `test`" in sentence(ready.run("test"))


def no_python(venv):
    (venv / INTERPRETER).unlink()


def no_package(venv):
    (package,) = venv.rglob("jupyterlab")
    shutil.rmtree(package)


def no_packages(venv):
    (site,) = {path.parent for path in venv.rglob("jupyterlab")}
    shutil.rmtree(site)


def cut_file(venv):
    (path,) = venv.rglob("jupyterlab/__main__.py")
    path.write_text("")


def no_record(venv):
    (path,) = venv.rglob("jupyterlab-1.0.dist-info")
    shutil.rmtree(path)


def no_way_to_helpers(venv):
    (path,) = venv.rglob("course.pth")
    path.unlink()


def torn_stamp(venv):
    (venv / "course.json").write_text('{"sections":')


def strange_stamp(venv):
    (venv / "course.json").write_text("[1]")


def only_a_file(venv):
    shutil.rmtree(venv)
    venv.write_text("not a folder")


def empty(venv):
    shutil.rmtree(venv)
    venv.mkdir()


DAMAGE = [no_python, no_package, no_packages, cut_file, no_record, no_way_to_helpers]
DAMAGE += [torn_stamp, strange_stamp, only_a_file, empty]


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_venv_is_made_again(ready, damage):
    damage(ready.venv)
    assert "Setting up" in succeeded(ready.run("setup"))
    assert ready.works() == "1.0"


def test_a_set_up_killed_half_way_leaves_no_trap(fresh, index):
    index.gate.clear()
    first = fresh.start("setup")
    assert index.asked.wait(60)
    first.kill()
    first.wait()
    assert fresh.venv.exists()
    assert not fresh.stamp.exists()
    again = fresh.start("setup")
    if POSIX:  # the first one's installer is still running and keeps the door locked
        assert "waiting" in again.stdout.readline()
    index.gate.set()
    assert "Ready in" in succeeded(ended(again))
    assert fresh.works() == "1.0"
    first.communicate()


def test_of_two_set_ups_the_second_waits(fresh, index):
    index.gate.clear()
    first = fresh.start("setup")
    assert index.asked.wait(60)
    second = fresh.start("setup")
    assert "waiting" in second.stdout.readline()
    index.gate.set()
    assert "Ready in" in succeeded(ended(first))
    assert "Setting up" not in succeeded(ended(second))
    assert fresh.works() == "1.0"
    assert index.downloads == 1


DISK_FULL = OSError(errno.ENOSPC, "No space left on device", "/somewhere")
NOT_ALLOWED = PermissionError(errno.EACCES, "Permission denied", "/somewhere")


@pytest.mark.parametrize(
    ("error", "status", "words"),
    [
        (DISK_FULL, 1, "disk is full"),
        (NOT_ALLOWED, 1, "/somewhere cannot be used (Permission denied)"),
        (KeyboardInterrupt(), 130, "Stopped"),
    ],
)
def test_what_the_system_refuses_is_told_in_a_sentence(monkeypatch, capsys, error, status, words):
    def fails(_):
        raise error

    monkeypatch.setitem(course.COMMANDS, "setup", fails)
    assert course.guarded(["setup"]) == status
    (line,) = capsys.readouterr().err.splitlines()
    assert words in line


def test_a_file_that_cannot_be_written_is_named_by_its_own_name(tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(OSError, match="taken") as caught:
        course.write(taken, "text")
    assert course.explain_os_error(caught.value).startswith(f"{taken} cannot be used")
    assert list(tmp_path.iterdir()) == [taken]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("error: Failed to copy\n  Caused by: No space left on device (os error 28)", "disk is"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("error: Network connectivity is disabled", "check the network"),
        ("ERROR: No matching distribution\n(from versions: none)", "check the network"),
        ("warning: x\nerror: odd thing.\nhint: y", "(error: odd thing)"),
        ("one\ntwo\n", "(two)"),
        ("", "(no message)"),
    ],
)
def test_what_installers_print_becomes_one_sentence(output, words):
    assert words in course.explain(output)
    assert "\n" not in course.explain(output)


@contextlib.contextmanager
def small_disk(folder, size):
    """Mount a disk of that many bytes."""
    folder.mkdir(exist_ok=True)
    command = ["mount", "-t", "tmpfs", "-o", f"size={size}", "tmpfs", str(folder)]
    subprocess.run(command, check=True, capture_output=True)
    try:
        yield folder
    finally:
        subprocess.run(["umount", "-l", str(folder)], check=True)


def can_mount():
    try:
        with tempfile.TemporaryDirectory() as name, small_disk(Path(name), 4096):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


class TestDisk:
    """With a disk that is full in earnest, where one can be had (Linux, root)."""

    __test__ = can_mount()

    @pytest.mark.parametrize("size", [80_000, 300_000])
    def test_a_full_disk(self, tmp_path, index, size):
        with small_disk(tmp_path / "small", size) as disk:
            full = Course(disk / "course", tmp_path / "home", index.address).fill()
            (disk / "ballast").write_bytes(bytes(max(0, shutil.disk_usage(disk).free - 8192)))
            assert "disk is full" in sentence(full.run("setup"))
            subprocess.run(["mount", "-o", "remount,size=99M", str(disk)], check=True)
            succeeded(full.run("setup"))
            assert full.works() == "1.0"


SLOW_TO_END = """
import time
try:
    print("running", flush=True)
    time.sleep(60)
except KeyboardInterrupt:
    time.sleep(0.5)
    print("own end")
"""


class TestCtrlC:
    """With the signal that a terminal sends to all its processes."""

    __test__ = POSIX

    def test_during_the_set_up(self, fresh, index):
        index.gate.clear()
        process = fresh.start("setup")
        assert index.asked.wait(60)
        os.killpg(process.pid, signal.SIGINT)
        assert "Stopped" in sentence(ended(process), status=130)
        index.gate.set()
        succeeded(fresh.run("setup"))
        assert fresh.works() == "1.0"

    @pytest.mark.parametrize(("command", "package"), [("lab", "jupyterlab"), ("test", "ruff")])
    def test_what_is_running_ends_in_its_own_way(self, ready, command, package):
        succeeded(ready.run(command))
        (main,) = ready.venv.rglob(f"{package}/__main__.py")
        main.write_text(SLOW_TO_END + "#" * (len(ECHO) - len(SLOW_TO_END)))
        shutil.rmtree(main.parent / "__pycache__")
        process = ready.start(command)
        assert "running\n" in iter(process.stdout.readline, "")
        os.killpg(process.pid, signal.SIGINT)
        result = ended(process)
        assert result.out == "own end\n"
        if command == "test":
            assert "Stopped" in sentence(result, status=130)
        else:
            assert succeeded(result)


# ------------------------------------------------------------------ lab and test


def test_lab_opens_the_first_lesson_of_the_working_copy(ready):
    (said,) = told(succeeded(ready.run("lab", "--no-browser", "--port=9999")))
    mine = ready.folder / "my_course"
    assert f"--ServerApp.root_dir={mine}" in said["argv"]
    assert "--LabApp.default_url=/lab/tree/01_sigmoid.ipynb" in said["argv"]
    assert said["argv"][-2:] == ["--no-browser", "--port=9999"]
    assert ("--allow-root" in said["argv"]) == (POSIX and os.geteuid() == 0)
    assert said["home"] == str(mine)
    assert {path.name for path in mine.iterdir()} == {
        ".course.json",
        "01_sigmoid.ipynb",
        "02_tanh.ipynb",
    }


def test_the_working_copy_may_stand_elsewhere(ready, tmp_path):
    (said,) = told(succeeded(ready.run("lab", COURSE_HOME=str(tmp_path / "else where"))))
    assert said["home"] == str(tmp_path / "else where")
    assert (tmp_path / "else where" / "01_sigmoid.ipynb").exists()
    assert not (ready.folder / "my_course").exists()


def test_labs_own_exit_status_is_passed_on(ready):
    assert ready.run("lab", FAILING="jupyterlab").status == 1


def test_lab_without_lessons(ready):
    shutil.rmtree(ready.folder / "notebooks")
    assert "no lesson" in sentence(ready.run("lab"))


ALL_CORES = ["--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"]


def test_test_runs_lint_format_and_tests(ready):
    out = succeeded(ready.run("test", "tests/test_x.py", "-k", "a or b"))
    assert [line for line in out.splitlines() if "==" in line] == [
        "== lint",
        "== format",
        "== tests",
    ]
    argv = [said["argv"] for said in told(out)]
    assert argv == [
        ["check"],
        ["format", "--check"],
        [*ALL_CORES, "tests/test_x.py", "-k", "a or b"],
    ]
    assert {Path(said["cwd"]) for said in told(out)} == {ready.folder}


def test_quick_leaves_out_browser_and_slow(ready):
    out = succeeded(ready.run("test", "-x", "--quick"))
    assert told(out)[-1]["argv"] == [*ALL_CORES, "-m", "not browser and not slow", "-x"]


@pytest.mark.parametrize(
    ("failing", "stages"), [("ruff", "lint, format"), ("pytest", "tests"), ("ruff pytest", "all")]
)
def test_one_failed_stage_fails_the_whole_but_all_are_run(ready, failing, stages):
    result = ready.run("test", FAILING=failing)
    assert result.status == 1
    assert len(told(result.out)) == 3
    stages = "lint, format, tests" if stages == "all" else stages
    assert result.out.endswith(f"Failed: {stages}.\n")


# ------------------------------------------------------------------ the learner's working copy


def save(path, *sources, outputs=()):
    """Write a notebook with one code cell for each source."""
    cells = [
        {"cell_type": "code", "id": str(n), "metadata": {}, "source": s, "outputs": list(outputs)}
        for n, s in enumerate(sources)
    ]
    path.write_text(json.dumps({"cells": cells, "nbformat": 4, "nbformat_minor": 5}))


def sources(path):
    return [cell["source"] for cell in json.loads(path.read_text("utf-8"))["cells"]]


@pytest.fixture
def copy(tmp_path, monkeypatch):
    """A place of publication and a working copy of two lessons, refreshed once."""
    places = SimpleNamespace(published=tmp_path / "notebooks", mine=tmp_path / "mine")
    monkeypatch.setattr(course, "PUBLISHED", places.published)
    monkeypatch.setattr(course, "WORKING_COPY", places.mine)
    places.published.mkdir()
    save(places.published / "01_sigmoid.ipynb", "old", outputs=[1])
    save(places.published / "02_tanh.ipynb", "old")
    course.refresh_copy()
    return places


def said_by_refresh(capsys):
    capsys.readouterr()
    course.refresh_copy()
    return capsys.readouterr().out


def test_untouched_lessons_are_renewed(copy, capsys):
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert said_by_refresh(capsys) == ""
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["new"]


def test_a_lecturers_notes_in_the_metadata_are_kept(copy, capsys):
    mine = copy.mine / "01_sigmoid.ipynb"
    notebook = json.loads(mine.read_text("utf-8"))
    notebook["cells"][0]["metadata"] = {"lecture": {"say": "my notes"}}
    mine.write_text(json.dumps(notebook), "utf-8")
    course.guarded(["reset", "1"])
    assert "my notes" in (copy.mine / "01_sigmoid.mine.ipynb").read_text("utf-8")


def test_another_copy_is_not_stored_in_silence(copy, capsys):
    assert course.guarded(["store", str(copy.mine / "01_sigmoid.ipynb")]) == 2
    assert "another copy" in capsys.readouterr().err


def test_lock_takes_one_word(capsys):
    assert course.guarded(["lock", "--bogus"]) == 2
    assert "takes no further words" in capsys.readouterr().err


def test_running_a_lesson_is_not_touching_it(copy, capsys):
    save(copy.mine / "01_sigmoid.ipynb", "old", "", outputs=["run"])
    course.refresh_copy()
    assert "run" in (copy.mine / "01_sigmoid.ipynb").read_text()
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert said_by_refresh(capsys) == ""
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["new"]


def test_touched_lessons_are_kept_and_named_in_one_line(copy, capsys):
    save(copy.mine / "01_sigmoid.ipynb", "my own")
    assert said_by_refresh(capsys) == ""  # nothing newer is published
    save(copy.published / "01_sigmoid.ipynb", "new")
    save(copy.published / "02_tanh.ipynb", "new")
    (line,) = said_by_refresh(capsys).splitlines()
    assert "01_sigmoid" in line
    assert "02_tanh" not in line
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["my own"]
    assert sources(copy.mine / "02_tanh.ipynb") == ["new"]


def test_a_change_taken_back_counts_as_none(copy, capsys):
    save(copy.mine / "01_sigmoid.ipynb", "my own")
    save(copy.published / "01_sigmoid.ipynb", "new")
    course.refresh_copy()
    save(copy.mine / "01_sigmoid.ipynb", "old")
    assert said_by_refresh(capsys) == ""
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["new"]


def test_new_and_deleted_lessons_come(copy):
    save(copy.published / "03_relu.ipynb", "relu")
    (copy.mine / "02_tanh.ipynb").unlink()
    course.refresh_copy()
    assert sources(copy.mine / "03_relu.ipynb") == ["relu"]
    assert sources(copy.mine / "02_tanh.ipynb") == ["old"]


def test_what_lessons_need_comes_along_but_no_solutions(copy):
    for name in ("images/a.png", "assignments/a.ipynb", ".ipynb_checkpoints/b.ipynb", ".hidden"):
        (copy.published / name).parent.mkdir(exist_ok=True)
        (copy.published / name).write_bytes(b"\x89data")
    course.refresh_copy()
    copied = {p.relative_to(copy.mine).as_posix() for p in copy.mine.rglob("*") if p.is_file()}
    assert copied == {".course.json", "01_sigmoid.ipynb", "02_tanh.ipynb", "images/a.png"}


def test_a_lesson_that_is_no_notebook_any_more_is_kept(copy, capsys):
    (copy.mine / "01_sigmoid.ipynb").write_bytes(b"<<<<<<< torn \xff")
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert "01_sigmoid" in said_by_refresh(capsys)
    assert (copy.mine / "01_sigmoid.ipynb").read_bytes() == b"<<<<<<< torn \xff"


DEEP = "[" * 100_000  # more than Python's reader follows
DAMAGED = ["", "{", "[]", "null", '{"copied": 1}', '{"copied": {"a": 1}}', DEEP]
DAMAGED += ['{"copied": {"a": ["b", null]}}']


@pytest.mark.parametrize("text", DAMAGED, ids=lambda text: text[:30])
def test_a_damaged_manifest_is_set_aside_and_nothing_is_lost(copy, capsys, text):
    save(copy.mine / "01_sigmoid.ipynb", "my own")
    for n in (1, 2):
        (copy.mine / ".course.json").write_text(text)
        out = said_by_refresh(capsys)
        assert f"set aside as .course.json.damaged-{n}" in out
        assert (copy.mine / f".course.json.damaged-{n}").read_text() == text
        assert "01_sigmoid.ipynb" in out.splitlines()[1]
        assert sources(copy.mine / "01_sigmoid.ipynb") == ["my own"]
    save(copy.published / "02_tanh.ipynb", "new")
    course.refresh_copy()
    assert sources(copy.mine / "02_tanh.ipynb") == ["new"]


def test_a_manifest_that_is_no_file_is_set_aside_too(copy, capsys):
    (copy.mine / ".course.json").unlink()
    (copy.mine / ".course.json").mkdir()
    assert "set aside as .course.json.damaged-1" in said_by_refresh(capsys)
    assert (copy.mine / ".course.json.damaged-1").is_dir()
    assert said_by_refresh(capsys) == ""


def test_a_lesson_that_nests_too_deeply_is_kept(copy, capsys):
    (copy.mine / "01_sigmoid.ipynb").write_text(DEEP)
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert "01_sigmoid" in said_by_refresh(capsys)
    assert (copy.mine / "01_sigmoid.ipynb").read_text() == DEEP


def test_a_write_that_fails_leaves_the_old_file(copy, monkeypatch):
    def fails(*_):
        raise DISK_FULL

    save(copy.published / "01_sigmoid.ipynb", "new")
    monkeypatch.setattr(os, "replace", fails)
    with pytest.raises(OSError, match="No space"):
        course.refresh_copy()
    monkeypatch.undo()
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["old"]
    assert not list(copy.mine.glob("*.part")) + list(copy.mine.glob(".*.part"))


TEXTS = st.sampled_from(["old", "new", "newer"])
STEPS = st.one_of(
    st.tuples(st.just("publish"), TEXTS),
    st.tuples(st.just("learner writes"), st.sampled_from(["old", "mine", "my best"])),
    st.tuples(st.sampled_from(["refresh", "run", "delete", "damage"]), st.none()),
)


@settings(deadline=None)
@given(st.lists(STEPS, max_size=12))
def test_whatever_happens_the_learners_text_survives(steps):
    with tempfile.TemporaryDirectory() as name, pytest.MonkeyPatch.context() as patch:
        lesson, mine = Path(name) / "notebooks/01_x.ipynb", Path(name) / "mine/01_x.ipynb"
        patch.setattr(course, "PUBLISHED", lesson.parent)
        patch.setattr(course, "WORKING_COPY", mine.parent)
        patch.setattr(course, "say", lambda *_: None)
        lesson.parent.mkdir()
        save(lesson, "old")
        course.refresh_copy()
        for step, text in [*steps, ("refresh", None)]:
            if step == "publish":
                save(lesson, text)
            elif step == "learner writes":
                save(mine, text)
            elif step == "run" and mine.exists():
                save(mine, *sources(mine), outputs=["run"])
            elif step == "delete":
                mine.unlink(missing_ok=True)
            elif step == "damage":
                (mine.parent / ".course.json").write_text("{")
            elif step == "refresh":
                own = sources(mine) if mine.exists() else None
                course.refresh_copy()
                assert sources(mine) == own if own in (["mine"], ["my best"]) else mine.exists()
                course.refresh_copy()
                once = mine.read_bytes()
                course.refresh_copy()
                assert mine.read_bytes() == once
        if not any(step in ("learner writes", "damage") for step, _ in steps):
            assert sources(mine) == sources(lesson)


@pytest.mark.parametrize("word", ["1", "01", "01_", "01_sigmoid", "notebooks/01_sigmoid.ipynb"])
def test_reset_fetches_a_fresh_copy_and_keeps_the_learners(copy, capsys, word):
    for kept in ("01_sigmoid.mine.ipynb", "01_sigmoid.mine-2.ipynb", "01_sigmoid.mine-3.ipynb"):
        save(copy.mine / "01_sigmoid.ipynb", f"my own for {kept}")
        assert course.guarded(["reset", word]) == 0
        assert kept in capsys.readouterr().out
        assert sources(copy.mine / "01_sigmoid.ipynb") == ["old"]
        assert sources(copy.mine / kept) == [f"my own for {kept}"]
    assert sources(copy.mine / "02_tanh.ipynb") == ["old"]


def test_a_reset_lesson_is_untouched_again(copy, capsys):
    save(copy.mine / "01_sigmoid.ipynb", "my own")
    course.guarded(["reset", "1"])
    save(copy.published / "01_sigmoid.ipynb", "new")
    assert said_by_refresh(capsys) == ""
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["new"]


@pytest.mark.parametrize("text", ["my own", "old"])
@pytest.mark.parametrize("failing", ["01_sigmoid.ipynb", ".course.json"])
def test_a_reset_that_fails_puts_the_learners_lesson_back(copy, monkeypatch, capsys, text, failing):
    save(copy.mine / "01_sigmoid.ipynb", text, outputs=["run"])
    before = {path: path.read_bytes() for path in copy.mine.iterdir()}
    write = course.write

    def fails(path, data):
        if path.name == failing:
            raise DISK_FULL
        write(path, data)

    monkeypatch.setattr(course, "write", fails)
    assert course.guarded(["reset", "1"]) == 1
    assert "disk is full" in capsys.readouterr().err
    assert {path: path.read_bytes() for path in copy.mine.iterdir()} == before


@pytest.mark.parametrize("damage", ["folder", DEEP], ids=["folder", "deep"])
def test_a_damaged_manifest_does_not_stop_a_reset(copy, capsys, damage):
    save(copy.mine / "01_sigmoid.ipynb", "my own")
    (copy.mine / ".course.json").unlink()
    if damage == "folder":
        (copy.mine / ".course.json").mkdir()
    else:
        (copy.mine / ".course.json").write_text(damage)
    assert course.guarded(["reset", "1"]) == 0
    assert "set aside as .course.json.damaged-1" in capsys.readouterr().out
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["old"]
    assert sources(copy.mine / "01_sigmoid.mine.ipynb") == ["my own"]


def test_a_reset_of_what_has_nothing_of_the_learners_leaves_no_second_file(copy, capsys):
    save(copy.mine / "01_sigmoid.ipynb", "old", outputs=["run"])
    assert course.guarded(["reset", "1"]) == 0
    assert "kept" not in capsys.readouterr().out
    assert not (copy.mine / "01_sigmoid.mine.ipynb").exists()
    assert "run" not in (copy.mine / "01_sigmoid.ipynb").read_text()


def test_reset_before_the_first_use(copy):
    shutil.rmtree(copy.mine)
    assert course.guarded(["reset", "2"]) == 0
    assert sources(copy.mine / "02_tanh.ipynb") == ["old"]


@pytest.mark.parametrize("words", [["3"], ["0"], ["relu"], [""], [], ["1", "2"], ["³"]])
def test_reset_of_what_is_not_one_lesson(copy, capsys, words):
    save(copy.mine / "01_sigmoid.ipynb", "my own")
    assert course.guarded(["reset", *words]) == 2
    (line,) = capsys.readouterr().err.splitlines()
    assert "01_sigmoid" in line or len(words) != 1
    assert sources(copy.mine / "01_sigmoid.ipynb") == ["my own"]


# ------------------------------------------------------------------ the lock


class TestLock:
    """Writing the lock, where the maintainers' uv is at hand."""

    __test__ = course.find_uv() is not None

    @pytest.fixture
    def project(self, fresh, index):
        fresh.folder.joinpath("pyproject.toml").write_text(
            '[project]\nname = "x"\nversion = "1"\nrequires-python = ">=3.11"\n'
            'dependencies = ["jupyterlab"]\n'
            '[project.optional-dependencies]\ntest = ["ruff", "pytest<2"]\nlint = ["ruff"]\n'
        )
        return fresh

    def test_each_extra_has_a_section_with_what_it_adds(self, project):
        project.lock.unlink()
        succeeded(project.run("lock"))
        lab, lint, test = re.split("# extra: .*\n", project.lock.read_text())
        assert lab.splitlines(keepends=True)[1:] == pin("jupyterlab", "2.0").splitlines(True)
        assert lint == pin("ruff", "2.0")
        assert test == pin("pytest", "1.0") + pin("ruff", "2.0")
        succeeded(project.run("test"))
        assert project.works() == "2.0"

    def test_versions_stay_unless_asked(self, project):
        succeeded(project.run("lock"))
        assert pin("jupyterlab", "1.0") in project.lock.read_text()
        succeeded(project.run("lock", "--upgrade"))
        assert pin("jupyterlab", "2.0") in project.lock.read_text()

    def test_without_a_network_the_old_lock_stays(self, project):
        before = project.lock.read_text()
        assert "check the network" in sentence(project.run("lock", UV_INDEX_URL=nowhere()))
        assert project.lock.read_text() == before


def test_without_uv_the_lock_cannot_be_written(fresh):
    result = fresh.run("lock", PATH=path_without_uv())
    assert "pip install uv" in sentence(result)
    assert fresh.lock.read_text() == lock_text()


# ------------------------------------------------------------------ the clean room


CONFIGURATIONS = {"PIP_CONFIG_FILE": ".config/pip/pip.conf", "UV_CONFIG_FILE": ".config/uv/uv.toml"}
NO_PROXY = urllib.request.build_opener(urllib.request.ProxyHandler({}))
LAB_ADDRESS = r"http://(?:localhost|127\.0\.0\.1):(\d+)/lab/tree/(\S+)\?token=(\w+)"


def clean_room(home):
    """Return an environment of PATH, an empty home, and where this machine finds packages."""
    env = {name: os.environ[name] for name in SYSTEM if name in os.environ}
    for name, value in os.environ.items():
        if re.search("INDEX|FIND_LINKS|PROXY|CERT", name.upper()):
            env[name] = value
    for name, path in CONFIGURATIONS.items():
        if (Path.home() / path).exists():
            env[name] = os.environ.get(name, str(Path.home() / path))
    home.mkdir()
    return env | {"HOME": str(home), "USERPROFILE": str(home)}


def fetch(port, path, token, method="GET"):
    address = f"http://127.0.0.1:{port}/api/{path}"
    request = urllib.request.Request(address, method=method)
    request.add_header("Authorization", f"token {token}")
    with NO_PROXY.open(request, timeout=60) as answer:
        return answer.read()


def wait_until_answered(port):
    """Wait for a server that tells its address a moment before it listens."""
    patience = time.monotonic() + 60
    while time.monotonic() < patience:
        with contextlib.suppress(ConnectionRefusedError):
            return socket.create_connection(("127.0.0.1", port)).close()
        time.sleep(0.1)
    raise AssertionError("nobody answers")


@contextlib.contextmanager
def opened_lab(folder, env, port):
    """Start JupyterLab; yield it with what it printed up to its address."""
    lab = subprocess.Popen(
        [PYTHON, "course.py", "lab", "--no-browser", f"--port={port}"],
        cwd=folder,
        env=env,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        encoding="utf-8",
    )
    try:
        printed = ""
        while not re.search(LAB_ADDRESS, printed):
            line = lab.stdout.readline()
            assert line, printed
            printed += line
        wait_until_answered(int(re.search(LAB_ADDRESS, printed)[1]))
        yield lab, printed
    finally:
        lab.kill()
        lab.communicate()


@pytest.mark.slow
@pytest.mark.parametrize("installer", ["uv", "pip"] if course.find_uv() else ["pip"])
def test_from_a_clone_to_the_first_lesson(tmp_path, installer, figures_of_the_run):
    folder, env = tmp_path / "Mein Kurs ü é", clean_room(tmp_path / "home")
    if installer == "pip":
        env["PATH"] = path_without_uv()
    clone = ["git", "-c", "safe.directory=*", "clone", "-q", str(ROOT), str(folder)]
    subprocess.run(clone, check=True)

    command = [PYTHON, "course.py", "setup"]
    setup = subprocess.run(command, cwd=folder, env=env, capture_output=True, encoding="utf-8")
    assert setup.returncode == 0, setup.stderr
    seconds = re.search(r"Ready in (\d+) s", setup.stdout)[1]
    figures_of_the_run[f"set-up from nothing with {installer}"] = f"{seconds} s"
    code = "import helpers, numpy, matplotlib.pyplot, ipywidgets, sympy, anywidget"
    subprocess.run([folder / ".venv" / INTERPRETER, "-c", code], cwd=tmp_path, check=True)

    lessons = sorted((folder / "notebooks").glob("*.ipynb"))
    with socket.socket() as occupied:
        occupied.bind(("127.0.0.1", 0))
        occupied.listen()
        taken = occupied.getsockname()[1]
        with opened_lab(folder, env, taken) as (lab, printed):
            port, lesson, token = re.search(LAB_ADDRESS, printed).groups()
            assert f"{taken} is already in use" in printed
            assert int(port) != taken
            assert lesson == lessons[0].name
            content = json.loads(fetch(port, f"contents/{lesson}", token))["content"]
            assert content["cells"]
            assert "".join(content["cells"][0]["source"]) == "".join(sources(lessons[0])[0])
            fetch(port, "shutdown", token, method="POST")
            lab.communicate(timeout=60)
            assert lab.returncode == 0

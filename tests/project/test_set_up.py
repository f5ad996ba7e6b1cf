"""Set-up: environments made, added to, repaired, and what is said where that fails."""

import ast
import contextlib
import errno
import io
import json
import os
import re
import shutil
import subprocess
import sys
import zipfile
from importlib.metadata import distribution
from pathlib import Path, PureWindowsPath
from types import SimpleNamespace

import pytest

from tests.project.small_course import (
    DOOR,
    POSIX,
    PYTHON,
    ROOT,
    Course,
    ended,
    lock_text,
    nowhere,
    path_without_uv,
    pin,
    sentence,
    succeeded,
    told,
    until_asked,
    wheel,
)
from tools import environment
from tools.environment import NO_NEWS, Environment, find_uv
from tools.faults import Fault, explain, explain_os_error
from tools.files import write


def site_packages(course):
    return Environment(course.venv).site_packages()


def a_wrong_hash_is_told(fresh):
    """And with the right one again all is well."""
    right = fresh.lock.read_text()
    fresh.lock.write_text(re.sub(r"sha256:\w{8}", "sha256:00000000", right))
    assert "does not match its hash" in sentence(fresh.run("setup"))
    assert not fresh.has("jupyterlab")
    fresh.lock.write_text(right)
    succeeded(fresh.run("setup"))
    assert fresh.works() == "1.0"


def test_set_up_installs_the_learners_packages_and_nothing_else(fresh, index):
    out = succeeded(fresh.run("setup"))
    assert re.match(r"Setting up the course .*\nReady in \d+ s\.\n", out)
    assert fresh.works() == "1.0"
    assert not fresh.has("pytest")
    settings = fresh.venv / "share/jupyter/lab/settings/overrides.json"
    assert json.loads(settings.read_text()) == NO_NEWS
    assert index.downloads == 1


def test_the_second_time_nothing_is_left_to_do(ready, index):
    before = ready.stamp.stat().st_mtime_ns
    assert "Setting up" not in succeeded(ready.run("setup"))
    assert ready.stamp.stat().st_mtime_ns == before
    assert index.downloads == 0


def test_pip_adds_an_extra_where_there_is_no_uv(ready):
    package = distribution("pip").locate_file("pip")
    shutil.copytree(package, site_packages(ready) / "pip")  # the slow part of a venv
    ready.env["PATH"] = path_without_uv()
    assert "Adding what `test` needs" in succeeded(ready.run("test"))
    assert ready.has("pytest")


@pytest.mark.complete
def test_pip_does_it_all_where_there_is_no_uv(fresh):
    fresh.env["PATH"] = path_without_uv()
    assert "check the network" in sentence(fresh.run("setup", PIP_INDEX_URL=nowhere()))
    a_wrong_hash_is_told(fresh)
    assert not fresh.has("pytest")
    succeeded(fresh.run("test"))
    assert fresh.has("pytest")


@pytest.mark.complete
def test_pip_takes_over_from_a_uv_that_is_gone(ready):
    ready.env["PATH"] = path_without_uv()
    assert "Adding what `test` needs" in succeeded(ready.run("test"))
    assert ready.has("pytest")


def test_a_uv_that_does_not_start_counts_as_none(tmp_path, monkeypatch):
    for name, text in {"uv": "#!/bin/sh\nexit 127\n", "uv.bat": "@exit /b 127\n"}.items():
        (tmp_path / name).write_text(text)
        (tmp_path / name).chmod(0o755)
    monkeypatch.setenv("PATH", str(tmp_path) + os.pathsep + os.environ["PATH"])
    assert shutil.which("uv")
    assert find_uv() is None


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
    with zipfile.ZipFile(io.BytesIO(wheel("pytest"))) as archive:
        archive.extract("pytest-1.0.dist-info/METADATA", site_packages(ready))
    succeeded(ready.run("test"))
    assert ready.has("pytest")


def test_the_callers_environment_does_not_lead_it_astray(fresh, tmp_path):
    astray = tmp_path / "astray"
    astray.mkdir()
    for module in ("pip", "ensurepip", "venv", "jupyterlab", "helpers", "tools"):
        (astray / f"{module}.py").write_text("raise SystemExit('led astray')")
    env = {
        "PYTHONPATH": str(astray),
        "PYTHONHOME": sys.base_prefix,
        "PYTHONSAFEPATH": "1",
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
    env = Environment(Path()).variables()
    assert [name for name in kept if env.get(name) != "x"] == []
    assert [name for name in gone if name in env] == []


def test_the_venvs_own_python_may_start_a_rebuild(ready):
    ready.stamp.unlink()
    succeeded(ready.run("setup", python=ready.python))
    assert ready.works() == "1.0"


@pytest.mark.parametrize("name", sorted(DOOR - {"tools/lock.py"}))
def test_what_says_what_is_missing_is_readable_to_old_pythons(name):
    ast.parse((ROOT / name).read_text(encoding="utf-8"), feature_version=(3, 6))


def older_pythons():
    """Return the Pythons of this machine that are too old for the course."""
    kept = Path("~/.pyenv/versions").expanduser()
    found = [path for n in range(6, 11) for path in kept.glob(f"3.{n}.*/bin/python")]
    if not found:
        found = [Path(p) for n in range(6, 11) if (p := shutil.which(f"python3.{n}"))]
    return [p for p in found if not subprocess.run([p, "-V"], capture_output=True).returncode]


def test_an_older_python_says_what_is_needed(fresh, figures_of_the_run):
    """With those of this machine; how many they are is printed, as none can be installed."""
    found = older_pythons()
    figures_of_the_run["older Pythons that say what is needed"] = len(found)
    for python in found:
        assert "needs Python 3.11 or newer" in sentence(fresh.run("setup", python=python))
        assert not fresh.venv.exists()


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


def test_without_a_network(fresh):
    away = fresh.run("setup", PIP_INDEX_URL=nowhere(), UV_INDEX_URL=nowhere())
    assert "check the network" in sentence(away)
    succeeded(fresh.run("setup"))
    assert fresh.works() == "1.0"


def test_a_wrong_hash_in_the_lock(fresh):
    a_wrong_hash_is_told(fresh)


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


DAMAGE = {
    "no python": lambda course: course.python.unlink(),
    "no package": lambda course: shutil.rmtree(site_packages(course) / "jupyterlab"),
    "no packages": lambda course: shutil.rmtree(site_packages(course)),
    "cut file": lambda course: (site_packages(course) / "jupyterlab/__main__.py").write_text(""),
    "no record": lambda course: shutil.rmtree(site_packages(course) / "jupyterlab-1.0.dist-info"),
    "no way to helpers": lambda course: (site_packages(course) / "course.pth").unlink(),
    "no settings": lambda course: shutil.rmtree(course.venv / "share"),
    "torn stamp": lambda course: course.stamp.write_text('{"sections":'),
    "strange stamp": lambda course: course.stamp.write_text("[1]"),
    "only a file": lambda course: (shutil.rmtree(course.venv), course.venv.write_text("")),
    "empty": lambda course: (shutil.rmtree(course.venv), course.venv.mkdir()),
}


@pytest.mark.parametrize("damage", DAMAGE)
def test_a_damaged_venv_is_made_again(ready, damage):
    DAMAGE[damage](ready)
    assert "Setting up" in succeeded(ready.run("setup"))
    assert ready.works() == "1.0"


def test_a_set_up_killed_half_way_leaves_no_trap(fresh, index):
    index.gate.clear()
    first = fresh.start("setup")
    until_asked(index, first)
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
    until_asked(index, first)
    second = fresh.start("setup")
    assert "waiting" in second.stdout.readline()
    index.gate.set()
    assert "Ready in" in succeeded(ended(first))
    assert "Setting up" not in succeeded(ended(second))
    assert fresh.works() == "1.0"
    assert index.downloads == 1


@pytest.mark.skipif(not POSIX, reason="flock")
def test_a_file_system_without_locks_does_not_stop_a_set_up(monkeypatch):
    import fcntl

    def fails(*_):
        raise OSError(errno.ENOLCK, "No locks available")

    monkeypatch.setattr(fcntl, "flock", fails)
    with environment.alone() as door:
        assert not door.closed


def test_a_file_that_cannot_be_written_is_named_by_its_own_name(tmp_path):
    taken = tmp_path / "taken"
    taken.mkdir()
    with pytest.raises(OSError, match="taken") as caught:
        write(taken, "text")
    assert explain_os_error(caught.value).startswith(f"{taken} cannot be used")
    assert list(tmp_path.iterdir()) == [taken]


@pytest.mark.parametrize(
    ("output", "words"),
    [
        ("error: Failed to copy\n  Caused by: No space left on device (os error 28)", "disk is"),
        ("ERROR: Could not install: [Errno 28] No space left on device", "disk is full"),
        ("error: Network connectivity is disabled", "check the network"),
        ("ERROR: THESE PACKAGES DO NOT MATCH THE HASHES\n", "does not match its hash"),
        ("ERROR: No matching distribution\n(from versions: none)", "check the network"),
        ("warning: x\nerror: odd thing.\nhint: y", "(error: odd thing)"),
        ("one\ntwo\n", "(two)"),
        ("", "(no message)"),
    ],
)
def test_what_installers_print_becomes_one_sentence(output, words):
    assert words in explain(output)
    assert "\n" not in explain(output)


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


def can_mount(folder):
    try:
        with small_disk(folder, 4096):
            return True
    except (OSError, subprocess.CalledProcessError):
        return False


@pytest.mark.parametrize("size", [80_000, 300_000])
def test_a_full_disk(size, tmp_path, index, figures_of_the_run):
    """Full in earnest, where one can be had (Linux, root); how many they are is printed."""
    tried, name = can_mount(tmp_path / "tried"), "disks that were full in earnest"
    figures_of_the_run[name] = figures_of_the_run.get(name, 0) + tried
    if not tried:
        return
    with small_disk(tmp_path / "small", size) as disk:
        full = Course(disk / "course", tmp_path / "home", index.address).fill()
        (disk / "ballast").write_bytes(bytes(max(0, shutil.disk_usage(disk).free - 8192)))
        assert "disk is full" in sentence(full.run("setup"))
        subprocess.run(["mount", "-o", "remount,size=99M", str(disk)], check=True)
        succeeded(full.run("setup"))
        assert full.works() == "1.0"


# ------------------------------------------------------------------ Windows, as if it were here


@pytest.fixture
def windows(monkeypatch):
    """A Windows that allows long paths or not: windows(True), windows(False)."""
    monkeypatch.setattr(environment, "WINDOWS", True)
    return lambda allowed: monkeypatch.setattr(environment, "long_paths", lambda: allowed)


def test_a_path_that_windows_would_cut_off_is_told_before_anything_is_written(windows):
    windows(False)
    deep = PureWindowsPath("C:/Users/somebody/Documents", "a course of the winter term " * 3)
    with pytest.raises(Fault, match=rf"has {len(str(deep))} letters.*for example to C:.course"):
        environment.look_before(deep)
    environment.look_before(PureWindowsPath("C:/Users/somebody/course"))
    windows(True)
    environment.look_before(deep)


def test_no_path_of_a_package_is_longer_than_windows_is_told():
    root = Path(sys.prefix).resolve()
    packages = Environment(root).site_packages()
    on_windows = len(str(Path(".venv", "Lib", "site-packages")))
    records = [path.read_text("utf-8") for path in packages.glob("*.dist-info/RECORD")]
    longest = max(len(row.partition(",")[0]) for text in records for row in text.splitlines())
    assert on_windows + 1 + longest <= environment.LONGEST


def test_the_cell_for_colab_installs_the_course_where_it_is_missing(tmp_path, monkeypatch):
    machines = (ROOT / "book" / "machines.md").read_text(encoding="utf-8")
    (cell,) = re.findall(r"```python\n(.*?)```", machines, re.DOTALL)
    commands = []

    def install(command, *, check):
        assert check
        commands.append(command)
        (tmp_path / "helpers.py").write_text("from_the_address = True")

    monkeypatch.setattr("subprocess.run", install)
    monkeypatch.setattr("sys.path", [str(tmp_path), *(p for p in sys.path if "python3" in p)])
    for name in [name for name in sys.modules if name.split(".")[0] == "helpers"]:
        monkeypatch.delitem(sys.modules, name)
    try:
        exec(cell, names := {})
        exec(cell, {})  # there it is: nothing is installed again
    finally:
        sys.modules.pop("helpers")
    assert names["helpers"].from_the_address
    assert commands == [[sys.executable, "-m", "pip", "install", "-q", names["ADDRESS"]]]


def test_a_folder_that_a_cloud_locks_is_told(windows, capsys):
    windows(True)
    environment.look_before(PureWindowsPath("C:/Users/somebody/OneDrive - School/course"))
    assert "OneDrive - School copies this folder" in capsys.readouterr().out


@pytest.mark.parametrize(
    "said",
    [
        "ERROR: Could not install packages due to an OSError: [WinError 32] The process cannot "
        "access the file because it is being used by another process",
        "error: failed to remove `zmq.pyd`: Access is denied. (os error 5)",
    ],
)
def test_a_locked_file_is_told_with_what_to_close(said):
    assert "close JupyterLab" in explain(said)

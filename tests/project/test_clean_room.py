"""The clean room: from a clone to the first lesson, with the real packages."""

import contextlib
import json
import os
import re
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from tests.project.small_course import (
    INTERPRETER,
    PYTHON,
    ROOT,
    SCRIPTS,
    SYSTEM,
    path_without_uv,
    sources,
)

pytestmark = pytest.mark.complete

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


@pytest.mark.parametrize("installer", ["uv", "pip"])
def test_from_a_clone_to_the_first_lesson(tmp_path, installer, figures_of_the_run):
    folder, env = tmp_path / "Mein Kurs ü é", clean_room(tmp_path / "home")
    scripts = str(SCRIPTS) + os.pathsep
    env["PATH"] = scripts + env["PATH"] if installer == "uv" else path_without_uv()
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
            cells = content["cells"]
            assert "".join(cells[0]["source"]) == "".join(sources(lessons[0])[0])
            code = [cell["metadata"] for cell in cells if cell["cell_type"] == "code"]
            assert all(metadata["trusted"] for metadata in code)
            fetch(port, "shutdown", token, method="POST")
            lab.communicate(timeout=60)
            assert lab.returncode == 0

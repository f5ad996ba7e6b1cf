"""A class on a real JupyterHub, on this machine alone: `python -m tools.hub_class [STUDENTS]`.

Run as root on Linux. It makes a hub, its proxy, and so many system users; they pull the lessons,
fetch an assignment, work, submit; it is collected, graded, released, and everybody reads the own
page. The users and all files are removed at the end. JupyterHub, nbgitpuller and the proxy are
installed into _build/hub, not into .venv. Its set-up is that of helpers/grading/README.md.
"""

import contextlib
import json
import os
import re
import secrets
import shutil
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.parse
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from tools.faults import Fault, guarded, say
from tools.files import PUBLISHED, ROOT
from tools.submissions import answered, grades, points, right_answers
from tools.working_copy import publish

HUB = ROOT / "_build" / "hub"
NAME, COURSE = "derivatives", "activations"
AT_A_TIME = 2  # students who log in together
WRONG = {"sigmoid": "def sigmoid(z):\n    return z"}

HUB_CONFIG = """
c = get_config()  # noqa: F821
c.JupyterHub.bind_url = "http://127.0.0.1:{port}"
c.JupyterHub.hub_port = {hub_port}
c.ConfigurableHTTPProxy.command = [{proxy!r}]
c.ConfigurableHTTPProxy.api_url = "http://127.0.0.1:{proxy_port}"
c.JupyterHub.authenticator_class = "dummy"  # yours will be the institution's
c.Authenticator.allow_all = True
c.JupyterHub.services = [{{"name": "class", "api_token": {token!r}}}]
c.JupyterHub.load_roles = [{{
    "name": "class",
    "services": ["class"],
    "scopes": ["admin:users", "admin:servers", "access:servers", "tokens"],
}}]
c.Spawner.cmd = [{server!r}]
c.Spawner.http_timeout = c.Spawner.start_timeout = 300
c.JupyterHub.concurrent_spawn_limit = 2
c.Spawner.environment = {{
    "JUPYTER_CONFIG_PATH": {etc!r},
    "COURSE_HOME": lambda spawner: f"{homes}/{{spawner.user.name}}/lessons",
    "PYTHONPATH": {checkout!r},
    "PATH": {path!r},
    "OPENBLAS_NUM_THREADS": "1",
    "JUPYTER_PATH": "{prefix}/share/jupyter",
    "JUPYTERLAB_DIR": "{prefix}/share/jupyter/lab",
    "GIT_CONFIG_SYSTEM": "{etc_plain}/gitconfig",  # on a server of its own: /etc/gitconfig
}}
c.Spawner.notebook_dir = "~"
c.LocalProcessSpawner.shell_cmd = []
"""
STUDENTS_CONFIG = """
c = get_config()  # noqa: F821
c.CourseDirectory.course_id = {course!r}
c.Exchange.root = {exchange!r}
"""
SERVER_CONFIG = {
    "ServerApp": {
        "jpserver_extensions": {
            "nbgrader.server_extensions.assignment_list": True,
            "nbgrader.server_extensions.validate_assignment": True,
            "nbgrader.server_extensions.formgrader": False,
            "nbgrader.server_extensions.course_list": False,
            "nbgitpuller": True,
            "jupyterlab": True,
        }
    }
}
HIDDEN = ("formgrader", "course-list", "create-assignment")


def run(*command, **more):
    """Run a command; if it fails, show what it said."""
    pipe = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT}
    done = subprocess.run([*map(str, command)], text=True, check=False, **pipe, **more)
    if done.returncode:
        raise Fault(f"{' '.join(map(str, command))}:\n{done.stdout}")
    return done.stdout


def readable_python():
    """Return a Python that other users may start, of the version of this one."""
    version = f"python{sys.version_info[0]}.{sys.version_info[1]}"
    for python in (Path(sys.executable).resolve(), Path("/usr/bin") / version):
        words = ["runuser", "-u", "nobody", "--", str(python), "-c", ""]
        if python.exists() and subprocess.run(words, capture_output=True).returncode == 0:
            return python
    raise Fault(f"No {version} here can be started by other users than root.")


def install():
    """Install the hub beside .venv, whose packages it sees."""
    python = HUB / "env" / "bin" / "python"
    uv = Path(sys.executable).with_name("uv")
    if not python.exists():
        run(uv, "venv", "--python", readable_python(), HUB / "env")
    if not (HUB / "env/bin/jupyterhub-singleuser").exists():
        run(uv, "pip", "install", "--python", python, "jupyterhub>=5", "nbgitpuller>=1.2")
        site = run(python, "-c", "import sysconfig; print(sysconfig.get_path('purelib'))").strip()
        here = next(path for path in sys.path if path.endswith("site-packages"))
        Path(site, "course.pth").write_text(f"{here}\n{ROOT}\n", encoding="utf-8")
    if not (HUB / "node_modules").exists():
        run("npm", "install", "--silent", "--prefix", HUB, "configurable-http-proxy")


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


class Hub:
    """A running hub, by its API."""

    def __init__(self, folder):
        self.folder, self.token = folder, secrets.token_hex(16)
        self.port, hub_port, proxy_port = (free_port() for _ in range(3))
        words = {
            "port": self.port,
            "hub_port": hub_port,
            "proxy_port": proxy_port,
            "token": self.token,
            "proxy": str(HUB / "node_modules/.bin/configurable-http-proxy"),
            "server": str(HUB / "env/bin/jupyterhub-singleuser"),
            "etc": str(folder / "etc"),
            "homes": str(folder / "home"),
            "checkout": str(ROOT),
            "prefix": sys.prefix,
            "etc_plain": str(folder / "etc"),
            "path": f"{HUB / 'env/bin'}:/usr/local/bin:/usr/bin:/bin",
        }
        config = folder / "jupyterhub_config.py"
        config.write_text(HUB_CONFIG.format(**words), encoding="utf-8")
        self.log = (folder / "hub.log").open("w")
        self.process = subprocess.Popen(
            [HUB / "env/bin/jupyterhub", "-f", config],
            cwd=folder,
            stdout=self.log,
            stderr=subprocess.STDOUT,
            env={**os.environ, "PATH": f"{HUB / 'env/bin'}:{os.environ['PATH']}"},
        )
        self.wait_for(lambda: self.ask("GET", "/hub/api/"), "the hub")

    def ask(self, method, path, data=None, token="", form=False):
        """Ask the hub, or behind it a student's server; return what it answers."""
        body, headers = None, {"Authorization": f"token {token or self.token}"}
        if form:
            body = urllib.parse.urlencode(data).encode()
        elif data is not None:
            body = json.dumps(data).encode()
            headers["Content-Type"] = "application/json"
        address = f"http://127.0.0.1:{self.port}{path}"
        request = urllib.request.Request(address, body, headers, method=method)
        with urllib.request.urlopen(request, timeout=120) as answer:
            said = answer.read().decode()
        try:
            return json.loads(said)
        except ValueError:
            return said

    def wait_for(self, asked, what, seconds=600):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            with contextlib.suppress(OSError):
                if found := asked():
                    return found
            time.sleep(0.5)
        raise Fault(f"{what} did not come up; see {self.folder / 'hub.log'}")

    def close(self):
        self.process.terminate()
        try:
            self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
        self.log.close()


class Student:
    """A system user with a server of the hub, who does what JupyterLab's buttons do."""

    def __init__(self, hub, name, home):
        self.hub, self.name, self.home = hub, name, home
        run("useradd", "--create-home", "--home-dir", home, "--shell", "/bin/bash", name)

    def log_in(self):
        hub, name = self.hub, self.name
        with contextlib.suppress(urllib.error.HTTPError):
            hub.ask("POST", f"/hub/api/users/{name}")
        self.token = hub.ask("POST", f"/hub/api/users/{name}/tokens", {})["token"]

        def started():
            with contextlib.suppress(urllib.error.HTTPError):  # it runs, or others start just now
                hub.ask("POST", f"/hub/api/users/{name}/server")
            return self.ask("GET", "/api/status")

        hub.wait_for(started, f"the server of {name}")

    def log_out(self):
        with contextlib.suppress(urllib.error.HTTPError):
            self.hub.ask("DELETE", f"/hub/api/users/{self.name}/server")

    def ask(self, method, path, data=None, form=False):
        return self.hub.ask(method, f"/user/{self.name}{path}", data, self.token, form)

    def pull(self, lessons):
        """Open the link of nbgitpuller."""
        asked = {"repo": f"file://{lessons}", "branch": "main", "targetpath": "lessons"}
        said = self.ask("GET", f"/git-pull/api?{urllib.parse.urlencode(asked)}")
        if '"phase": "finished"' not in said:
            raise Fault(f"{self.name} cannot pull: {said}")

    def press(self, button):
        """Press a button of the assignment list; return what it answers."""
        asked = {"course_id": COURSE, "assignment_id": NAME}
        said = self.ask("POST", f"/assignments/{button}", asked, form=True)
        if not said.get("success"):
            raise Fault(f"{self.name}, {button}: {said}")
        return said

    def work(self, answers):
        """Open the fetched notebook, write the answers, save it."""
        path = f"/api/contents/{NAME}/{NAME}.ipynb"
        notebook = self.ask("GET", path)["content"]
        saved = {"type": "notebook", "content": answered(notebook, answers)}
        self.ask("PUT", path, saved)

    def page(self):
        """Read the page of feedback that was fetched."""
        (path,) = self.home.glob(f"{NAME}/feedback/*/{NAME}.html")
        return path.read_text(encoding="utf-8")


def set_up(folder, homes):
    """Lay out what the operators' page says: the exchange, configurations, lessons to pull."""
    exchange, etc = folder / "exchange", folder / "etc"
    for place, mode in ((exchange, 0o777), (etc, 0o755), (homes, 0o755)):
        place.mkdir()
        place.chmod(mode)
    said = STUDENTS_CONFIG.format(course=COURSE, exchange=str(exchange))
    (etc / "nbgrader_config.py").write_text(said, encoding="utf-8")
    (etc / "jupyter_server_config.json").write_text(json.dumps(SERVER_CONFIG), encoding="utf-8")
    # git reads a folder of another user only where it is told to
    safe = "".join(f"\tdirectory = {folder}/lessons{end}\n" for end in ("", "/.git"))
    (etc / "gitconfig").write_text(f"[safe]\n{safe}", encoding="utf-8")
    lab = etc / "labconfig"
    lab.mkdir()
    hidden = {f"@jupyter/nbgrader:{part}": True for part in HIDDEN}
    (lab / "page_config.json").write_text(json.dumps({"disabledExtensions": hidden}))
    publish(folder / "lessons", PUBLISHED)
    course = folder / "course"
    teacher(course, "release", NAME)
    config = course / "nbgrader_config.py"
    text = re.sub(r"course_id = '.*'", f"course_id = {COURSE!r}", config.read_text("utf-8"))
    config.write_text(f"{text}c.Exchange.root = {str(exchange)!r}\n", encoding="utf-8")
    return course


def teacher(course, command, *words):
    """Do what the teacher does: our commands, and for the rest nbgrader's."""
    if command in ("release", "grade"):
        words = (*words, "--course", course)
        said = run(sys.executable, "-m", "helpers.grading", command, *words, cwd=ROOT)
    else:
        said = run(sys.executable, "-m", "nbgrader", command, *words, cwd=course)
    return said.strip().splitlines()[-1:] or [""]


def a_class(hub, count, folder):
    """One term of a class; return what is worth telling."""
    homes = folder / "home"
    course = set_up(folder, homes)
    teacher(course, "release_assignment", NAME)
    students = []
    try:
        for n in range(count):
            name = f"cls-{os.getpid() % 10000}-{n:02}"
            students.append(Student(hub, name, homes / f"s{n:02}"))
        wrong = {student: n % 2 == 1 for n, student in enumerate(students)}
        with ThreadPoolExecutor(AT_A_TIME) as several:
            for done in [several.submit(hand_in, s, wrong[s]) for s in students]:
                done.result()
        say(f"{count} students pulled, fetched, worked and submitted")
        teacher(course, "collect", NAME)
        say(*teacher(course, "grade", NAME))
        teacher(course, "release_feedback", NAME)
        rows = grades(course)
        for student in students:
            student.press("fetch_feedback")
            total = 17 if wrong[student] else 18
            if points(rows[student.name]) != total:
                raise Fault(f"{student.name} has {points(rows[student.name]):g} points.")
            if f"<strong>{total} of 18 points</strong>" not in student.page():
                raise Fault(f"{student.name} reads another page than that of {total} points.")
        say(f"{count} students read their own page; {count // 2} of them 17 of 18 points")
    finally:
        for student in students:
            student.log_out()
        for student in students:
            subprocess.run(["userdel", "--remove", "--force", student.name], capture_output=True)


def hand_in(student, wrong):
    """What a student does in a week."""
    right = right_answers(NAME)
    student.log_in()
    student.pull(student.home.parents[1] / "lessons")
    student.press("fetch")
    student.work(right | (WRONG if wrong else {}))
    student.press("submit")
    hidden_from(student, right)


def hidden_from(student, right):
    """Nothing that is the teacher's is within a student's reach."""
    with contextlib.suppress(urllib.error.HTTPError):
        student.ask("GET", "/formgrader")
        raise Fault("The formgrader answers a student.")
    try:
        page = student.ask("GET", "/lab")
    except urllib.error.HTTPError as error:
        raise Fault(f"/lab: {error.code} {error.read()[:3000]}") from None
    for part in HIDDEN:
        if f"@jupyter/nbgrader:{part}" not in page:
            raise Fault(f"{part} is shown to students.")
    pulled = [*(student.home / "lessons").rglob("*.ipynb")]
    if not pulled or any({"assignments", "rehearsals"} & {*path.parts} for path in pulled):
        raise Fault(f"{student.name} pulled {len(pulled)} notebooks, or assignments among them.")
    solution = right["derive_tanh"].splitlines()[3]
    if any(solution in path.read_text("utf-8") for path in student.home.glob(f"{NAME}/*.txt")):
        raise Fault("A solution was handed out.")


@guarded
def main(words):
    if os.name != "posix" or os.geteuid():
        raise Fault("A class on a hub needs root on Linux: its students are system users.", 2)
    if not shutil.which("npm"):
        raise Fault("The hub's proxy is installed with npm, which is missing here.", 2)
    count = int(words[0]) if words else 20
    start = time.monotonic()
    install()
    say(f"the hub is installed in {HUB} ({time.monotonic() - start:.0f} s)")
    start = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="hub-class-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        hub = Hub(folder)
        try:
            a_class(hub, count, folder)
        finally:
            hub.close()
    say(f"all of it took {time.monotonic() - start:.0f} s")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

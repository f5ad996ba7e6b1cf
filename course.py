#!/usr/bin/env python3
"""The one door to the course: `python course.py lab`; without a word it lists the others.

The standard library alone. The first use makes `.venv` from requirements.lock; every later use
checks that it is whole and up to date. The file stays readable to old Pythons (3.6), so that they
can say what is missing instead of failing on the syntax.
"""

import contextlib
import csv
import errno
import hashlib
import importlib.util
import inspect
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from urllib.parse import quote

OLDEST = (3, 11)
WINDOWS = os.name == "nt"
ROOT = Path(__file__).resolve().parent
LOCK = ROOT / "requirements.lock"
PUBLISHED = ROOT / "notebooks"
WORKING_COPY = Path(os.environ.get("COURSE_HOME") or ROOT / "my_course").absolute()


def live_in(folder):
    """Make ``folder`` the environment that is set up and used from now on."""
    global VENV, SCRIPTS, PYTHON, STAMP, REQUIREMENTS, LAB_SETTINGS
    VENV = folder
    SCRIPTS = VENV / ("Scripts" if WINDOWS else "bin")
    PYTHON = SCRIPTS / ("python.exe" if WINDOWS else "python")
    STAMP = VENV / "course.json"
    REQUIREMENTS = VENV / "requirements.txt"
    LAB_SETTINGS = VENV / "share" / "jupyter" / "lab" / "settings" / "overrides.json"


live_in(ROOT / ".venv")
NO_NEWS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}


class Fault(Exception):
    """What happened and what to do about it, in one sentence for the learner."""

    def __init__(self, sentence, status=1):
        super().__init__(sentence)
        self.status = status


def say(*lines):
    print(*lines, sep="\n", flush=True)


# ---------------------------------------------------------------- faults of the installers

DISK_FULL = "The disk is full: free about 1 GB, then run the same command again."
EXPLANATIONS = (
    (r"no space left|not enough space|disk quota|Errno 28\b|os error (28|112)\b", DISK_FULL),
    (
        r"hash mismatch|do not match the hashes",
        "A downloaded package does not match its hash in requirements.lock, so it was not "
        "installed: run the same command again, and if that fails too, get a fresh copy of the "
        "course.",
    ),
    (
        r"failed to fetch|network connectivity|connection|timed? ?out|\bdns\b|resolve host|proxy"
        r"|request failed|from versions: none",
        "The packages could not be downloaded: check the network (and the proxy, if there is "
        "one), then run the same command again.",
    ),
)


def explain(output):
    """Turn what an installer printed into one sentence."""
    for pattern, sentence in EXPLANATIONS:
        if re.search(pattern, output, re.IGNORECASE):
            return sentence
    lines = [line.strip() for line in output.splitlines() if line.strip()] or ["no message"]
    reason = next((line for line in lines if line.lower().startswith("error")), lines[-1])
    reason = reason.rstrip(".")
    return f"The set-up failed ({reason}): run the same command again."


def explain_os_error(error):
    """Turn a refusal of the operating system into one sentence."""
    if error.errno in (errno.ENOSPC, getattr(errno, "EDQUOT", errno.ENOSPC)):
        return DISK_FULL
    return (
        f"{error.filename or ROOT} cannot be used ({error.strerror}): close what else is using "
        "it, make sure that you may write there, then run the same command again."
    )


# ---------------------------------------------------------------- processes and files

# What tells pip and uv where packages come from must stay; the rest of their settings, and all
# that leads Python to other modules, would make this environment depend on the caller's.
ASTRAY = re.compile(
    r"PYTHON|VIRTUAL_ENV"
    r"|(PIP|UV)_(?!.*(INDEX|FIND_LINKS|CERT|PROXY|HOST|TLS|KEYRING|CONFIG_FILE|CACHE|OFFLINE"
    r"|TIMEOUT|RETRIES))"
)


def environment(**more):
    """Return the environment for child processes, with `.venv` first on the path.

    One thread multiplies matrices as small as ours faster than two that wait for each other: by a
    sixth on a quiet machine, five times where another program is busy (measured on lesson 5).
    """
    kept = {name: value for name, value in os.environ.items() if not ASTRAY.match(name)}
    kept.setdefault("OPENBLAS_NUM_THREADS", "1")
    kept["PATH"] = os.pathsep.join([str(SCRIPTS), kept.get("PATH", os.defpath)])
    return dict(kept, PIP_USER="0", JUPYTER_PREFER_ENV_PATH="1", **more)


def run(*words):
    """Run a module of `.venv` in the foreground and return its exit status.

    Ctrl-C reaches the child as well: it ends in its own way, only then does the course stop.
    """
    stopped = []
    before = signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
    try:
        status = subprocess.call([PYTHON, "-m", *words], cwd=ROOT, env=environment())
    finally:
        signal.signal(signal.SIGINT, before)
    if stopped:
        raise KeyboardInterrupt
    return status


def hand_over(*words, **more):
    """Become a module of `.venv`; where a process cannot (Windows), run it to its end."""
    if WINDOWS:
        os.environ.update(more)
        return run(*words)
    os.chdir(ROOT)
    os.execve(PYTHON, [PYTHON, "-m", *words], environment(**more))


def remove(path):
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()


def write(path, data):
    """Write a file whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    try:
        part.write_bytes(data if isinstance(data, bytes) else data.encode("utf-8"))
        os.replace(part, path)
    except OSError as error:
        error.filename = str(path)  # which the learner knows, unlike the part
        raise
    finally:
        remove(part)


def dump(value):
    return json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n"


def sha256(data):
    return hashlib.sha256(data).hexdigest()


# ---------------------------------------------------------------- the environment `.venv`


def sections():
    """Return the parts of the lock: "" is the learner's, the others are named as the extras."""
    text = LOCK.read_text(encoding="utf-8")
    parts = re.split(r"^# extra: (\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(["", *parts[1::2]], parts[::2], strict=True))


def site_packages():
    found = VENV.glob("Lib/site-packages" if WINDOWS else "lib/python3*/site-packages")
    return next(found, VENV)


def packages():
    return sorted(path.name for path in site_packages().glob("*.dist-info"))


def is_whole(names):
    """Are all files of these packages there, each with its recorded size?"""
    site = site_packages()
    try:
        for name in names:
            with open(site / name / "RECORD", encoding="utf-8", newline="") as record:
                for path, _, size in csv.reader(record):
                    if size and os.stat(os.path.join(site, path)).st_size != int(size):
                        return False
        return (site / "course.pth").exists() and LAB_SETTINGS.exists()
    except (OSError, ValueError):
        return False


def installed():
    """Return {section: hash} of what `.venv` holds, empty if it is not to be trusted."""
    try:
        stamp = json.loads(STAMP.read_text(encoding="utf-8"))
        tried = subprocess.run([PYTHON, "-c", ""], env=environment(), capture_output=True)
        works = tried.returncode == 0 and is_whole(stamp["packages"])
        return stamp["sections"] if works else {}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def compare(extra):
    """Return what `.venv` holds and what it should hold, extras of former days included."""
    lock, have = sections(), installed()
    if extra not in lock:
        raise Fault(f"requirements.lock lacks the packages of `{extra}`: get a fresh copy of it.")
    wanted = {"", extra} | (set(have) & set(lock))
    return have, {name: sha256(lock[name].encode("utf-8")) for name in wanted}


def set_up(extra=""):
    """Make `.venv` hold the learner's packages and those of `extra`; cheap when it does."""
    have, want = compare(extra)
    if have == want:
        return
    with alone() as door:
        have, want = compare(extra)
        if have == want:
            return
        start = time.time()
        grows = bool(have) and have.items() <= want.items()
        if grows:
            say(f"Adding what `{extra}` needs (once) ...")
        else:
            say("Setting up the course (once; about a minute) ...")
        if not (grows and build(want, door, fresh=False)) and not build(want, door, fresh=True):
            raise Fault("The packages arrived incomplete: run the same command again.")
        say(f"Ready in {time.time() - start:.0f} s.")


def build(want, door, fresh):
    """Install the wanted sections; the stamp comes last, so that a torn `.venv` has none."""
    uv, lock = find_uv(), sections()
    if not uv:
        needs_venv()
    if fresh:
        remove(VENV)
    requirements = "".join(lock[name] for name in sorted(want))
    if uv:
        install_with_uv(uv, requirements, door)
    else:
        install_with_pip(requirements, door)
    # Relative, hence ASCII: a .pth file is read in the locale's encoding.
    site = site_packages()
    write(site / "course.pth", os.path.relpath(ROOT, site) + "\n")
    write(LAB_SETTINGS, dump(NO_NEWS))
    names = packages()
    whole = is_whole(names)
    if whole:
        write(STAMP, dump({"sections": want, "packages": names}))
    return whole


def install_with_uv(uv, requirements, door):
    if not VENV.exists():
        install(door, uv, "venv", "-q", "--python", base_python(), VENV)
    write(REQUIREMENTS, requirements)
    how = [uv, "pip", "sync", "-q", "--python", PYTHON, "--link-mode", "copy"]
    install(door, *how, "--require-hashes", REQUIREMENTS)


def install_with_pip(requirements, door):
    if not (site_packages() / "pip").exists():
        install(door, base_python(), "-m", "venv", VENV)
    write(REQUIREMENTS, requirements)
    how = [PYTHON, "-m", "pip", "install", "-qq", "--no-input", "--disable-pip-version-check"]
    install(door, *how, "--only-binary", ":all:", "--require-hashes", "-r", REQUIREMENTS)


def needs_venv():
    """Debian and Ubuntu ship Python without a part of venv."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Fault(
                f"This Python lacks its module {module}: on Debian and Ubuntu install it with "
                "`sudo apt install python3-venv`, elsewhere install Python from python.org, then "
                "run the same command again."
            )


def base_python():
    """Return the Python behind this one: a `.venv` must not be built on itself."""
    return getattr(sys, "_base_executable", None) or sys.executable


def find_uv():
    """Return the path of a uv that works, or None."""
    uv = shutil.which("uv")
    works = uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0
    return uv if works else None


def install(door, *command):
    """Run an installer quietly; if it fails, say why in one sentence."""
    # A killed set-up may leave its installer running: that one then keeps the door locked.
    keep = {} if WINDOWS else {"pass_fds": (door.fileno(),)}
    done = subprocess.run(
        command,
        cwd=ROOT,
        env=environment(),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        **keep,
    )
    if done.returncode:
        raise Fault(explain(done.stdout.decode("utf-8", "replace")))


@contextlib.contextmanager
def alone():
    """Let one set-up in at a time. This file is the lock; the system frees it with the process."""
    with open(__file__, "r+b" if os.access(__file__, os.W_OK) else "rb") as door:
        waited = False
        while not locked(door):
            if not waited:
                say("Another set-up of this course is running; waiting for it ...")
            waited = True
            time.sleep(0.2)
        yield door


def locked(door):
    """Try to lock an open file."""
    try:
        if WINDOWS:
            import msvcrt

            door.seek(1 << 30)  # a byte that nobody reads
            msvcrt.locking(door.fileno(), msvcrt.LK_NBLCK, 1)
        else:
            import fcntl

            fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except (BlockingIOError, PermissionError):
        return False
    except OSError:
        pass  # a file system without locks
    return True


# ---------------------------------------------------------------- the learner's working copy


def lessons():
    return sorted(PUBLISHED.glob("[0-9][0-9]_*.ipynb"))


def published_files():
    """Return what a learner gets: the lessons and what lies beside them, but no assignments."""
    for path in sorted(PUBLISHED.rglob("*")):
        name = path.relative_to(PUBLISHED)
        hidden = any(part.startswith((".", "__")) for part in name.parts)
        if path.is_file() and not hidden and name.parts[0] != "assignments":
            yield name.as_posix(), path


def fingerprint(path):
    """Hash what a notebook says and how it is a lecture, not what running it shows.

    Of any other file, hash every byte.
    """
    data = path.read_bytes()
    try:
        cells = [
            (
                cell["cell_type"],
                "".join(cell["source"]),
                [cell.get("metadata", {}).get(about) for about in ("slideshow", "lecture", "tags")],
            )
            for cell in json.loads(data)["cells"]
        ]
        written = [cell for cell in cells if cell[1].strip()]  # running the last adds an empty one
        return sha256(json.dumps(written).encode("utf-8"))
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return sha256(data)


def read_manifest(path):
    """Return {file: [fingerprint, hash] as copied}; set an unreadable manifest aside."""
    if not path.exists():
        return {}
    try:
        text = path.read_text(encoding="utf-8") if path.is_file() else ""
        copied = {name: (said, data) for name, (said, data) in json.loads(text)["copied"].items()}
        "".join(said + data for said, data in copied.values())  # a TypeError if one is no text
        return copied
    except (ValueError, KeyError, TypeError, AttributeError, RecursionError):
        aside = first_free(path.name + ".damaged-{}", start=1)
        os.replace(path, aside)
        say(f"{path.name} was unreadable; it is set aside as {aside.name}.")
        return {}


def first_free(pattern, start):
    count = start
    while (WORKING_COPY / pattern.format(count)).exists():
        count += 1
    return WORKING_COPY / pattern.format(count)


def refresh_copy():
    """Bring the working copy up to date without touching what the learner has changed.

    Return the files that were copied.
    """
    manifest = WORKING_COPY / ".course.json"
    copied, kept, fresh = read_manifest(manifest), [], []
    for name, source in published_files():
        mine, now = WORKING_COPY / name, (fingerprint(source), sha256(source.read_bytes()))
        then = copied.get(name)
        if mine.exists():
            said = fingerprint(mine)
            if said != now[0] and (then is None or said != then[0]):
                if then is None or now[1] != then[1]:
                    kept.append(name)
                continue
        if not mine.exists() or (then or now)[1] != now[1]:
            write(mine, source.read_bytes())
            fresh.append(mine)
        copied[name] = now
    write(manifest, dump({"copied": copied}))
    if kept:
        say(
            "Kept as you left them, though newer ones are published: {} "
            "(`python course.py reset LESSON` fetches one).".format(", ".join(kept))
        )
    return fresh


def trust(files):
    """Sign notebooks of ours, so that JupyterLab lets their explorers move before they are run."""
    lessons = [path for path in files if path.suffix == ".ipynb"]
    if lessons:
        command = [PYTHON, "-m", "nbformat.sign", *lessons]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        subprocess.call(command, env=environment(), **quiet)


@contextlib.contextmanager
def set_aside(path, aside):
    """Rename a file while a new one takes its place; if that fails, it comes back."""
    os.replace(path, aside)
    try:
        yield
    except BaseException:
        os.replace(aside, path)
        raise


def find_lesson(word):
    """Return the published lesson that a number or the start of its name means."""
    name = Path(word).name
    start = f"{int(name[:9]):02}_" if name.isdecimal() else name
    found = [path for path in lessons() if start and path.name.startswith(start)]
    if len(found) != 1:
        names = ", ".join(path.stem for path in lessons())
        raise Fault(f"`{word}` does not name one lesson; there are: {names}.", 2)
    return found[0]


# ---------------------------------------------------------------- the commands


def lab(words):
    """Open JupyterLab on the first lesson, in your own copy of the course.

    The copy stands in my_course/ and is yours; lessons that you have not changed are renewed when
    newer ones are published. Further words go to `jupyter lab`, say --no-browser or --port=9999.
    """
    if not lessons():
        raise Fault("notebooks/ holds no lesson: get a fresh copy of the course.")
    set_up()
    trust(refresh_copy())
    options = [
        f"--ServerApp.root_dir={WORKING_COPY}",
        "--ServerApp.jpserver_extensions=helpers.explorer.lab=True",
        f"--LabApp.default_url=/lab/tree/{quote(lessons()[0].name)}",
    ]
    if not WINDOWS and os.geteuid() == 0:
        options.append("--allow-root")
    return hand_over("jupyterlab", *options, *words, COURSE_HOME=str(WORKING_COPY))


def test(words):
    """Run every check: lint, format, then all tests.

    --quick leaves out what needs a browser or is slow. Further words go to pytest.
    """
    set_up("test")
    pytest = [word for word in words if word != "--quick"]
    if pytest != words:
        pytest = ["-m", "not browser and not slow", *pytest]
    spread = ["--numprocesses=auto", "--dist=loadfile", "--no-loadscope-reorder"]  # as collected
    stages = {
        "lint": ["ruff", "check"],
        "format": ["ruff", "format", "--check"],
        "tests": ["pytest", *spread, *pytest],
    }
    failed = []
    for stage, command in stages.items():
        say(f"== {stage}")
        if run(*command):
            failed.append(stage)
    say("Failed: {}.".format(", ".join(failed)) if failed else "All is well.")
    return bool(failed)


def setup(words):
    """Make .venv from requirements.lock, or check that it is whole and up to date."""
    takes_no(words)
    set_up()
    say("The course is set up.")


def reset(words):
    """Fetch a fresh copy of LESSON, a number or the start of a name, and keep yours beside it.

    `python course.py reset 1` keeps your 01_sigmoid.ipynb as 01_sigmoid.mine.ipynb.
    """
    if len(words) != 1:
        raise Fault("Which lesson? Say for example `python course.py reset 1`.", 2)
    lesson = find_lesson(words[0])
    fresh, word = WORKING_COPY / lesson.name, "is now"
    if fresh.exists():
        kept = fresh.with_name(lesson.stem + ".mine.ipynb")
        if kept.exists():
            kept = first_free(lesson.stem + ".mine-{}.ipynb", start=2)
        own = fingerprint(fresh) != fingerprint(lesson)
        with set_aside(fresh, kept):
            refresh_copy()
        if own:
            word = f"is kept as {kept.name}; {lesson.name} is"
        else:
            remove(kept)
    else:
        refresh_copy()
    say(f"{lesson.name} {word} a fresh copy. If it is open, close its tab and open it again.")


def release(words):
    """Make the student version of ASSIGNMENT in DIR/release, with nbgrader.

    DIR is the folder of nbgrader's course, the present folder if none is named. `--db ADDRESS`
    takes another gradebook than DIR/gradebook.db.
    """
    set_up("grading")
    return hand_over("helpers.grading", "release", *words, COURSE_FROM=os.getcwd())


def grade(words):
    """Grade every DIR/submitted/STUDENT/ASSIGNMENT in a sandbox (Linux, with bubblewrap).

    Writes DIR/grades.csv, DIR/gradebook.db, a page of feedback for each student and one on the
    class. A run that was stopped goes on where it was. Options: --student ID (again, and alone),
    --workers N, --scheduler ADDRESS (a dask cluster), --db ADDRESS, --timeout SECONDS (for a call),
    --trust-submissions (without a sandbox).
    """
    set_up("grading")
    return hand_over("helpers.grading", "grade", *words, COURSE_FROM=os.getcwd())


def bench(words):
    """Measure, beside others: the kernels, or with a further word the sliders, or grading.

    Writes its part of benchmarks/RESULTS.md. The kernels are compared with NumPy, SciPy, JAX and
    torch, which takes part where it is installed in .venv (its usual wheels bring gigabytes);
    --quick only prints. `sliders` compares with ipywidgets' interact in JupyterLab and needs
    Chromium, `grading` with nbgrader and takes ten minutes.
    """
    what = words[0] if words and not words[0].startswith("-") else ""
    if what not in BENCHES:
        raise Fault(f"`bench` takes no further word, `sliders` or `grading`; `{what}` came.", 2)
    module, extra = BENCHES[what]
    set_up(extra)
    return run(f"benchmarks.{module}", *words[bool(what) :])


BENCHES = {
    "": ("activations", "bench"),
    "sliders": ("slider_latency", "test"),
    "grading": ("grading", "test"),
}


def book(words):
    """Build the web book from the stored lessons into _build/book."""
    takes_no(words)
    set_up("book")
    return run("book.web")


def slides(words):
    """Build a slide deck for each lesson into _build/slides; --pdf prints them.

    The folder needs no kernel and no network: copy it to a USB stick and open index.html. --pdf
    needs Chromium, Chrome or Edge. For slides in JupyterLab, with a kernel, see README.md.
    """
    os.environ["COURSE_FROM"] = os.getcwd()
    set_up("slides")
    return run("book.slides", *words)


def figures(words):
    """Draw every figure of the lessons as SVG and PDF into _build/figures, for your own slides.

    They may be used under CC BY 4.0: say where they come from.
    """
    takes_no(words)
    set_up("slides")
    return run("book.figures")


def lite(words):
    """Build the edition that runs in the reader's browser (JupyterLite) into _build/lite.

    Its Python is Pyodide, which readers fetch from its usual address; --pyodide DIR puts a local
    copy into the edition instead, which then needs no network. Serve _build/ and open
    lite/notebooks/index.html?path=00_network.ipynb, or a lesson's button in the book.
    """
    os.environ["COURSE_FROM"] = os.getcwd()
    live_in(ROOT / "_build" / "lite-venv")  # beside JupyterLite, JupyterLab does not work
    set_up("lite")
    return run("book.lite", *words)


def store(words):
    """Run lessons (all, or LESSON ...) and store them with their outputs (for maintainers)."""
    chosen = [find_lesson(word) for word in words] or lessons()
    for word in words:
        if Path(word).is_file() and Path(word).resolve().parent != chosen[0].parent.resolve():
            raise Fault(f"`{word}` is another copy: what is published stands in notebooks/.", 2)
    set_up("test")
    return run("tools.notebooks", *chosen)


def lock(words):
    """Write requirements.lock anew from pyproject.toml (for maintainers; needs uv).

    Versions stay where the ranges allow it; --upgrade takes the newest.
    """
    import tomllib

    takes_no([word for word in words if word != "--upgrade"])
    uv = find_uv()
    if not uv:
        raise Fault("`lock` needs uv: install it with `pip install uv`, then try again.")
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    with tempfile.TemporaryDirectory() as folder, alone() as door:

        def resolve(name, *options):
            """Return {first line: whole entry}; the present lock says what to prefer."""
            out = Path(folder) / name
            if LOCK.exists():
                shutil.copy(LOCK, out)
            how = [uv, "pip", "compile", "-q", "--universal", "--python-version", "3.11"]
            how += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"]
            install(door, *how, *options, *words, "-o", out, ROOT / "pyproject.toml")
            entries = re.findall(r"^\w.*\n(?: .*\n)*", out.read_text("utf-8"), re.MULTILINE)
            return {entry.splitlines()[0]: entry for entry in entries}, out

        base, constraint = resolve("base")
        _, constraint = resolve("all", "--all-extras", "-c", constraint)
        parts = ["# The learner's packages; `python course.py lock` writes this file.\n"]
        parts += base.values()
        for extra in sorted(project.get("optional-dependencies", {})):
            entries, _ = resolve(extra, "--extra", extra, "-c", constraint)
            parts.append(f"# extra: {extra}\n")
            parts += [entry for line, entry in entries.items() if line not in base]
    write(LOCK, "".join(parts))
    say("requirements.lock is written.")


def takes_no(words):
    if words:
        raise Fault("This command takes no further words (`{}`).".format(" ".join(words)), 2)


COMMANDS = {
    command.__name__: command
    for command in (
        lab,
        test,
        setup,
        reset,
        book,
        slides,
        figures,
        lite,
        release,
        grade,
        bench,
        store,
        lock,
    )
}
ARGUMENTS = {
    "lab": " [OPTION ...]",
    "test": " [--quick] [OPTION ...]",
    "reset": " LESSON",
    "slides": " [FOLDER] [--pdf]",
    "lite": " [FOLDER] [--pyodide DIR]",
    "release": " ASSIGNMENT [--course DIR] [--db ADDRESS]",
    "grade": " ASSIGNMENT [--course DIR] [OPTION ...]",
    "bench": " [sliders|grading] [OPTION ...]",
    "store": " [LESSON ...]",
    "lock": " [--upgrade]",
}


def overview():
    rows = [
        f"  {name:8}{inspect.getdoc(command).splitlines()[0]}" for name, command in COMMANDS.items()
    ]
    return "\n".join(["usage: python course.py COMMAND [--help]", "", *rows])


def main(words):
    if sys.version_info < OLDEST:
        raise Fault(
            "The course needs Python {}.{} or newer and this is Python {}: install a newer one "
            "from python.org and run course.py with that.".format(*OLDEST, sys.version.split()[0])
        )
    if not words or words[0] in ("-h", "--help"):
        return say(overview())
    if words[0] not in COMMANDS:
        raise Fault(f"There is no command `{words[0]}`.\n{overview()}", 2)
    command = COMMANDS[words[0]]
    if {"-h", "--help"} & set(words[1:]):
        usage = words[0] + ARGUMENTS.get(words[0], "")
        return say(f"usage: python course.py {usage}\n\n{inspect.getdoc(command)}")
    return command(words[1:])


def guarded(words):
    """Run `main`; every fault becomes one sentence and an exit status."""
    try:
        return int(main(words) or 0)
    except Fault as fault:
        sentence, status = str(fault), fault.status
    except KeyboardInterrupt:
        sentence, status = "Stopped; the same command goes on from here.", 130
    except OSError as error:
        sentence, status = explain_os_error(error), 1
    print(sentence, file=sys.stderr, flush=True)
    return status


if __name__ == "__main__":
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    sys.exit(guarded(sys.argv[1:]))

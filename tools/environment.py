"""Environments made from requirements.lock: by uv where it is found, else by venv and pip."""

import contextlib
import csv
import functools
import importlib.util
import json
import os
import re
import shutil
import signal
import subprocess
import sys
import time

from tools.faults import Fault, explain, say
from tools.files import ROOT, remove, sha256, write, write_json

LOCK = ROOT / "requirements.lock"
WINDOWS = os.name == "nt"
LONGEST = 175  # letters of the longest path below .venv, as `Lib\\site-packages` counts, and some
PATH_LIMIT = 259  # of Windows, where long paths are not allowed
EXTENSIONS = "helpers.explorer.lab", "book.live"  # of the course, for the server of JupyterLab
LAB = [f"--ServerApp.jpserver_extensions={name}=True" for name in EXTENSIONS]
LAB += [f"--LabServerApp.extra_labextensions_path={ROOT / 'tools' / 'lab' / 'extensions'}"]
NO_NEWS = {
    "@jupyterlab/apputils-extension:notification": {"fetchNews": "false", "checkForUpdates": False}
}
# What tells pip and uv where packages come from must stay; the rest of their settings, and all
# that leads Python to other modules, would make an environment depend on the caller's.
ASTRAY = re.compile(
    r"PYTHON|VIRTUAL_ENV"
    r"|(PIP|UV)_(?!.*(INDEX|FIND_LINKS|CERT|PROXY|HOST|TLS|KEYRING|CONFIG_FILE|CACHE|OFFLINE"
    r"|TIMEOUT|RETRIES))"
)


class Environment:
    """A folder with packages of the lock, and the processes that run with them."""

    def __init__(self, folder):
        self.folder = folder
        self.scripts = folder / ("Scripts" if WINDOWS else "bin")
        self.python = self.scripts / ("python.exe" if WINDOWS else "python")
        self.stamp = folder / "course.json"  # written last: a torn environment has none
        self.lab_settings = folder / "share" / "jupyter" / "lab" / "settings" / "overrides.json"

    def set_up(self, extra=""):
        """Make it hold the learner's packages and those of `extra`; cheap when it does."""
        have, want = self.compare(extra)
        if have == want:
            return
        with alone() as door:
            have, want = self.compare(extra)
            if have == want:
                return
            look_before(ROOT)
            start = time.time()
            grows = bool(have) and have.items() <= want.items()
            if grows:
                say(f"Adding what `{extra}` needs (once) ...")
            else:
                say("Setting up the course (once; about a minute) ...")
            if not (grows and self.build(want, door)) and not self.build(want, door, fresh=True):
                raise Fault("The packages arrived incomplete: run the same command again.")
            say(f"Ready in {time.time() - start:.0f} s.")

    def compare(self, extra):
        """Return what it holds and what it should hold, extras of former days included."""
        lock, have = sections(), self.installed()
        if extra not in lock:
            raise Fault(
                f"requirements.lock lacks the packages of `{extra}`: get a fresh copy of it."
            )
        wanted = {"", extra} | (set(have) & set(lock))
        return have, {name: sha256(lock[name].encode("utf-8")) for name in wanted}

    def installed(self):
        """Return {section: hash} of what it holds, empty if it is not to be trusted."""
        try:
            stamp = json.loads(self.stamp.read_text(encoding="utf-8"))
            tried = subprocess.run(
                [self.python, "-c", ""], env=self.variables(), capture_output=True
            )
            works = tried.returncode == 0 and self.is_whole(stamp["packages"])
            return stamp["sections"] if works else {}
        except (OSError, ValueError, KeyError, TypeError):
            return {}

    def is_whole(self, packages):
        """Are all files of these packages there, each with its recorded size?"""
        site = self.site_packages()
        try:
            for name in packages:
                with open(site / name / "RECORD", encoding="utf-8", newline="") as record:
                    for path, _, size in csv.reader(record):
                        if size and os.stat(os.path.join(site, path)).st_size != int(size):
                            return False
            return (site / "course.pth").exists() and self.lab_settings.exists()
        except (OSError, ValueError):
            return False

    def site_packages(self):
        found = self.folder.glob("Lib/site-packages" if WINDOWS else "lib/python3*/site-packages")
        return next(found, self.folder)

    def build(self, want, door, fresh=False):
        """Install the wanted sections, and say whether they arrived whole."""
        install = functools.partial(self.install, door)
        uv, lock = find_uv(), sections()
        if uv:
            make = [uv, "venv", "-q", "--python", base_python()]
            fill = [uv, "pip", "sync", "-q", "--python", self.python, "--link-mode", "copy"]
        else:
            needs_venv()
            make = [base_python(), "-m", "venv", "--without-pip"]
            fill = [self.python, "-m", "pip", "install", "-qq", "--disable-pip-version-check"]
            fill += ["--no-input", "--no-compile", "--only-binary", ":all:", "-r"]  # as uv does
        if fresh:
            remove(self.folder)
            install(*make, self.folder)
        if not uv and not (self.site_packages() / "pip").exists():
            install(self.python, "-m", "ensurepip", "--default-pip")
        requirements = self.folder / "requirements.txt"
        write(requirements, "".join(lock[name] for name in sorted(want)))
        install(*fill, requirements, "--require-hashes")
        site = self.site_packages()
        # Relative, hence ASCII: a .pth file is read in the locale's encoding.
        write(site / "course.pth", os.path.relpath(ROOT, site) + "\n")
        write_json(self.lab_settings, NO_NEWS)
        packages = sorted(path.name for path in site.glob("*.dist-info"))
        whole = self.is_whole(packages)
        if whole:
            write_json(self.stamp, {"sections": want, "packages": packages})
        return whole

    def install(self, door, *command):
        """Run an installer quietly; if it fails, say why in one sentence."""
        # A killed set-up may leave its installer running: that one then keeps the door locked.
        keep = {} if WINDOWS else {"pass_fds": (door.fileno(),)}
        done = subprocess.run(
            command, cwd=ROOT, env=self.variables(), input=b"", capture_output=True, **keep
        )
        if done.returncode:
            raise Fault(explain((done.stdout + done.stderr).decode("utf-8", "replace")))

    def variables(self, **more):
        """Return the environment variables of its processes, its scripts first on the path.

        One thread multiplies matrices as small as ours faster than two that wait for each other:
        by a sixth on a quiet machine, five times where another program is busy (measured on
        lesson 5).
        """
        kept = {name: value for name, value in os.environ.items() if not ASTRAY.match(name)}
        kept.setdefault("OPENBLAS_NUM_THREADS", "1")
        kept["PATH"] = os.pathsep.join([str(self.scripts), kept.get("PATH", os.defpath)])
        return dict(kept, PIP_USER="0", JUPYTER_PREFER_ENV_PATH="1", **more)

    def run(self, *words, **more):
        """Run a module in the foreground and return its exit status.

        Ctrl-C reaches the child as well: it ends in its own way, only then does the course stop.
        """
        stopped = []
        before = signal.signal(signal.SIGINT, lambda *_: stopped.append(True))
        try:
            command = [self.python, "-m", *words]
            status = subprocess.call(command, cwd=ROOT, env=self.variables(**more))
        finally:
            signal.signal(signal.SIGINT, before)
        if stopped:
            raise KeyboardInterrupt
        return status

    def hand_over(self, *words, **more):
        """Become a module; where a process cannot (Windows), run it to its end."""
        if WINDOWS:
            return self.run(*words, **more)
        os.chdir(ROOT)
        os.execve(self.python, [self.python, "-m", *words], self.variables(**more))

    def trust(self, notebooks):
        """Sign notebooks, so that JupyterLab lets their explorers move before they are run."""
        if notebooks:
            command = [self.python, "-m", "nbformat.sign", *notebooks]
            subprocess.run(command, env=self.variables(), capture_output=True)


def look_before(root):
    """On Windows, stop where paths would be too long, and warn of a folder that others lock."""
    if not WINDOWS:
        return
    room = PATH_LIMIT - 1 - LONGEST
    if len(str(root)) > room and not long_paths():
        raise Fault(
            f"Windows would cut paths off: {root} has {len(str(root))} letters, and {room} is the "
            "most that leaves room for the packages. Move the folder of the course, for example to "
            "C:\\course, then run the same command there."
        )
    cloud = [part for part in root.parts if part.lower().startswith(("onedrive", "dropbox"))]
    if cloud:
        say(
            f"{cloud[0]} copies this folder while it is written to, which may lock files and takes "
            "long: a folder outside of it, for example C:\\course, is the better place."
        )


def long_paths():
    """Does this Windows allow paths of more than 260 letters?"""
    try:
        import winreg

        place = r"SYSTEM\CurrentControlSet\Control\FileSystem"
        with winreg.OpenKey(winreg.HKEY_LOCAL_MACHINE, place) as key:
            return winreg.QueryValueEx(key, "LongPathsEnabled")[0] == 1
    except (ImportError, OSError):
        return False


def sections():
    """Return the parts of the lock: "" is the learner's, the others are named as the extras."""
    text = LOCK.read_text(encoding="utf-8")
    parts = re.split(r"^# extra: (\S+)\n", text, flags=re.MULTILINE)
    return dict(zip(["", *parts[1::2]], parts[::2], strict=True))


def find_uv():
    """Return the path of a uv that works, or None."""
    uv = shutil.which("uv")
    works = uv and subprocess.run([uv, "--version"], capture_output=True).returncode == 0
    return uv if works else None


def base_python():
    """Return the Python behind this one: an environment must not be built on itself."""
    return sys._base_executable


def needs_venv():
    """Debian and Ubuntu ship Python without a part of venv."""
    for module in ("venv", "ensurepip"):
        if importlib.util.find_spec(module) is None:
            raise Fault(
                f"This Python lacks its module {module}: on Debian and Ubuntu install it with "
                "`sudo apt install python3-venv`, elsewhere install Python from python.org, then "
                "run the same command again."
            )


@contextlib.contextmanager
def alone():
    """Let one set-up in at a time. This file is the lock; the system frees it with the process."""
    with open(__file__, "r+b" if os.access(__file__, os.W_OK) else "rb") as door:
        if not locked(door):
            say("Another set-up of this course is running; waiting for it ...")
            while not locked(door):
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

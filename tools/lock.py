"""Writes requirements.lock from pyproject.toml: `python course.py lock [--upgrade]`.

And book/package-lock.json from package.json beside it, by npm, for what no wheel carries.

The learner's packages come first, then what each extra adds to them, all of one resolution and
each with its hashes. Versions stay where the ranges allow it; --upgrade takes the newest.
"""

import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from pathlib import Path

from tools.environment import LOCK
from tools.faults import Fault, explain, guarded, say
from tools.files import ROOT, write

PROJECT = ROOT / "pyproject.toml"
COMPILE = ["uv", "pip", "compile", "-q", "--universal", "--python-version", "3.11"]
COMPILE += ["--generate-hashes", "--no-annotate", "--no-header", "--no-emit-index-url"]
# without its extra in the lock, pip takes the newest of a package wherever the extra is asked for
COMPILE += ["--no-strip-extras"]
SCRIPTS = ROOT / "book" / "package-lock.json"
NPM = ("install", "--package-lock-only", "--omit-lockfile-registry-resolved", "--ignore-scripts")


def resolve(out, *options):
    """Resolve the project into the file ``out``; return {package's first line: whole entry}."""
    if LOCK.exists():
        shutil.copy(LOCK, out)  # the versions that uv prefers
    if not shutil.which("uv"):
        raise Fault("uv is missing, which writes requirements.lock: run `python course.py test`.")
    done = subprocess.run([*COMPILE, *options, "-o", out, PROJECT], capture_output=True, text=True)
    if done.returncode:
        raise Fault(explain(done.stdout + done.stderr))
    entries = re.findall(r"^\w.*\n(?: .*\n)*", out.read_text("utf-8"), re.MULTILINE)
    return {entry.splitlines()[0]: entry for entry in entries}


def lock_scripts(upgrade):
    """Write what npm fetches for book and slides, each with its hash and no address."""
    if not (npm := shutil.which("npm")):
        raise Fault("npm is missing, which writes book/package-lock.json: install Node.js.")
    if upgrade:
        SCRIPTS.unlink(missing_ok=True)
    done = subprocess.run([npm, *NPM], cwd=SCRIPTS.parent, capture_output=True, text=True)
    if done.returncode:
        raise Fault(explain(done.stdout + done.stderr))


@guarded
def main(words):
    extras = tomllib.loads(PROJECT.read_text("utf-8"))["project"]["optional-dependencies"]
    with tempfile.TemporaryDirectory() as name:
        base, everything, extra = (Path(name, stage) for stage in ("base", "all", "extra"))
        learners = resolve(base, *words)
        resolve(everything, *words, "--all-extras", "-c", base)
        parts = ["# The learner's packages; `python course.py lock` writes this file.\n"]
        parts += learners.values()
        for title in sorted(extras):
            parts.append(f"# extra: {title}\n")
            found = resolve(extra, *words, "--extra", title, "-c", everything)
            parts += [entry for line, entry in found.items() if line not in learners]
    write(LOCK, "".join(parts))
    lock_scripts("--upgrade" in words)
    say("requirements.lock and book/package-lock.json are written.")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""RESULTS.md: each benchmark writes its own part, with machine and date, and leaves the others."""

import datetime
import importlib.metadata
import os
import platform
import re
from pathlib import Path

PLACE = Path(__file__).with_name("RESULTS.md")
PARTS = {
    "Kernels": "python course.py bench",
    "Softmax": "python course.py bench softmax",
    "Every float32": "python course.py bench exhaustive",
    "Training": "python course.py bench training",
    "Growth": "python course.py bench growth",
    "Sliders": "python course.py bench sliders",
    "Pad": "python course.py bench pad",
    "Decks": "python course.py bench decks",
    "Practice": "python -m tests.exercises.practice_sweep 10000 --write",
    "Grading": "python course.py bench grading",
}
HEAD = """# Measured beside others

Do not compare across machines or days: the ratios of one run are what counts. In short:
"""
SHORT = "**In short:** "  # what the five lines begin with that a reader finds on top as well


def record(part, lines, place=PLACE):
    """Write the part of that name, one of `PARTS`, into the results."""
    old = place.read_text(encoding="utf-8") if place.exists() else ""
    _, *pieces = re.split(r"^## (.*)\n", old, flags=re.MULTILINE)
    texts = dict(zip(pieces[::2], pieces[1::2], strict=True))
    texts[part] = "\n" + "\n".join([f"Written by `{PARTS[part]}`.", "", *lines]).strip() + "\n\n"
    names = dict.fromkeys((*PARTS, *texts))  # what is written by hand stands behind
    kept = "".join(f"## {name}\n{texts[name]}" for name in names if name in texts)
    short = "\n".join(f"- {line}" for line in re.findall(rf"^{re.escape(SHORT)}(.*)$", kept, re.M))
    place.write_text(f"{HEAD}\n{short}\n\n{kept.rstrip()}\n", encoding="utf-8")


def machine(*packages):
    """Return when and where this is measured, and with which versions, as lines of a list."""
    found = [f"{name} {version}" for name in packages if (version := version_of(name))]
    return [
        f"- {datetime.date.today()}, {processor()}, {os.cpu_count()} processors, load "
        f"{load()} when this run ended, {platform.system()}, Python {platform.python_version()}",
        f"- {', '.join(found)}",
    ]


def version_of(name):
    try:
        return importlib.metadata.version(name)
    except importlib.metadata.PackageNotFoundError:
        return ""


def processor():
    try:
        cpu = Path("/proc/cpuinfo").read_text(encoding="utf-8")
        return next(line.split(": ")[1] for line in cpu.splitlines() if "model name" in line)
    except (OSError, StopIteration, IndexError):
        return platform.processor() or platform.machine()


def load():
    return f"{os.getloadavg()[0]:.1f}" if hasattr(os, "getloadavg") else "unknown"


def table(heads, rows):
    """Return a table in Markdown, all columns but the first to the right."""
    line = "| {} |".format
    rule = line(" | ".join(["---", *["---:"] * (len(heads) - 1)]))
    return [line(" | ".join(heads)), rule, *(line(" | ".join(row)) for row in rows)]

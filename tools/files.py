"""Where the course lies, and files that are written whole or not at all."""

import hashlib
import json
import os
import shutil
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
PUBLISHED = ROOT / "notebooks"


def lessons(folder=PUBLISHED):
    """Return the lessons that lie in a folder, in their order."""
    return sorted(folder.glob("[0-9][0-9]_*.ipynb"))


def remove(path):
    """Remove a file, a folder, or a link; what is not there is no fault."""
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path)
    elif path.exists() or path.is_symlink():
        path.unlink()


def free_name(path, word):
    """Return the first of `a.word.txt`, `a.word-2.txt`, … beside `a.txt` that nothing has."""
    free, number = path.with_name(f"{path.stem}.{word}{path.suffix}"), 2
    while os.path.lexists(free):
        free = path.with_name(f"{path.stem}.{word}-{number}{path.suffix}")
        number += 1
    return free


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


def write_json(path, value):
    write(path, json.dumps(value, indent=1, sort_keys=True, ensure_ascii=False) + "\n")


def sha256(data):
    return hashlib.sha256(data).hexdigest()

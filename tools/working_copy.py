"""The learner's own copy of what is published: what they changed in it is theirs."""

import json
import os
import secrets
import subprocess
from pathlib import Path

from tools.faults import Fault, say
from tools.files import free_name, lessons, remove, sha256, write, write_json

UNREADABLE = (ValueError, KeyError, TypeError, AttributeError, RecursionError)  # JSON, or not ours


def find_lesson(word, lessons):
    """Return the one of the lessons that a number or the start of its name means."""
    name = Path(word).name
    start = f"{name:0>2}_" if name.isdecimal() else name
    found = [path for path in lessons if start and path.name.startswith(start)]
    if len(found) != 1:
        names = ", ".join(path.stem for path in lessons)
        raise Fault(f"`{word}` does not name one lesson; there are: {names}.", 2)
    return found[0]


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
    except UNREADABLE:
        return sha256(data)


class WorkingCopy:
    """A folder with a copy of the published lessons, and of what lies beside them."""

    def __init__(self, folder, published):
        self.folder, self.published = folder, published
        self.manifest = folder / ".course.json"

    def lessons(self):
        """Return the published lessons."""
        return lessons(self.published)

    def worked_on_last(self):
        """Return the lesson that the learner saved last, the first one if there is none."""

        def saved(lesson):
            mine = self.folder / lesson.name
            own = mine.is_file() and mine.read_bytes() != lesson.read_bytes()
            return mine.stat().st_mtime if own else 0

        return max(self.lessons(), key=saved)  # of equals, the first one

    def sources(self):
        """Return {name: file} of what a learner gets, without what is handed out."""
        found = {path.relative_to(self.published): path for path in self.published.rglob("*")}
        return {
            name.as_posix(): found[name]
            for name in sorted(found)
            if found[name].is_file()
            and name.parts[0] not in ("assignments", "rehearsals")
            and not any(part.startswith((".", "__")) for part in name.parts)
        }

    def refresh(self):
        """Bring the copy up to date without touching what the learner has changed.

        Return the files that were copied.
        """
        copied, kept, fresh = self.read_manifest(), [], []
        for name, source in self.sources().items():
            mine, now = self.folder / name, (fingerprint(source), sha256(source.read_bytes()))
            then = copied.get(name, (None, None))
            if mine.exists() and fingerprint(mine) not in (now[0], then[0]):
                if now[1] != then[1]:
                    kept.append(name)
                continue
            if not mine.exists() or then[1] not in (now[1], None):
                write(mine, source.read_bytes())
                fresh.append(mine)
            copied[name] = now
        write_json(self.manifest, {"copied": copied})
        mark = self.folder / ".learner"  # it draws the order of options
        if not mark.exists():
            write(mark, secrets.token_hex(8).encode())
        if kept:
            say(
                "Kept as you left them, though newer ones are published: {} "
                "(`python course.py reset LESSON` fetches one).".format(", ".join(kept))
            )
        return fresh

    def read_manifest(self):
        """Return {file: [fingerprint, hash] as copied}; set an unreadable manifest aside."""
        if not self.manifest.exists():
            return {}
        try:
            text = self.manifest.read_text(encoding="utf-8") if self.manifest.is_file() else ""
            entries = json.loads(text)["copied"].items()
            return {name: (said + "", data + "") for name, (said, data) in entries}
        except UNREADABLE:
            aside = free_name(self.manifest, "damaged")
            os.replace(self.manifest, aside)
            say(f".course.json was unreadable; it is set aside as {aside.name}.")
            return {}

    def reset(self, word):
        """Fetch a fresh copy of a lesson; keep the learner's beside it if it says anything new."""
        lesson = find_lesson(word, self.lessons())
        mine, is_now = self.folder / lesson.name, "is now"
        if mine.exists():
            kept = free_name(mine, "mine")
            changed = fingerprint(mine) != fingerprint(lesson)
            os.replace(mine, kept)
            try:
                self.refresh()
            except BaseException:
                os.replace(kept, mine)
                raise
            if changed:
                is_now = f"is kept as {kept.name}; {lesson.name} is"
            else:
                remove(kept)
        else:
            self.refresh()
        say(f"{lesson.name} {is_now} a fresh copy. If it is open, close its tab and open it again.")


def publish(folder, published):
    """Make a git repository, or a new commit in it, of what learners get."""
    identity = ["-c", "user.name=The course", "-c", "user.email=course@localhost"]
    git = ["git", "-C", str(folder), *identity]
    folder.mkdir(parents=True, exist_ok=True)
    try:
        if not (folder / ".git").exists():
            subprocess.run([*git, "init", "--quiet", "--initial-branch=main"], check=True)
        write(folder / ".git" / "info" / "exclude", ".*\n")  # what a copy knows of itself
        WorkingCopy(folder, published).refresh()
        subprocess.run([*git, "add", "--all"], check=True)
        changed = subprocess.run([*git, "diff", "--cached", "--quiet"], check=False).returncode
        if changed:
            subprocess.run([*git, "commit", "--quiet", "-m", "The lessons"], check=True)
    except FileNotFoundError:
        raise Fault(
            "git is not installed here; install it and run the same command again."
        ) from None
    except subprocess.CalledProcessError as error:
        raise Fault(f"git could not {error.cmd[7]} in {folder}.") from None
    say("{} holds {}lessons that students pull.".format(folder, "new " if changed else "the "))

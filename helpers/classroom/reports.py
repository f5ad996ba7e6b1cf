"""Pages for the teacher: the questions, the likenesses, and one exercise across all students."""

from __future__ import annotations

import hashlib
import html
import json
import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from contextlib import closing, suppress
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook

from helpers.classroom.likeness import Likeness, likenesses
from helpers.classroom.statistics import ItemStatistics, item_statistics
from helpers.exercises import STORIES
from helpers.grading import assignment, folders, pages, transcript, views


def write_reports(
    course: Path, name: str, address: str
) -> tuple[list[ItemStatistics], list[Likeness]]:
    """Write DIR/report/NAME: index.html, likeness.html, and a page for each exercise."""
    with closing(Gradebook(address)) as book:
        found = [*views.class_transcripts(course, name, book)]
    items, alike = item_statistics(found), likenesses(*_sources(course, name))
    folder = course / "report" / name
    texts = {"index": _items_page(name, items), "likeness": _likeness_page(name, alike)}
    answers = _answers(course, name, found)
    texts |= {item.exercise: _side_by_side(item.exercise, found, answers) for item in items}
    for file, text in texts.items():
        views.write_if_new(folder / f"{file}.html", text)
    return items, alike


def _sources(course: Path, name: str) -> tuple[dict[str, list[str]], list[str]]:
    """Return the code cells of every submission, and those of the assignment itself."""
    place = course / "submitted"
    handed_in = {
        student: folders.handed_in_file(_own(place, folder), folder, name).data
        for student, folder in folders.submissions(place, name).items()
    }
    released = course / "release" / name / f"{name}.ipynb"
    given = _cells(released.read_bytes()) if released.exists() else []
    return {student: _cells(data) for student, data in handed_in.items()}, given


def _own(place: Path, folder: Path) -> Path:
    """The folder of a student in which a submission lies."""
    return place / folder.relative_to(place).parts[0]


def _cells(data: bytes) -> list[str]:
    with suppress(ValueError, LookupError, TypeError, AttributeError, RecursionError):
        cells = json.loads(data)["cells"]
        return ["".join(c["source"]) for c in cells if c["cell_type"] == "code"]
    return []


def _answers(
    course: Path, name: str, found: Iterable[transcript.Transcript]
) -> Mapping[str, Mapping[str, str]]:
    """Return what each student answered, by exercise, from what the formgrader shows."""
    answers: dict[str, dict[str, str]] = defaultdict(dict)
    for one in found:
        student = one.result.student
        path = course / "autograded" / student / name / f"{name}.ipynb"
        for cell in assignment.read_notebook(path)["cells"] if path.exists() else ():
            info: dict[str, Any] = cell["metadata"].get("nbgrader", {})
            if info.get("solution"):
                answers[info["grade_id"]][student] = "".join(cell["source"])
    return answers


# ------------------------------------------------------------------------------------------ pages


def _items_page(name: str, items: Sequence[ItemStatistics]) -> str:
    rows = [
        (
            item.exercise,
            f"{item.students}",
            f"{item.difficulty:.2f}",
            "–" if math.isnan(item.discrimination) else f"{item.discrimination:+.2f}",
            f"{100 * item.blank:.0f} %",
            "; ".join(
                f"{STORIES[s].belief} ({n})" for s, n in item.stories.most_common(3) if s in STORIES
            ),
        )
        for item in items
    ]
    heads = ("Question", "Students", "Difficulty", "Discrimination", "Not attempted", "Stories")
    words = (
        "<p>Difficulty is the mean share of the points: near 1 all had it. Discrimination is the "
        "correlation of a question with the points of all others: near 0 it does not tell who "
        "knows the rest, below 0 it deserves a look. In a class of n the standard "
        "error of a correlation near 0 is about 1/√n.</p>"
    )
    links = ", ".join(f'<a href="{item.exercise}.html">{item.exercise}</a>' for item in items)
    more = (
        f'<p>One question across all students: {links}. <a href="likeness.html">Likenesses</a>.</p>'
    )
    title = f"{name}: the questions"
    return pages.page(
        title, [f"<h1>{html.escape(title)}</h1>", words, *pages.html_table("", heads, rows), more]
    )


def _likeness_page(name: str, alike: Sequence[Likeness]) -> str:
    title = f"{name}: who resembles whom"
    words = (
        "<p>Pairs who share what few others wrote; names of variables and blanks do not count, "
        "what the assignment gives does not either. It is a reason to look, never a proof: two "
        "who learned together write alike.</p>"
    )
    rows = [
        (
            f"{a.first}, {a.second}",
            f"{100 * a.share:.0f} %",
            f"{a.weight:.0f}",
            " ⏎ ".join(a.shared),
        )
        for a in alike
    ]
    heads = ("Students", "Shared", "Weight", "The rarest of it")
    found = pages.html_table("", heads, rows) or ["<p>Nobody.</p>"]
    return pages.page(title, [f"<h1>{html.escape(title)}</h1>", words, *found])


def _side_by_side(
    exercise: str,
    found: Iterable[transcript.Transcript],
    answers: Mapping[str, Mapping[str, str]],
) -> str:
    """Show all answers to one exercise without names, the same ones together."""
    groups: dict[str, list[transcript.Scored]] = defaultdict(list)
    for one in found:
        for line in one.lines:
            if line.row.exercise == exercise and not one.result.problem:
                groups[answers.get(exercise, {}).get(one.result.student, "").strip()].append(line)
    parts = [f"<h1>{html.escape(exercise)}: all answers, without names</h1>"]
    # neither the alphabet nor the hour of the hand-in says whose answer comes first
    order = sorted(groups, key=lambda text: hashlib.sha256(text.encode()).digest())
    for text in sorted(order, key=lambda text: -len(groups[text])):
        lines = groups[text]
        scores = sorted({f"{line.score:g}" if line.score is not None else "?" for line in lines})
        said = html.escape(lines[0].row.message)
        parts.append(
            f"<section><h2>{len(lines)} ×, {', '.join(scores)} of {lines[0].row.max_score:g}</h2>"
            f'<pre class="words">{html.escape(text) or "(nothing)"}</pre>'
            f'<p class="words">{said}</p></section>'
        )
    return pages.page(f"{exercise}: all answers", parts)

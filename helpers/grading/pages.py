"""The page that a student reads, and the page that shows a teacher the class.

All text that may come from a student is escaped; no page holds a script, and none may load one.
"""

from __future__ import annotations

import html
import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any

from helpers.exercises import STORIES, Exercise, Verdict
from helpers.grading.attempts import shown
from helpers.grading.by_hand import without_markup
from helpers.grading.transcript import Scored, Transcript
from helpers.grading.variants import question_of

PAGE = """<!DOCTYPE html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; \
img-src data:">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>
:root {{ color-scheme: light dark }}
body {{ font: 1rem/1.5 system-ui, sans-serif; max-width: 46rem; margin: 2rem auto;
  padding: 0 1rem }}
h1 {{ font-size: 1.5rem }} h2 {{ font-size: 1.1rem; margin: 2rem 0 .3rem }}
.points {{ float: right; font-weight: 400 }}
.total {{ font-size: 1.2rem }}
table {{ border-collapse: collapse }}
th, td {{ text-align: left; padding: .2rem 1rem .2rem 0; vertical-align: top }}
svg {{ max-width: 100%; height: auto; background: #fff }}
.words {{ white-space: pre-wrap; overflow-wrap: anywhere }}
</style>
</head>
<body>
<main>
{body}
</main>
</body>
</html>
"""


def page(title: str, parts: Iterable[str]) -> str:
    return PAGE.format(title=html.escape(title), body="\n".join(parts))


def _points(score: float, of: float | None = None) -> str:
    said = f"{score:g}" if of is None else f"{score:g} of {of:g}"
    return said + (" point" if (score if of is None else of) == 1 else " points")


# -------------------------------------------------------------------------------- for the student


def feedback(transcript: Transcript, exercises: Mapping[str, Exercise]) -> str:
    """Return the page of one student: for each exercise the verdict, evidence, a question."""
    name, result = html.escape(transcript.assignment), transcript.result
    who = transcript.standing.name or result.student
    left = sum(line.row.max_score for line in transcript.lines if line.score is None)
    most = transcript.max_score - left
    total = _points(
        transcript.total if not transcript.standing.penalty else transcript.points, most
    )
    parts = [
        f"<h1>{name}: feedback for {html.escape(who)}</h1>",
        f'<p class="total"><strong>{total}</strong></p>',
        *_lateness(transcript),
    ]
    if result.faults:
        names = ", ".join(f"<code>{html.escape(row.exercise)}</code>" for row in result.faults)
        parts.append(f"<p>Not graded yet, for a fault of the course: {names}.</p>")
    if result.problem:
        parts.append(
            f"<p>This submission could not be graded: {html.escape(result.problem)}. "
            "Open your notebook in Jupyter, save it, and hand it in again.</p>"
        )
    else:
        parts += (_section(line, exercises.get(line.row.exercise)) for line in transcript.lines)
    parts += _appeals(transcript) + _attempts(transcript)
    return page(f"{transcript.assignment}: feedback", parts)


def _lateness(transcript: Transcript) -> list[str]:
    standing, said = transcript.standing, []
    if standing.handed_in:
        said.append(f"Handed in {shown(standing.handed_in)}.")
    if standing.due:
        extended = ", with your extension" if standing.extended else ""
        said.append(f"It was due {shown(standing.due)}{extended}.")
    if standing.penalty:
        said.append(
            f"For being late {_points(standing.penalty)} are taken off: "
            f"<strong>{transcript.total:g}</strong> count."
        )
    return [f"<p>{' '.join(said)}</p>"] if said else []


def _section(line: Scored, exercise: Exercise | None) -> str:
    row = line.row
    points = "not graded yet" if line.score is None else _points(line.score, row.max_score)
    prompt = f"<p>{html.escape(exercise.prompt)}</p>\n" if exercise else ""
    verdict = ""
    if exercise:
        said = row.message.removeprefix(question_of(exercise))  # it stands above already
        right = row.score == row.max_score
        verdict = Verdict(right, row.diagnoses, said, status=row.status)._repr_html_()
    notes = "".join(f"<p>{html.escape(note)}</p>" for note in line.notes)
    return (
        f"<section><h2><code>{html.escape(row.exercise)}</code> "
        f'<span class="points">{points}</span></h2>\n{prompt}{notes}{verdict}</section>'
    )


def _appeals(transcript: Transcript) -> list[str]:
    parts = []
    for appeal in transcript.appeals:
        answer = html.escape(appeal.answer) or "<em>not answered yet</em>"
        parts.append(
            f"<h3><code>{html.escape(appeal.exercise)}</code>, {html.escape(appeal.when)}</h3>"
            f'<blockquote class="words">{html.escape(appeal.words)}</blockquote>'
            f'<p class="words">{answer}</p>'
        )
    return ["<h2>What you asked about the grade</h2>", *parts] if parts else []


def _attempts(transcript: Transcript) -> list[str]:
    if len(transcript.attempts) < 2:
        return []
    rows = [
        (
            shown(datetime.fromisoformat(a.handed_in)) if a.handed_in else "–",
            f"{a.points:g}",
            a.problem,
        )
        for a in transcript.attempts
    ]
    return html_table("Your hand-ins", ("Handed in", "Points, as judged", ""), rows)


# -------------------------------------------------------------------------------- for the teacher


def summary(assignment: str, transcripts: Iterable[Transcript]) -> str:
    """Return the page of the class: how it went, what was hard, what to teach again."""
    scores: list[float] = []
    shares: dict[str, tuple[float, int]] = {}
    first_stories: Counter[str] = Counter()
    problems: list[tuple[str, str]] = []
    faults: Counter[tuple[str, str]] = Counter()
    waiting: list[tuple[str, str]] = []
    graded = 0
    for transcript in transcripts:
        result = transcript.result
        if result.problem:
            problems.append((result.student, result.problem))
            continue
        graded += 1
        faults.update((row.exercise, row.fault) for row in result.faults)
        if most := sum(line.row.max_score for line in transcript.graded):
            scores.append(100 * transcript.total / most)
        first_stories.update({slug for row in result.rows for slug in row.diagnoses[:1]})
        if waits := (*transcript.to_look_at, *transcript.concerns):
            waiting.append((result.student, ", ".join(waits)))
        for line in transcript.graded:
            most = line.row.max_score
            if most:  # else for practice
                share, n = shares.get(line.row.exercise, (0.0, 0))
                shares[line.row.exercise] = share + (line.score or 0.0) / most, n + 1
    parts = [f"<h1>{html.escape(assignment)}: the class</h1>"]
    parts.append(f"<p>{graded} submissions were graded, {len(problems)} could not be graded.</p>")
    if scores:
        average = sum(scores) / len(scores)
        parts += [f"<p>On average they earned {average:.0f} % of the points.</p>", _picture(scores)]
        parts += _hardest({name: total / n for name, (total, n) in shares.items()})
    parts += _reteach(first_stories, graded)
    parts += html_table("Could not be graded", ("Student", "Why"), problems)
    parts += html_table("For a person to look at", ("Student", "Exercises"), waiting)
    failed = [(f"{exercise} ({n})", fault) for (exercise, fault), n in faults.items()]
    heads = ("Exercise (submissions)", "What failed")
    parts += html_table("Not graded: the course failed", heads, failed)
    return page(f"{assignment}: the class", parts)


def html_table(title: str, heads: Sequence[str], rows: Iterable[Sequence[str]]) -> list[str]:
    cells = "".join("<tr>" + "".join(f"<td>{html.escape(c)}" for c in row) for row in rows)
    heading = "".join(f"<th>{head}" for head in heads)
    head = f"<h2>{title}</h2>" if title else ""
    return [head, f"<table><tr>{heading}{cells}</table>"] if cells else []


def _hardest(shares: dict[str, float]) -> list[str]:
    rows = sorted(shares.items(), key=lambda item: item[1])
    cells = "".join(f"<tr><td><code>{n}</code><td>{100 * share:.0f} %" for n, share in rows)
    table = f"<table><tr><th>Exercise<th>Points earned{cells}</table>"
    return ["<h2>Exercises, the hardest first</h2>", table]


def _reteach(stories: Counter[str], submissions: int) -> list[str]:
    if not stories:
        return []
    rows = "".join(
        f"<tr><td>{n} ({100 * n / submissions:.0f} %)<td><code>{slug}</code>"
        f"<td>{html.escape(STORIES[slug].belief)}"
        for slug, n in stories.most_common(8)
        if slug in STORIES
    )
    table = f"<table><tr><th>Students<th>Story<th>What they seem to believe{rows}</table>"
    return ["<h2>What to teach again</h2>", table]


def _picture(scores: list[float]) -> str:
    """Return the distribution as a picture with a text for those who cannot see it."""
    counts = Counter(min(int(score) // 10, 9) for score in scores)
    tallest = max(counts.values())
    bars = "".join(
        f'<rect x="{60 * tenth + 2}" y="{150 - 130 * n / tallest:.1f}" width="56" '
        f'height="{130 * n / tallest:.1f}" fill="#0072b2"/>'
        f'<text x="{60 * tenth + 30}" y="{145 - 130 * n / tallest:.1f}">{n}</text>'
        for tenth, n in sorted(counts.items())
    )
    marks = "".join(f'<text x="{60 * tenth}" y="170">{10 * tenth}</text>' for tenth in range(11))
    said = "; ".join(f"{10 * t} to {10 * t + 10} %: {n}" for t, n in sorted(counts.items()))
    return (
        f'<svg role="img" aria-label="Submissions by share of the points: {said}." '
        'viewBox="-20 0 640 200" font-size="14" text-anchor="middle">'
        f'{bars}<path d="M0 150H600" stroke="#000"/>{marks}'
        '<text x="300" y="192">share of the points (%); submissions on the bars</text></svg>'
    )


def with_answers(
    assignment: Mapping[str, Any],
    answers: Iterable[tuple[str, str]],
    by_hand: Mapping[str, str] | None = None,
) -> str:
    """Return the notebook of an assignment with a student's answers, for nbgrader's formgrader.

    All but the answers is the assignment's own, and no reference answer is left. What a student
    wrote as Markdown, for a person to grade, can hold no HTML.
    """
    said: dict[str, str] = {}
    for name, source in answers:
        said[name] = f"{said[name]}\n\n{source}" if name in said else source
    cells = []
    for cell in assignment["cells"]:
        info = cell["metadata"].get("nbgrader", {})
        if info.get("solution"):
            name, is_code = info["grade_id"], cell["cell_type"] == "code"
            answer = said.get(name, "") if is_code else ""
            if by_hand and name in by_hand:
                answer = by_hand[name] if is_code else without_markup(by_hand[name])
            cell = {**cell, "source": answer}
        if cell["cell_type"] == "code":
            cell = {**cell, "outputs": [], "execution_count": None}
        cells.append(cell)
    return json.dumps({**assignment, "cells": cells})


def path_of(course: Path, student: str, assignment: str) -> Path:
    """Return where nbgrader, too, puts a page of feedback."""
    return course / "feedback" / student / assignment / f"{assignment}.html"

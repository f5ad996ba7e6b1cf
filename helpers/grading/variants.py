"""Items of which each student gets their own: a function and numbers drawn from a secret.

A solution cell that is named `variant_chain_3` (or `variant_chain_3_b`, for a second one) asks for
an exercise of the family chain, level 3, as `practice` draws them; but what is drawn here is kept
back from practice, and is drawn from the secret of the course, the assignment and the student. So
`check`, `hint` and `solution` know nothing of it, a copied answer is one to another question, and
grading again meets the same question.
"""

from __future__ import annotations

import base64
import copy
import hashlib
import hmac
import json
import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from helpers.exercises import FAMILIES, ChoiceExercise, CodeExercise, DerivationExercise, Exercise
from helpers.grading.journal import write
from helpers.grading.results import Row

_NAME = re.compile(rf"variant_({'|'.join(FAMILIES)})_([1-5])(_\w+)?")
OWN_NOTEBOOKS = "release_each"
Notebook = dict[str, Any]


def is_variant(name: str) -> bool:
    """Is it the name of an item of which each student gets their own?

    >>> is_variant("variant_chain_3"), is_variant("variant_kink_2_b"), is_variant("derive_tanh")
    (True, True, False)
    """
    return _NAME.fullmatch(name) is not None


@lru_cache(maxsize=4096)
def drawn_for(student: str, name: str, assignment: str, secret: bytes) -> Exercise:
    """Draw the exercise of a student: of the same student the same one, whenever it is drawn."""
    found = _NAME.fullmatch(name)
    assert found is not None
    words = "\0".join(("variant", assignment, student, name)).encode()
    seed = int.from_bytes(hmac.digest(secret, words, hashlib.sha256))
    return FAMILIES[found[1]].draw(name, int(found[2]), np.random.default_rng(seed), True)


def question_of(exercise: Exercise) -> str:
    """Return how a student's question stands before what is said of the answer."""
    return f"Your own: {exercise.prompt}\n"


def told(row: Row, exercise: Exercise) -> Row:
    """Say in a row of the results which question was this student's."""
    if not is_variant(row.exercise):
        return row
    return replace(row, message=question_of(exercise) + row.message)


# --------------------------------------------------------------------------------- the notebooks


def write_own_notebooks(
    released: Path, names: Sequence[str], students: Iterable[str], secret: bytes
) -> Path:
    """Write the notebook of each student; return the folder: STUDENT/NAME/NAME.ipynb in it."""
    notebook, assignment = json.loads(released.read_text(encoding="utf-8")), released.stem
    folder = released.parents[2] / OWN_NOTEBOOKS
    for student in students:
        own = own_notebook(notebook, names, student, assignment, secret)
        path = folder / student / assignment / released.name
        path.parent.mkdir(parents=True, exist_ok=True)
        write(path, json.dumps(own, indent=1, ensure_ascii=False) + "\n")
    return folder


def own_notebook(
    notebook: Notebook, names: Sequence[str], student: str, assignment: str, secret: bytes
) -> Notebook:
    """Return a student's own copy: questions for their marks, and the arguments of functions."""
    own = copy.deepcopy(notebook)
    exercises = {name: drawn_for(student, name, assignment, secret) for name in names}
    for cell in own["cells"]:
        source = "".join(cell["source"])
        for name, exercise in exercises.items():
            source = source.replace(f"{{{{{name}}}}}", _question(exercise))
            if isinstance(exercise, CodeExercise):
                source = re.sub(rf"def {name}\(.*?\):", f"def {exercise.signature}:", source)
        cell["source"] = source
    return own


def _question(exercise: Exercise) -> str:
    """The question in Markdown: lines as they stand, a picture with its words, the options."""
    first, *lines = exercise.prompt.split("\n")
    parts = [first]
    if lines:
        parts.append("\n".join(["```", *lines, "```"]))
    if picture := getattr(exercise, "drawn_question", None):
        code = base64.b64encode(picture().encode()).decode()
        words = f"A curve over z. Its heights are {exercise.table}"  # type: ignore[attr-defined]
        parts.append(f"![{words}](data:image/svg+xml;base64,{code})")
    if isinstance(exercise, ChoiceExercise):
        parts.append("\n".join(f"- `{option.text}`" for option in exercise.options))
    return "\n\n".join(parts)


# ------------------------------------------------------------------------------------ difficulty


def difficulties(
    names: Sequence[str], students: Sequence[str], assignment: str, secret: bytes
) -> Iterator[str]:
    """Say of each item how far the questions of the students differ, and how hard they are."""
    for name in names:
        drawn = [drawn_for(student, name, assignment, secret) for student in students]
        different = len({exercise.whole_question for exercise in drawn})
        steps = [_lines(exercise) for exercise in drawn]
        how = (
            f"solutions of {min(steps)} to {max(steps)} lines, half of them up to {median(steps):g}"
        )
        rules = sorted({_rules(exercise) for exercise in drawn} - {0})
        how += f", {rules[0]} to {rules[-1]} rules" if rules else ""
        alike = 100 * _alike([_answer(exercise) for exercise in drawn])
        how += f"; the same answer for {alike:.2g} % of the pairs of students"
        yield f"{name}: {different} different for {len(drawn)} students; {how}"


def _answer(exercise: Exercise) -> str:
    """What is right, as far as it is one text: a copied answer earns its points where it agrees."""
    answer = getattr(exercise, "answer", "") or getattr(exercise, "forms", ("",))[0]
    return str(answer) or exercise.shown_solution()


def _alike(answers: Sequence[str]) -> float:
    """The share of pairs that are equal."""
    same = sum(n * (n - 1) for n in Counter(answers).values())
    return same / max(1, len(answers) * (len(answers) - 1))


def _lines(exercise: Exercise) -> int:
    return len([line for line in exercise.shown_solution().splitlines() if line.strip()])


def _rules(exercise: Exercise) -> int:
    """How many rules the worked derivation names; 0 for what is none."""
    if not isinstance(exercise, DerivationExercise):
        return 0
    reasons = [line.partition("#")[2] for line in exercise.solution.splitlines()]
    return sum(len(reason.split(",")) for reason in reasons if reason.strip())

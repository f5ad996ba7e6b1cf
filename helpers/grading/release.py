"""Make the student version of an assignment, and find what is asked."""

from __future__ import annotations

import argparse
import ast
import re
import secrets
import shutil
from pathlib import Path

from helpers.grading.assignment import (
    OWN,
    PUBLISHED,
    Assignment,
    declarations_of,
    read_assignment,
    read_notebook,
)
from helpers.grading.by_hand import questions_by_hand
from helpers.grading.journal import secret_of_course
from helpers.grading.sandbox import Sandbox, Unavailable
from helpers.grading.settings import config_of, database, usable, write_config
from helpers.grading.variants import difficulties, write_own_notebooks
from helpers.grading.workers import Refusal

SOLUTION = "### BEGIN SOLUTION.*?### END SOLUTION"


def release(options: argparse.Namespace) -> int:
    """Make the student version of an assignment, with nbgrader."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    name, course = options.assignment, options.course
    notebook, source = source_of(options), course / "source" / name
    assignment = asked(options, notebook)
    for item in assignment.items:
        require_name(item.name, notebook)
    said = try_solutions(assignment, notebook)
    others = sorted(path.name for path in notebook.parent.glob("*.ipynb") if path != notebook)
    if others:
        raise Refusal(
            f"{notebook.parent} holds {', '.join(others)} besides {notebook.name}: an assignment "
            "has one notebook here. Give each a folder of its own, named as it is."
        )
    if notebook.parent != source:
        shutil.copytree(notebook.parent, source, dirs_exist_ok=True)
    with usable(database(options)) as address:
        Gradebook(address).close()
    written = write_config(course)
    config = Config(config_of(course))
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = address
    config.ClearSolutions.code_stub = {"python": "..."}  # which runs, and is "not attempted yet"
    done = NbGraderAPI(config=config).generate_assignment(name, force=True, create=True)
    if not done["success"]:
        raise Refusal(f"nbgrader could not release {name}:\n{done.get('log') or done.get('error')}")
    if assignment.variants:
        return _release_each(course, assignment, address, said + written)
    print(f"{course / 'release' / name} is ready for students.\n{said}", end="")
    if by_hand := questions_by_hand(read_notebook(source / f"{name}.ipynb")):
        print(f"A person grades {', '.join(question.name for question in by_hand)}.")
    print(written, end="")
    if (source / OWN).exists():
        print(f"{OWN} goes to them with it, answers included; see --exercises for an exam.")
    return 0


def _release_each(course: Path, assignment: Assignment, address: str, written: str) -> int:
    """Write a notebook for each student of the gradebook, and say how alike their questions are."""
    from nbgrader.api import Gradebook

    name, variants = assignment.name, assignment.variants
    with Gradebook(address) as book:
        students = sorted(student.id for student in book.students)
    if not students:
        raise Refusal(
            f"{name} has a notebook for each student, and the gradebook knows none: take in the "
            f"roster first (`nbgrader db student import`), then release {name} again."
        )
    (course / ".grading").mkdir(exist_ok=True)
    secret = secret_of_course(course / ".grading")
    released = course / "release" / name / f"{name}.ipynb"
    folder = write_own_notebooks(released, variants, students, secret)
    print(f"{folder}/STUDENT/{name} is ready for each of {len(students)} students.")
    print(*difficulties(variants, students, name, secret), sep="\n")
    print(written, end="")
    return 0


def require_name(name: str, notebook: Path) -> None:
    """Refuse a solution cell that binds no name when students get it without its solution."""
    for cell in read_notebook(notebook)["cells"]:
        if cell["metadata"].get("nbgrader", {}).get("grade_id") == name:
            code = re.sub(SOLUTION, "...", "".join(cell["source"]), flags=re.S)
            nodes = ast.walk(ast.parse(code))
            if name not in {getattr(n, "name", "") or getattr(n, "id", "") for n in nodes}:
                raise Refusal(
                    f"{notebook}: students get the cell {name} without its solution, and then "
                    f"nothing is called {name}. Write `{name} = ...` above the solution."
                )


def try_solutions(assignment: Assignment, notebook: Path) -> str:
    """Refuse solutions that earn less than all points where students are graded.

    Return what the teacher should know: of an exercise without a solution nothing is known.
    """
    from helpers.grading.judge import Job, grade_in

    job = Job("the solutions", assignment, notebook.read_bytes(), secrets.token_bytes(32))
    with Sandbox() as sandbox:
        try:
            sandbox.start()
        except Unavailable:  # a teacher's own code runs without it, too
            sandbox.trusting = True
        result = grade_in(sandbox, job)
    if result.problem:
        raise Refusal(f"{notebook} cannot be graded: {result.problem}.")
    drawn = {*assignment.variants}  # for each student, so that there is no solution of them
    rows = [row for row in result.rows if not row.is_full and row.exercise not in drawn]
    wrong = [
        f"  {row.exercise} earns {row.score:g} of {row.max_score:g}: {row.fault or row.message}"
        for row in rows
        if row.status != "not attempted"
    ]
    if wrong:
        reason = "solutions do not earn their points where students are graded"
        raise Refusal("\n".join([f"{notebook}: {reason}.", *wrong]))
    blank = ", ".join(row.exercise for row in rows)
    return f"{blank}: no solution stands there, so none was tried.\n" if blank else ""


def source_of(options: argparse.Namespace) -> Path:
    """Return the notebook of the assignment: the one in DIR/source, or else the published one."""
    folders = *PUBLISHED, options.course / "source"
    paths = [path for folder in folders for path in sorted(folder.glob("*/*.ipynb"))]
    known = {path.stem: path for path in paths if path.stem == path.parent.name}
    if options.assignment not in known:
        names = ", ".join(sorted(known))
        raise Refusal(f"There is no assignment {options.assignment!r}; there are: {names}.")
    return known[options.assignment]


def asked(options: argparse.Namespace, notebook: Path) -> Assignment:
    """Return what the assignment asks, with the exercises of its own that it may ask for."""
    beside = notebook.with_name(OWN)
    own = options.exercises or (beside if beside.is_file() else None)
    try:
        declarations = declarations_of(own) if own else ""
        return read_assignment(notebook, options.assignment, declarations)
    except ValueError as error:
        raise Refusal(str(error)) from None

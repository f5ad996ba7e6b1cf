"""`python course.py release NAME` and `grade NAME`."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import logging
import os
import shutil
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

from helpers.grading.assignment import (
    MAX_NOTEBOOK,
    OWN,
    Assignment,
    Unreadable,
    declarations_of,
    default_assignment,
    read_assignment,
    read_notebook,
    read_submission,
)
from helpers.grading.judge import SUBMISSION, Job
from helpers.grading.results import Result
from helpers.grading.sandbox import Sandbox, Unavailable
from helpers.grading.workers import Refusal, graded

if TYPE_CHECKING:
    from helpers.grading.gradebook import Book, Journal

BATCH = 25  # results written at a time


def main(words: list[str] | None = None) -> int:
    """Carry out `release` or `grade`; 1 when a submission could not be graded, 2 for a refusal."""
    options = _parser().parse_args(words)
    tools = str(Path(sys.executable).parent)  # nbgrader starts alembic from there
    os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    here = Path(os.environ.get("COURSE_FROM", ""))
    options.course = Path(here, options.course).absolute()
    options.exercises = options.exercises and Path(here, options.exercises).absolute()
    try:
        if options.course.exists() and not options.course.is_dir():
            raise Refusal(f"{options.course} is no folder; --course names that of the course.")
        return options.command(options)
    except (Refusal, Unavailable) as refusal:
        print(refusal, file=sys.stderr)
        return 2
    except OSError as error:
        if error.filename is None:
            raise
        print(f"{error.filename} cannot be used ({error.strerror}).", file=sys.stderr)
        return 2
    except KeyboardInterrupt:
        print("Stopped; the same command goes on from here.", file=sys.stderr)
        return 130


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python course.py", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    for command in (release, grade_all):
        name = "grade" if command is grade_all else "release"
        about = (command.__doc__ or "").splitlines()[0]
        sub = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        sub.add_argument("assignment", help="its name, such as derivatives")
        where = "the folder of nbgrader's course (the present one)"
        sub.add_argument("--course", metavar="DIR", default=".", help=where)
        sub.set_defaults(command=command)
        database = "nbgrader's gradebook (sqlite:///DIR/gradebook.db)"
        sub.add_argument("--db", metavar="ADDRESS", help=database)
        own = f"exercises of your own (DIR/source/ASSIGNMENT/{OWN}, if it is there)"
        sub.add_argument("--exercises", metavar="FILE", help=own)
    sub.add_argument("--student", metavar="ID", help="grade this one alone, and again")
    sub.add_argument("--workers", metavar="N", type=_count, help="processes (one a processor)")
    scheduler = "hand the submissions to a dask cluster, such as tcp://host:8786"
    sub.add_argument("--scheduler", metavar="ADDRESS", help=scheduler)
    seconds = f"for a call (5); a submission may take {SUBMISSION} times as long"
    sub.add_argument("--timeout", metavar="SECONDS", type=_seconds, default=5.0, help=seconds)
    trust = "run without a sandbox: submissions can do whatever you can"
    sub.add_argument("--trust-submissions", action="store_true", help=trust)
    return parser


def _count(word: str) -> int:
    with contextlib.suppress(ValueError):
        if int(word) >= 1:
            return int(word)
    raise argparse.ArgumentTypeError(f"a whole number from 1 on is expected, not {word!r}")


def _seconds(word: str) -> float:
    with contextlib.suppress(ValueError):
        if 0 < float(word) < 1e5:
            return float(word)
    raise argparse.ArgumentTypeError(f"a number of seconds above 0 is expected, not {word!r}")


# ---------------------------------------------------------------------------------------- release


def release(options: argparse.Namespace) -> int:
    """Make the student version of an assignment, with nbgrader."""
    from nbgrader.api import Gradebook
    from nbgrader.apps import NbGraderAPI
    from traitlets.config import Config

    name, course = options.assignment, options.course
    notebook, source = _assignment(options), course / "source" / name
    _asked(options, notebook)
    if notebook.parent != source:
        shutil.copytree(notebook.parent, source, dirs_exist_ok=True)
    with _usable(_database(options)) as address:
        Gradebook(address).close()
    config = Config()
    config.CourseDirectory.root = str(course)
    config.CourseDirectory.db_url = address
    config.CourseDirectory.course_id = "default_course"  # a strict database asks for one
    config.ClearSolutions.code_stub = {"python": "..."}  # which runs, and is "not attempted yet"
    done = NbGraderAPI(config=config).generate_assignment(name, force=True, create=True)
    if not done["success"]:
        raise Refusal(f"nbgrader could not release {name}:\n{done.get('log') or done.get('error')}")
    print(f"{course / 'release' / name} is ready for students.")
    if (source / OWN).exists():
        print(f"{OWN} goes to them with it, answers included; see --exercises for an exam.")
    return 0


def _assignment(options: argparse.Namespace) -> Path:
    """Return the notebook of the assignment: the one in DIR/source, or else the published one."""
    folders = default_assignment("derivatives").parents[1], options.course / "source"
    paths = [path for folder in folders for path in sorted(folder.glob("*/*.ipynb"))]
    known = {path.stem: path for path in paths if path.stem == path.parent.name}
    if options.assignment not in known:
        names = ", ".join(sorted(known))
        raise Refusal(f"There is no assignment {options.assignment!r}; there are: {names}.")
    return known[options.assignment]


def _asked(options: argparse.Namespace, notebook: Path) -> Assignment:
    """Return what the assignment asks, with the exercises of its own that it may ask for."""
    beside = notebook.with_name(OWN)
    own = options.exercises or (beside if beside.is_file() else None)
    try:
        declarations = declarations_of(own) if own else ""
        return read_assignment(notebook, options.assignment, declarations)
    except ValueError as error:
        raise Refusal(str(error)) from None


def _database(options: argparse.Namespace) -> str:
    return options.db or f"sqlite:///{options.course / 'gradebook.db'}"


@contextlib.contextmanager
def _usable(address: str) -> Iterator[str]:
    """Say in a sentence why a gradebook cannot be used."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        yield address
    except (SQLAlchemyError, ModuleNotFoundError) as error:
        reason = str(getattr(error, "orig", error)).splitlines()[0]
        place = address.rpartition("@")[2]  # without a password
        raise Refusal(f"The gradebook {place} cannot be used ({reason}).") from None


# ------------------------------------------------------------------------------------------ grade


def grade_all(options: argparse.Namespace) -> int:
    """Grade all submissions of an assignment, in a sandbox."""
    name, course = options.assignment, options.course
    source = _assignment(options)
    assignment = _asked(options, source)
    present = _present(options)
    students = [options.student] if options.student else present
    with Sandbox(trusting=options.trust_submissions) as sandbox:
        sandbox.start()  # refuse before anything is written

    from helpers.grading.gradebook import Book, Journal, write, write_grades
    from helpers.grading.pages import summary

    folder = course / ".grading"
    with _only_run(folder), _usable(_database(options)) as address:
        journal = Journal(folder / f"{name}.jsonl")
        with journal, contextlib.closing(Book(address, assignment)) as book:
            start = time.monotonic()
            run = _Run(options, assignment, source, folder, journal, book)
            done = run.carry_out(students)
            seconds = time.monotonic() - start
            the_class = (journal[student] for student in present if journal.key(student))
            write(course / "summary" / f"{name}.html", summary(name, the_class))
            problems: dict[str, str] = {}
            faults: dict[tuple[str, str], list[str]] = {}
            for result in (journal[student] for student in students):
                if result.problem:
                    problems[result.student] = result.problem
                for row in result.faults:
                    faults.setdefault((row.exercise, row.fault), []).append(result.student)
        write_grades(course / "grades.csv", folder)
    print(
        f"{name}: {done} graded in {seconds:.1f} s, {len(students) - done - len(problems)} "
        f"unchanged, {len(problems)} could not be graded. See {course / 'grades.csv'} and "
        f"{course / 'summary' / name}.html."
    )
    width = max(map(len, problems), default=0)
    for student, problem in problems.items():
        print(f"  {student:<{width}}  {problem}")
    for (exercise, fault), whose in faults.items():
        print(f"  {exercise} is not graded for {_listed(whose)}: the course failed. {fault}")
    return bool(problems or faults)


def _listed(students: list[str]) -> str:
    more = f" and {len(students) - 5} more" if len(students) > 5 else ""
    return f"{', '.join(students[:5])}{more}"


def _present(options: argparse.Namespace) -> list[str]:
    """Return whose submissions there are; of one that was withdrawn nothing more is said."""
    folder, name = options.course / "submitted", options.assignment
    found = sorted(path.parent.name for path in folder.glob(f"*/{name}") if path.is_dir())
    if strange := [student for student in found if not student.isprintable()]:
        raise Refusal(f"These folders have names that cannot be written: {strange}.")
    if not found or (options.student and options.student not in found):
        who = f"{options.student}/{name}" if options.student else f"STUDENT/{name}/{name}.ipynb"
        raise Refusal(f"There is no {folder / who}.")
    return found


@contextlib.contextmanager
def _only_run(folder: Path) -> Iterator[None]:
    """Let one run in at a time; the system frees the lock with the process."""
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "lock").open("w") as door:
        if os.name == "posix":
            import fcntl

            try:
                fcntl.flock(door, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                raise Refusal("Another run is grading this course; wait for its end.") from None
        yield


class _Run:
    """The submissions that are to be graded, and where their results go."""

    def __init__(
        self,
        options: argparse.Namespace,
        assignment: Assignment,
        source: Path,
        folder: Path,
        journal: Journal,
        book: Book,
    ) -> None:
        from helpers.grading.gradebook import fingerprint_of_course, secret_of_course

        self.options, self.assignment = options, assignment
        self.notebook = read_notebook(source)
        self.journal, self.book = journal, book
        self.secret = secret_of_course(folder)
        self.code = fingerprint_of_course()
        self.keys: dict[str, str] = {}
        self.handed_in: dict[str, bytes] = {}  # what is graded, until its result is written
        self.batch: list[Result] = []

    def carry_out(self, students: list[str]) -> int:
        """Grade what is not graded yet; return how many that were, without those with a problem."""
        from tqdm import tqdm

        written, again = self.book.students(), bool(self.options.student)
        jobs = (self._job(student) for student in students)
        jobs = (job for job in jobs if again or not self._is_done(job, written))
        bar = tqdm(total=len(students), unit=" submissions", disable=None, file=sys.stderr)
        done = 0
        try:
            for result in graded(jobs, self.options):
                self.batch.append(result)
                done += not result.problem
                bar.update()
                if len(self.batch) >= BATCH:
                    self._write()
        finally:
            self._write()
            bar.close()
        return done

    def _job(self, student: str) -> Job:
        data, problem = _handed_in(self._place("submitted", student))
        self.handed_in[student] = data
        made_from = (self.code, repr(self.assignment), repr(self.options.timeout), problem)
        digest = hashlib.sha256("\0".join(made_from).encode() + self.secret + data)
        self.keys[student] = digest.hexdigest()
        seconds, trusting = self.options.timeout, self.options.trust_submissions
        return Job(student, self.assignment, data, self.secret, problem, seconds, trusting)

    def _is_done(self, job: Job, written: set[str]) -> bool:
        student = job.student
        if self.journal.key(student) != self.keys[student] or self.journal[student].faults:
            return False
        del self.keys[student]
        page = self._page(student)
        if student not in written or not page.exists():  # another database, or pages thrown away
            self.batch.append(self.journal[student])
            if len(self.batch) >= BATCH:
                self._write()
        else:
            del self.handed_in[student]
        return True

    def _place(self, folder: str, student: str) -> Path:
        name = self.options.assignment
        return self.options.course / folder / student / name / f"{name}.ipynb"

    def _page(self, student: str) -> Path:
        from helpers.grading.pages import path_of

        return path_of(self.options.course, student, self.options.assignment)

    def _write(self) -> None:
        """Pages, then the gradebook, then the journal: what stands in it is done."""
        from helpers.grading.gradebook import write
        from helpers.grading.pages import feedback, with_answers

        wanted = {item.name for item in self.assignment.items}
        for result in self.batch:
            write(self._page(result.student), feedback(self.assignment, result))
            answers = []
            with contextlib.suppress(Unreadable, RecursionError):
                answers = read_submission(self.handed_in[result.student], wanted)
            shown = with_answers(self.notebook, answers)
            write(self._place("autograded", result.student), shown)
        self.book.write(self.batch)
        new = [(self.keys.pop(r.student), r) for r in self.batch if r.student in self.keys]
        self.journal.append(new)
        for result in self.batch:
            del self.handed_in[result.student]
        self.batch.clear()


def _handed_in(path: Path) -> tuple[bytes, str]:
    """Return the bytes of a submission, or the reason why there are none.

    What lies elsewhere, such as the solutions or another student's file, is nobody's submission.
    """
    student = path.parents[1]
    try:
        if not path.is_file():
            return b"", f"there is no {path.name}"
        if student.is_symlink() or not path.resolve().is_relative_to(student.resolve()):
            return b"", "a link leads from it to a file outside of the student's own folder"
        if path.stat().st_size > MAX_NOTEBOOK:
            return b"", f"the file is larger than {MAX_NOTEBOOK // 10**6} MB"
        return path.read_bytes(), ""
    except OSError as error:
        return b"", f"the file cannot be read ({error.strerror})"


if __name__ == "__main__":
    logging.getLogger("distributed").setLevel(logging.ERROR)
    sys.exit(main())

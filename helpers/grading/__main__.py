"""`python course.py release NAME` and `grade NAME`."""

from __future__ import annotations

import argparse
import contextlib
import hashlib
import logging
import multiprocessing
import os
import shutil
import sys
import time
from collections import Counter
from collections.abc import Iterable, Iterator
from concurrent.futures import (
    FIRST_COMPLETED,
    BrokenExecutor,
    CancelledError,
    Future,
    ProcessPoolExecutor,
    wait,
)
from pathlib import Path

from helpers.grading.judge import (
    MAX_NOTEBOOK,
    SUBMISSION,
    Assignment,
    Job,
    Result,
    Unreadable,
    default_assignment,
    grade,
    not_graded,
    read_assignment,
    read_notebook,
    read_submission,
)
from helpers.grading.sandbox import Sandbox, Unavailable

BATCH = 25  # results written at a time
TRIES = 2  # of a submission whose process dies
KILLS = "the process that graded it died each time"


class Refusal(Exception):
    """Why the command cannot be carried out, in one sentence."""


def main(words: list[str] | None = None) -> int:
    """Carry out `release` or `grade`; 1 when a submission could not be graded, 2 for a refusal."""
    options = _parser().parse_args(words)
    tools = str(Path(sys.executable).parent)  # nbgrader starts alembic from there
    os.environ["PATH"] = os.pathsep.join([tools, os.environ.get("PATH", os.defpath)])
    options.course = Path(os.environ.get("COURSE_FROM", ""), options.course).absolute()
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
        about = command.__doc__.splitlines()[0]
        sub = commands.add_parser(name, help=about, description=about, allow_abbrev=False)
        sub.add_argument("assignment", help="its name, such as derivatives")
        where = "the folder of nbgrader's course (the present one)"
        sub.add_argument("--course", metavar="DIR", default=".", help=where)
        sub.set_defaults(command=command)
        database = "nbgrader's gradebook (sqlite:///DIR/gradebook.db)"
        sub.add_argument("--db", metavar="ADDRESS", help=database)
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
    try:
        read_notebook(notebook)
    except ValueError as error:
        raise Refusal(str(error)) from None
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
    try:
        assignment = read_assignment(source, name)
    except ValueError as error:
        raise Refusal(str(error)) from None
    present = _present(options)
    students = [options.student] if options.student else present
    with Sandbox(trusting=options.trust_submissions) as sandbox:
        sandbox.start()  # refuse before anything is written

    from helpers.grading.gradebook import Book, Journal, write, write_grades
    from helpers.grading.pages import summary

    folder = course / ".grading"
    with _alone(folder), _usable(_database(options)) as address:
        journal = Journal(folder / f"{name}.jsonl")
        with journal, contextlib.closing(Book(address, assignment)) as book:
            start = time.monotonic()
            todo = _Todo(options, assignment, source, folder, journal, book)
            done = todo.carry_out(students)
            seconds = time.monotonic() - start
            the_class = (journal[student] for student in present if journal.key(student))
            write(course / "summary" / f"{name}.html", summary(name, the_class))
            results = (journal[student] for student in students)
            problems = [(result.student, result.problem) for result in results if result.problem]
        write_grades(course / "grades.csv", folder)
    print(
        f"{name}: {done} graded in {seconds:.1f} s, {len(students) - done - len(problems)} "
        f"unchanged, {len(problems)} could not be graded. See {course / 'grades.csv'} and "
        f"{course / 'summary' / name}.html."
    )
    width = max((len(student) for student, _ in problems), default=0)
    for student, problem in problems:
        print(f"  {student:<{width}}  {problem}")
    return bool(problems)


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
def _alone(folder: Path) -> Iterator[None]:
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


class _Todo:
    """The submissions that are to be graded, and where their results go."""

    def __init__(self, options, assignment: Assignment, source: Path, folder: Path, journal, book):
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
        data, problem = _read(self._place("submitted", student))
        self.handed_in[student] = data
        made_from = (self.code, repr(self.assignment), repr(self.options.timeout), problem)
        digest = hashlib.sha256("\0".join(made_from).encode() + self.secret + data)
        self.keys[student] = digest.hexdigest()
        limits = {"seconds": self.options.timeout, "trusting": self.options.trust_submissions}
        return Job(student, self.assignment, data, self.secret, problem, **limits)

    def _is_done(self, job: Job, written: set[str]) -> bool:
        student = job.student
        if self.journal.key(student) != self.keys[student]:
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
            write(self._page(result.student), feedback(self.assignment.name, result))
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


def _read(path: Path) -> tuple[bytes, str]:
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


# ---------------------------------------------------------------------------------------- workers


def graded(jobs: Iterable[Job], options: argparse.Namespace) -> Iterator[Result]:
    """Grade jobs on processes of this machine or on a cluster, a few in flight at a time.

    A submission whose process dies is tried once more; the others lose nothing.
    """
    waiting, tries, flying = iter(jobs), Counter(), {}
    with (_Cluster if options.scheduler else _Processes)(options) as pool:
        while True:
            while len(flying) < pool.width and (job := next(waiting, None)):
                flying[pool.submit(job)] = job
            if not flying:
                return
            for future in wait(flying, return_when=FIRST_COMPLETED).done:
                job = flying.pop(future)
                try:
                    yield pool.result(future, job)
                except BrokenExecutor:
                    tries[job.student] += 1
                    if tries[job.student] < TRIES:
                        flying[pool.submit(job)] = job
                    else:
                        yield not_graded(job, KILLS)


def _processors() -> int:
    ours = getattr(os, "sched_getaffinity", None)  # what a container or a batch system allows
    return len(ours(0)) if ours else os.cpu_count() or 1


class _Processes:
    """Worker processes on this machine, each a pool of its own with one submission at a time.

    So it is known whose submission a process died of, and a pool never starts a process while it
    breaks: a larger one does, and then waits for that process forever (CPython 3.11).
    """

    def __init__(self, options: argparse.Namespace):
        self.width = options.workers or _processors()
        methods = multiprocessing.get_all_start_methods()
        self.context = multiprocessing.get_context(
            "forkserver" if "forkserver" in methods else "spawn"
        )
        if "forkserver" in methods:
            self.context.set_forkserver_preload(["helpers.grading.judge"])
        self.idle, self.busy = [], {}

    def submit(self, job: Job) -> Future:
        while True:
            pool = self.idle.pop() if self.idle else ProcessPoolExecutor(1, self.context)
            with contextlib.suppress(BrokenExecutor):  # its process died while it had nothing to do
                future = pool.submit(grade, job)
                self.busy[future] = pool
                return future

    def result(self, future: Future, _: Job) -> Result:
        pool = self.busy.pop(future)
        result = future.result()
        self.idle.append(pool)
        return result

    def __enter__(self) -> _Processes:
        return self

    def __exit__(self, *_) -> None:
        for pool in [*self.idle, *self.busy.values()]:
            pool.shutdown()


class _Cluster:
    """The workers of a dask cluster, which gives a task whose worker dies to another one."""

    def __init__(self, options: argparse.Namespace):
        from distributed import Client

        try:
            self.client = Client(options.scheduler, timeout=20)
        except (OSError, ValueError) as error:
            raise Refusal(f"No scheduler answers at {options.scheduler} ({error}).") from None
        self.width = 2 * sum(self.client.nthreads().values()) or 2
        self.pool = self.client.get_executor(pure=False)

    def submit(self, job: Job) -> Future:
        return self.pool.submit(grade, job)

    def result(self, future: Future, job: Job) -> Result:
        from distributed import KilledWorker

        try:
            return future.result()
        except KilledWorker:
            return not_graded(job, KILLS)
        except CancelledError:
            raise Refusal("The scheduler is gone; the same command goes on from here.") from None

    def __enter__(self) -> _Cluster:
        return self

    def __exit__(self, *_) -> None:
        self.pool.shutdown(wait=False)
        self.client.close()


if __name__ == "__main__":
    logging.getLogger("distributed").setLevel(logging.ERROR)
    sys.exit(main())

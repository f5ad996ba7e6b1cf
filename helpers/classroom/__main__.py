"""`python course.py export` and `report`."""

from __future__ import annotations

import argparse
import os
import sys
from functools import partial
from pathlib import Path

from helpers.grading import Refusal, carried_out, settings


def main(words: list[str] | None = None) -> int:
    """Carry out a command; 2 for a refusal."""
    options = _parser().parse_args(words)
    here = Path(os.environ.get("COURSE_FROM", ""))
    for name in ("course", "folder", "to"):
        if getattr(options, name, None):
            setattr(options, name, Path(here, getattr(options, name)).absolute())
    where = getattr(options, "course", None) or options.folder
    return carried_out(partial(options.command, options), where)


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python course.py", allow_abbrev=False)
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    export = commands.add_parser("export", allow_abbrev=False).add_subparsers(required=True)
    questions = export.add_parser(
        "questions", allow_abbrev=False, description=export_questions.__doc__
    )
    questions.add_argument("folder", metavar="FOLDER", help="where the files go")
    lesson = "of this lesson alone; may be said more than once"
    questions.add_argument("--lesson", type=int, action="append", default=[], help=lesson)
    questions.set_defaults(command=export_questions)
    grades = export.add_parser("grades", allow_abbrev=False, description=export_grades.__doc__)
    grades.add_argument("lms", choices=("canvas", "moodle"))
    grades.add_argument("--to", metavar="FILE", help="DIR/canvas.csv or DIR/moodle.csv")
    grades.add_argument("--assignment", metavar="NAME", action="append", default=[])
    grades.set_defaults(command=export_grades)
    report = commands.add_parser("report", allow_abbrev=False, description=report_class.__doc__)
    report.add_argument("assignment", metavar="ASSIGNMENT")
    report.set_defaults(command=report_class)
    for sub in (grades, report):
        sub.add_argument("--course", metavar="DIR", default=".")
        sub.add_argument("--db", metavar="ADDRESS")
    return parser


def report_class(options: argparse.Namespace) -> int:
    """Write pages about the questions, and about who resembles whom, into DIR/report."""
    from helpers.classroom.reports import write_reports

    name, course = options.assignment, options.course
    if not (course / ".grading" / f"{name}.jsonl").exists():
        raise Refusal(f"{name} is not graded yet in {course}.")
    with settings.usable(settings.database(options)) as address:
        items, alike = write_reports(course, name, address)
    weak = [item.exercise for item in items if item.discrimination < 0]
    print(f"{course / 'report' / name / 'index.html'}: {len(items)} questions.")
    if weak:
        print(f"  who is good at the rest fails at: {', '.join(weak)}")
    for pair in alike[:10]:
        print(f"  alike: {pair.first}, {pair.second} ({100 * pair.share:.0f} %)")
    return 0


def export_questions(options: argparse.Namespace) -> int:
    """Write the questions of the course for Moodle, STACK and QTI 2.1."""
    from helpers.classroom.questions import questions_of, write_questions

    found = questions_of(options.lesson)
    if not found:
        raise Refusal("There is no question in these lessons.")
    try:
        written = write_questions(options.folder, found)
    except ValueError as error:
        raise Refusal(str(error)) from None
    for name, count in written.items():
        print(f"{options.folder / name}: {count} questions")
    return 0


def export_grades(options: argparse.Namespace) -> int:
    """Write the totals of the gradebook as Canvas or Moodle imports them."""
    from nbgrader.api import Gradebook

    from helpers.classroom.lms_grades import EXPORTERS

    exporter = EXPORTERS[options.lms]()
    exporter.to = str(options.to or options.course / exporter.file)
    exporter.assignment = options.assignment
    with settings.usable(settings.database(options)) as address, Gradebook(address) as book:
        exporter.export(book)
    print(f"{exporter.to} is written.")
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""The gradebook as Canvas and Moodle import it: exporters of nbgrader's kind.

`nbgrader export --exporter=helpers.classroom.lms_grades.CanvasGrades` takes them, as does
`python course.py export`. Who handed in nothing has an empty cell there, which changes nothing in
the LMS; a late penalty is taken off.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from nbgrader.api import Gradebook
from nbgrader.plugins import ExportPlugin

from helpers.grading import NOT_GRADED, tables


class LmsGrades(ExportPlugin):
    """What both have: a row for each student, a column for each assignment."""

    file = ""

    def export(self, gradebook: Gradebook) -> None:
        """Write the table to `to`."""
        chosen = [
            a for a in gradebook.assignments if not self.assignment or a.name in self.assignment
        ]
        totals = {a.name: self._totals(gradebook, a.name) for a in chosen}
        with tables.table(Path(self.to or self.file), self.columns(chosen)) as add:
            for row in self.before(chosen):
                add(row)
            for student in gradebook.students:
                if not self.student or student.id in self.student:
                    add(
                        [
                            *self.about(student),
                            *(totals[a.name].get(student.id, "") for a in chosen),
                        ]
                    )

    @staticmethod
    def _totals(gradebook: Gradebook, name: str) -> dict[str, str]:
        """Return the points of who has handed in; an extension alone is no submission.

        What could not be graded has none, unless a person gave some.
        """
        return {
            s.student.id: f"{max(0.0, s.score - s.late_submission_penalty):g}"
            for s in gradebook.assignment_submissions(name)
            if s.notebooks and not all(map(_could_not_be_graded, s.notebooks))
        }

    def columns(self, assignments: Sequence[Any]) -> list[str]:
        """Return the heads of the columns."""
        raise NotImplementedError

    def about(self, student: Any) -> list[str]:
        """Return by what the LMS knows a student."""
        raise NotImplementedError

    def before(self, assignments: Sequence[Any]) -> list[list[str]]:
        """Return the rows that stand before the students."""
        return []


def _could_not_be_graded(notebook: Any) -> bool:
    said = any((comment.auto_comment or "").startswith(NOT_GRADED) for comment in notebook.comments)
    return said and all(grade.manual_score is None for grade in notebook.grades)


class CanvasGrades(LmsGrades):
    """For Canvas: Grades, Import. Students are found by `lms_user_id`, or by their login."""

    file = "canvas.csv"

    def columns(self, assignments: Sequence[Any]) -> list[str]:
        """Return the heads that Canvas asks for."""
        ours = [assignment.name for assignment in assignments]
        return ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", *ours]

    def before(self, assignments: Sequence[Any]) -> list[list[str]]:
        """Return the row of Canvas that says how many points there are."""
        most = [f"{assignment.max_score:g}" for assignment in assignments]
        return [["    Points Possible", "", "", "", "", *most]]

    def about(self, student: Any) -> list[str]:
        """Return the name as Canvas sorts it, its number, and the login."""
        names = filter(None, (student.last_name, student.first_name))
        return [", ".join(names) or student.id, student.lms_user_id or "", "", student.id, ""]


class MoodleGrades(LmsGrades):
    """For Moodle: Grades, Import, CSV file; map `username` or `email` to the user."""

    file = "moodle.csv"

    def columns(self, assignments: Sequence[Any]) -> list[str]:
        """Return the heads that Moodle's import can be pointed to."""
        ours = [assignment.name for assignment in assignments]
        return ["username", "email", "firstname", "lastname", *ours]

    def about(self, student: Any) -> list[str]:
        """Return by what Moodle finds a user."""
        return [student.id, student.email or "", student.first_name or "", student.last_name or ""]


EXPORTERS = {"canvas": CanvasGrades, "moodle": MoodleGrades}

"""Grade submissions: a sandbox runs what students wrote, a trusted process judges the numbers.

assignment.py  what an assignment asks
submission.py  what a submission answers: its own cells
sandbox.py     starts the sandbox, sends arrays in, takes raw numbers and texts out
inside.py      what runs there; shell.py a notebook's shell without powers; values.py what travels
execution.py   runs a submission's cells in there and tries its functions
judge.py       gives each exercise of a submission its verdict
results.py     what came of it
workers.py     processes of this machine, or of a cluster
release.py     makes the student version; variants.py: each student's own questions
folders.py     where submissions lie; run.py: which are graded, and where their results go
journal.py     the memory of a run; attempts.py: what was handed in before
gradebook.py   nbgrader's gradebook, where the points are
by_hand.py     questions that a person grades; lateness.py: due dates and penalties
roster.py      who is on the roster, and whom only a file names
appeals.py     requests for another look; intake.py: files as an LMS exports them
transcript.py  all that is known about one submission; tables.py, pages.py, views.py show it
commands.py    what hinders a command is one sentence
settings.py    nbgrader's configuration; formgrader.py: our judge behind nbgrader's buttons
__main__.py    `python course.py release`, `grade` and `due`
"""

from helpers.grading.assignment import Assignment, Item, default_assignment, read_assignment
from helpers.grading.commands import carried_out
from helpers.grading.judge import NOT_GRADED, Job, grade
from helpers.grading.results import Result, Row
from helpers.grading.workers import Refusal

__all__ = [
    "NOT_GRADED",
    "Assignment",
    "Item",
    "Job",
    "Refusal",
    "Result",
    "Row",
    "carried_out",
    "default_assignment",
    "grade",
    "read_assignment",
]

"""Grade submissions: a sandbox runs what students wrote, a trusted process judges the numbers.

assignment.py  what an assignment asks
submission.py  what a submission answers: its own cells
sandbox.py     starts the sandbox, sends arrays in, takes raw numbers and texts out
inside.py      what runs in there; shell.py a notebook's shell without powers; values.py plain data
execution.py   runs a submission's cells in there and tries its functions
judge.py       gives each exercise of a submission its verdict
results.py     what came of it
workers.py     processes of this machine, or of a cluster
release.py     makes the student version
run.py         which submissions, and where their results go
gradebook.py   the journal, nbgrader's gradebook and grades.csv
pages.py       the pages for students and for the teacher
__main__.py    `python course.py release` and `grade`
"""

from helpers.grading.assignment import Assignment, Item, default_assignment, read_assignment
from helpers.grading.judge import Job, grade
from helpers.grading.results import Result, Row

__all__ = [
    "Assignment",
    "Item",
    "Job",
    "Result",
    "Row",
    "default_assignment",
    "grade",
    "read_assignment",
]

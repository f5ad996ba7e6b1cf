"""Grade submissions: a sandbox runs what students wrote, a trusted process judges the numbers.

sandbox.py     starts the sandbox, sends arrays in, takes raw numbers out
inside.py      what runs in there
judge.py       reads assignments and submissions, gives each exercise its verdict
gradebook.py   the journal, nbgrader's gradebook and grades.csv
pages.py       the pages for students and for the teacher
__main__.py    `python course.py release` and `grade`
"""

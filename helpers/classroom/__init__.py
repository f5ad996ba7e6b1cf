"""What a teacher asks of a class and takes to other systems, beside the grades.

likeness.py    who handed in what only somebody else handed in
statistics.py  how hard a question is, and whether it tells the strong from the weak
reports.py     both as pages, and one exercise across all students, side by side
questions.py   the questions for Moodle, STACK and QTI 2.1: moodle.py, stack.py, qti.py
lms_grades.py  the gradebook as Canvas and Moodle import it
__main__.py    `python course.py report` and `export`
"""

"""Exercises: what learners are asked, how an answer is judged, what it probably believes.

check("sigmoid_prime", sigmoid_prime)     a verdict with its reasons
hint("derive_sigmoid")                    the next rung of a ladder
solution("derive_sigmoid")                derivation and code
practice()                                the next exercise, drawn for you, without end
progress()                                what is right, what is open, what comes next
%%check derive_sigmoid                    the lines of the cell are the answer, as they are
load("my_exercises.py")                   declarations of your own beside those of the lessons

A kind of exercise is a class; the declarations stand in `lessons/`, what is drawn in `practice/`.
A *story* names a mistake and the question about it; a *belief* is an expression that a story leads
to, whose numbers an answer may have; a *slip* is something lost in writing a right form down.

asking         what learners call; catalogue: all exercises; exercise: what every kind has
kinds          code_exercise (reference_exercise, formula_exercise; formulas: what asks for one),
               derivation_exercise, concept_exercise (a number, an option), report_exercise
judging        tasks: the right answer; inputs, running, responses: a function is tried; verdict
why a line     derivation_messages, line_diagnosis, route, drawn_verdict, side_pictures
why a function function_diagnosis, quotients, where_right: from its numbers; retelling, programs,
               program_reader, python_words, hallmarks, written_code: from its source; edits,
               part_changes, changes_of_parts, right_forms, repairs, places, wrong_branches,
               pairs_of_changes: where in it; changed_code, code_changes: where, by running
mistakes       stories, story_examples; misconceptions and beliefs: the expressions they lead to
               and their numbers; broken_rules, slips; forms: what two expressions have in common
remembered     records, progress_card, handwriting (of the pad)
in notebooks   cells (`%%check`), quotes, faults of ours
lesson 9       clinic, clinic_cases, clinic_reports
"""

from helpers.exercises.asking import check, check_derivation, credit, hint, solution
from helpers.exercises.catalogue import EXERCISES, UnknownExercise, declared_in, load, look_up
from helpers.exercises.cells import take_cells
from helpers.exercises.clinic import Patient, Report, admit
from helpers.exercises.clinic_cases import CAUSES
from helpers.exercises.clinic_reports import examine
from helpers.exercises.code_exercise import CodeExercise
from helpers.exercises.concept_exercise import (
    ChoiceExercise,
    ConceptExercise,
    NumberExercise,
    Option,
)
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.drawn_verdict import Drawing, LineMark, Mistake, line_marks
from helpers.exercises.exercise import Believed, DeclarationError, Exercise, Hints
from helpers.exercises.faults import FAULT, fault_of_ours
from helpers.exercises.formula_exercise import WIDE, FormulaExercise
from helpers.exercises.handwriting import keep_lines, lines_as_text, written_lines
from helpers.exercises.practice import FAMILIES, practice
from helpers.exercises.progress_card import progress
from helpers.exercises.quotes import watch_for_missing_quotes
from helpers.exercises.records import read as read_progress
from helpers.exercises.reference_exercise import ReferenceExercise
from helpers.exercises.report_exercise import ReportExercise
from helpers.exercises.running import Outcome, TimeUp, call
from helpers.exercises.side_pictures import draw_sides
from helpers.exercises.stories import STORIES, wording
from helpers.exercises.tasks import Branches
from helpers.exercises.verdict import NOT_ATTEMPTED, OTHERWISE, Verdict

__all__ = [
    "CAUSES",
    "EXERCISES",
    "FAMILIES",
    "FAULT",
    "NOT_ATTEMPTED",
    "OTHERWISE",
    "STORIES",
    "WIDE",
    "Believed",
    "Branches",
    "ChoiceExercise",
    "CodeExercise",
    "ConceptExercise",
    "DeclarationError",
    "DerivationExercise",
    "Drawing",
    "Exercise",
    "FormulaExercise",
    "Hints",
    "LineMark",
    "Mistake",
    "NumberExercise",
    "Option",
    "Outcome",
    "Patient",
    "ReferenceExercise",
    "Report",
    "ReportExercise",
    "TimeUp",
    "UnknownExercise",
    "Verdict",
    "admit",
    "call",
    "check",
    "check_derivation",
    "credit",
    "declared_in",
    "draw_sides",
    "examine",
    "fault_of_ours",
    "hint",
    "keep_lines",
    "line_marks",
    "lines_as_text",
    "load",
    "look_up",
    "practice",
    "progress",
    "read_progress",
    "solution",
    "take_cells",
    "wording",
    "written_lines",
]

watch_for_missing_quotes()
take_cells()

"""Exercises: what learners are asked, how an answer is judged, what it probably believes.

check("sigmoid_prime", sigmoid_prime)     a verdict with its reasons
hint("derive_sigmoid")                    the next rung of a ladder
solution("derive_sigmoid")                derivation and code
practice()                                the next exercise, drawn for you, without end
progress()                                what is right, what is open, what comes next
%%check derive_sigmoid                    the lines of the cell are the answer, as they are
load("my_exercises.py")                   declarations of your own beside those of the lessons

A kind of exercise is a class; the declarations stand in `lessons/`, what is drawn in `practice/`.
How an answer is tried, compared and explained is the room `diagnosis`.

asking         what learners call; catalogue: all exercises; exercise: what every kind has
kinds          code_exercise (reference_exercise, formula_exercise; formulas: what asks for one;
               inputs), concept_exercise (a number, an option), report_exercise,
               derivation_exercise (derivation_messages, route, drawn_verdict, side_pictures)
remembered     records, progress_card, handwriting (of the pad)
in notebooks   cells (`%%check`), quotes, faults of ours
lesson 9       clinic, clinic_cases, clinic_reports
"""

from helpers.diagnosis import (
    NOT_ATTEMPTED,
    OTHERWISE,
    STORIES,
    Branches,
    Outcome,
    TimeUp,
    Verdict,
    call,
    wording,
)
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
from helpers.exercises.side_pictures import draw_sides

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

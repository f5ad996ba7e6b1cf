"""Exercises: what learners are asked, how an answer is judged, what it probably believes.

check("sigmoid_prime", sigmoid_prime)     a verdict with its reasons
hint("derive_sigmoid")                    the next rung of a ladder
solution("derive_sigmoid")                derivation and code
progress()                                what is done and what is open
"""

from helpers.exercises.checking import Believed, Exercise, Option, judge, judge_calls
from helpers.exercises.clinic import CAUSES, Patient, Report, admit, examine
from helpers.exercises.desk import (
    EXERCISES,
    check,
    check_derivation,
    credit,
    hint,
    progress,
    solution,
)
from helpers.exercises.misconceptions import STORIES, Branches, told
from helpers.exercises.running import Outcome, TimeUp, call
from helpers.exercises.verdict import Verdict, number

__all__ = [
    "CAUSES",
    "EXERCISES",
    "STORIES",
    "Believed",
    "Branches",
    "Exercise",
    "Option",
    "Outcome",
    "Patient",
    "Report",
    "TimeUp",
    "Verdict",
    "admit",
    "call",
    "check",
    "check_derivation",
    "credit",
    "examine",
    "hint",
    "judge",
    "judge_calls",
    "number",
    "progress",
    "solution",
    "told",
]

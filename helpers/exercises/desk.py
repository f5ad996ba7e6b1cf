"""The exercises of the course, and what a learner does with them.

    check("sigmoid_prime", sigmoid_prime)     a verdict with its reasons
    hint("derive_sigmoid")                    the next rung of a ladder
    solution("derive_sigmoid")                derivation and code
    progress()                                what is done and what is open

A new exercise is one more `Exercise(…)` in the file of its lesson: `helpers.checking` says what the
fields mean, and makes the inputs, the verdict and the feedback from them.
"""

from __future__ import annotations

import ast
import difflib
import hashlib
import html
import inspect
import sys
from types import MappingProxyType

from helpers.derivation import NotationError
from helpers.exercises import records as _progress
from helpers.exercises.checking import Exercise, judge
from helpers.exercises.checking import credit as _credit
from helpers.exercises.lessons import LESSONS
from helpers.exercises.verdict import Verdict

__all__ = ["EXERCISES", "check", "check_derivation", "credit", "hint", "progress", "solution"]

EXERCISES = MappingProxyType(
    {exercise.name: exercise for lesson in LESSONS for exercise in lesson.EXERCISES}
)


# ------------------------------------------------------------------------------- what learners call


class UnknownExercise(ValueError):
    """A name that no exercise has: what came, and which names are close."""

    _render_traceback_ = NotationError._render_traceback_


def _look_up(name: str) -> Exercise:
    if isinstance(name, str) and name in EXERCISES:
        return EXERCISES[name]
    close = difflib.get_close_matches(str(name), EXERCISES, n=3)
    meant = f"Did you mean {' or '.join(close)}?" if close else "list(EXERCISES) names them all."
    raise UnknownExercise(f"there is no exercise {name!r}. {meant}")


def check(exercise: str, answer: object) -> Verdict:
    """Judge an answer and say what leads on; never raises for anything the answer does.

    Parameters
    ----------
    exercise : its name, see `EXERCISES`; ValueError with the closest names for an unknown one.
    answer : a function, a derivation (text), a number (`0.75`, `"3/4"`, `"infinity"`), or an
        option (its words or its letter). `None`, `...` and unwritten functions are not attempted.

    >>> verdict = check("derive_elu_neg", "-alpha*exp(z)")
    >>> verdict.correct, verdict.diagnoses, verdict.first_wrong_line
    (False, ('sign-flipped',), 1)
    """
    declared = _look_up(exercise)
    verdict = judge(declared, answer)
    return _remembered(declared, answer, verdict)


def credit(exercise: str, answer: object, *checkpoints: str) -> float:
    """Return the share of the points that an answer earns; graded assignments ask for it.

    A right answer earns all. Of two candidates, `"B or C"`, one of which is right: half. Otherwise
    a derivation has a share for each checkpoint that stands in it as a right line, and one for
    having no wrong line, which counts beside another.

    >>> credit("derive_elu_neg", "alpha*exp(z)"), credit("derive_elu_neg", "alpha*z")
    (1.0, 0.0)
    """
    return _credit(_look_up(exercise), answer, checkpoints)


def check_derivation(exercise: str, text: str) -> Verdict:
    """Check a derivation line by line; the same as `check` for an exercise of that kind."""
    declared = _look_up(exercise)
    if declared.kind != "derivation":
        raise ValueError(f"{exercise} asks for no derivation")
    return check(exercise, text)


_HINTED = 3  # so many times the same wrong answer, then the ladder alone replies


def _remembered(exercise: Exercise, answer: object, verdict: Verdict) -> Verdict:
    if verdict.status in ("not attempted", "unfinished"):
        return verdict
    entry = _progress.load().get(exercise.name, {})
    mark = _fingerprint(answer, verdict)
    same = entry.get("same", 0) + 1 if entry.get("last") == mark else 1
    news = {
        "attempts": entry.get("attempts", 0) + 1,
        "right": bool(entry.get("right")) or verdict.correct,
        "last": mark,
        "same": same,
    }
    if verdict.correct or same <= _HINTED or len(exercise.hints) < 2:
        _progress.record(exercise.name, **news)
        return verdict
    step = max(same - _HINTED, entry.get("hints", 0) + 1)
    step = min(step, len(exercise.hints) - 1)  # the last rung is for `hint` alone
    _progress.record(exercise.name, **news, hints=max(entry.get("hints", 0), step))
    evidence = verdict.message.split(". ")[0].rstrip(".")
    message = f"The same answer as before: {evidence}. The next hint: {exercise.hints[step - 1]}"
    return Verdict(False, verdict.diagnoses, message, verdict.first_wrong_line)


def _fingerprint(answer: object, verdict: Verdict) -> str:
    """The same answer with the same verdict gives the same mark."""
    code = answer.__code__.co_code if inspect.isfunction(answer) else b""
    words = " ".join(answer.split()) if type(answer) is str else code
    return hashlib.sha256(repr((words, verdict)).encode("utf-8", "replace")).hexdigest()[:16]


class Note(str):
    """A text that a notebook shows as paragraphs, with the lines of code kept."""

    style = "white-space:pre-wrap"

    def __repr__(self) -> str:
        return str(self)

    def _repr_html_(self) -> str:
        return f'<div role="note" style="{self.style}">{html.escape(self)}</div>'


class Table(Note):
    """A text whose columns stand one below the other."""

    style = "white-space:pre;font-family:monospace"


def hint(exercise: str) -> Note:
    """Return the next hint: where, which rule, a question, a neighbouring example, the line."""
    declared = _look_up(exercise)
    if not declared.hints:
        return Note(
            "There are no hints for this exercise: check what you have, its answer leads on."
        )
    used = _progress.load().get(exercise, {}).get("hints", 0)
    step = min(used + 1, len(declared.hints))
    _progress.record(exercise, hints=step)
    left = len(declared.hints) - step
    more = f" ({left} more)" if left else " (the last one; `solution` shows it all)"
    return Note(f"Hint {step}{more}\n{declared.hints[step - 1]}")


def solution(exercise: str) -> Note:
    """Return the derivation and the code of an exercise."""
    declared = _look_up(exercise)
    answer = declared.answer and f"Answer: {declared.answer}"
    parts = (answer, declared.solution.strip("\n"), declared.code)
    return Note("\n\n".join(filter(None, parts)))


def progress() -> Table:
    """Return a table: attempts, right or not, hints used, for every exercise that was tried."""
    state = _progress.load()
    rows = [f"{'lesson':<8}{'exercise':<28}{'attempts':>8}  {'right':<6}{'hints':>5}"]
    for exercise in EXERCISES.values():
        if entry := state.get(exercise.name):
            right = "yes" if entry.get("right") else "no"
            rows.append(
                f"{exercise.lesson:<8}{exercise.name:<28}{entry.get('attempts', 0):>8}  {right:<6}"
                f"{entry.get('hints', 0):>5}"
            )
    lessons = sorted({e.lesson for e in EXERCISES.values() if e.name in state})
    for lesson in lessons:
        of_it = [e for e in EXERCISES.values() if e.lesson == lesson]
        right = sum(bool(state.get(e.name, {}).get("right")) for e in of_it)
        rows.append(f"lesson {lesson}: {right} of {len(of_it)} right")
    return Table("\n".join(rows) if len(rows) > 1 else "Nothing tried yet.")


# ------------------------------------------------------------------- answers that lack their quotes


def _quoted(cell: str, name: str) -> str | None:
    """Return a call of the cell with quotes around the argument that uses this unknown name.

    A function and a derivation have names of their own: these lack no quotes.

    >>> _quoted('check("q_relu_zero", B)', "B"), _quoted("hint(q_relu_zero)", "q_relu_zero")
    ('check("q_relu_zero", "B")', 'hint("q_relu_zero")')
    >>> _quoted('check("relu", my_relu)', "my_relu"), _quoted("print(B)", "B")
    (None, None)
    """
    for call in ast.walk(ast.parse(cell)):
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") not in __all__:
            continue
        arguments = [ast.get_source_segment(cell, argument) for argument in call.args]
        asked = EXERCISES.get(arguments[0].strip("\"'")) if arguments else None
        unknown = [
            place
            for place, argument in enumerate(call.args)
            if any(isinstance(node, ast.Name) and node.id == name for node in ast.walk(argument))
        ]
        if asked and unknown and (unknown == [0] or asked.kind in ("number", "choice")):
            arguments[unknown[0]] = f'"{arguments[unknown[0]]}"'
            return f"{call.func.id}({', '.join(arguments)})"
    return None


def _without_quotes(shell, kind, error, trace, tb_offset=None):
    """Show a NameError; where an answer lacks its quotes, a sentence in place of the traceback."""
    while trace.tb_next:
        trace = trace.tb_next
    if trace.tb_frame.f_code.co_name == "<module>" and trace.tb_frame.f_globals is shell.user_ns:
        call = _quoted(shell.user_ns["In"][-1], error.name)
        what = "The name of an exercise" if error.name in EXERCISES else "An answer"
        said = f"Python knows no {error.name} here. {what} stands in quotes: {call}"
        if call:
            error._render_traceback_ = lambda: [said]
    shell.showtraceback((kind, error, error.__traceback__), tb_offset=tb_offset)


if (_ipython := sys.modules.get("IPython")) and (_shell := _ipython.get_ipython()):
    _shell.set_custom_exc((NameError,), _without_quotes)

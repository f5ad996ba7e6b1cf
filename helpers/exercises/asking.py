"""What a learner does with the exercises: check an answer, ask for a hint, look it up."""

from __future__ import annotations

import hashlib
import html
import inspect
import linecache
import re
import sys
import time
from dataclasses import replace

from helpers.diagnosis import EXAMPLES, Verdict
from helpers.exercises import records
from helpers.exercises.catalogue import look_up
from helpers.exercises.concept_exercise import ConceptExercise
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Exercise
from helpers.exercises.faults import fault_of_ours
from helpers.exercises.handwriting import lines_as_text, written_lines
from helpers.exercises.practice import draw
from helpers.language import gettext, value_error

_ON_THE_PAD = object()


def check(exercise: str, answer: object = _ON_THE_PAD, *more: object, **named: object) -> Verdict:
    """Judge an answer and say what leads on; never raises for anything the answer does.

    Parameters
    ----------
    exercise : its name, see `EXERCISES`.
    answer : a function, a derivation (text), a number (`0.75`, `"3/4"`, `"infinity"`), or an
        option (its words). `None`, `...` and unwritten functions are not attempted.
        Left out, it is what was written on the pad of a derivation.

    Raises
    ------
    UnknownExercise
        For an unknown name, with the closest ones.

    Examples
    --------
    >>> verdict = check("derive_elu_neg", "-alpha*exp(z)")
    >>> verdict.correct, verdict.diagnoses, verdict.first_wrong_line
    (False, ('sign-flipped',), 1)
    """
    declared = look_up(exercise)
    if more or named:
        return _one_answer(exercise, (answer, *more), named)
    if answer is _ON_THE_PAD:
        if not isinstance(declared, DerivationExercise):
            message = gettext(
                'Your answer stands behind the name: check("{exercise}", …).', exercise=exercise
            )
            return Verdict(False, message=message, status="not attempted")
        answer = lines_as_text(written_lines(exercise))
    try:
        verdict = declared.judge(answer)
        if not verdict.correct and (told := _defined_before(answer)):
            verdict = replace(verdict, message=f"{told}\n{verdict.message}")
        return _remembered(declared, answer, verdict)
    except Exception as error:
        return fault_of_ours(exercise, error)


def _defined_before(answer: object) -> str:
    """Say where the cell passes a function of an earlier one, and defines others itself."""
    ipython = sys.modules.get("IPython")
    shell = ipython and ipython.get_ipython()
    if not shell or not inspect.isfunction(answer) or answer.__globals__ is not shell.user_ns:
        return ""
    frame = inspect.currentframe()
    while frame and (frame.f_globals is not shell.user_ns or frame.f_code.co_name != "<module>"):
        frame = frame.f_back
    cell = "".join(linecache.getlines(frame.f_code.co_filename)) if frame else ""
    defined = re.findall(r"(?m)^def (\w+)\(", cell)
    name = answer.__name__
    if not defined or name in (*defined, "<lambda>"):
        return ""
    told = "{name} is of an earlier cell; this cell defines {names}. Which one is meant?"
    return gettext(told, name=name, names=", ".join(defined))


def _one_answer(exercise: str, given: tuple[object, ...], named: dict[str, object]) -> Verdict:
    """Say how one answer is written, where several came or one with a name."""
    came = [repr(x) for x in given if x is not _ON_THE_PAD]
    came += [f"{name}={value!r}" for name, value in named.items()]
    words = gettext("One answer is asked for, and {came} came.", came=", ".join(came))
    if len(given) == 2 and all(isinstance(x, int) for x in given) and not named:
        words += gettext(
            " If one number is meant, it is written with a point: {whole}.{digits}",
            whole=given[0],
            digits=given[1],
        )
    else:
        words += gettext(
            ' It stands alone behind the name: check("{exercise}", …).', exercise=exercise
        )
    return Verdict(False, message=words, status="unread")


def credit(exercise: str, answer: object, *checkpoints: str) -> float:
    """Return the share of the points that an answer earns; graded assignments ask for it.

    A right answer earns all. Of two candidates, `"1/4 or 1/2"`, one of which is right: half.
    Otherwise a derivation has a share for each checkpoint that stands in it as a right line, and
    one for having no wrong line, which counts beside another.

    Parameters
    ----------
    exercise, answer : as in `check`.
    *checkpoints : forms that a derivation is to pass.

    Examples
    --------
    >>> right = "alpha*D(exp(z) - 1) = alpha*exp(z)"
    >>> credit("derive_elu_neg", right), credit("derive_elu_neg", "alpha*z")
    (1.0, 0.0)
    """
    declared = look_up(exercise)
    return declared.credit(answer, declared.judge(answer), checkpoints)


def check_derivation(exercise: str, text: str) -> Verdict:
    """Check a derivation line by line; the same as `check` for an exercise of that kind.

    Raises
    ------
    ValueError
        For an exercise of another kind.
    """
    if not isinstance(look_up(exercise), DerivationExercise):
        raise value_error("{exercise} asks for no derivation", exercise=exercise)
    return check(exercise, text)


_SLIPS = 5  # the last ones of an exercise are kept, for `practice` to come back to
_HINTED = 3  # so many times the same wrong answer, then the ladder alone replies


def _remembered(exercise: Exercise, answer: object, verdict: Verdict) -> Verdict:
    if verdict.status in ("not attempted", "unfinished", "unread"):
        return verdict
    entry = records.read().get(exercise.name, {})
    mark = _fingerprint(answer, verdict)
    same = entry.get("same", 0) + 1 if entry.get("last") == mark else 1
    story = "" if verdict.correct else next(iter(verdict.diagnoses), "")
    was_right, now = bool(entry.get("right")), round(time.time())
    news: records.Entry = {
        "story": story,
        "attempts": entry.get("attempts", 0) + 1,
        "right": was_right or verdict.correct,
        "last": mark,
        "same": same,
        "when": entry.get("when", now) if was_right else now,  # what is tried afterwards is play
    }
    if verdict.correct and not was_right:
        news["first"] = not entry.get("attempts") and not entry.get("hints")
    if story:
        news["slips"] = [*_slips(entry), [story, now]][-_SLIPS:]
    rungs = exercise.rungs
    if verdict.correct or same <= _HINTED or not rungs:
        records.record(exercise.name, **news)
        return verdict
    step = max(same - _HINTED, entry.get("hints", 0) + 1)
    step = min(step, len(rungs) - 1)  # the last rung is for `hint` alone
    records.record(exercise.name, **news, hints=max(entry.get("hints", 0), step))
    evidence = verdict.message.split("\n")[0]
    message = gettext(
        "The same answer as before. {evidence}\nThe next hint: {hint}",
        evidence=evidence,
        hint=rungs[step - 1],
    )
    return replace(verdict, message=message)


def _slips(entry: records.Entry) -> list:
    slips = entry.get("slips")
    return slips if isinstance(slips, list) else []


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


class Solution(Note):
    """A solution: a text, and in a notebook lines that are typeset and code."""

    def __new__(cls, text: str, drawn: str) -> Solution:
        note = super().__new__(cls, text)
        note.drawn = drawn
        return note

    drawn: str

    def _repr_html_(self) -> str:
        return f'<div role="note">{self.drawn}</div>' if self.drawn else super()._repr_html_()


def _from_the_slip(exercise: Exercise, entry: records.Entry) -> str:
    """Begin with the slip of the last answer, once for each answer.

    A number or an option has had its own question already.
    """
    if isinstance(exercise, ConceptExercise):
        return ""
    slug, last = entry.get("story", ""), entry.get("last")
    if slug not in EXAMPLES or entry.get("hinted") == last:
        return ""
    return gettext(
        "An example of what your last answer may hold: {example}", example=gettext(EXAMPLES[slug])
    )


def hint(exercise: str = "") -> Note:
    """Return the next hint: where, which rule, a question, a neighbouring example, the line.

    After a wrong answer whose slip is known the first hint is an example of that slip.

    Parameters
    ----------
    exercise : its name.
    """
    if not exercise:
        return Note(
            gettext('Of which exercise? Its name stands in quotes: hint("derive_sigmoid").')
        )
    asked = look_up(exercise)
    rungs = asked.rungs
    if not rungs:
        return Note(
            gettext(
                "There are no hints for this exercise: check what you have, its answer leads on."
            )
        )
    entry = records.read().get(exercise, {})
    if example := _from_the_slip(asked, entry):
        records.record(exercise, hinted=entry["last"])
        return Note(gettext("A hint from your last answer\n{example}", example=example))
    used = entry.get("hints", 0)
    step = min(used + 1, len(rungs))
    records.record(exercise, hints=step)
    left = len(rungs) - step
    more = (
        gettext(" ({left} more)", left=left)
        if left
        else gettext(" (the last one; `solution` shows it all)")
    )
    return Note(gettext("Hint {step}{more}\n{hint}", step=step, more=more, hint=rungs[step - 1]))


def solution(exercise: str = "") -> Note:
    """Return the derivation, the code or the answer of an exercise.

    Parameters
    ----------
    exercise : its name.

    Examples
    --------
    >>> solution("q_tanh_max_slope")
    Answer: 1
    <BLANKLINE>
    tanh′(0) = 1 − tanh(0)² = 1.
    """
    if not exercise:
        return Note(
            gettext('Of which exercise? Its name stands in quotes: solution("derive_sigmoid").')
        )
    asked = look_up(exercise)
    if draw(str(exercise)) and not records.read().get(exercise, {}).get("right"):
        records.record(exercise, hints=len(asked.rungs), when=round(time.time()))
    return Solution(asked.shown_solution(), asked.drawn_solution())

"""`practice()`: the next exercise for this learner."""

from __future__ import annotations

import html
import time
from difflib import get_close_matches

from helpers.derivation import D, latex, mathml
from helpers.diagnosis import monospaced
from helpers.exercises import records
from helpers.exercises.code_exercise import CodeExercise
from helpers.exercises.concept_exercise import ChoiceExercise, NumberExercise
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Exercise
from helpers.exercises.practice.families import FAMILIES, LEVELS, draw, name_of
from helpers.exercises.practice.pictures import PictureExercise
from helpers.exercises.practice.skills import History
from helpers.language import gettext, value_error


class PracticeTask(str):
    """The name of a drawn exercise, for `check`, `hint` and `solution`; shown, its question."""

    @property
    def exercise(self) -> Exercise:
        """What the name stands for."""
        drawn = draw(str(self))
        assert drawn is not None
        return drawn

    def __repr__(self) -> str:
        exercise = self.exercise
        lines = [f"{self!s}   ({_standing(self)})", gettext(exercise.prompt)]
        if isinstance(exercise, PictureExercise):
            lines.append(gettext("Heights by z: {table}", table=exercise.table))
        if isinstance(exercise, ChoiceExercise):
            options = exercise.order_for(records.learner())
            lines += [f"- {gettext(option.text)}" for option in options]
        answer = gettext("Answer: {answer}", answer=_how(exercise))
        return "\n".join([*lines, answer, *_other_ways(exercise)])

    def _repr_html_(self) -> str:
        exercise = self.exercise
        first, *lines = gettext(exercise.prompt).split("\n")
        shown = f"<p><strong>{html.escape(first)}</strong></p>"
        if lines:
            shown += monospaced(chr(10).join(lines))
        if isinstance(exercise, DerivationExercise):
            shown += f"<p>{_typeset(exercise)}</p>"
        if isinstance(exercise, PictureExercise):
            shown += exercise.drawn_question()
        if isinstance(exercise, ChoiceExercise):
            options = exercise.order_for(records.learner())
            items = (f"<li>{html.escape(gettext(option.text))}</li>" for option in options)
            shown += f"<ul>{''.join(items)}</ul>"
        ways = "".join(f"<p>{html.escape(way)}</p>" for way in _other_ways(exercise))
        by_hand = f"<p>{gettext('Answer with')}</p>{monospaced(_how(exercise))}{ways}"
        cell = html.escape(_cell(exercise)).replace("\n", "&#10;")
        on_the_pad = " data-pad" * isinstance(exercise, DerivationExercise)
        return (
            f'<div role="note" data-practice="{self}" data-cell="{cell}"'
            f"{on_the_pad}>{shown}<p>{html.escape(_standing(self))}</p>"
            f'<div class="practice-by-hand">{by_hand}</div></div>'
        )


def _standing(name: str) -> str:
    _, family, level, _ = name.split(".")
    return gettext(
        "{skill}: {title}, level {level} of {last}",
        skill=gettext(FAMILIES[family].skill),
        title=gettext(FAMILIES[family].title),
        level=level,
        last=LEVELS[-1],
    )


def _typeset(exercise: DerivationExercise) -> str:
    tree = exercise.tree(str(exercise.of[0]))
    return mathml(latex(D(tree), exercise.variable))


def _how(exercise: Exercise) -> str:
    name = exercise.name
    if isinstance(exercise, CodeExercise):
        return f'check("{name}", {exercise.called})'
    if isinstance(exercise, DerivationExercise):
        return f'check("{name}", """\n…\n""")'
    if isinstance(exercise, NumberExercise):
        return f'check("{name}", …)'
    return f'check("{name}", "…")'


def _cell(exercise: Exercise) -> str:
    """The cell in which it is answered, as the button *Answer* opens it."""
    name = exercise.name
    if isinstance(exercise, CodeExercise):
        return f'def {exercise.signature}:\n    return ...\n\n\ncheck("{name}", {exercise.called})'
    if isinstance(exercise, DerivationExercise):
        first = exercise.solution.strip().partition("\n")[0].partition("#")[0].rstrip()
        begun = f"{first}\n= " if first.startswith("D(") else ""  # else it is found, not given
        return f"%%check {name}\n{begun}…"
    return f'check("{name}", ...)'


def _other_ways(exercise: Exercise) -> list[str]:
    """What else may be done with it: written on the pad, asked about."""
    name, on_the_pad = exercise.name, isinstance(exercise, DerivationExercise)
    pad = [gettext('Or write it on the pad: pad("{name}")', name=name)] if on_the_pad else []
    return [*pad, gettext('Stuck? hint("{name}")', name=name)]


def practice(what: str = "", level: int | None = None, seed: int | None = None) -> PracticeTask:
    """Return the next exercise, drawn for what you can do and for the mistakes that you made.

    It stays the next one until it is right, you have looked at its solution or answer another.
    Ten minutes a day are enough.

    Parameters
    ----------
    what : a family ("chain") or a skill ("derive"); all of them if not said.
    level : from 1 to 5; what you have reached if not said.
    seed : its number, to draw one again; the next one if not said.

    Raises
    ------
    ValueError
        For a family or a level that there is not, with those that there are.

    Examples
    --------
    >>> practice("chain", level=1, seed=1)
    practice.chain.1.1   (derive: chain rule, level 1 of 5)
    Differentiate cosh(z/2 + 5) by z, a rule a line.
    Answer: check("practice.chain.1.1", \"\"\"
    …
    \"\"\")
    Or write it on the pad: pad("practice.chain.1.1")
    Stuck? hint("practice.chain.1.1")
    """
    families = tuple(f for f, known in FAMILIES.items() if not what or what in (f, known.skill))
    if not families:
        skills = dict.fromkeys(known.skill for known in FAMILIES.values())
        names = dict.fromkeys((*skills, *FAMILIES))
        near = get_close_matches(str(what), names, 1)
        question = gettext("Did you mean {near!r}? ", near=near[0]) if near else ""
        told = {"what": what, "question": question, "names": ", ".join(names)}
        raise value_error("what: {what!r} came. {question}There are {names}", **told)
    if level is not None and level not in LEVELS:
        raise value_error(
            "level: {level!r} came; it is a whole number from 1 to {last}",
            level=level,
            last=LEVELS[-1],
        )
    if seed is not None and not (isinstance(seed, int) and 0 <= seed < 10**9):
        raise value_error(
            "seed: {seed!r} came; it is a whole number from 0 to 999999999", seed=seed
        )
    history = History(records.read())
    if level is None and seed is None:
        return PracticeTask(history.next(time.time(), families if what else ()))
    family = families[0]
    level = history.level(family) if level is None else level
    return PracticeTask(
        name_of(family, level, history.seed(family, level) if seed is None else seed)
    )

"""Right derivations with one node changed, spelled at random, held against an oracle.

`python -m tests.derivation.fuzz 100000 --seed 7` judges as many and prints what was missed. The
oracle evaluates trees by mpmath with code of its own, so it tells a slip from a change that keeps
the line true.
"""

from __future__ import annotations

import argparse
import random
import time
from collections import Counter
from dataclasses import dataclass
from functools import cache

import mpmath

from helpers.derivation import D, Func, Neg, NotationError, Num, Op, Setting, Sym, Tree, split_lines
from helpers.exercises import EXERCISES, DerivationExercise
from tests.derivation.spelling import Style, mutations, spelled

# ------------------------------------------------------------------------------- the oracle

oracle = mpmath.mp.clone()
oracle.dps = 70
_FUNCTIONS = {
    **{name: getattr(oracle, name) for name in ("exp", "ln", "sqrt", "sinh", "cosh", "tanh")},
    **{name: getattr(oracle, name) for name in ("sech", "erf", "atan", "sin", "cos", "tan")},
    **{"abs": oracle.fabs, "Phi": oracle.ncdf, "phi": oracle.npdf},
    "sigmoid": lambda u: 1 / (1 + oracle.exp(-u)),
    "softplus": lambda u: oracle.ln(1 + oracle.exp(u)),
    "relu": lambda u: u if u > 0 else oracle.zero,
    "step": lambda u: oracle.mpf(u > 0),
    **{"max": max, "min": min},
}
_SIGNS = {
    "+": lambda a, b: a + b,
    "-": lambda a, b: a - b,
    "*": lambda a, b: a * b,
    "/": lambda a, b: a / b,
    "^": lambda a, b: a**b,
}


def value(tree: Tree, point: dict, setting: Setting):
    """Evaluate a tree to some 60 digits; slopes are difference quotients of high order."""

    def at(tree):
        match tree:
            case Num(text):
                return oracle.mpf(text)
            case Sym("e" | "pi" as name):
                return +getattr(oracle, name)
            case Sym(name) if name in setting.where:
                return at(setting.where[name])
            case Sym(name):
                return point[name]
            case Neg(arg):
                return -at(arg)
            case Op(name, left, right):
                return (_SIGNS.get(name) or _FUNCTIONS[name])(at(left), at(right))
            case Func(name, arg):
                return _FUNCTIONS[name](at(arg))
            case D(arg, by):
                letter = by or setting.variable

                def along(x):
                    return value(arg, {**point, letter: x}, setting)

                return oracle.diff(along, point[letter])
        raise TypeError(tree)

    return at(tree)


def differ(left: Tree, right: Tree, setting: Setting) -> bool:
    """Do two trees differ, to 50 digits, where lines are compared?"""
    for place in setting.points:
        point = {name: oracle.mpf(x.numerator) / x.denominator for name, x in place.items()}
        try:
            a, b = value(left, point, setting), value(right, point, setting)
        except (ZeroDivisionError, ValueError, OverflowError):
            return True
        if not (isinstance(a, oracle.mpf) and isinstance(b, oracle.mpf)):
            return True  # a complex value
        if abs(a - b) > oracle.mpf(10) ** -50 * max(1, abs(a), abs(b)):
            return True
    return False


# ---------------------------------------------------------------------- derivations, one slip each


def _lines(exercise: DerivationExercise) -> list[Tree]:
    try:
        return [exercise.setting.read(*step).tree for step in split_lines(exercise.solution)]
    except NotationError:
        return []


WORKED = [
    (exercise, lines)
    for exercise in EXERCISES.values()
    if isinstance(exercise, DerivationExercise) and (lines := _lines(exercise))
]


@cache
def _slips(name: str, line: int) -> tuple[tuple[Tree, bool], ...]:
    """The changes of one line, and whether the oracle calls each of them false."""
    exercise, lines = next(pair for pair in WORKED if pair[0].name == name)
    right = lines[line]
    return tuple((tree, differ(tree, right, exercise.setting)) for tree in mutations(right))


@dataclass(frozen=True)
class Case:
    """A derivation as somebody might write it, with the line where the oracle finds it false."""

    exercise: DerivationExercise
    text: str
    wrong: int | None
    changed: int | None

    @classmethod
    def drawn(cls, seed: int) -> Case:
        rng = random.Random(seed)
        exercise, lines = rng.choice(WORKED)
        trees, changed, false = list(lines), None, False
        if rng.random() < 0.7:
            changed = rng.randrange(len(trees))
            trees[changed], false = rng.choice(_slips(exercise.name, changed))
        setting = exercise.setting
        letters = {*setting.where, *setting.parameters, "e"}
        style = Style.drawn(rng, letters, setting.variable)
        text = "\n= ".join(spelled(tree, style) for tree in trees)
        line = None if changed is None else changed + 1
        return cls(exercise, text, line if false else None, line)

    def found(self) -> str:
        """Judge it: "" if that agrees with the oracle, otherwise what is amiss."""
        claims = self.exercise.claims(self.text)
        if unread := claims.first("unread"):
            return f"line {unread.number} is not read"
        wrong = claims.first("false")
        if (wrong and wrong.number) != self.wrong:
            return f"line {wrong and wrong.number} is called wrong, the oracle says {self.wrong}"
        return ""


def main(words: list[str] | None = None) -> None:
    """Judge many and print what was amiss, and the figures."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("count", type=int)
    parser.add_argument("--seed", type=int, default=0, help="the first of the seeds")
    asked = parser.parse_args(words)
    counted, start = Counter(), time.perf_counter()
    for seed in range(asked.seed, asked.seed + asked.count):
        case = Case.drawn(seed)
        kind = "unchanged" if case.changed is None else "false" if case.wrong else "still true"
        script = "LaTeX" if "\\" in case.text or "^{" in case.text else "text"
        try:
            amiss = case.found()
        except Exception as error:  # what must never come out
            amiss = f"crash: {error!r}"
        counted[kind, script] += 1
        if amiss:
            counted["amiss"] += 1
            print(f"--- seed {seed}, {case.exercise.name}: {amiss}\n{case.text}", flush=True)
        if (seed - asked.seed + 1) % 1000 == 0:
            print(f"{seed - asked.seed + 1} in {time.perf_counter() - start:.0f} s", flush=True)
    print(dict(counted), f"{time.perf_counter() - start:.0f} s")


if __name__ == "__main__":
    main()

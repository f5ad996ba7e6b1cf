"""Draw many exercises for practice and hold each against the course's own judge.

    python -m tests.exercises.practice_sweep 10000 --seed 1

Of each: its own solution is accepted, three careless answers are not, hints and verdict hold text.
Of a derivation with a broken line: the judge finds that line. A number is found again by another
way. What is printed: refusals, the time to draw one, duplicates and the length of the solutions.
With --write that becomes a part of benchmarks/RESULTS.md.
"""

import argparse
import time
from collections import Counter, defaultdict
from typing import NamedTuple

import numpy as np

from benchmarks.results import machine, record, table
from helpers.derivation import array_values, differentiate, parse, to_text
from helpers.diagnosis.broken_rules import ways_to_break
from helpers.exercises import (
    FAMILIES,
    ChoiceExercise,
    CodeExercise,
    DerivationExercise,
    NumberExercise,
)
from helpers.exercises.practice.families import LEVELS, draw, name_of
from helpers.exercises.practice.wrong_lines import draw_broken


def right_answer(exercise):
    """Return the answer that the exercise's own solution gives."""
    ((_, answer),) = exercise.own_answers().items()
    return answer


def careless(exercise):
    """Return three answers of somebody who does not work it out."""
    if isinstance(exercise, DerivationExercise):
        last = exercise.solution.rpartition("= ")[2].partition("#")[0].strip()
        of = parse(exercise.of[0])
        forgotten = differentiate(
            of, exercise.variable, instead={0: dict(_outermost(of, exercise.variable))["first"]}
        )
        return (f"D({exercise.of[0]})", last, f"D({exercise.of[0]})\n= {to_text(forgotten)}")
    if isinstance(exercise, CodeExercise):
        several = len(exercise.arguments) == 2
        functions = (lambda z: z, np.ones_like, lambda z: np.maximum(z, 0))
        return tuple((lambda z, p, f=f: f(z)) if several else f for f in functions)
    if isinstance(exercise, ChoiceExercise):
        return tuple(option.text for option in exercise.options if option.slug)
    if isinstance(exercise, NumberExercise):
        return (0, 1, -1)
    return ("0", "z", "tanh(z)")


def _outermost(of, variable):
    """The first broken rule for the outermost operation that changes the slope."""
    from helpers.derivation import rule_of_outermost

    right = differentiate(of, variable)
    for _, template in ways_to_break(rule_of_outermost(of, variable)):
        if _differ(differentiate(of, variable, instead={0: template}), right):
            yield "first", template
            return


def _differ(one, other):
    at = {name: np.array([0.31, 0.77, 1.3]) for name in ("z", "alpha", "beta", "c")}
    with np.errstate(all="ignore"):
        a, b = (np.broadcast_to(array_values(t, at), 3) for t in (one, other))
    return bool((np.isfinite(a) & np.isfinite(b) & (np.abs(a - b) > 1e-6)).any())


def faults_of(name):
    """Say what is wrong with a drawn exercise, its answers judged; nothing where all is well."""
    exercise = draw(name)
    verdict = exercise.judge(right_answer(exercise))
    if not verdict.correct:
        yield f"{name}: its own solution is refused. {verdict.message}"
    for answer in careless(exercise):
        if exercise.judge(answer).correct:
            yield f"{name}: careless {answer!r} is accepted"
    if len(exercise.rungs) != 5 or not exercise.shown_solution():
        yield f"{name}: hints or solution are missing"


def fault_of_broken(level, seed):
    """Say where the judge sees the first wrong line of a broken derivation elsewhere than it is."""
    broken = draw_broken(level, np.random.default_rng([level, seed]))
    asked = DerivationExercise(
        "asked",
        lesson=1,
        prompt="?",
        of=(broken.of,),
        forms=(to_text(differentiate(parse(broken.of))),),
        ends_with=("z",),
    )
    found = asked.judge("\n= ".join(broken.lines)).first_wrong_line
    if found != broken.number:
        return f"broken {level} {seed} of {broken.of}: line {broken.number} is wrong, found {found}"
    return ""


def names(count, seed):
    """Yield names of so many exercises, all families and levels in turn."""
    kinds = [(family, level) for family in FAMILIES for level in LEVELS]
    for n in range(count):
        family, level = kinds[n % len(kinds)]
        yield name_of(family, level, 1000 * seed + n // len(kinds) + 1)


class Sweep(NamedTuple):
    """What a sweep found.

    faults : sentences. broken : how many broken derivations were judged. ms : to draw each.
    prompts : (family, level) -> how often each question came; lines : of each solution there.
    """

    faults: list[str]
    broken: int
    ms: np.ndarray
    prompts: dict[tuple[str, str], Counter]
    lines: dict[tuple[str, str], list[int]]


def sweep(count, seed=1):
    """Draw so many exercises and judge each, and a tenth as many broken derivations."""
    times, prompts, lines = [], defaultdict(Counter), defaultdict(list)
    faults = []
    for name in names(count, seed):
        begin = time.perf_counter()
        exercise = draw(name)
        times.append(time.perf_counter() - begin)
        _, family, level, _ = name.split(".")
        prompts[family, level][exercise.whole_question] += 1
        lines[family, level].append(exercise.shown_solution().count("\n") + 1)
        faults += faults_of(name)
    broken = count // 10
    found = [fault_of_broken(n % 5 + 1, 1000 * seed + n) for n in range(broken)]
    faults += filter(None, found)
    return Sweep(faults, broken, 1000 * np.array(times), prompts, lines)


def main():
    """Run a sweep and print what it found."""
    options = argparse.ArgumentParser(description=__doc__.split("\n", maxsplit=1)[0])
    options.add_argument("count", type=int)
    options.add_argument("--seed", type=int, default=1)
    options.add_argument("--write", action="store_true")
    asked = options.parse_args()
    found = sweep(asked.count, asked.seed)
    print(*found.faults[:40], sep="\n")
    told = [
        f"{asked.count:,} exercises of {len(FAMILIES)} families at five levels, {found.broken:,} "
        f"derivations with a broken rule: {len(found.faults)} faults. A fault is a worked solution "
        "that is refused, a careless answer that is accepted (three to each exercise), hints or a "
        "solution that are missing, or a broken line that is found elsewhere.",
        "",
        f"- to draw one: median {np.median(found.ms):.1f} ms, 95 % below "
        f"{np.quantile(found.ms, 0.95):.1f} ms (goal 20 ms typical)",
        f"- different questions: {sum(map(len, found.prompts.values())):,} of {asked.count:,}",
        "",
        f"By level: different questions, of {asked.count // len(found.prompts)} or one more · "
        "lines of the worked solution on average.",
        "",
        *table(["", *(f"level {level}" for level in LEVELS)], rows_of(found)),
    ]
    print(*told, sep="\n")
    if asked.write:
        record("Practice", [*machine("numpy", "mpmath"), "", *told])


def rows_of(found):
    """Return a row of the table for each family."""
    for family, known in FAMILIES.items():
        keys = [(family, str(level)) for level in LEVELS]
        cells = (f"{len(found.prompts[k])} · {np.mean(found.lines[k]):.1f}" for k in keys)
        yield [f"{known.skill}: {known.title}", *cells]


if __name__ == "__main__":
    main()

"""Why is it wrong? Finds the story behind a wrong line or a wrong function, and says it.

Both kinds of answer become numbers at fixed places. Every expression that a known belief leads to
(`helpers.misconceptions`) becomes numbers at the same places; equal numbers, equal story. Messages
show evidence on the learner's own numbers, say where it differs, and ask; they never tell the
answer.
"""

from __future__ import annotations

import ast
import textwrap
from collections import Counter
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np

from helpers.derivation import (
    Comparison,
    D,
    Neg,
    Setting,
    Sym,
    Tree,
    substitute,
    to_text,
    walk,
)
from helpers.exercises.misconceptions import (
    ALGEBRA,
    STORIES,
    Branches,
    Slip,
    Task,
    believed,
    believed_twice,
    floats,
    misread_d,
    slips,
    told,
    without_d,
)
from helpers.exercises.running import Outcome, call
from helpers.exercises.verdict import number, place

__all__ = ["Beliefs", "Case", "Probe", "Trial", "is_algebra", "line_stories", "question"]
__all__ += ["trial_message"]

MAX_STORIES = 4
MAX_D = 4  # derivatives in a line that are tried with every rule broken
# Where a story was found: a broken rule explains more than a changed sign in a finished formula.
# A detour is a broken rule in a longer spelling of the function than the shortest one.
_ORIGINS = ("negative", "above", "branch", "whole", "rule", "detour", "form", "object")
_ORIGINS += ("pair", "other")
# Between stories that give the same numbers, the one that people tell more often goes first.
_USUAL = (
    *("max-needs-alpha-le-1", "leak-dropped", "branches-swapped", "branch-kept-z"),
    *("square-as-times-two", "square-on-argument", "missing-parentheses"),
    *("power-distributed-over-sum", "missing-square", "plus-minus-swapped", "sign-flipped"),
    *("missing-inner-derivative", "parameter-ignored", "constant-slope-one", "wrong-variable"),
    *("product-missing-term", "rule-applied-termwise", "function-derivative-mixup"),
    *("power-rule-on-exponential", "z-for-g", "activation-applied-twice"),
    *("integrated-instead", "formula-of-other-activation", "one-minus-inside"),
)


class Beliefs:
    """The numbers that each story leads to, for one task at fixed places."""

    def __init__(self, task: Task, at: Mapping[str, np.ndarray]):
        self.task, self.at = task, dict(at)
        self.size = max(np.size(x) for x in at.values())
        with np.errstate(all="ignore"):
            for name, meaning in self._definitions():
                self.at[name] = floats(meaning, self.at)

    def _definitions(self) -> list[tuple[str, Tree]]:
        """The letters in an order in which each needs only those before it."""
        left, ordered = dict(self.task.where), []
        while left:
            for name, tree in list(left.items()):
                if not {n.name for n in walk(tree) if hasattr(n, "name")} & {*left}:
                    ordered.append((name, left.pop(name)))
        return ordered

    def numbers(self, tree: Tree | Branches) -> np.ndarray:
        with np.errstate(all="ignore"):
            values = floats(tree, self.at)
        return np.broadcast_to(np.asarray(values, float), self.size)

    @cached_property
    def reference(self) -> np.ndarray:
        return self.numbers(self.task.forms[0])

    @cached_property
    def table(self) -> tuple[list[Slip], np.ndarray]:
        return self.tabulate(believed(self.task))

    @cached_property
    def table_of_two(self) -> tuple[list[Slip], np.ndarray, list[str]]:
        """Two slips at once; the second story of each row stands beside the table."""
        found = {slip.tree: (slip, second) for slip, second in believed_twice(self.task)}
        kept, rows = self.tabulate(slip for slip, _ in found.values())
        return kept, rows, [found[slip.tree][1] for slip in kept]

    def two_stories(self, values: np.ndarray, where: np.ndarray | None = None) -> tuple[str, ...]:
        """Two slips that give these numbers together, or nothing."""
        kept, rows, second = self.table_of_two
        fitting = self.fits(values, (kept, rows), where)
        pairs = [(s.slug, other) for s, other in zip(kept, second, strict=True) if s in fitting]
        return min(pairs, key=lambda pair: sum(map(_usual, pair)), default=())

    def tabulate(self, found: Iterable[Slip]) -> tuple[list[Slip], np.ndarray]:
        kept, rows = [], []
        for slip in found:
            if slip.slug in self.task.untold:
                continue
            try:
                row = self.numbers(slip.tree)
            except (KeyError, TypeError, RecursionError):
                continue
            if np.isfinite(row).sum() * 2 >= row.size:
                kept.append(slip)
                rows.append(row)
        return kept, np.array(rows).reshape(len(rows), self.size)

    def fits(self, values: np.ndarray, table, where: np.ndarray | None = None) -> list[Slip]:
        """The slips of a table that give exactly these numbers, and not the right ones."""
        kept, rows = table
        if where is None:
            where = np.ones(self.size, bool)
        right = _same(self.reference[where][None], values[where])
        if right.all() or not kept:
            return []
        found = [kept[i] for i in np.flatnonzero(_same(rows[:, where], values[where]))]
        if _same(-self.reference[where][None], values[where]).all():
            found.append(Slip("sign-flipped", self.task.forms[0], "negative"))
        return found


def _same(rows: np.ndarray, values: np.ndarray) -> np.ndarray:
    close = np.isclose(rows, values, rtol=1e-7, atol=1e-10, equal_nan=True)
    return close.all(axis=1)


def _usual(slug: str) -> int:
    return _USUAL.index(slug) if slug in _USUAL else len(_USUAL)


def _ranked(
    found: Iterable[Slip],
    likeness: Callable[[Slip], float] = lambda _: 0,
    first: Container[str] = (),
) -> tuple[str, ...]:
    """Name the stories, most likely first: where it was found, how alike, how usual.

    first : stories that go before all others.
    """

    def key(slip: Slip):
        origin = _ORIGINS.index(slip.origin)
        return slip.slug not in first, origin, -likeness(slip), _usual(slip.slug)

    ordered = sorted(found, key=key)
    if ordered and ordered[0].origin != "pair":
        ordered = [slip for slip in ordered if slip.origin != "pair"]
    return tuple(dict.fromkeys(slip.slug for slip in ordered))[:MAX_STORIES]


def question(
    diagnoses: Sequence[str], task: Task | None = None, asks: str = "", algebra: bool = False
) -> str:
    """Ask what leads on; where two stories give the same numbers, ask which one it was.

    task : chooses the wording that is true for it; asks : what to ask where no story fits;
    algebra : nothing is differentiated, and only stories of algebra are told.
    """
    if algebra:
        diagnoses = [slug for slug in diagnoses if slug in ALGEBRA]
    if not diagnoses:
        return asks or "Work it out by hand there, step by step: where do the two part?"
    first, *others = (told(slug, task, algebra) for slug in diagnoses)
    if not others:
        return f"Exactly this comes out when {first.belief}. {first.question}"
    second = others[0]
    return (
        f"Exactly this comes out when {first.belief}, and also when {second.belief}. "
        f"Which of the two is yours? {first.question} Or: {second.question}"
    )


# ------------------------------------------------------------------------------ a line of algebra


def line_stories(
    line: Tree, above: Tree | None, setting: Setting, beliefs: Beliefs
) -> tuple[str, ...]:
    """Name the stories that lead to `line`, from the line above it or from the question."""
    values = np.array([np.nan if v is None else float(v) for v in setting.values(line)])
    own = _parts(without_d(line, setting.variable, setting.where))
    found = [
        slip._replace(origin="rule") if slip.origin == "detour" else slip
        for slip in beliefs.fits(values, beliefs.table)
    ]
    algebra = is_algebra(line, above)
    if above is not None:
        near = beliefs.fits(values, beliefs.tabulate(_next_lines(above, beliefs.task)))
        found = [*(slip._replace(origin="above") for slip in near), *found]

    def likeness(slip: Slip) -> float:
        theirs = _parts(slip.tree)
        return round((own & theirs).total() / max(1, (own | theirs).total()), 1)

    stories = _ranked(found, likeness, ALGEBRA if algebra else ())
    if algebra and {*stories} & {*ALGEBRA}:
        return stories
    if _by_another_letter(line, setting, beliefs):
        stories = tuple(dict.fromkeys(("wrong-variable", *stories)))
    steps = beliefs.numbers(without_d(D(line), setting.variable, setting.where))
    if _same(beliefs.numbers(beliefs.task.of[0])[None], steps).all():
        stories = tuple(dict.fromkeys(("integrated-instead", *stories)))
    if not stories and _proportional(values, beliefs.reference):
        stories = ("parameter-ignored",)
    return (stories or beliefs.two_stories(values))[:MAX_STORIES]


def is_algebra(line: Tree, above: Tree | None) -> bool:
    """Is nothing differentiated any more between the line above and this one?"""
    return above is not None and not any(isinstance(n, D) for t in (line, above) for n in walk(t))


def _by_another_letter(line: Tree, setting: Setting, beliefs: Beliefs) -> bool:
    """Does the line hold when its D, and that of the question, is meant for another letter?"""
    if not any(isinstance(node, D) for node in walk(line)):
        return False

    def slope(tree: Tree, letter: str) -> np.ndarray:
        return beliefs.numbers(without_d(tree, letter, setting.where))

    of = D(beliefs.task.of[0])
    letters = (name for name in setting.points[0] if name != setting.variable)
    return any(_same(slope(of, name)[None], slope(line, name)).all() for name in letters)


def _next_lines(above: Tree, task: Task) -> Iterator[Slip]:
    """What may follow from the line above when one thing goes wrong."""
    mirrored = substitute(above, {task.variable: Neg(Sym(task.variable))})
    yield Slip("sign-flipped", without_d(mirrored, task.variable, task.where))
    yield from slips(without_d(above, task.variable, task.where), task)
    if sum(isinstance(node, D) for node in walk(above)) <= MAX_D:
        yield from misread_d(above, task)


def _proportional(values: np.ndarray, right: np.ndarray) -> bool:
    """Is it the right answer times one number?"""
    if np.any(values[right == 0]):
        return False
    with np.errstate(all="ignore"):
        ratio = (values / right)[right != 0]
    same = np.isfinite(ratio).all() and np.allclose(ratio, ratio[:1], rtol=1e-7)
    return bool(same and ratio.size > 2 and 1e-3 < abs(ratio[0]) < 1e3)


def _parts(tree: Tree) -> Counter:
    return Counter(map(to_text, walk(tree)))


def line_evidence(comparison: Comparison, line: int, above: int | None) -> str:
    """Show one place where a line and the one above part."""
    other = f"line {above}" if above else "the slope asked for"
    mine, theirs = comparison.shown()
    if len(mine) < 12 and len(theirs) < 12:
        mine, theirs = number(comparison.left), number(comparison.right)
        if mine == theirs:
            mine, theirs = comparison.shown()
    return f"Line {line}: at {place(comparison.point)} it is {mine}, but {other} is {theirs}."


# ------------------------------------------------------------------------------------- a function


@dataclass(frozen=True)
class Case:
    """One call: what kind of input, the arguments, the values expected."""

    kind: str  # "plain", "2-D", "integers", "read-only" or "far"
    arguments: tuple
    expected: np.ndarray

    def fresh(self) -> tuple:
        """Copies of the arguments, so that a function that writes spoils only its own."""
        copies = tuple(a.copy() if isinstance(a, np.ndarray) else a for a in self.arguments)
        if self.kind == "read-only":
            for a in copies:
                if isinstance(a, np.ndarray):
                    a.flags.writeable = False
        return copies


@dataclass(frozen=True)
class Trial:
    """What a function did with one case: `flaw` names a broken contract, else `ok` per entry."""

    case: Case
    outcome: Outcome
    flaw: str = ""
    slug: str = ""
    values: np.ndarray | None = None
    ok: np.ndarray | None = None

    @property
    def right(self) -> bool:
        return not self.flaw and self.ok is not None and bool(self.ok.all())


Probe = Callable[..., Outcome]  # probe(arguments, seconds): calls a function, wherever it runs


def run(probe: Probe, case: Case, rtol: float, atol: float, seconds: float = 1.0) -> Trial:
    """Call a function with one case and judge what comes back."""
    arguments = case.fresh()
    outcome = probe(arguments, seconds)
    if outcome.error is not None:
        return Trial(case, outcome, *_about_error(outcome, seconds))
    changed = outcome.changed or any(
        isinstance(before, np.ndarray) and not _untouched(before, after)
        for before, after in zip(case.arguments, arguments, strict=True)
    )
    values, flaw = _delivered(outcome, case.expected)
    if values is not None:
        if values.dtype == np.float32 and atol:
            rtol, atol = max(rtol, 1e-5), max(atol, 1e-7)
        atol = max(atol, np.finfo(float).tiny)  # below it, numbers have no digits left to compare
        with np.errstate(all="ignore"):
            ok = np.isclose(values.astype(float), case.expected, rtol=rtol, atol=atol)
    else:
        ok = None
    if changed:
        flaw = "your function changed its input: the caller's array is different after the call"
    return Trial(case, outcome, flaw, "array-contract" if flaw else "", values, ok)


def _untouched(before: np.ndarray, after: np.ndarray) -> bool:
    same = type(after) is np.ndarray and after.shape == before.shape and after.dtype == before.dtype
    return same and np.array_equal(before, after, equal_nan=True)


def _delivered(outcome: Outcome, expected: np.ndarray) -> tuple[np.ndarray | None, str]:
    """The returned numbers as a plain array, or what is wrong with the delivery."""
    value = outcome.value
    if value is None:
        if outcome.printed.strip():
            return None, "it prints, but hands nothing back: the caller receives None"
        return None, "the function ends without handing anything back: the caller receives None"
    if isinstance(value, np.ndarray):
        array = np.asarray(value).view(np.ndarray)
    elif type(value) in (int, float, bool) or isinstance(value, np.generic):
        array = np.asarray(value)
    else:
        kind = type(value).__name__
        return None, f"an object of type {kind} came back, an array of numbers was asked for"
    if array.dtype.kind == "b":
        return (
            None,
            "True and False came back: they look like 1 and 0 but are no numbers to go on with",
        )
    if array.dtype.kind not in "iuf":
        return None, f"the result has dtype {array.dtype}: real numbers were asked for"
    if array.shape != expected.shape:
        return None, (
            f"{_shape(array.shape)} came back where {_shape(expected.shape)} was asked for"
        )
    return np.array(array), ""


def _shape(shape: tuple[int, ...]) -> str:
    return f"an array of shape {shape}" if shape else "a single number"


def _about_error(outcome: Outcome, seconds: float) -> tuple[str, str]:
    """What an exception says, and the story behind it if there is one."""
    error = outcome.error
    if outcome.timed_out:
        limit = "a second" if seconds <= 1 else f"{seconds:g} seconds"
        return f"it did not finish within {limit}, as a loop does that never ends", ""
    kind = type(error).__name__
    try:
        words = str(error)
    except BaseException:
        words = ""
    said = textwrap.shorten(words, 90, placeholder=" …").rstrip(".")
    flaw = f"it stopped with {kind}" + (f": {said}" if said else "")
    if "bitwise_xor" in words or "unsupported operand type(s) for ^" in words:
        return flaw, "caret-for-power"
    scalar = ("truth value of an array", "can be converted to Python scalar", "must be real number")
    if any(sign in words for sign in scalar):
        return flaw, "python-not-numpy"
    if "read-only" in words:
        return "it writes into the array that the caller passed in", "array-contract"
    if isinstance(error, TypeError) and "not callable" in words:
        return flaw, "call-for-times"
    if isinstance(error, RecursionError):
        return "it calls itself without end", ""
    return flaw, ""


def trial_message(
    trials: Sequence[Trial],
    names: Sequence[str],
    beliefs: Beliefs | None,
    noun: str,
    *,
    kink: tuple[np.ndarray, np.ndarray] | None = None,
    others: Sequence[tuple] = (),
    probe: Probe | None = None,
    source: str = "",
    prompt: str = "",
    asks: str = "",
) -> tuple[tuple[str, ...], str]:
    """Explain a function that failed some trial: stories and message.

    names : the arguments; noun : what the numbers are ("slope"); kink : lowest and highest
    valid slope at 0; others : stories told as functions of the same arguments, each perhaps with
    words of its own; probe : calls the function again; source : as it was written; prompt : the
    exercise's; asks : what to ask where no story fits.
    """
    first = next(t for t in trials if not t.right)
    if first.flaw and (first.values is None or first.ok.all()):
        return _contract_message(first, trials, names)
    numeric = [t for t in trials if t.values is not None]
    plain = [t for t in numeric if t.case.kind == "plain"]
    stories: tuple[str, ...] = (first.slug,) if first.flaw else ()
    where = ""
    if first.case.kind == "far" and all(t.ok.all() for t in plain):
        return _far_message(first, names, noun, others)
    if all(t.ok.all() for t in plain):
        stories, where = _only_there(first, stories)
    elif kink and (only := _only_at_kink(plain, names, kink, prompt)):
        return ("kink-at-zero",), only
    else:
        if probe is not None and beliefs is not None and _is_integral(probe, plain, beliefs):
            stories += ("integrated-instead",)
        stories += _value_stories(plain, names, beliefs, others, kink)
        stories = tuple(dict.fromkeys(stories))
        asks_slope = beliefs is not None and not beliefs.task.asks_value
        if not stories and asks_slope and _is_quotient(source):
            stories = ("finite-difference",)
        where = _where_right(plain, names)
    evidence = _value_evidence(first, names, noun)
    task = beliefs and beliefs.task
    asked = question(("integer-result",) if "integer-result" in stories else stories, task, asks)
    own = (
        words
        for slug, other, *words in others
        if words and slug == (*stories, "")[0] and all(_agrees(other, t) for t in plain)
    )
    asked = next(own, [asked])[0]
    return stories[:MAX_STORIES], " ".join(filter(None, (evidence, where, asked)))


def _contract_message(trial: Trial, trials: Sequence[Trial], names) -> tuple[tuple[str, ...], str]:
    stories = (trial.slug,) if trial.slug else ()
    kind = {"plain": "", "far": " far from 0"}.get(
        trial.case.kind, f" on {_KINDS.get(trial.case.kind)}"
    )
    plain = [t for t in trials if t.case.kind == "plain"]
    right = all(t.values is not None and t.ok.all() for t in plain)
    fine = " The numbers themselves are right." if right else ""
    ask = STORIES[trial.slug].question if trial.slug else _without_story(trial.flaw)
    return stories, f"Called{kind} with {_call(trial.case, names)}, {trial.flaw}.{fine} {ask}"


def _without_story(flaw: str) -> str:
    """Ask on, without a story; what may not end, or ends the kernel, is not to be called again."""
    if "did not finish" in flaw or "without end" in flaw:
        return "Which line brings it nearer to its end?"
    if "SystemExit" in flaw or "KeyboardInterrupt" in flaw:
        return "Which line stops the whole program, where only a result is wanted?"
    if "ellipsis" in flaw or "NoneType" in flaw:
        return "Does a function that it uses still hand back nothing, or only three dots?"
    if "NameError" in flaw:
        return "Where does that name come from: an argument, the set-up cell, a line of yours?"
    if "ZeroDivisionError" in flaw:
        return "Which of your denominators is 0 there? Put the numbers in by hand, sign by sign."
    return "Call it yourself on a small array: what happens?"


_KINDS = {"2-D": "a 2-D array", "integers": "whole numbers", "read-only": "a read-only array"}


def _call(case: Case, names: Sequence[str]) -> str:
    def shown(a) -> str:
        if not isinstance(a, np.ndarray):
            return number(a)
        if a.ndim > 1:
            return f"an array of shape {a.shape}"
        dots = ", …" if a.size > 3 else ""
        return f"[{', '.join(map(number, a.ravel()[:3]))}{dots}]"

    return ", ".join(f"{n} = {shown(a)}" for n, a in zip(names, case.arguments, strict=False))


def _only_there(first: Trial, stories: tuple[str, ...]) -> tuple[tuple[str, ...], str]:
    """Right on ordinary numbers, wrong on this kind of input alone."""
    kind = first.case.kind
    if kind == "integers":
        return (
            *stories,
            "array-contract",
            "integer-result",
        ), "With decimals in the input it is right."
    return (*stories, "array-contract"), f"It is right on a plain array, not on {_KINDS[kind]}."


def _far_message(trial: Trial, names, noun: str, others) -> tuple[tuple[str, ...], str]:
    """Right near 0, wrong far out; a subtraction is told of where one gives the same numbers."""
    bad, right = trial.values[~trial.ok], trial.case.expected[~trial.ok]
    slugs = [slug for slug, other, *_ in others if _agrees(other, trial, atol=0.0)]
    if not np.isfinite(bad).all():
        slugs = ["overflow-unstable"]
    asked = question(slugs[:1], asks=_WHICH_STEP)
    if not slugs and np.all(np.abs(bad - right) < 4 * np.finfo(float).eps):
        slugs = ["cancellation"]  # rounded beside 1: lost in a sum, perhaps, not in a difference
    evidence = _value_evidence(trial, names, noun)
    return tuple(slugs[:1]), f"{evidence} Near 0 all is right; it goes wrong far out. {asked}"


_WHICH_STEP = (
    "Put this number in and look at what each operation of yours returns: which of them is the "
    "first to lose digits?"
)


def _only_at_kink(plain: Sequence[Trial], names, kink, prompt: str) -> str:
    """A message when every difference is at z = 0."""
    z = names.index("z") if "z" in names else 0
    given, valid = [], True
    for t, (low, high) in zip(plain, kink, strict=True):
        at_zero = t.case.arguments[z] == 0
        if not t.ok[~at_zero].all():
            return ""
        for x in t.values[at_zero & ~t.ok]:
            given.append(x)
            valid &= bool(low <= x <= high)
    low, high = kink[0]
    asked = f"The exercise: “{prompt}”" if prompt else "What does the exercise ask for there?"
    if valid:
        return (
            f"Everywhere else it is right. At z = 0 your function returns {number(given[0])}. "
            f"There the curve has a kink, and every number from {number(low)} to {number(high)} is "
            "a valid subgradient, so this is another convention, not a mistake in the calculus. "
            f"{asked} Which of your comparisons decides about 0?"
        )
    return (
        f"Everywhere else it is right. At z = 0 your function returns {number(given[0])}; the "
        f"valid subgradients there lie between {number(low)} and {number(high)}. {asked} "
        "Which line of yours decides about 0?"
    )


def _joined(plain: Sequence[Trial]) -> np.ndarray:
    return np.concatenate([np.atleast_1d(t.values).astype(float).ravel() for t in plain])


def _value_stories(plain, names, beliefs, others, kink) -> tuple[str, ...]:
    found: list[str] = []
    where = None
    if beliefs is not None:
        values = _joined(plain)
        if values.size != beliefs.size:
            return ()
        where = np.ones(beliefs.size, bool)
        if kink is not None or isinstance(beliefs.task.forms[0], Branches):
            where = beliefs.at["z"] != 0
        found += _ranked(beliefs.fits(values, beliefs.table, where))
        if not found and _difference_quotient(values, beliefs):
            found.append("finite-difference")
    for slug, other, *_ in others:
        if slug not in found and all(_agrees(other, t) for t in plain):
            found.append(slug)
    if found:
        return tuple(found)
    if all(_proportional(np.ravel(t.values), np.ravel(t.case.expected)) for t in plain):
        return ("parameter-ignored",)
    return beliefs.two_stories(values, where) if beliefs is not None else ()


def _agrees(other: Callable, trial: Trial, atol: float = 1e-12) -> bool:
    outcome = call(other, trial.case.fresh())
    values, _ = _delivered(outcome, trial.case.expected)
    return values is not None and np.allclose(values, trial.values, rtol=1e-7, atol=atol)


def _is_integral(probe: Probe, plain: Sequence[Trial], beliefs: Beliefs) -> bool:
    """Is the slope of what the function returns the function that was to be differentiated?"""
    task, h, slopes = beliefs.task, 1e-4, []
    if task.asks_value or not task.of or task.variable not in beliefs.at:
        return False
    for trial in plain:
        ends = []
        for step in (h, -h):
            first, *rest = trial.case.fresh()
            if not isinstance(first, np.ndarray):
                return False
            values, _ = _delivered(probe((first + step, *rest), 1.0), trial.case.expected)
            if values is None:
                return False
            ends.append(values.astype(float))
        with np.errstate(all="ignore"):
            slopes.append((ends[0] - ends[1]) / (2 * h))
    f = beliefs.numbers(task.of[0])
    return bool(np.allclose(np.concatenate(slopes), f, rtol=1e-4, atol=1e-4))


def _difference_quotient(values: np.ndarray, beliefs: Beliefs) -> bool:
    """Is it (f(z + h) - f(z))/h, or a relative of it, for a usual step h?"""
    of = beliefs.task.of[0] if beliefs.task.of else None
    if of is None or beliefs.task.asks_value:
        return False

    def f(step: float) -> np.ndarray:
        moved = beliefs.at | {beliefs.task.variable: beliefs.at[beliefs.task.variable] + step}
        return Beliefs(
            beliefs.task, {n: moved[n] for n in moved if n not in beliefs.task.where}
        ).numbers(of)

    for h in (s * m * 10.0**-k for k in range(7) for m in (1, 2, 5) for s in (1, -1)):
        forward, here, back = f(h), f(0.0), f(-h)
        for quotient in ((forward - here) / h, (forward - back) / (2 * h), (forward - back) / h):
            if np.allclose(values, quotient, rtol=1e-8, atol=1e-9):
                return True
    # With a tiny step only rounding is left: all results are whole multiples of 2^-62/h.
    for h in (m * 10.0**-k for k in range(10, 17) for m in (1, 2, 5)):
        units = values * h * 2.0**62
        if np.any(units) and np.all(np.abs(units - np.round(units)) < 1e-5):
            return True
    return False


def _is_quotient(source: str) -> bool:
    """Read the source: does it divide the difference of two values of one function?"""
    try:
        tree = ast.parse(source)
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return False
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and node.attr in ("gradient", "diff"):
            return True
        if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Div):
            top = node.left
            if isinstance(top, ast.BinOp) and isinstance(top.op, ast.Sub):
                a, b = top.left, top.right
                if isinstance(a, ast.Call) and isinstance(b, ast.Call):
                    return ast.dump(a.func) == ast.dump(b.func)
    return False


def _value_evidence(trial: Trial, names: Sequence[str], noun: str) -> str:
    """One place where it differs, with both numbers."""
    values, expected = np.atleast_1d(trial.values), np.atleast_1d(trial.case.expected)
    bad = np.flatnonzero(~np.atleast_1d(trial.ok).ravel())
    near = [i for i in bad if _size(trial.case, i) <= 3] or list(bad)
    with np.errstate(all="ignore"):
        gaps = np.abs(values.ravel()[near].astype(float) - expected.ravel()[near])
    gaps = np.nan_to_num(gaps, nan=np.inf)
    i = near[int(np.argmax(gaps >= gaps.max() / 10))]  # the first place where it is easy to see
    mine, theirs = values.ravel()[i], expected.ravel()[i]
    mine, theirs = _told_apart(float(mine), float(theirs))
    where = _entry(trial.case, names, i)
    return f"At {where} your function returns {mine}; the {noun} there is {theirs}."


def _told_apart(x: float, y: float) -> tuple[str, str]:
    for digits in (4, 8, 17):
        a, b = f"{x + 0.0:.{digits}g}", f"{y + 0.0:.{digits}g}"
        if a != b:
            break
    return a, b


def _size(case: Case, i: int) -> float:
    return max((abs(float(a.ravel()[i])) for a in _arrays(case)), default=0.0)


def _arrays(case: Case) -> list[np.ndarray]:
    arrays = [a for a in case.arguments if isinstance(a, np.ndarray)]
    return [a for a in arrays if a.size == case.expected.size]


def _entry(case: Case, names: Sequence[str], i: int) -> str:
    shown = []
    for name, a in zip(names, case.arguments, strict=False):
        if not isinstance(a, np.ndarray):
            shown.append(f"{name} = {number(a)}")
        elif a.size == case.expected.size:
            shown.append(f"{name} = {number(a.ravel()[i])}")
        else:
            shown.append(f"{name} of shape {a.shape}")
    return ", ".join(shown)


def _where_right(plain: Sequence[Trial], names: Sequence[str]) -> str:
    """Say on which side of 0, or for which parameter, the answer is right."""
    z = [np.ravel(t.case.arguments[0]) for t in plain]
    if any(
        not isinstance(t.case.arguments[0], np.ndarray) or np.size(t.ok) != x.size
        for t, x in zip(plain, z, strict=True)
    ):
        return ""
    places, ok = np.concatenate(z), np.concatenate([np.ravel(t.ok) for t in plain])
    name = names[0]
    if places.min() < 0:
        if ok[places > 0].all():
            return f"It is right for {name} > 0 and differs for {name} < 0."
        if ok[places < 0].all():
            return f"It is right for {name} < 0 and differs for {name} > 0."
    whole = [t.ok.all() for t in plain]
    if any(whole) and len(names) > 1:
        fine = ", ".join(
            number(t.case.arguments[1]) for t, w in zip(plain, whole, strict=True) if w
        )
        rest = (number(t.case.arguments[1]) for t, w in zip(plain, whole, strict=True) if not w)
        return f"It is right for {names[1]} = {fine}, and not for {', '.join(rest)}."
    if ok.mean() > 0 and set(places[ok]) == {0.0}:
        return f"It agrees at {name} = 0 alone."
    return ""

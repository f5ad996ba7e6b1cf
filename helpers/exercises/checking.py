"""Judge an answer to an exercise: a function, a derivation, a number or a choice.

An `Exercise` is one declaration; the inputs that a function is tried on, the references, the
verdict and its message are all made from it. `judge` never raises for anything an answer does.
"""

from __future__ import annotations

import ast
import difflib
import inspect
import itertools
import math
import re
import textwrap
import time
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property, partial

import numpy as np

from helpers.derivation import (
    Comparison,
    D,
    Func,
    Line,
    Neg,
    NotationError,
    Num,
    Op,
    Setting,
    Sym,
    Tree,
    differentiate,
    evaluate,
    names,
    parse,
    replace_children,
    rules_used,
    split_lines,
    substitute,
    to_text,
    walk,
)
from helpers.derivation import children as subtrees
from helpers.derivation.steps import MAX_LINES
from helpers.exercises.diagnosis import (
    Beliefs,
    Case,
    Probe,
    is_algebra,
    line_evidence,
    line_stories,
    question,
    run,
    trial_message,
)
from helpers.exercises.misconceptions import Branches, Task, written_out
from helpers.exercises.running import call, is_stub, other_signature
from helpers.exercises.verdict import Verdict

__all__ = ["WIDE", "Believed", "Exercise", "Option", "credit", "judge", "judge_calls"]

PLACES = (1.0, -1.0, 0.0, 2.0, -2.0, 0.5, -0.5, 3.0, -3.0, 0.25, -1.5, 4.5, -4.5, 6.0, -6.0)
WIDE = (*PLACES, 12.5, -12.5, 1e3, -1e3)  # for straight lines: no exponential overflows there
Expression = str | Branches


@dataclass(frozen=True)
class Option:
    """One option of a choice; a wrong one names its story and asks a question."""

    text: str
    slug: str = ""
    question: str = ""


@dataclass(frozen=True)
class Believed:
    """A number somebody may answer, the story behind it, and a question."""

    value: str
    slug: str
    question: str


@dataclass(frozen=True)
class Exercise:
    """All there is to say about one exercise; everything else is made from it.

    Every exercise
        name, lesson, kind ("code", "derivation", "number", "choice", "report"), prompt, points,
        hints (where, which rule, a question with a counterexample, a neighbouring example,
        the line), solution (a derivation or a sentence), code (the solution as code).
    Code and derivations
        of : the function g, in one or more spellings, in the notation of derivations or as
            `Branches(left, right)`; its derivative is asked for, or itself (`asks_value`).
        forms : right answers in one or more spellings, the first one is the reference.
        variable, where : as in `derive`. swaps : story -> what a letter is mistaken for.
        asks : code: what to ask where no story fits; derivations: what is still asked before the
        goal.
    Code
        signature : `name(z, beta)`; letters : how the notation calls the arguments.
        places : array argument -> numbers tried; parameters : scalar argument -> numbers tried.
        far : places where only a stable program is right; kink : lowest and highest slope at 0.
        reference, inputs : a function and argument tuples, for what the notation cannot say.
        others : (story, function) pairs for such an exercise, some with a question of their own.
        rtol, atol : the tolerance.
        without : names that the prompt rules out; an answer that uses them is right by value.
    Derivations
        goals : forms in which it may end, any order of factors; on : where lines are compared,
        as in `derive`; given : a faded text whose blanks are written … or ___.
        believed : lines with a story of their own, as typed (misprints too) or of equal value.
    Reports
        examine : a function of the report that returns the verdict.
    Numbers and choices
        answer : the right number or option; believed : numbers with a story; options.
    """

    name: str
    lesson: int
    kind: str
    prompt: str
    signature: str = ""
    points: int = 1
    of: tuple[Expression, ...] = ()
    forms: tuple[Expression, ...] = ()
    variable: str = "z"
    where: Mapping[str, str] = field(default_factory=dict)
    swaps: tuple[tuple[str, Mapping[str, str]], ...] = ()
    asks_value: bool = False
    letters: tuple[str, ...] = ()
    places: Mapping[str, tuple[float, ...]] = field(default_factory=lambda: {"z": PLACES})
    parameters: Mapping[str, tuple[float, ...]] = field(default_factory=dict)
    far: tuple[float, ...] = ()
    kink: tuple[str, str] | None = None
    reference: Callable | None = None
    inputs: tuple[tuple, ...] = ()
    others: tuple[tuple, ...] = ()
    without: tuple[str, ...] = ()
    rtol: float = 1e-6
    atol: float = 1e-12
    goals: tuple[str, ...] = ()
    on: str = ""
    asks: str = ""
    given: str = ""
    examine: Callable[[object], Verdict] | None = None
    answer: str = ""
    believed: tuple[Believed, ...] = ()
    options: tuple[Option, ...] = ()
    hints: tuple[str, ...] = ()
    solution: str = ""
    code: str = ""

    # ------------------------------------------------------------ what follows from the declaration

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The argument names of the signature."""
        inside = self.signature.partition("(")[2].rstrip(") ")
        return tuple(name.strip() for name in inside.split(",")) if inside else ()

    @cached_property
    def task(self) -> Task:
        """The declaration as trees."""
        where = {name: self._read(text) for name, text in self.where.items()}
        return Task(
            of=tuple(map(self._read, self.of)),
            forms=tuple(map(self._read, self.forms)),
            variable=self.variable,
            where=where,
            parameters=tuple(self._parameters(where)),
            swaps=tuple((s, {k: self._read(v) for k, v in m.items()}) for s, m in self.swaps),
            asks_value=self.asks_value,
        )

    def _read(self, text: Expression) -> Tree | Branches:
        if isinstance(text, Branches):
            return Branches(self._read(text.left), self._read(text.right))
        return parse(text, variable=self.variable, where=self.where)

    def _parameters(self, where: Mapping[str, Tree]) -> Iterator[str]:
        trees = [*map(self._read, (*self.of, *self.forms)), *where.values()]
        flat = [t for x in trees for t in ((x.left, x.right) if isinstance(x, Branches) else (x,))]
        yield from sorted(set().union(*map(names, flat)) - {"z", self.variable, *where})

    @cached_property
    def cases(self) -> tuple[Case, ...]:
        """What a function is tried on, plain inputs first."""
        if self.reference is not None:
            far = [("far", (self.far,))] if self.far else []
            tried = [*(("plain", inputs) for inputs in self.inputs), *far]
            return tuple(self._case(kind, _arrays(inputs)) for kind, inputs in tried)
        return tuple(self._grid())

    def _grid(self) -> Iterator[Case]:
        rows = {name: np.array(self.places[name]) for name in self.arguments if name in self.places}
        scalars = [self.parameters[name] for name in self.arguments if name in self.parameters]
        lists = [*rows.values()]
        for values in itertools.product(*scalars):
            yield self._case("plain", (*lists, *values))
        first = tuple(values[0] for values in scalars)
        even = [row[: len(row) // 2 * 2] for row in lists]
        yield self._case("2-D", (*(row.reshape(2, -1) for row in even), *first))
        yield self._case("read-only", (*lists, *first))
        whole = [np.unique(row[row == np.round(row)]).astype(int) for row in lists]
        if min(row.size for row in whole) > 2:
            whole = [row[: min(r.size for r in whole)] for row in whole]
            yield self._case("integers", (*whole, *first))
        if self.far:
            yield self._case("far", (np.array(self.far), *first))

    def _case(self, kind: str, arguments: tuple) -> Case:
        with np.errstate(all="ignore"):
            if self.reference is not None:
                expected = np.asarray(self.reference(*arguments), float)
            else:
                at = dict(zip(self.letters or self.arguments, arguments, strict=True))
                size = np.broadcast(*arguments).shape
                flat = {n: np.broadcast_to(a, size).ravel() for n, a in at.items()}
                expected = Beliefs(self.task, flat).reference.reshape(size)
        return Case(kind, arguments, np.array(expected))

    @cached_property
    def beliefs(self) -> Beliefs | None:
        """The stories in numbers, at the plain inputs or at the places of a derivation."""
        if not self.forms:
            return None
        if self.kind == "derivation":
            at = {
                n: np.array([float(p[n]) for p in self.setting.points])
                for n in self.setting.points[0]
            }
            return Beliefs(self.task, at)
        plain = [case.arguments for case in self.cases if case.kind == "plain"]
        columns = zip(*(np.broadcast_arrays(*arguments) for arguments in plain), strict=True)
        letters = self.letters or self.arguments
        return Beliefs(
            self.task, {n: np.concatenate(c) for n, c in zip(letters, columns, strict=True)}
        )

    @cached_property
    def kinks(self) -> tuple[np.ndarray, np.ndarray] | None:
        """For each plain case the lowest and highest valid slope at 0."""
        if self.kink is None:
            return None
        ends = []
        for case in (case for case in self.cases if case.kind == "plain"):
            point = dict(zip(self.letters or self.arguments, case.arguments, strict=True)) | {
                "z": 0
            }
            ends.append(sorted(float(evaluate(self._read(text), point)) for text in self.kink))
        return tuple(ends)

    @cached_property
    def _compared(self) -> dict[Tree, Comparison]:
        return {}

    def compare(self, tree: Tree) -> Comparison:
        """Compare a line with the derivative; lines come back with every new attempt."""
        if tree not in self._compared:
            if len(self._compared) > 1000:
                self._compared.clear()
            target = differentiate(self.task.of[0], self.variable, where=self.task.where)
            self._compared[tree] = self.setting.compare(tree, target)
        return self._compared[tree]

    @cached_property
    def setting(self) -> Setting:
        """Where the lines of a derivation are compared."""
        question, on = f"D({self.of[0]})", self.on or None
        return Setting.of(question, variable=self.variable, where=self.where, on=on)

    @cached_property
    def one_line(self) -> bool:
        """Does its own solution take several rules at once?"""
        steps = split_lines(self.solution)
        return bool(_leap(self, [self.setting.read(*step) for step in steps]))


def _arrays(inputs: tuple) -> tuple:
    return tuple(np.array(x, float) if isinstance(x, list | tuple) else x for x in inputs)


NOT_ATTEMPTED = Verdict(False, message="Nothing to check yet.", status="not attempted")


_COMMENT = re.compile(r"(?m)^[ \t]*#.*$")


def _is_placeholder(answer: object) -> bool:
    """Is it what stands in an assignment where a solution was?"""
    if not isinstance(answer, str):
        return False
    return not answer.strip(" \n.…") or "raise NotImplementedError" in answer


def judge(exercise: Exercise, answer: object) -> Verdict:
    """Judge an answer, whatever it is."""
    if isinstance(answer, str) and exercise.kind != "derivation":
        answer = _COMMENT.sub("", answer)
    if answer is None or answer is Ellipsis or _is_placeholder(answer):
        return NOT_ATTEMPTED
    if pair := _pair(exercise, answer):
        return _one_of_two(exercise, pair)
    judges = {
        "code": _code,
        "derivation": _derivation,
        "number": _number,
        "choice": _choice,
        "report": _report,
    }
    try:
        return judges[exercise.kind](exercise, answer)
    except Exception as error:  # the course's own mistake must not cost the learner the notebook
        return Verdict(
            False,
            message=f"This answer cannot be checked ({type(error).__name__}). "
            "Write it more simply and try again.",
        )


def _report(exercise: Exercise, report: object) -> Verdict:
    return exercise.examine(report)


def credit(exercise: Exercise, answer: object, checkpoints: Sequence[str] = ()) -> float:
    """Return the share of the points that an answer earns, between 0 and 1.

    A right answer earns all. Of two candidates, `"B or C"`, one of which is right: half. A
    derivation that is not right as a whole has one share for each checkpoint, a form that stands
    in it as a right line, and one more for having no wrong line; that one counts only beside
    another.
    """
    verdict = judge(exercise, answer)
    if verdict.correct:
        return 1.0
    if exercise.kind in ("number", "choice"):
        return 0.5 if verdict.status == "unfinished" else 0.0
    if exercise.kind != "derivation" or not isinstance(answer, str) or not checkpoints:
        return 0.0
    lines = list(_right_lines(exercise, answer))
    reached = sum(_stands(exercise, form, lines) for form in checkpoints)
    shares = reached + (verdict.first_wrong_line is None and reached > 0)
    return shares / (len(checkpoints) + 1)


def _right_lines(exercise: Exercise, text: str) -> Iterator[Tree]:
    """Each line that gives the slope asked for, whatever stands above it."""
    for n, step, _ in split_lines(text)[:MAX_LINES]:
        for part in step.split("="):
            try:
                tree = exercise.setting.read(n, part.strip(), "").tree
                if exercise.compare(tree).equal:
                    yield tree
            except NotationError:
                continue


def _stands(exercise: Exercise, form: str, lines: Sequence[Tree]) -> bool:
    """Is one of the lines this form, in any order, with letters or written out?"""
    wanted = _shape(_named(exercise._read(form), exercise))
    return any(
        wanted in (_shape(_named(tree, exercise)), _shape(substitute(tree, exercise.task.where)))
        for tree in lines
    )


# ------------------------------------------------------------------------------------------ code


def _code(exercise: Exercise, function: object) -> Verdict:
    asked = f"Pass the function itself: `check({exercise.name!r}, {exercise.name})`."
    if not callable(function):
        return Verdict(False, message=f"A function is asked for, {_kind(function)} came. {asked}")
    if isinstance(function, type):
        return Verdict(False, message=f"A function is asked for, a class came. {asked}")
    if is_stub(function):
        return NOT_ATTEMPTED
    if signature := other_signature(function, len(exercise.arguments)):
        return Verdict(False, message=wrong_arity(exercise, signature))
    return judge_calls(exercise, partial(call, function), source=_source(function))


def judge_calls(
    exercise: Exercise, probe: Probe, *, each: float = 1.0, total: float = 2.0, source: str = ""
) -> Verdict:
    """Judge a function, wherever it runs: `probe(arguments, seconds)` says what a call gives.

    each, total : seconds for a call, and after which calls get a tenth of a second.
    source : the function as it was written, if it can be read.
    """
    trials = []
    end = time.monotonic() + total
    for case in exercise.cases:
        seconds = min(each, max(0.1, end - time.monotonic()))
        trials.append(run(probe, case, exercise.rtol, exercise.atol, seconds))
        if trials[-1].values is None:
            break
    if isinstance(trials[0].outcome.error, NotImplementedError):
        return NOT_ATTEMPTED
    if trials[0].outcome.value is Ellipsis:
        return NOT_ATTEMPTED
    if all(trial.right for trial in trials):
        entries = sum(trial.case.expected.size for trial in trials)
        calls = "1 call" if len(trials) == 1 else f"{len(trials)} calls"
        message = f"{entries} numbers in {calls} agree."
        if used := _used(source) & {*exercise.without}:
            message = f"Right by value: {message} The exercise asks for it without "
            message += f"{' and '.join(sorted(used))}: can you do that too?"
        return Verdict(True, message=message)
    stories, message = trial_message(
        trials,
        exercise.arguments,
        exercise.beliefs,
        "right number" if exercise.reference else "height" if exercise.asks_value else "slope",
        kink=exercise.kinks,
        others=exercise.others,
        probe=probe,
        source=source,
        prompt=exercise.prompt,
        asks=exercise.asks,
    )
    return Verdict(False, stories, message)


def _kind(answer: object) -> str:
    kind = type(answer).__name__
    words = {"str": "a text", "int": "a number", "float": "a number", "list": "a list"}
    return words.get(kind, f"something of type {kind}")


def wrong_arity(exercise: Exercise, signature: str) -> str:
    return f"It is called as `{exercise.signature}`; yours is written with `{signature}`."


def _source(function: Callable) -> str:
    try:
        source = textwrap.dedent(inspect.getsource(function))
    except (OSError, TypeError):
        return ""
    return source if source.count("lambda") < 2 else ""  # which of them is it?


def _used(source: str) -> set[str]:
    """The names that a function uses, `tanh` for `np.tanh`."""
    try:
        nodes = [*ast.walk(ast.parse(source.strip()))]
    except (SyntaxError, ValueError, RecursionError, MemoryError):
        return set()
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)}


# ------------------------------------------------------------------------------------- derivation

_BLANK = re.compile(r"…|\.\.\.|(?<!\w)_{2,}(?!\w)|^\?+$")


def _derivation(exercise: Exercise, text: object) -> Verdict:
    if not isinstance(text, str):
        return Verdict(
            False, message=f"A derivation is a text, one step a line; {_kind(text)} came."
        )
    steps = split_lines(text)
    given = {step for _, step, _ in split_lines(exercise.given)}
    if all(_BLANK.search(step) or step in given for _, step, _ in steps):
        return NOT_ATTEMPTED
    if len(steps) > MAX_LINES:
        return Verdict(False, message=f"At most {MAX_LINES} lines are read.")
    above: Line | None = None
    lines, blank = [], []
    for n, step, reason in steps:
        if _BLANK.search(step):
            blank.append(n)
            above = None
            continue
        if (printed := _printed(exercise, n, step)) is not None:
            return printed
        held = list(lines)
        for part in step.split("="):
            try:
                line = exercise.setting.read(n, part.strip(), reason)
                comparison = exercise.compare(line.tree)
            except NotationError as error:
                return _unreadable(error, n, held)
            if not comparison.equal:
                return _wrong_line(exercise, line, above, comparison, held)
            above = line
            lines.append(line)
    return _holding(exercise, lines, blank)


def _printed(exercise: Exercise, n: int, step: str) -> Verdict | None:
    """Tell the stories of a line that was copied as it is misprinted somewhere."""
    bare = "".join(step.rpartition("=")[2].split())
    told = [b for b in exercise.believed if "".join(b.value.split()) == bare]
    slugs = tuple(b.slug for b in told)
    return Verdict(False, slugs, f"Line {n}: {told[0].question}", n) if told else None


def _same_value(exercise: Exercise, tree: Tree) -> Believed | None:
    """The first line with a story of its own that has the value of this one."""
    for belief in exercise.believed:
        try:
            same = exercise.setting.read(1, belief.value).tree
        except NotationError:  # a misprint
            continue
        if exercise.setting.compare(tree, same).equal:
            return belief
    return None


def _unreadable(error: NotationError, n: int, lines: list[Line]) -> Verdict:
    pointer = str(error).split("\n", 1)[-1]
    end = "" if error.message.endswith((".", "?", "!")) else "."
    message = f"Line {n} cannot be read: {error.message}{end}\n{pointer}\n{_hold(lines)}"
    return Verdict(False, (), message.strip(), n)


def _hold(lines: list[Line]) -> str:
    numbers = sorted({line.number for line in lines})
    if not numbers:
        return ""
    if len(numbers) == 1:
        return f"Line {numbers[0]} holds."
    if numbers[-1] - numbers[0] + 1 == len(numbers):
        return f"Lines {numbers[0]}–{numbers[-1]} hold."
    return f"Lines {', '.join(map(str, numbers))} hold."


def _wrong_line(
    exercise: Exercise, line: Line, above: Line | None, comparison: Comparison, lines: list[Line]
) -> Verdict:
    if comparison.equal is None:
        message = f"Line {line.number} has a value at too few places to be compared."
        return Verdict(False, (), f"{message} {_hold(lines)}".strip(), line.number)
    stories = line_stories(line.tree, above and above.tree, exercise.setting, exercise.beliefs)
    algebra = is_algebra(line.tree, above and above.tree)
    asked = question(stories, exercise.task, algebra=algebra)
    if belief := _same_value(exercise, line.tree):
        asked = belief.question
        if belief.slug not in stories:
            stories = (belief.slug, *stories)
    parts = (
        line_evidence(comparison, line.number, lines[-1].number if lines else None),
        _hold(lines),
        asked,
    )
    return Verdict(False, stories, " ".join(filter(None, parts)), line.number)


def _holding(exercise: Exercise, lines: list[Line], blank: list[int]) -> Verdict:
    if blank:
        places = ", ".join(map(str, blank))
        word = "Line" if len(blank) == 1 else "Lines"
        verb = "is" if len(blank) == 1 else "are"
        message = f"{_hold(lines)} {word} {places} {verb} not filled in yet."
        return Verdict(False, message=message, status="unfinished")
    goals = {_shape(_named(exercise._read(goal), exercise)) for goal in exercise.goals}
    if not any(_shape(_named(line.tree, exercise)) in goals for line in lines):
        set_up_only = any("D(" in goal for goal in exercise.goals)
        still = not set_up_only and any(isinstance(n, D) for n in walk(lines[-1].tree))
        asked = "A derivative is left to carry out." if still else exercise.asks
        message = f"{_hold(lines)} It is right so far, and not yet finished. {asked}"
        return Verdict(False, message=message, status="unfinished")
    parts = (_hold(lines), "The goal is reached.", _step_size(exercise, lines))
    return Verdict(True, message=" ".join(filter(None, parts)))


_SMALL = {
    "constant",
    "variable",
    "sum",
    "difference",
    "minus",
    "constant factor",
    "constant divisor",
}


def _step_size(exercise: Exercise, lines: list[Line]) -> str:
    """Remark on a line in which several rules were applied at once, unless one line is asked."""
    line = _leap(exercise, lines)
    if line is None or exercise.one_line:
        return ""
    return f"Several rules were applied at once in line {line.number}: can you name each of them?"


def _leap(exercise: Exercise, lines: Sequence[Line]) -> Line | None:
    """The first line in which a derivative that needs several rules is carried out."""
    trees = [D(exercise.task.of[0]), *(line.tree for line in lines)]
    for before, after, line in zip(trees, trees[1:], lines, strict=False):
        open_ = [n.arg for n in walk(before) if isinstance(n, D)]
        if not open_ or any(isinstance(n, D) for n in walk(after)):
            continue
        if any(len(_rules(arg, exercise)) > 1 for arg in open_):
            return line
    return None


def _rules(tree: Tree, exercise: Exercise) -> list[str]:
    """The rules that it takes, from what is known: tanh itself is what derive_tanh is about."""

    where, of = exercise.task.where, exercise.task.of

    def used(tree: Tree) -> list[str]:
        rules = rules_used(written_out(tree, where), exercise.variable)
        return [rule for rule in rules if rule not in _SMALL]

    return max(map(used, of if written_out(tree, where) in of else (tree,)), key=len)


def _named(tree: Tree, exercise: Exercise) -> Tree:
    """Write g for sigmoid(z) where g has this definition."""
    for name, meaning in exercise.task.where.items():
        if tree == meaning and isinstance(tree, Func):
            return Sym(name)
        if isinstance(tree, Func) and tree.name == "sigmoid":
            spelled = Op("/", Num("1"), Op("+", Num("1"), Func("exp", _minus(tree.arg))))
            if to_text(spelled) == to_text(meaning):
                return Sym(name)
    return replace_children(tree, [_named(child, exercise) for child in subtrees(tree)])


def _minus(tree: Tree) -> Tree:
    match tree:
        case Op("*", a, b):
            return Neg(Op("*", a, b))
    return Neg(tree)


def _shape(tree: Tree) -> tuple:
    """The form of an expression up to the order of terms and factors."""
    return tuple(sorted((_product(term) for term in _terms(tree, 1)), key=repr))


def _terms(tree: Tree, sign: int) -> Iterator[tuple[int, Tree]]:
    match tree:
        case Op("+" | "-" as op, a, b):
            yield from _terms(a, sign)
            yield from _terms(b, sign if op == "+" else -sign)
        case Neg(arg):
            yield from _terms(arg, -sign)
        case _:
            yield sign, tree


def _product(term: tuple[int, Tree]) -> tuple:
    number_, powers = Fraction(term[0]), Counter()

    def collect(tree: Tree, k: int) -> None:
        nonlocal number_
        match tree:
            case Num() if tree.value or k > 0:
                number_ *= tree.value**k
            case Neg(arg):
                number_ *= (-1) ** k
                collect(arg, k)
            case Op("*", a, b):
                collect(a, k)
                collect(b, k)
            case Op("/", a, b):
                collect(a, k)
                collect(b, -k)
            case Op("^", a, Num(n)) if n.isdigit():
                collect(a, k * int(n))
            case Op("^", a, Neg(Num(n))) if n.isdigit():
                collect(a, -k * int(n))
            case Func(name, arg):
                powers[name, _shape(arg)] += k
            case Op("+" | "-"):
                powers["sum", _shape(tree)] += k
            case _:
                powers[to_text(tree), ()] += k

    collect(term[1], 1)
    return str(number_), tuple(sorted(((b, k) for b, k in powers.items() if k), key=repr))


# ------------------------------------------------------------------------------ numbers and choices


def _pair(exercise: Exercise, answer: object) -> list[str]:
    """Two candidates of a learner who hesitates: `"B or C"`, `"1/4 or 1/2"`."""
    if not isinstance(answer, str) or exercise.kind not in ("number", "choice"):
        return []
    pair = [part.strip() for part in answer.lower().split(" or ")]
    short = all(0 < len(part) <= (1 if exercise.kind == "choice" else 20) for part in pair)
    return pair if len(pair) == 2 and short else []


def _one_of_two(exercise: Exercise, pair: list[str]) -> Verdict:
    verdicts = [judge(exercise, part) for part in pair]
    if pair[0] != pair[1] and any(verdicts):
        asked = "One of the two is right. What speaks against the other?"
        return Verdict(False, message=asked, status="unfinished")
    return verdicts[0]


def _number(exercise: Exercise, answer: object) -> Verdict:
    x = _value(answer)
    if x is None:
        if isinstance(answer, str) and not answer.strip():
            return NOT_ATTEMPTED
        example = 'such as 12, -0.8, "2/7" or "infinity"'
        return Verdict(False, message=f"A number is asked for, {example}; {_kind(answer)} came.")
    right = _value(exercise.answer)
    if _close(x, right, exercise.rtol):
        return Verdict(True, message=exercise.solution)
    near = [b for b in exercise.believed if _close(x, _value(b.value), exercise.rtol)]
    near.sort(key=lambda b: x != _value(b.value) and abs(x - _value(b.value)))
    if near:
        return Verdict(False, tuple(dict.fromkeys(b.slug for b in near)), near[0].question)
    if _rounded(x, right):
        return Verdict(
            False,
            message="The right size, but rounded: the number is asked for with a relative error of "
            f"at most {exercise.rtol:g}. Which digits come next? An expression such as "
            '"(2/3)^5" has them all.',
        )
    return Verdict(False, (), exercise.asks)


def _rounded(x: float, right: float) -> bool:
    """Is it the first digit, or the first two, of a right number that has more?"""
    if not math.isfinite(right) or right == int(right) or not _close(x, right, 0.05):
        return False
    return any(x == float(f"{right:.{digits}e}") for digits in (0, 1))


def _value(answer: object) -> float | None:
    """A number from a number or a text; None for everything else."""
    if isinstance(answer, np.ndarray) and answer.shape == ():
        answer = np.asarray(answer)[()]
    if type(answer) in (int, float, Fraction) or type(answer) in (np.float64, np.float32, np.int64):
        try:
            return float(answer)
        except OverflowError:
            return math.inf
    if not isinstance(answer, str) or len(answer) > 100:
        return None
    text = answer.strip().lower().replace("−", "-").replace("∞", "infinity").rstrip(".")
    if re.fullmatch(r"[+-]?(inf|infinity|infinite)", text):
        return -math.inf if text.startswith("-") else math.inf
    percent = text.endswith("%")
    # "z = 0" is 0, "line 3" is 3, "none of them" is 0
    text = re.sub(r"^[a-z]\s*=\s*|^\+|^line\s*", "", text.rstrip("% "))
    text = re.sub(r"^none( of them)?$", "0", text)
    text = re.sub(r"^([+-]?\d+),(\d+)$", r"\1.\2", text)  # a decimal comma
    try:
        value = float(text)
    except ValueError:
        try:
            value = evaluate(parse(text, letters=()), {})
        except (ValueError, KeyError):  # NotationError is a ValueError
            return None
        if value is None:
            return None
    return float(value) / (100 if percent else 1)


def _close(x: float, y: float, rtol: float) -> bool:
    if not (math.isfinite(x) and math.isfinite(y)):
        return x == y
    return abs(x - y) <= rtol * abs(y) + 1e-9 * (y == 0)


def _choice(exercise: Exercise, answer: object) -> Verdict:
    if not isinstance(answer, str):
        return Verdict(False, message=f"Answer with an option or its letter, {_kind(answer)} came.")
    words = _plain(answer)
    if not words:
        return NOT_ATTEMPTED
    letters = {chr(97 + i): option for i, option in enumerate(exercise.options)}
    same = [o for o in exercise.options if _gist(o.text) == _gist(answer)]
    chosen = letters.get(words) or (same[0] if len(same) == 1 else None)
    if chosen is None:
        near = _nearest(words, exercise.options)
        slugs = (near.slug,) if near and near.slug else ()
        listed = "\n".join(f"{letter.upper()}: {o.text}" for letter, o in letters.items())
        message = f"These words are none of the options. Answer with one of the letters.\n{listed}"
        return Verdict(False, slugs, message)
    if chosen.text == exercise.answer:
        return Verdict(True, message=exercise.solution)
    return Verdict(False, (chosen.slug,) if chosen.slug else (), chosen.question)


def _gist(text: str) -> tuple[str, ...]:
    """The words of an option in any order, without those that carry nothing.

    >>> _gist("only α ≤ 1") == _gist("alpha<=1"), _gist("1 <= alpha") == _gist("alpha <= 1")
    (True, False)
    """
    empty = {"line", "lines", "only", "and", "the"}
    for sign, typed in {"≤": "<=", "≥": ">=", "α": "alpha", "−": "-"}.items():
        text = text.replace(sign, typed)
    words = re.findall(r"[<>]?=|[<>]|[^\s,.!()<>=]+", text.lower())
    words = [w for w in words if w not in empty]
    return tuple(words if {"<", ">", "<=", ">="} & {*words} else sorted(words))


def _plain(text: str) -> str:
    return " ".join(re.sub(r"[\s.!]+", " ", text.strip().lower().strip("()")).split())


def _nearest(words: str, options: tuple[Option, ...]) -> Option | None:
    """The wrong option most like these words, if any is like them at all."""
    wrong = [o for o in options if o.slug]

    def likeness(option: Option) -> float:
        mine, theirs = set(words.split()), set(_plain(option.text).split())
        overlap = len(mine & theirs) / max(1, len(mine | theirs))
        return overlap + difflib.SequenceMatcher(None, words, _plain(option.text)).ratio()

    best = max(wrong, key=likeness, default=None)
    return best if best and likeness(best) > 0.4 else None

"""A function is asked for: it is called, and its numbers are compared with the right ones."""

from __future__ import annotations

import ast
import inspect
import linecache
import math
import re
import textwrap
import time
from abc import abstractmethod
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property, partial
from types import FunctionType

import numpy as np

from helpers.activations import ACTIVATIONS, logsumexp, softmax, softmax_jacobian, softmax_vjp
from helpers.derivation import parse
from helpers.diagnosis import (
    NOT_ATTEMPTED,
    Beliefs,
    Case,
    CourseSolution,
    Kinks,
    Others,
    Probe,
    Verdict,
    argument_names,
    call,
    explain,
    floats,
    is_by_quotient,
    is_stub,
    monospaced,
    other_signature,
    paragraphs,
    parsed,
    respond,
    wording,
)
from helpers.exercises.exercise import Exercise, is_unanswered, kind_of, without_comments
from helpers.language import gettext, ngettext

_HELPERS = 6  # functions that are read together with the one that is asked for
DIFFERENCE_QUOTIENT = "difference quotient"
KERNELS = {
    kernel.__name__: kernel
    for known in ACTIVATIONS.values()
    for kernel in (known.value, known.prime)
} | {f.__name__: f for f in (logsumexp, softmax, softmax_jacobian, softmax_vjp)}


@dataclass(frozen=True, eq=False, kw_only=True)
class CodeExercise(Exercise):
    """A function is asked for; see `FormulaExercise` and `ReferenceExercise`.

    Parameters
    ----------
    signature : such as `name(z, beta)`; that of the code, if not said.
    code : the solution as code; NumPy and what the lessons call given is known to it.
    asks : what to ask where no story fits.
    others : pairs of a story and a function with its numbers, some with a question of their own.
    without : names that the prompt rules out; an answer that uses them is right by value.
        "difference quotient" rules that out: an answer that is one is not right.
    far : places where only a stable program is right.
    rtol, atol : the tolerance.
    """

    signature: str = ""
    code: str = ""
    asks: str = ""
    others: Others = ()
    without: tuple[str, ...] = ()
    far: tuple[float, ...] = ()
    rtol: float = 1e-6
    atol: float = 1e-12

    def __post_init__(self) -> None:
        super().__post_init__()
        with self.reading("code"):
            body = ast.parse(self.code).body
        defined = {node.name: node for node in body if isinstance(node, ast.FunctionDef)}
        if not self.signature and self.name in defined:
            written = ", ".join(argument.arg for argument in defined[self.name].args.args)
            object.__setattr__(self, "signature", f"{self.name}({written})")
        form = re.fullmatch(r"(\w+)\(\w+(, \w+)*\)", self.signature)
        asked = f"it is written {self.name}(z) or {self.name}(z, beta)"
        held = form is not None and form[1] == (self.called if "." in self.name else self.name)
        self.require(held, "signature", f"{asked}; {self.signature!r} came")
        for slug, other, *_ in self.others:
            self.require_story(slug, "others")
            self.require(callable(other), "others", f"{other!r} is no function")
        self.require(
            not self.code or self.called in defined, "code", f"it defines no function {self.called}"
        )

    @property
    def called(self) -> str:
        """The name of the function."""
        return self.signature.partition("(")[0]

    @cached_property
    def arguments(self) -> tuple[str, ...]:
        """The argument names of the signature."""
        return tuple(re.findall(r"\w+", self.signature)[1:])

    @property
    @abstractmethod
    def noun(self) -> str:
        """What the numbers are, such as "slope"."""

    @property
    @abstractmethod
    def cases(self) -> tuple[Case, ...]:
        """What a function is tried on in the lesson, plain inputs first."""

    @abstractmethod
    def drawn(self, rng: np.random.Generator) -> tuple[Case, ...]:
        """Return plain and far cases with inputs of the same kind, drawn anew."""

    def beliefs_at(self, cases: Sequence[Case]) -> Beliefs | None:
        """Return the stories in numbers, at the plain cases."""
        return None

    @cached_property
    def beliefs(self) -> Beliefs | None:
        """The stories in numbers, at the plain cases of the lesson."""
        return self.beliefs_at(self.cases)

    def kinks_at(self, cases: Sequence[Case]) -> Kinks | None:
        """Return for each plain case the lowest and highest valid slope at 0."""
        return None

    def shown_solution(self) -> str:
        """Return what `solution` shows."""
        return "\n\n".join(filter(None, (super().shown_solution(), self.code)))

    def drawn_solution(self) -> str:
        """Return words, and the code in letters of one width."""
        said = super().shown_solution()
        words = monospaced(said) if "\n" in said else paragraphs(said)
        return words + monospaced(self.code)

    def judge(self, answer: object) -> Verdict:
        """Judge a function."""
        answer = without_comments(answer)
        if is_unanswered(answer):
            return NOT_ATTEMPTED
        if not callable(answer) or isinstance(answer, type):
            return Verdict(False, message=self._function_asked(answer), status="unread")
        if is_stub(answer):
            return NOT_ATTEMPTED
        if kernel := _kernel_in(answer, self.called):
            return Verdict(False, message=_not_yours(kernel), status="unread")
        if signature := other_signature(answer, len(self.arguments)):
            return Verdict(False, message=self.wrong_arity(signature))
        verdict = self.try_out(partial(call, answer), source=_source(answer))
        return verdict if verdict.correct else self._with_swapped_arguments(answer, verdict)

    def _function_asked(self, answer: object) -> str:
        """Say that something else than a function came, and how one is passed."""
        if isinstance(answer, type):
            return gettext(
                "A function is asked for, a class came. Pass a function, or an object of the class "
                "that can be called."
            )
        if isinstance(answer, str) and not answer.isidentifier():  # a formula, not a name
            asked = gettext("Write it as a function, `def {called}`.", called=self.signature)
        else:
            asked = gettext("Pass your function itself: its name, without brackets behind it.")
        return gettext(
            "A function is asked for, {kind} came. {asked}", kind=kind_of(answer), asked=asked
        )

    def _with_swapped_arguments(self, answer: Callable, verdict: Verdict) -> Verdict:
        """Say it where a wrong function takes the right arguments in another order."""
        written = argument_names(answer)
        if written == self.arguments or {*written} != {*self.arguments}:
            return verdict
        return Verdict(False, message=self.wrong_arity(f"({', '.join(written)})"))

    def wrong_arity(self, signature: str) -> str:
        """Say that a function is written for other arguments."""
        return gettext(
            "It is called as `{signature}`; yours is written with `{yours}`.",
            signature=self.signature,
            yours=signature,
        )

    def try_out(
        self,
        probe: Probe,
        cases: Sequence[Case] | None = None,
        *,
        each: float = 1.0,
        total: float = 2.0,
        source: str = "",
    ) -> Verdict:
        """Judge a function, wherever it runs.

        Parameters
        ----------
        probe : `probe(arguments, seconds)` says what a call gives.
        cases : what it is tried on, those of the lesson if not said.
        each, total : seconds for a call, and after which calls get a tenth of a second.
        source : the function as it was written, if it can be read.
        """
        cases = self.cases if cases is None else cases
        responses = []
        end = time.monotonic() + total
        for case in cases:
            seconds = min(each, max(0.1, end - time.monotonic()))
            responses.append(respond(probe, case, self.rtol, self.atol, seconds))
            if not (responses[-1].delivered or responses[-1].right):
                break
        first = responses[0].outcome
        if isinstance(first.error, NotImplementedError) or first.value is Ellipsis:
            return NOT_ATTEMPTED
        if not all(response.right for response in responses) and self._is_by_quotient(source):
            responses = [r for r in responses if r.case.kind != "elsewhere"]  # it has few digits
        if all(response.right for response in responses):
            entries = sum(int(np.isfinite(response.values).sum()) for response in responses)
            calls = ngettext("{n} call", "{n} calls", len(responses))
            message = gettext("{entries} numbers in {calls} agree.", entries=entries, calls=calls)
            if used := _names_used(source) & {*self.without}:
                message = gettext(
                    "Right by value: {message} The exercise asks for it without {names}: "
                    "can you do that too?",
                    message=message,
                    names=gettext(" and ").join(sorted(used)),
                )
            by_quotient = self._by_a_quotient(source, message)
            return by_quotient if by_quotient is not None else Verdict(True, message=message)
        with np.errstate(all="ignore"):  # a pole of the learner's is met again in our sums
            stories, message, otherwise = explain(
                responses,
                self.arguments,
                self.beliefs if cases is self.cases else self.beliefs_at(cases),
                self.noun,
                kinks=self.kinks_at(cases),
                others=self.others,
                probe=probe,
                source=source,
                called=self.called,
                prompt=gettext(self.prompt),
                asks=self.asks,
                right=self.right_numbers,
                solution=self.own_solution,
            )
        return Verdict(False, stories, message, otherwise=otherwise)

    def _by_a_quotient(self, source: str, message: str) -> Verdict | None:
        """Say of right numbers that a difference quotient gave them; where forbidden, not right."""
        if not self._is_by_quotient(source):
            return None
        story = wording("finite-difference", self.beliefs.task if self.beliefs else None)
        said = gettext(
            "Right by value: {message}\nBut {belief}. {question}",
            message=message,
            belief=story.belief,
            question=story.question,
        )
        allowed = DIFFERENCE_QUOTIENT not in self.without
        return Verdict(allowed, ("finite-difference",), said)

    def _is_by_quotient(self, source: str) -> bool:
        return self.asks_slope and is_by_quotient(source, self.letters_of_arguments)

    @cached_property
    def own_solution(self) -> CourseSolution | None:
        """The course's own function, and its text."""
        own = self.own_answers().get("code")
        return CourseSolution(self.code, own) if callable(own) else None

    @property
    def right_numbers(self) -> Callable[..., object] | None:
        """A function with the right numbers, where what it is called with may be chosen."""
        return None

    @property
    def asks_slope(self) -> bool:
        """Is a derivative asked for?"""
        return False

    @property
    def letters_of_arguments(self) -> tuple[str, ...]:
        """What the notation calls the arguments."""
        return self.arguments

    def own_answers(self) -> dict[str, object]:
        """Return the function that the solution defines."""
        scope = _given()
        with self.reading("code"):
            exec(self.code, scope)
        return {"code": scope[self.called]} if self.code else {}


def _not_yours(kernel: str) -> str:
    return gettext(
        "{kernel} is the course's own function. Your own is asked for: how do you compute it?",
        kernel=kernel,
    )


def _kernel_in(answer: Callable, name: str) -> str:
    """The function of the course that an answer is, or that does what is asked and is called."""
    function = inspect.unwrap(answer)
    kernels = {id(inspect.unwrap(kernel)) for kernel in KERNELS.values()}
    if id(function) in kernels:
        return getattr(function, "__name__", name)
    if not inspect.isfunction(function) or name not in KERNELS:
        return ""
    wanted, known = inspect.unwrap(KERNELS[name]), function.__globals__
    used = [known.get(word) for word in function.__code__.co_names]
    return name if any(callable(f) and inspect.unwrap(f) is wanted for f in used) else ""


def _given() -> dict[str, object]:
    """What a solution may use: NumPy, and what the prompts of the course call given."""
    normal = {name: parse(f"{name}(z)") for name in ("Phi", "phi")}
    return {
        **{"np": np, "math": math},
        **{name: known.value for name, known in ACTIVATIONS.items()},
        **{name: lambda z, tree=tree: floats(tree, {"z": z}) for name, tree in normal.items()},
    }


def _source(function: Callable) -> str:
    """A function as it was written, behind what it uses of its notebook: functions, classes."""
    found: dict[object, str] = {}
    left: list[tuple[str, object]] = [("", function)]
    while left and len(found) < _HELPERS:
        name, one = left.pop()
        is_number = isinstance(one, int | float)
        key = name if is_number else one
        if key not in found:
            found[key] = f"{name} = {one!r}" if is_number else _text_of(one)
            left += _used_by(one)
    own = found.pop(function)
    return "\n".join([*filter(None, reversed([*found.values()])), own]) if own else ""


def _used_by(one: object) -> Iterator[tuple[str, object]]:
    """Functions, classes and numbers of the same module that a function or a class uses."""
    functions: Sequence[object] = _methods(one) or [one]
    for function in functions:
        code, known = getattr(function, "__code__", None), getattr(function, "__globals__", {})
        for name in code.co_names if code else ():
            value = known.get(name)
            written = inspect.isfunction(value) or inspect.isclass(value)
            module = getattr(value, "__module__", None) == getattr(function, "__module__", "")
            if (written and module) or (isinstance(value, int | float) and value == value):
                yield name, value


def _methods(one: object) -> list[FunctionType]:
    return [f for f in vars(one).values() if inspect.isfunction(f)] if inspect.isclass(one) else []


def _text_of(one: object) -> str:
    try:
        source = textwrap.dedent(_class_text(one) or inspect.getsource(one))  # type: ignore[arg-type]
    except (OSError, TypeError, SyntaxError):
        return ""
    return source if source.count("lambda") < 2 else ""  # which of them is it?


def _class_text(one: object) -> str:
    """A class as it was written in a cell, found by its first method; "" for what is none."""
    for lines in (linecache.getlines(m.__code__.co_filename) for m in _methods(one)[:1]):
        text = "".join(lines)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef) and node.name == getattr(one, "__name__", ""):
                return ast.get_source_segment(text, node) or ""
    return ""


def _names_used(source: str) -> set[str]:
    """The names that a function uses, `tanh` for `np.tanh`."""
    if (tree := parsed(source)) is None:
        return set()
    nodes = [*ast.walk(tree)]
    plain = {node.id for node in nodes if isinstance(node, ast.Name)}
    return plain | {node.attr for node in nodes if isinstance(node, ast.Attribute)}

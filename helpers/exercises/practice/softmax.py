"""Softmax to practise: shares in numbers, its slopes class by class, functions of a row."""

# ruff: noqa: E501 (tables stand in rows, prompts and hints as whole sentences)

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import NamedTuple

import numpy as np

from helpers.activations import sigmoid, softmax
from helpers.derivation import parse, rule_of_outermost, to_text
from helpers.exercises.concept_exercise import NumberExercise
from helpers.exercises.derivation_exercise import DerivationExercise
from helpers.exercises.exercise import Hints
from helpers.exercises.practice.derivations import as_solution, question_of, worked
from helpers.exercises.practice.expressions import (
    draw_numbers,
    draw_values,
    filled,
    is_kept_back,
    worked_out,
)
from helpers.exercises.practice.networks import Measured, asked
from helpers.exercises.reference_exercise import ReferenceExercise
from helpers.language import Filled, gettext

# ------------------------------------------------------------------------------- in numbers


def _weights(rng: np.random.Generator) -> np.ndarray:
    return rng.choice(np.arange(2, 14), 3, replace=False)


def _listed(numbers: np.ndarray) -> str:
    return f"({', '.join(f'{x:g}' for x in numbers)})"


def _weighted(p: np.ndarray, values: np.ndarray) -> float:
    """Their mean with the weights p, written without a trace of rounding."""
    return round(float(p @ values), 9) + 0.0  # 0, not -0


def _shares(rng: np.random.Generator) -> np.ndarray:
    """Three shares of a whole, each a multiple of 1/50."""
    first, second = np.sort(rng.choice(np.arange(1, 50), 2, replace=False))
    return np.array([first, second - first, 50 - second]) / 50


def _share(rng: np.random.Generator) -> Measured:
    w, i = _weights(rng), rng.integers(3)
    logits = ", ".join(f"ln({x})" for x in w)
    question = Filled(
        "The logits of three classes are {logits}. What does softmax give class {i}?",
        logits=logits,
        i=i + 1,
    )
    wrong = (
        ("formula-of-other-activation", w[i] / (1 + w[i])),
        ("term-lost", w[i] / (w.sum() - w[i])),
        ("formula-of-other-activation", np.log(w[i]) / np.log(w).sum()),
    )
    way = Filled("e^ln({w}) is {w}: {w}/{sum}", w=w[i], sum=w.sum())
    return Measured(question, w[i] / w.sum(), way, wrong)


def _entry(rng: np.random.Generator) -> Measured:
    p, (i, j) = _shares(rng), rng.integers(3, size=2)
    question = Filled(
        "Softmax gives three classes p = {p}. How fast does p of class {i} grow with its own logit?"
        if i == j
        else "Softmax gives three classes p = {p}. How fast does p of class {i} grow with the logit of class {j}?",
        p=_listed(p),
        i=i + 1,
        j=j + 1,
    )
    if i == j:
        wrong = [("missing-square", p[i] - p[i] ** 2 * 2), ("function-derivative-mixup", p[i])]
        way = Filled("p*(1 - p) with p = {p:g}", p=p[i])
    else:
        wrong = [("sign-flipped", p[i] * p[j]), ("wrong-variable", p[i] * (1 - p[i]))]
        way = Filled("-p*q with p = {p:g} and q = {q:g}", p=p[i], q=p[j])
    return Measured(question, p[i] * ((i == j) - p[j]), way, (*wrong,))


def _back(rng: np.random.Generator) -> Measured:
    p, u, i = _shares(rng), rng.choice(np.arange(-6, 7), 3, replace=False) / 2, rng.integers(3)
    mean = _weighted(p, u)
    question = Filled(
        "Softmax gives p = {p}, and the loss has the slopes dL/dp = {u}. What is dL/dz for the logit z of class {i}?",
        p=_listed(p),
        u=_listed(u),
        i=i + 1,
    )
    wrong = (
        ("term-lost", p[i] * u[i]),
        ("term-lost", p[i] * (1 - p[i]) * u[i]),
        ("sign-flipped", -p[i] * (u[i] - mean)),
        ("variance-confusion", p[i] * (u[i] - u.mean())),
    )
    return Measured(
        question,
        p[i] * (u[i] - mean),
        Filled("p*(u - m) with the mean m = {mean:g} of u, weighted with p", mean=mean),
        wrong,
    )


def _loss(rng: np.random.Generator) -> Measured:
    w, c = _weights(rng), int(rng.integers(2, 7))
    i, k = rng.integers(3, size=2)
    p = w[i] / w.sum()
    scores = ", ".join(f"ln({x})/{c}" for x in w)
    question = Filled(
        "The logits are {c} times the scores {scores} of three classes, and the loss is -ln(p) with p of class {k}. What is the slope of the loss with respect to the score of class {i}?",
        c=c,
        scores=scores,
        k=k + 1,
        i=i + 1,
    )
    wrong = (
        ("missing-inner-derivative", p - (i == k)),
        ("sign-flipped", c * ((i == k) - p)),
        ("term-lost", c * p if i == k else -c * p * (1 - p)),
    )
    way = Filled(
        "p - 1 for the right class and p for the others, with p = {w}/{sum}, times {c}",
        w=w[i],
        sum=w.sum(),
        c=c,
    )
    return Measured(question, c * (p - (i == k)), way, wrong)


def _curvature(rng: np.random.Generator) -> Measured:
    p, v = _shares(rng), rng.choice(np.arange(-4, 5), 3, replace=False)
    mean, square = _weighted(p, v), _weighted(p, v**2)
    question = Filled(
        "All logits move at once, as z + t*v with v = {v}, and at t = 0 softmax gives p = {p}. What is the second derivative by t of ln(e^z1 + e^z2 + e^z3) there?",
        v=_listed(v),
        p=_listed(p),
    )
    wrong = (
        ("term-lost", square),
        ("function-derivative-mixup", mean),
        ("plus-minus-swapped", square + mean**2),
        ("variance-confusion", float(np.var(v))),
    )
    way = Filled(
        "the first is the mean p*v, here {mean:g}; its slope is the mean of v^2 less the square of the mean: {square:g} - {less:g}",
        mean=mean,
        square=square,
        less=mean**2,
    )
    return Measured(question, square - mean**2, way, wrong)


_CASES = dict(enumerate((_share, _entry, _back, _loss, _curvature), 1))
_WORDS = {
    1: (
        "e to the power of each logit first.",
        "the share of a class is its exponential, over the sum of all.",
        "what is e^ln(5), and what do the three of them add up to?",
        "for the logits 0 and ln(3) the exponentials are 1 and 3, and the shares 1/4 and 3/4.",
        "Write the three exponentials and their sum down.",
    ),
    2: (
        "does the logit belong to the class itself, or to another one?",
        "p = e^z/s: with its own logit both e^z and s move, with another one s alone.",
        "if the logit of a class rises, what happens to its own share, and what to those of the others?",
        "with the shares 1/4 and 3/4, the slope of the first is 3/16 by its own logit and -3/16 by the other.",
        "By its own logit it is p - p^2.",
    ),
    3: (
        "which of the three p move when this logit moves?",
        "each of them counts with its dL/dp, and only what lies above or below a mean is left.",
        "if all dL/dp were alike, how much would the loss change, as the p add up to 1?",
        "with the shares 1/4 and 3/4 and the slopes 2 and 0, the mean is 1/2, and the first logit gets 1/4*(2 - 1/2).",
        "Compute the mean of dL/dp, weighted with p.",
    ),
    4: (
        "the logits first, the scores afterwards.",
        "-ln(p) is the logarithm of the sum less the logit of the right class.",
        "what is the slope of ln(e^z1 + e^z2 + e^z3) by one logit, and which factor does a score add?",
        "with the shares 1/4 and 3/4 and the first class right, the slopes by the logits are -3/4 and 3/4.",
        "Write p of that class down; take 1 away where it is the right one.",
    ),
    5: (
        "the first derivative by t, with the shares as weights.",
        "the shares move too: each with its own slopes, along v.",
        "how far do the values of v spread around their mean, weighted with p?",
        "with the shares 1/2 and 1/2 and v = (1, -1), the mean is 0 and the second derivative 1.",
        "Compute the mean of v^2 and the mean of v, both weighted with p.",
    ),
}


def softmax_number(
    name: str, level: int, rng: np.random.Generator, kept_back: bool
) -> NumberExercise:
    """Draw logits or shares and a question about them."""
    case = _CASES[level](rng)
    while is_kept_back(case.question) != kept_back or abs(round(case.answer, 9)) in (0, 1):
        case = _CASES[level](rng)
    return asked(name, 12, case, _WORDS[level])


# ------------------------------------------------------------------------- class by class


# s is the sum; p is the class whose logit moves, q another one.
_TWO, _THREE = "exp({a}*z) + exp(c)", "exp({a}*z) + exp(c) + {b}"
_COOL, _COLD = "exp(z/{a}) + exp(c)", "exp(z/{a}) + exp(c) + {b}"
_MANY, _WARM = "exp({a}*z) + {b}*exp(c)", "exp(z/{a}) + {b}*exp(c)"  # b classes with the logit c
_FRACTION = "p is the fraction"
_REST = "p is the fraction, and 1 - p the rest"
_BOTH = "p and q are the two fractions"
# fmt: off
_SLOPES: Mapping[int, tuple[tuple[str, str, str, str], ...]] = {  # the sum, the function, its slope, the factor
    1: (
        (_TWO, "exp({a}*z)/({s})", "{a}*p*(1 - p)", _REST),
        (_COOL, "exp(z/{a})/({s})", "p*(1 - p)/{a}", _REST),
        (_MANY, "exp({a}*z)/({s})", "{a}*p*(1 - p)", _REST),
        (_WARM, "exp(z/{a})/({s})", "p*(1 - p)/{a}", _REST),
    ),
    2: (
        (_TWO, "exp(c)/({s})", "-{a}*p*q", _BOTH),
        (_COOL, "exp(c)/({s})", "-p*q/{a}", _BOTH),
        (_MANY, "exp(c)/({s})", "-{a}*p*q", _BOTH),
        (_WARM, "exp(c)/({s})", "-p*q/{a}", _BOTH),
    ),
    3: (
        (_THREE, "exp({a}*z)/({s})", "{a}*p*(1 - p)", _REST),
        (_COLD, "exp(z/{a})/({s})", "p*(1 - p)/{a}", _REST),
        (_THREE, "exp(c)/({s})", "-{a}*p*q", _BOTH),
        (_COLD, "exp(c)/({s})", "-p*q/{a}", _BOTH),
    ),
    4: (
        (_THREE, "ln({s}) - {a}*z", "{a}*(p - 1)", _FRACTION),
        (_COLD, "ln({s}) - z/{a}", "(p - 1)/{a}", _FRACTION),
        (_THREE, "ln({s}) - c", "{a}*p", _FRACTION),
        (_COLD, "ln({s}) - c", "p/{a}", _FRACTION),
    ),
    5: (
        (_THREE, "(exp({a}*z)/({s}))^{m}", "{m}*{a}*p^{m}*(1 - p)", _REST),
        (_COLD, "(exp(z/{a})/({s}))^{m}", "{m}*p^{m}*(1 - p)/{a}", _REST),
        (_THREE, "(exp(c)/({s}))^{m}", "-{m}*{a}*p*q^{m}", _BOTH),
        (_COLD, "(exp(c)/({s}))^{m}", "-{m}*p*q^{m}/{a}", _BOTH),
    ),
}
# fmt: on
_WHERE = {
    **dict.fromkeys(
        (1, 3), "which halves of the fraction move with z, above the bar and below it?"
    ),
    2: "above the bar nothing moves with z: what does below it?",
    4: "the sum inside the logarithm first, then what is taken away from it.",
    5: "the outermost operation is a power. Begin there.",
}


def softmax_derivation(
    name: str, level: int, rng: np.random.Generator, kept_back: bool
) -> DerivationExercise:
    """Draw shares of classes, of which one has a logit that moves with z."""
    total, of, slope, why = _SLOPES[level][rng.integers(len(_SLOPES[level]))]
    m = str(rng.integers(2, 5))
    texts = {"of": of, "slope": slope, "s": total}
    texts = {n: t.replace("{s}", total).replace("{m}", m) for n, t in texts.items()}
    moved = "exp({a}*z)" if "{a}*z" in total else "exp(z/{a})"
    texts |= {"p": f"{moved}/({total})", "q": f"exp(c)/({total})"}
    one, other = (draw_numbers(texts, rng, kept_back) for _ in range(2))
    lines = [(to_text(line), why) for line, why in worked(parse(one["of"]))]
    lines += [(worked_out(one["slope"]), gettext(why))]
    letters = ("p", "q") if "q" in slope else ("p",)
    both = len(letters) == 2
    rule = rule_of_outermost(parse(one["of"]))
    return DerivationExercise(
        name,
        lesson=12,
        prompt=Filled(
            "Differentiate {of} by z while c stands still. End with p and q alone: p = {p} and q = {q}."
            if both
            else "Differentiate {of} by z while c stands still. End with p alone: p = {p}.",
            of=one["of"],
            p=one["p"],
            q=one["q"],
        ),
        of=(one["of"],),
        forms=(one["slope"], *(text for text, _ in reversed(lines[:-1]) if "D(" not in text)),
        where={n: one[n] for n in letters},
        ends_with=letters,
        steps=1,
        asks=Filled(
            "Which fractions in it are p and q?" if both else "Which fractions in it are p?"
        ),
        hints=Hints(
            where=_WHERE[level],
            rule=gettext(", then ").join(dict.fromkeys(why for _, why in lines[1:3])) + ".",
            question=question_of(rule, "z"),
            neighbour=Filled(
                "the slope of {of} comes to {slope}, with its own p and q."
                if both
                else "the slope of {of} comes to {slope}, with its own p.",
                of=other["of"],
                slope=other["slope"],
            ),
            line=Filled("The second line: {line}.", line=lines[1][0]),
        ),
        solution=as_solution(lines),
    )


# ------------------------------------------------------------------------- functions of a row


class _Row(NamedTuple):
    """A function of a row to write: of what, what is asked, its arguments, its code, wrong ones.

    wrong : a story, the code that it leads to, and what `_DOUBTS` asks there, if not the story.
    """

    of: str
    task: str
    arguments: str
    code: str
    wrong: tuple[tuple[str, ...], ...]


_DOUBTS = {
    "p": "That is p itself. What stands between p and what is asked for?",
    "of p": "That is the Jacobian of p. How does the slope of ln(p) follow from that of p?",
    "turned": "Your row i, column j holds what belongs in row j, column i. Which z moves in column j?",
    "own": "That is the slope of each p with respect to its own z. Whose p is asked for, and by which z?",
    "mean": "You subtract the plain mean of u. Does a class with p near 0 count in it as much as one with p near 1, and should it?",
    "u of p": "That comes back when u is dL/dp. Which slope lies between p and ln(p)?",
    "targets": "That is right where the targets add up to 1. What do they add up to here?",
    "reversed": "All signs are turned. Which of the two matrices is taken away from which?",
    "sum": "A sum stands where a mean belongs. By what does a mean differ from a sum?",
}
_E, _P = "e = np.exp({a} * (z - z.max()))", "p = e / e.sum()"
_SOFT = "p is the softmax of {scaled} for one row z."
_NORM_OF = "x = {scaled}/r for one row z, with r the root of the mean of its squares."
# fmt: off
_ROWS: Mapping[int, tuple[_Row, ...]] = {
    1: (
        _Row(_SOFT, "Return p.", "z", "p", (("parameter-ignored", "softmax(z)"), ("sign-flipped", "softmax(-{a} * z)"), ("formula-of-other-activation", "sigmoid({a} * z)"))),
        _Row(_SOFT, "Return ln(p).", "z", "np.log(p)", (("parameter-ignored", "np.log(softmax(z))"), ("formula-of-other-activation", "p", "p"), ("term-lost", "{a} * z"))),
    ),
    2: (
        _Row(_SOFT, "Return for each class the slope of its p with respect to its own z.", "z", "{a} * p * (1 - p)", (("missing-inner-derivative", "p * (1 - p)"), ("z-for-g", "{a} * p * (1 - z)"), ("function-derivative-mixup", "p"), ("sign-flipped", "-{a} * p * (1 - p)"))),
        _Row(_SOFT, "Return for each class the slope of the p of the first class with respect to its z.", "z", "{a} * p[0] * ((np.arange(len(z)) == 0) - p)", (("missing-inner-derivative", "p[0] * ((np.arange(len(z)) == 0) - p)"), ("term-lost", "-{a} * p[0] * p"), ("wrong-variable", "{a} * p * (1 - p)", "own"))),
    ),
    3: (
        _Row(_SOFT, "Return its Jacobian: the slope of the p of class i with respect to the z of class j in row i, column j.", "z", "{a} * (np.diag(p) - np.outer(p, p))", (("missing-inner-derivative", "np.diag(p) - np.outer(p, p)"), ("term-lost", "{a} * np.diag(p * (1 - p))"), ("plus-minus-swapped", "{a} * (np.diag(p) + np.outer(p, p))"), ("sign-flipped", "{a} * (np.outer(p, p) - np.diag(p))", "reversed"))),
        _Row(_SOFT, "Return the Jacobian of ln(p): the slope of the ln(p) of class i with respect to the z of class j in row i, column j.", "z", "{a} * (np.eye(len(z)) - p)", (("missing-inner-derivative", "np.eye(len(z)) - p"), ("wrong-variable", "{a} * (np.eye(len(z)) - p[:, None])", "turned"), ("formula-of-other-activation", "{a} * (np.diag(p) - np.outer(p, p))", "of p"), ("term-lost", "-{a} * p * np.ones((len(z), 1))"))),
    ),
    4: (
        _Row(_SOFT, "From z and u = dL/dp return dL/dz, without a matrix.", "z, u", "{a} * p * (u - p @ u)", (("missing-inner-derivative", "p * (u - p @ u)"), ("term-lost", "{a} * p * u"), ("term-lost", "{a} * p * (1 - p) * u"), ("plus-minus-swapped", "{a} * p * (u + p @ u)"), ("formula-of-other-activation", "{a} * p * (u - u.mean())", "mean"))),
        _Row(_SOFT, "From z and u = dL/d(ln p) return dL/dz, without a matrix.", "z, u", "{a} * (u - p * u.sum())", (("missing-inner-derivative", "u - p * u.sum()"), ("formula-of-other-activation", "{a} * p * (u - p @ u)", "u of p"), ("term-lost", "{a} * u"), ("plus-minus-swapped", "{a} * (u + p * u.sum())"))),
    ),
    5: (
        _Row(_SOFT, "The loss is L = -sum(y*ln(p)), with targets y that need not add up to 1. From z and y return dL/dz.", "z, y", "{a} * (p * y.sum() - y)", (("missing-inner-derivative", "p * y.sum() - y"), ("product-missing-term", "{a} * (p - y)", "targets"), ("sign-flipped", "{a} * (y - p * y.sum())"), ("operation-swapped", "{a} * p * (p - y)"))),
        _Row(_NORM_OF, "From z and u = dL/dx return dL/dz, without a matrix.", "z, u", "{a} * (u - z * np.mean(u * z) / np.mean(z**2)) / np.sqrt(np.mean(z**2))", (("term-lost", "{a} * u / np.sqrt(np.mean(z**2))"), ("missing-inner-derivative", "(u - z * np.mean(u * z) / np.mean(z**2)) / np.sqrt(np.mean(z**2))"), ("plus-minus-swapped", "{a} * (u + z * np.mean(u * z) / np.mean(z**2)) / np.sqrt(np.mean(z**2))"), ("parameter-ignored", "{a} * (u - z * np.sum(u * z) / np.mean(z**2)) / np.sqrt(np.mean(z**2))", "sum"))),
    ),
}
# fmt: on
_INPUTS = (
    ([0.4, 1.1, -0.3], [0.5, -1.0, 2.0]),
    ([0.3, -1.2, 0.8, 0.7], [1.5, 0.4, -0.6, 2.2]),
    ([-0.9, 0.6], [0.8, -0.3]),
)
_ROW_HINTS: Mapping[int, str] = {
    1: "take the exponential of each entry, then ask what they add up to.",
    2: "does the class whose p is asked for hold the z that moves?",
    3: "look at the shape of what you return, then at the diagonal, then beside it.",
    4: "put u = (1, 1, 1): what must come out?",
    5: "move one entry of z a little by hand: which entries of the output move?",
}


def row_program(
    name: str, level: int, rng: np.random.Generator, kept_back: bool
) -> ReferenceExercise:
    """Draw a function of a row of numbers of which a program is to be written."""
    row = _ROWS[level][rng.integers(len(_ROWS[level]))]
    scaled = "{a}*z"
    asked = f"{row.of.format(scaled=scaled)} {row.task}"
    texts = {"asked": asked, "code": row.code, "e": _E}
    texts |= {f"wrong{k}": text for k, (_, text, *_) in enumerate(row.wrong)}
    if rng.integers(2):  # a temperature
        cooled = {"{a}*z": "z/{a}", "{a} *": "1/{a} *"}
        texts, scaled = {n: _with(text, cooled) for n, text in texts.items()}, "z/{a}"
    values = draw_values(texts, rng, kept_back)
    drawn = filled(texts, values)
    called = "f" if "." in name else name
    lines = [drawn["e"], _P] if "p" in _words(row.code) else []
    code = "\n    ".join([f"def {called}({row.arguments}):", *lines, f"return {drawn['code']}"])
    arguments = len(row.arguments.split(", "))
    return ReferenceExercise(
        name,
        lesson=13 if row.of == _NORM_OF else 12,
        prompt=Filled(
            "Write {call}. {of} {task}",
            call=f"{called}({row.arguments})",
            of=Filled(row.of, scaled=scaled.format(**values)),
            task=Filled(row.task),
        ),
        signature=f"{called}({row.arguments})",
        reference=_function(row.arguments, drawn["e"], drawn["code"]),
        inputs=tuple(inputs[:arguments] for inputs in _INPUTS),
        others=tuple(
            (
                slug,
                _function(row.arguments, drawn["e"], drawn[f"wrong{k}"]),
                *map(_DOUBTS.get, doubt),
            )
            for k, (slug, _, *doubt) in enumerate(row.wrong)
        ),
        hints=Hints(
            where=_ROW_HINTS[level],
            rule="every entry of z moves the sum, and through it every entry of the output.",
            question="which ways lead from one entry of z to one entry of the output, and what is the slope along each?",
            neighbour="of x = z/sum(z): dL/dz = (u - sum(u*x))/sum(z), with u = dL/dx.",
            line=Filled(
                "It ends with: return {begins} * (…).", begins=drawn["code"].split(" * ")[0]
            )
            if " * " in drawn["code"]
            else "Two lines: the shares p, then what is asked.",
        ),
        code=code,
    )


def _with(text: str, instead: Mapping[str, str]) -> str:
    for old, new in instead.items():
        text = text.replace(old, new)
    return text


def _words(code: str) -> set[str]:
    return {*"".join(c if c.isalnum() else " " for c in code).split()}


def _function(arguments: str, e: str, code: str) -> Callable[..., object]:
    """A function of the course's own text."""
    scope: dict[str, object] = {"np": np, "softmax": softmax, "sigmoid": sigmoid}
    exec(f"def f({arguments}):\n    {e}\n    {_P}\n    return {code}", scope)
    found = scope["f"]
    assert callable(found)
    return found

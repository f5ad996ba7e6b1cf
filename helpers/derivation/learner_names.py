"""What the names in a learner's derivation stand for, and the differentials among them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from helpers.derivation.tokens import Token
from helpers.derivation.vocabulary import ALIASES, CONSTANTS, FUNCTIONS

DIFFERENTIALS = ("d", "∂", "δ", "ⅆ")
# Functions under the names that people and other programs give them.
_SPELLINGS = {
    "abs": "Abs fabs",
    "asinh": "arcsinh arsinh",
    "atan": "arctan arctg",
    "atanh": "arctanh artanh",
    "cosh": "ch coshf",
    "csch": "cosech",
    "Derivative": "diff",
    "divide": "div true_divide",
    "erf": "Erf",
    "exp": "Exp expf",
    "indicator": "I",
    "ln": "Ln Log logf",
    "max": "Max",
    "min": "Min",
    "multiply": "mul",
    "phi": "pdf",
    "Phi": "cdf ncdf",
    "pow": "power powf",
    "relu": "ReLU Relu",
    "sigmoid": "Sigma Sigmoid expit logistic logsig sgm sig sigm",
    "sign": "sgn signum",
    "sinh": "sh sinhf",
    "softplus": "Softplus sp",
    "sqrt": "Sqrt sqrtf",
    "step": "H Heaviside U heaviside",
    "subtract": "sub",
    "tan": "tg",
    "tanh": "Tanh tanhf tanhyp th",
}
ALSO = {also: name for name, spellings in _SPELLINGS.items() for also in spellings.split()}


@dataclass
class Names:
    """What the names of a derivation mean.

    variable : the letter with respect to which D differentiates.
    own_variable : how the learner writes it.
    letters : the exercise's own letters and parameters.
    own : the learner's names (of definitions, and of the function itself) -> letter in the tree.
    renamed : letters that are read as another one of the exercise -> that letter.
    applied : names that are written as functions, `f(x)`; bare : functions written as values, `σ`.
    not_functions : names of the vocabulary that mean something else here, as φ may.
    parameters : those of the letters that have no definition.
    subject : the letter of the tree for the exercise's function, where `d/dx =` stands alone.
    products : names that are letters side by side.
    primed : the name of which `f'` is the function, where a second slope is asked for.
    inner : own functions of another letter than the variable, f of `f(u) = 1/u` -> its letter.
    unknown : letters that nobody has explained, met so far, with their tokens.
    as_typed : whether a function needs its argument, and a derivative its letter.
    """

    variable: str = "z"
    own_variable: str = "z"
    letters: frozenset[str] = frozenset()
    own: Mapping[str, str] = field(default_factory=dict)
    renamed: Mapping[str, str] = field(default_factory=dict)
    applied: frozenset[str] = frozenset()
    bare: frozenset[str] = frozenset()
    not_functions: frozenset[str] = frozenset()
    parameters: frozenset[str] = frozenset()
    products: frozenset[str] = frozenset()
    primed: str = ""
    inner: Mapping[str, str] = field(default_factory=dict)
    subject: str = ""
    unknown: dict[str, Token] = field(default_factory=dict)
    parts: frozenset[str] = frozenset()  # such as u and v of u'v + uv'
    alone: frozenset[str] = frozenset()  # single letters that stand alone somewhere
    as_typed: bool = False

    def letter(self, name: str) -> str | None:
        """The letter of the tree that a name stands for, or None."""
        plain = ALIASES.get(name, name)
        for written in (name, plain):
            if written in self.own:
                return self.own[written]
            if written == self.own_variable:
                return self.variable
            if written in self.renamed:
                return self.renamed[written]
        known = plain in self.letters or plain in CONSTANTS or plain == self.variable
        return plain if known else None

    @property
    def read_as(self) -> list[tuple[str, str]]:
        """What the learner writes in another letter, with the exercise's letter."""
        pairs = [*self.renamed.items()]
        if self.own_variable != self.variable:
            pairs.insert(0, (self.own_variable, self.variable))
        return pairs

    @property
    def as_written(self) -> dict[str, str]:
        """How the learner writes each letter of the tree that has another name in the text."""
        names = {letter: name for name, letter in {**self.own, **self.renamed}.items()}
        return {**names, self.variable: self.own_variable}

    def function(self, name: str) -> str | None:
        """The function of the vocabulary that a name stands for, or None."""
        if name in self.own or ALIASES.get(name, name) in self.not_functions:
            return None
        plain = ALSO.get(name) or ALIASES.get(name, name)
        if plain in FUNCTIONS or plain in SHORT:
            return None if self.letter(name) else plain
        return None

    def knows(self, name: str) -> bool:
        return bool(self.letter(name) or self.function(name))


CASE_WORDS = ("if", "else", "otherwise", "for", "when", "where", "elif")
OPERATIONS = {"multiply": "*", "divide": "/", "add": "+", "subtract": "-"}  # of NumPy
# Functions that are written in others at once, on reading.
SHORT = {
    **{"log1p": "ln(1 + u)", "expm1": "exp(u) - 1", "square": "u^2", "reciprocal": "1/u"},
    **{"sign": "u/abs(u)", "atanh": "ln((1 + u)/(1 - u))/2", "logit": "ln(u/(1 - u))"},
    **{"asinh": "ln(u + sqrt(u^2 + 1))", "coth": "1/tanh(u)", "csch": "1/sinh(u)"},
    **{"sec": "1/cos(u)", "cot": "1/tan(u)", "csc": "1/sin(u)", "softsign": "u/(1 + abs(u))"},
    **{"cbrt": "u/abs(u)*abs(u)^(1/3)", "log_10": "ln(u)/ln(10)", "log_2": "ln(u)/ln(2)"},
    **dict.fromkeys(("silu", "swish"), "u/(1 + exp(-u))"),
    **{"gelu": "u*Phi(u)", "mish": "u*tanh(ln(1 + exp(u)))"},
    **dict.fromkeys(OPERATIONS, ""),
    **{"pow": "", "where": "", "Piecewise": "", "Derivative": "", "indicator": ""},
}


def differential(found: list[Token], place: int) -> tuple[str, int] | None:
    """At `dx`, `d x` or `∂x`: the letter and the place behind it, otherwise None."""
    token = found[place]
    if token.kind != "name":
        return None
    if token.text in DIFFERENTIALS:
        after = found[place + 1]
        return (after.text, place + 2) if after.kind == "name" else None
    if token.text[0] in DIFFERENTIALS and len(token.text) > 1:
        return token.text[1:].lstrip("_"), place + 1
    return None

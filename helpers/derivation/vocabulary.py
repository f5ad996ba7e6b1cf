"""The words of the notation: its constants, its Greek letters, and the table of its functions.

`FUNCTIONS` is the one place that knows about a function: how it is read and set, its slope, its
value to 50 digits, in NumPy and in SymPy. `define` adds one; then it can be read, differentiated,
proved, typeset, computed and composed.
"""

from __future__ import annotations

import math
import re
import unicodedata
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from helpers.language import value_error

CONSTANTS = ("pi", "e")
_GREEK_NAMES = (
    *("alpha", "beta", "gamma", "delta", "epsilon", "zeta", "eta", "theta", "kappa", "lambda"),
    *("mu", "nu", "xi", "rho", "tau", "phi", "chi", "psi", "omega"),
    *("Gamma", "Delta", "Theta", "Lambda", "Xi", "Phi", "Psi", "Omega"),
)


def _greek_letter(name: str) -> str:
    kind = "CAPITAL" if name[0].isupper() else "SMALL"
    unicode_name = "LAMDA" if name.lower() == "lambda" else name.upper()
    return unicodedata.lookup(f"GREEK {kind} LETTER {unicode_name}")


GREEK = {name: _greek_letter(name) for name in _GREEK_NAMES}

# A function in the words of a library: its name there, or what to compute with the library.
Form = str | Callable[..., Any]


@dataclass(frozen=True)
class Function:
    """A function of the notation, u being its argument; of two arguments, the second one is v.

    Formulas are texts in the notation, a form says the same in the words of a library: the name
    it has there (if not `name`), or what to compute from the library and the argument. So no
    library is loaded before it is needed.

    name, aliases : what it is called. spoken : how it is read aloud.
    slope : its derivative by u. slope_by_v : by v, where it has two arguments.
    mpmath, numpy, sympy : its forms; a name in SymPy is read back from SymPy as well.
    kernel : the function of `helpers.activations` of this name, with its slope; it is taken
        where tails count.
    spelled : made of exponentials, a logarithm and |…|, where the exact proof may do so.
    latex : the command; if not given, the name is set upright.
    domain : where it is real, one of `… > 0`, `… >= 0`, `… != 0`; everywhere if not given.
    any_size : mpmath takes an argument of any size; for the others, beyond ±10^6 is overflow.
    kink : the slopes left and right of a kink or jump at u = 0, where its value is 0.
    """

    name: str
    slope: str
    slope_by_v: str = ""
    aliases: tuple[str, ...] = ()
    spoken: str = ""
    mpmath: Form = ""
    numpy: Form = ""
    sympy: Form = ""
    kernel: str = ""
    spelled: str = ""
    latex: str = ""
    domain: str = ""
    any_size: bool = False
    kink: tuple[float, float] | None = None

    @property
    def arguments(self) -> int:
        """How many arguments it takes."""
        return 2 if self.slope_by_v else 1

    @property
    def border(self) -> str:
        """The formula that is 0 where the domain ends: `u` for `u > 0`."""
        return self.domain.rpartition(" ")[0].rpartition(" ")[0]

    @property
    def tex(self) -> str:
        """The command that sets its name."""
        return self.latex or rf"\operatorname{{{self.name}}}"

    def in_mpmath(self, context: Any) -> Callable[..., Any]:
        """Return it for numbers of a context of mpmath; None stands for no value."""
        return _bound(self.mpmath or self.name, context)

    def in_numpy(self) -> Callable[..., Any]:
        """Return it for arrays, as the formula stands; NumPy is loaded now."""
        import numpy

        return _bound(self.numpy or self.name, numpy)

    def in_sympy(self) -> Callable[..., Any]:
        """Return it for expressions of SymPy, which is loaded now."""
        import sympy

        return _bound(self.sympy or self.name, sympy)


def _bound(form: Form, library: Any) -> Callable[..., Any]:
    return getattr(library, form) if isinstance(form, str) else partial(form, library)


# ------------------------------------------------------------------------------------ the table


def _step_to_50_digits(mp: Any, u: Any) -> Any:
    tie = mp.mpf(10) ** -65  # nearer to 0 than this, rounding may have chosen the side
    return None if abs(u) < tie else mp.mpf(u > 0)


def _erf_of_arrays(np: Any, u: Any) -> Any:
    return np.vectorize(math.erf, otypes=[float])(u)


def _normal_distribution(np: Any, u: Any) -> Any:
    from helpers.activations import gelu

    return np.where(u == 0, 0.5, gelu(u) / np.where(u == 0, 1.0, u))  # gelu(u) = u Φ(u)


FUNCTIONS: dict[str, Function] = {}
ALIASES = {"π": "pi", "lam": "lambda", "ϕ": "phi", "ε": "epsilon", "ϵ": "epsilon"}
ALIASES |= {letter: name for name, letter in GREEK.items()}
RESERVED = {*CONSTANTS, *ALIASES, "D"}


def define(function: Function) -> None:
    """Add a function to the notation, under all of its names.

    >>> define(Function("tg", slope="1/cos(u)^2", aliases=("tan",)))
    Traceback (most recent call last):
    ValueError: tg: tan means something in the notation already
    """
    import mpmath

    told, form = {"function": function.name}, function.mpmath or function.name
    for name in (function.name, *function.aliases):
        if ALIASES.get(name, name) in {*FUNCTIONS, *CONSTANTS, "D"}:
            fault = "{function}: {name} means something in the notation already"
            raise value_error(fault, name=name, **told)
    if not re.fullmatch(r"(\S.* (>|>=|!=) 0)?", function.domain):
        fault = "{function}: its domain is … > 0, … >= 0 or … != 0, not {domain}"
        raise value_error(fault, domain=function.domain, **told)
    if isinstance(form, str) and not hasattr(mpmath.mp, form):
        fault = "{function}: mpmath has no {form}, say with mpmath=… how it is computed there"
        raise value_error(fault, form=form, **told)
    FUNCTIONS[function.name] = function
    ALIASES.update(dict.fromkeys(function.aliases, function.name))
    RESERVED.update((function.name, *function.aliases))


def list_of_functions() -> str:
    """Name all functions in a row, for messages."""
    return " ".join(FUNCTIONS).replace("ln", "ln log", 1)


for _function in (
    Function("exp", slope="exp(u)", latex=r"\exp", spoken="e to the"),
    Function(
        "ln",
        slope="1/u",
        aliases=("log",),
        spoken="the natural logarithm of",
        numpy="log",
        sympy="log",
        latex=r"\ln",
        domain="u > 0",
        any_size=True,
    ),
    Function(
        "sqrt",
        slope="1/(2*sqrt(u))",
        aliases=("√",),
        spoken="the square root of",
        latex=r"\sqrt",
        domain="u >= 0",
        any_size=True,
    ),
    Function(
        "sinh",
        slope="cosh(u)",
        spoken="the hyperbolic sine of",
        spelled="(exp(u) - exp(-u))/2",
        latex=r"\sinh",
    ),
    Function(
        "cosh",
        slope="sinh(u)",
        spoken="the hyperbolic cosine of",
        spelled="(exp(u) + exp(-u))/2",
        latex=r"\cosh",
    ),
    Function(
        "tanh",
        slope="1 - tanh(u)^2",
        spoken="the hyperbolic tangent of",
        kernel="tanh",
        spelled="(exp(u) - exp(-u))/(exp(u) + exp(-u))",
        latex=r"\tanh",
    ),
    Function(
        "sech",
        slope="-sech(u)*tanh(u)",
        spoken="the hyperbolic secant of",
        numpy=lambda np, u: 1 / np.cosh(u),
        spelled="2/(exp(u) + exp(-u))",
    ),
    Function(
        "sigmoid",
        slope="sigmoid(u)*(1 - sigmoid(u))",
        aliases=("sigma", "σ"),
        spoken="the sigmoid of",
        mpmath=lambda mp, u: 1 / (1 + mp.exp(-u)),
        numpy=lambda np, u: (1 + np.tanh(u / 2)) / 2,  # where exp(-u) would overflow
        sympy=lambda sp, u: 1 / (1 + sp.exp(-u)),
        kernel="sigmoid",
        spelled="1/(1 + exp(-u))",
        latex=r"\sigma",
    ),
    Function(
        "erf",
        slope="2/sqrt(pi)*exp(-u^2)",
        spoken="the error function of",
        numpy=_erf_of_arrays,
    ),
    Function(
        "abs",
        slope="u/abs(u)",
        spoken="the absolute value of",
        mpmath="fabs",
        numpy="absolute",
        sympy="Abs",
        any_size=True,
        kink=(-1, 1),
    ),
    Function(
        "atan",
        slope="1/(1 + u^2)",
        aliases=("arctan",),
        spoken="the inverse tangent of",
        numpy="arctan",
        latex=r"\arctan",
        any_size=True,
    ),
    Function("sin", slope="cos(u)", spoken="the sine of", latex=r"\sin"),
    Function("cos", slope="-sin(u)", spoken="the cosine of", latex=r"\cos"),
    Function(
        "tan", slope="1/cos(u)^2", spoken="the tangent of", latex=r"\tan", domain="cos(u) != 0"
    ),
    Function(
        "relu",
        slope="step(u)",
        aliases=("ReLU",),
        spoken="ReLU of",
        mpmath=lambda mp, u: max(u, mp.zero),
        numpy=lambda np, u: np.maximum(u, 0),
        sympy=lambda sp, u: sp.Max(u, 0),
        spelled="(u + abs(u))/2",
        latex=r"\operatorname{ReLU}",
        any_size=True,
        kink=(0, 1),
    ),
    Function(
        "softplus",
        slope="sigmoid(u)",
        spoken="softplus of",
        mpmath=lambda mp, u: mp.log1p(mp.exp(u)),
        numpy=lambda np, u: np.log1p(np.exp(-np.absolute(u))) + np.maximum(u, 0),
        sympy=lambda sp, u: sp.log(1 + sp.exp(u)),
        kernel="softplus",
        spelled="ln(1 + exp(u))",
    ),
    Function(
        "step",
        slope="0",
        spoken="the unit step of",
        mpmath=_step_to_50_digits,
        numpy=lambda np, u: np.where(u > 0, 1.0, np.where(u < 0, 0.0, np.nan)),
        sympy="Heaviside",
        spelled="(1 + u/abs(u))/2",
        any_size=True,
        kink=(0, 0),
    ),
    Function(
        "Phi",
        slope="phi(u)",
        spoken="capital phi of",
        mpmath="ncdf",
        numpy=_normal_distribution,
        sympy=lambda sp, u: (1 + sp.erf(u / sp.sqrt(2))) / 2,
        latex=r"\Phi",
    ),
    Function(
        "phi",
        slope="-u*phi(u)",
        spoken="phi of",
        mpmath="npdf",
        numpy=lambda np, u: np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi),
        sympy=lambda sp, u: sp.exp(-(u**2) / 2) / sp.sqrt(2 * sp.pi),
        latex=r"\varphi",
    ),
    Function(
        "max",
        slope="step(u - v)",
        slope_by_v="step(v - u)",
        aliases=("maximum",),
        spoken="the larger of",
        mpmath=lambda mp, u, v: max(u, v),
        numpy="maximum",
        sympy="Max",
        spelled="(u + v + abs(u - v))/2",
        latex=r"\max",
        any_size=True,
    ),
    Function(
        "min",
        slope="step(v - u)",
        slope_by_v="step(u - v)",
        aliases=("minimum",),
        spoken="the smaller of",
        mpmath=lambda mp, u, v: min(u, v),
        numpy="minimum",
        sympy="Min",
        spelled="(u + v - abs(u - v))/2",
        latex=r"\min",
        any_size=True,
    ),
):
    define(_function)

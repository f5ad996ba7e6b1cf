"""The workbench: compose an activation of one's own as text, look at it, and put it to the test.

    compose     text -> an `Activation` with its derivative, for `explore`, `Network` and the like
    moments     what it does to the size of signals: E[g], E[g²], E[g′²] for z ~ N(0, 1)
    compare     trains it against another one, in pairs, and says whether a difference was seen

The text is read by `helpers.notation` and never executed. The derivative is found three times:
by the rules of calculus, line by line (`steps`), by SymPy (their last line), and in NumPy by the
chain rule on the course's own kernels, which dual numbers check.
"""

from __future__ import annotations

import functools
import inspect
import itertools
import keyword
import math
import string
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from numbers import Real
from typing import NamedTuple

import numpy as np

from helpers.activations import (
    ACTIVATIONS,
    Activation,
    Parameter,
    central_difference,
    dual_derivative,
    gelu,
    sigmoid,
    sigmoid_prime,
    softplus,
    tanh,
    tanh_prime,
    value_and_prime,
)
from helpers.activations.kernels import kernel
from helpers.derivation import (
    ALIASES,
    CONSTANTS,
    RESERVED,
    D,
    Derivation,
    DerivationError,
    Func,
    Line,
    Neg,
    NotationError,
    Num,
    Op,
    Setting,
    Sym,
    Tree,
    children,
    derivative_by_sympy,
    differentiate_once,
    latex,
    names,
    parse,
    to_text,
    walk,
)
from helpers.networks import Diverged, Network, accuracy, load_digits, spiral, split, train

__all__ = ["Comparison", "Composition", "Moments", "compare", "compose", "moments"]

Z = Sym("z")
MOST_STEPS = 40  # of a slider: all of its curves travel with an explorer
RANGE = 30.0  # an activation has to have a value and a slope from -30 to 30

# ------------------------------------------------------------------------ g and g′ in NumPy


_erf = np.vectorize(math.erf, otypes=[float])


def _density(u):
    return np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi)


def _distribution(u):
    return np.where(u == 0, 0.5, gelu(u) / np.where(u == 0, 1.0, u))  # gelu(u) = u Φ(u)


# name: the function of u, and its slope from u and the value v
_SMOOTH: Mapping[str, tuple[Callable, Callable]] = {
    "exp": (np.exp, lambda u, v: v),
    "ln": (np.log, lambda u, v: 1 / u),
    "sqrt": (np.sqrt, lambda u, v: 1 / (2 * v)),
    "sinh": (np.sinh, lambda u, v: np.cosh(u)),
    "cosh": (np.cosh, lambda u, v: np.sinh(u)),
    "tanh": (tanh, lambda u, v: tanh_prime(u)),
    "sech": (lambda u: 1 / np.cosh(u), lambda u, v: -v * tanh(u)),
    "sigmoid": (sigmoid, lambda u, v: sigmoid_prime(u)),
    "softplus": (softplus, lambda u, v: sigmoid(u)),
    "erf": (_erf, lambda u, v: 2 / math.sqrt(math.pi) * np.exp(-(u**2))),
    "Phi": (_distribution, lambda u, v: _density(u)),
    "phi": (_density, lambda u, v: -u * v),
    "atan": (np.arctan, lambda u, v: 1 / (1 + u**2)),
    "sin": (np.sin, lambda u, v: np.cos(u)),
    "cos": (np.cos, lambda u, v: -np.sin(u)),
    "tan": (np.tan, lambda u, v: 1 + v**2),
    "step": (lambda u: np.where(u > 0, 1.0, 0.0), lambda u, v: 0.0),
}


def _choose(first, u, v, du, dv, at_tie):
    """The slope of max or min: that of the chosen one, and at a tie the slope on the left."""
    if du is None and dv is None:
        return None
    du, dv = du if du is not None else 0.0, dv if dv is not None else 0.0
    return np.where(u == v, at_tie(du, dv), np.where(first, du, dv))


def _times(slope, du):
    return None if du is None else slope * du


def _plus(du, dv):
    return du if dv is None else dv if du is None else du + dv


def _power(u, n, du, dn):
    value = np.power(np.asarray(u, float), n)
    slope = None if du is None else n * np.power(np.asarray(u, float), n - 1) * du
    return value, _plus(slope, None if dn is None else value * np.log(u) * dn)


def _sweep(tree: Tree, at: Mapping[str, tuple]) -> tuple:
    """Value and slope of a tree by the chain rule, from those of its letters.

    A slope None means that the variable does not occur; so without a slope for z, only values
    are computed. At a kink the slope is the one on the left, by the course's convention: to the
    left of a tie, max(u, v) is the one with the smaller slope.
    """
    match tree:
        case Num(text):
            return np.float64(text), None
        case Sym("pi" | "e" as name):
            return np.float64(getattr(math, name)), None
        case Sym(name):
            return at[name]
        case Func("abs", arg):
            u, du = _sweep(arg, at)
            return np.abs(u), None if du is None else np.where(u == 0, -np.abs(du), np.sign(u) * du)
        case Func("relu", arg):
            u, du = _sweep(arg, at)
            return np.maximum(u, 0), _choose(u > 0, u, 0.0, du, None, np.minimum)
        case Func(name, arg):
            u, du = _sweep(arg, at)
            value, slope = _SMOOTH[name]
            v = value(u)
            return v, None if du is None else slope(u, v) * du
        case Neg(arg):
            u, du = _sweep(arg, at)
            return -u, _times(-1, du)
    (u, du), (v, dv) = _sweep(tree.left, at), _sweep(tree.right, at)
    match tree.op:
        case "+":
            return u + v, _plus(du, dv)
        case "-":
            return u - v, _plus(du, _times(-1, dv))
        case "*":
            return u * v, _plus(_times(v, du), _times(u, dv))
        case "/":
            return np.divide(u, v), _plus(_times(1 / v, du), _times(-u / v / v, dv))
        case "^":
            return _power(u, v, du, dv)
        case "max":
            return np.maximum(u, v), _choose(u > v, u, v, du, dv, np.minimum)
        case "min":
            return np.minimum(u, v), _choose(u < v, u, v, du, dv, np.maximum)


# --------------------------------------------------------------------------- the composition


@dataclass(frozen=True)
class Composition(Activation):
    """An activation that was composed as text; made by `compose`.

    tree : what was read. defaults : the parameters with their values.
    """

    tree: Tree = Z
    defaults: tuple[tuple[str, float], ...] = ()

    @cached_property
    def steps(self) -> Derivation:
        """The derivative, one rule at a time, every line checked; SymPy's own form comes last."""
        return _derivation(self.tree, tuple(name for name, _ in self.defaults))

    def check(self) -> str:
        """Compare g′ with the slope that dual numbers find; return a sentence.

        Where a function has no dual number (erf, sin, …), central differences stand in. Raises
        ArithmeticError if the two differ by more than rounding.
        """
        return _check(self)

    def __repr__(self):
        given = "".join(f", {_python_name(name)}={x:g}" for name, x in self.defaults)
        return f"compose({self.expression!r}{given})"

    def _repr_latex_(self):
        return f"$$g(z) = {self.latex}$$"


def compose(text: str, **parameters) -> Composition:
    """Compose an activation from text and return it, with its derivative.

    Parameters
    ----------
    text : a formula in z, in the notation of derivations: `z*sigmoid(beta*z)`.
    **parameters : a value for each other letter, such as ``c=0.5``, or (value, low, high) for a
        slider: ``beta=(1.0, 0.1, 10.0)``. The first one with a range gets the slider of
        `explore`; the others are keywords of ``value`` and ``prime``. ``lam`` is λ.

    Returns
    -------
    An `Activation` for `explore`, `Network` and `value_and_prime`; ``.steps`` shows how its
    derivative is found. The slope at a kink is the one on the left. sigmoid, tanh, softplus and
    Phi are the library's kernels, right in their tails as well; for the rest, and at ±inf, the
    formula is computed as it stands.

    Raises
    ------
    NotationError : the text cannot be read, has no z, or has no value or no slope for some z
        from -30 to 30, for a parameter's value or at an end of its range; points at the place.
    TypeError, ValueError : a parameter is not a number or three in order low <= value <= high.

    >>> gate = compose("z*sigmoid(beta*z)", beta=(1.0, 0.1, 10.0))
    >>> value_and_prime(gate, 0.0, 2.0)
    (np.float64(0.0), np.float64(0.5))
    >>> compose("ln(z)")
    Traceback (most recent call last):
    helpers.derivation.notation.NotationError: ln(z) has no value from z = -30 to z = 0
        ln(z)
        ^
    """
    ranges = {_letter(name): _range(name, given) for name, given in parameters.items()}
    tree = _read(text, ranges)
    defaults = {name: values[0] for name, values in ranges.items()}
    for settings in _corners(ranges):
        _refuse_undefined(tree, settings, defaults, text)
    breaks = _breaks(tree, defaults)
    slides = next((name for name, (_, *ends) in ranges.items() if ends), None)
    order = [slides, *(n for n in ranges if n != slides)] if slides else [*ranges]
    pair = _pair(tree, order)
    return Composition(
        value=_kernel(tree, order, defaults, slope=False),
        prime=_kernel(tree, order, defaults, slope=True),
        expression=to_text(tree),
        latex=latex(tree),
        parameter=_slider(slides, *ranges[slides]) if slides else None,
        kinks=_kinks(tree, defaults, breaks, text),
        pair=pair,
        tree=tree,
        defaults=tuple((name, defaults[name]) for name in order),
    )


def _letter(name: str) -> str:
    plain = ALIASES.get(name, name)
    if plain in RESERVED or plain == "z":
        raise NotationError(f"{name} cannot be a parameter: it has a meaning", name)
    return plain


def _range(name: str, given) -> tuple[float, ...]:
    """Return (value,) or (value, low, high)."""
    numbers = tuple(given) if isinstance(given, Sequence | np.ndarray) else (given,)
    if not all(isinstance(x, Real) and math.isfinite(x) for x in numbers) or isinstance(given, str):
        raise TypeError(f"{name}: expected a number or (value, low, high), got {given!r}")
    value, *ends = map(float, numbers)
    if len(numbers) not in (1, 3) or (ends and not (ends[0] <= value <= ends[1] > ends[0])):
        raise ValueError(
            f"{name}: expected low <= value <= high in (value, low, high), got {given}"
        )
    return value, *ends


def _read(text: str, ranges: Mapping[str, tuple]) -> Tree:
    tree = parse(text, letters={*string.ascii_letters, *ALIASES.values(), *ranges} - RESERVED)
    for node in walk(tree):
        if isinstance(node, D):
            message = "write the function itself: its derivative is found here"
            raise NotationError(message, text, node.span[0])
        if isinstance(node, Sym) and node.name not in (*ranges, "z", *CONSTANTS):
            raise NotationError(_no_value(node.name), text, node.span[0])
    if "z" not in names(tree):
        raise NotationError("an activation is a function of z, and there is no z", text)
    if unused := sorted({*ranges} - names(tree)):
        raise NotationError(f"{unused[0]} has a value, but does not occur", text)
    return tree


def _no_value(name: str) -> str:
    if name == "x":
        return "x has no value: was z meant, the input of an activation?"
    if name in ("f", "g"):
        return f"{name} is no function here: write its formula in z out in full"
    say = _python_name(name)
    return f"{name} has no value: say {say}=1.0 or {say}=(1.0, 0.1, 10.0)"


def _slider(name: str, value: float, low: float, high: float) -> Parameter:
    """A slider that stops at the value, with steps that are short to write, and many of them."""

    def fits(count: int) -> bool:
        at = (value - low) / (high - low) * count
        return abs(at - round(at)) < 1e-9

    def digits(count: int) -> int:
        return len(f"{(high - low) / count:.6g}".replace(".", "").strip("0"))

    whole = range(1, MOST_STEPS + 1)
    counts = [count for count in whole if fits(count)] or whole
    step = (high - low) / min(counts, key=lambda count: (digits(count), -count))
    symbol = {known: sign for sign, known in ALIASES.items() if len(sign) == 1}.get(name, name)
    return Parameter(_python_name(name), symbol, value, low, high, step)


def _python_name(name: str) -> str:
    return "lam" if keyword.iskeyword(name) else name


def _kernel(tree, order, defaults, *, slope: bool) -> Callable:
    """Return g or g′ with the promises of the kernels, as a function of z and the parameters."""

    def body(z, *params):
        at = dict(zip(order, ((p, None) for p in params), strict=True))
        found = _sweep(tree, {**at, "z": (z, 1.0 if slope else None)})[slope]
        return np.broadcast_to(0.0 if found is None else found, np.shape(z))

    kinds = inspect.Parameter
    z = kinds("z", kinds.POSITIONAL_OR_KEYWORD)
    others = [
        kinds(_python_name(n), kinds.POSITIONAL_OR_KEYWORD, default=defaults[n]) for n in order
    ]
    body.__signature__ = inspect.Signature([z, *others])
    body.__name__ = body.__qualname__ = "g_prime" if slope else "g"
    body.__doc__ = f"{'The slope of' if slope else 'Compute'} {to_text(tree)}."
    return kernel(body)


def _pair(tree, order) -> Callable:
    def pair(z, *params_and_out):
        *params, out = params_and_out
        at = dict(zip(order, ((p, None) for p in params), strict=True))
        value, slope = _sweep(tree, {**at, "z": (z, 1.0)})
        out[0][...], out[1][...] = value, 0.0 if slope is None else slope

    return pair


# ---------------------------------------------------------------- where there is no value


def _corners(ranges: Mapping[str, tuple]) -> Iterator[dict[str, float]]:
    """Yield the values, then each parameter at both ends of its range."""
    defaults = {name: values[0] for name, values in ranges.items()}
    yield defaults
    for name, (_, *ends) in ranges.items():
        yield from ({**defaults, name: end} for end in ends)


def _at(z, settings: Mapping[str, float], slope=1.0) -> dict[str, tuple]:
    return {name: (np.float64(x), None) for name, x in settings.items()} | {"z": (z, slope)}


def _grid(end: float) -> np.ndarray:
    return np.arange(-round(100 * end), round(100 * end) + 1) / 100  # 0 is among them, exactly


def _upwards(tree: Tree) -> Iterator[Tree]:
    for child in children(tree):
        yield from _upwards(child)
    yield tree


def _refuse_undefined(tree: Tree, settings, defaults, text: str) -> None:
    """Find the innermost part that has no value or no slope at some z, and point at it."""
    with_ = [f"{name} = {x:g}" for name, x in settings.items() if x != defaults[name]]
    with_ = f", with {', '.join(with_)}" if with_ else ""
    grid = _grid(RANGE)
    with np.errstate(all="ignore"):
        for node in _upwards(tree):
            zeros = _zeros(_must_not_vanish(node), grid, settings)
            z = np.union1d(grid, zeros)
            value, slope = _sweep(node, _at(z, settings))
            bad = np.isin(z, zeros) if _has_pole(node) else np.zeros(len(z), bool)
            for what, found in (("value", value), ("slope", 0.0 if slope is None else slope)):
                found = np.broadcast_to(found, z.shape)
                wrong = bad | ~np.isfinite(found)
                if wrong.any():
                    large = np.isposinf(np.abs(found)[wrong]).all() and not len(zeros)
                    why = "is too large for a number" if large else f"has no {what}"
                    message = f"{to_text(node)} {why} {_places(z, wrong)}{with_}"
                    raise NotationError(message, text, node.span[0])


def _must_not_vanish(node: Tree) -> Tree | None:
    """What may be 0 at a place that no grid meets: a denominator, what a logarithm is of."""
    match node:
        case Op("/", _, v):
            return v
        case Op("^", u, _) | Func("ln" | "sqrt", u):
            return u
        case Func("tan", u):
            return Func("cos", u)
    return None


def _has_pole(node: Tree) -> bool:
    match node:
        case Op("^", _, n):
            return isinstance(n, Neg)
        case Func("sqrt"):
            return False
    return True


def _places(z: np.ndarray, wrong: np.ndarray) -> str:
    """Say where, nearest to 0: at z = 0; from z = -30 to z = 0."""
    first = last = min(np.flatnonzero(wrong), key=lambda i: abs(z[i]))
    while first > 0 and wrong[first - 1]:
        first -= 1
    while last + 1 < len(z) and wrong[last + 1]:
        last += 1
    more = " and elsewhere" if wrong.sum() > last - first + 1 else ""
    low, high = f"{z[first]:.6g}", f"{z[last]:.6g}"
    return f"at z = {low}{more}" if low == high else f"from z = {low} to z = {high}{more}"


def _zeros(tree: Tree | None, grid: np.ndarray, settings) -> np.ndarray:
    """The places between grid points where a continuous function of z crosses or touches 0."""
    if tree is None or "z" not in names(tree):
        return np.array([])

    def f(z):
        return np.broadcast_to(_sweep(tree, _at(z, settings, None))[0], np.shape(z))

    y = f(grid)
    found = _crossings(f, grid)
    low = np.flatnonzero((np.abs(y[1:-1]) <= np.abs(y[:-2])) & (np.abs(y[1:-1]) <= np.abs(y[2:])))
    left, right = grid[low], grid[low + 2]
    for _ in range(80):  # the smallest |f| lies in the two thirds with the smaller end
        a, b = left + (right - left) / 3, right - (right - left) / 3
        smaller = np.abs(f(a)) < np.abs(f(b))
        left, right = np.where(smaller, left, a), np.where(smaller, b, right)
    found = np.concatenate([found, left, right, grid[y == 0]])
    return np.unique(found[np.abs(f(found)) < 1e-12].round(10)) + 0.0


def _crossings(f: Callable, grid: np.ndarray) -> np.ndarray:
    """The places where the sign of f changes, to the last digit."""
    sign = np.sign(f(grid))
    at = np.flatnonzero(sign[1:] != sign[:-1])
    left, right = grid[at], grid[at + 1]
    for _ in range(60):
        middle = (left + right) / 2
        same = np.sign(f(middle)) == sign[at]
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    return np.where(np.abs(f(right)) < np.abs(f(left)), right, left)


# ----------------------------------------------------------------------------------- kinks


def _breaks(tree: Tree, settings: Mapping[str, float], end: float = RANGE) -> list[float]:
    """The places where relu, abs, max, min or step change their branch."""
    found = [np.array([])]
    for node in walk(tree):
        match node:
            case Func("relu" | "abs" | "step", u):
                switch = u
            case Op("max" | "min", u, v):
                switch = Op("-", u, v)
            case _:
                continue
        if "z" in names(switch):

            def f(z, switch=switch):
                return _sweep(switch, _at(z, settings, None))[0]

            with np.errstate(all="ignore"):
                found.append(_crossings(f, _grid(end)))
    places = np.unique(np.concatenate(found).round(12))
    return [float(z) + 0.0 for z in places[np.diff(places, prepend=-np.inf) > 1e-9]]


def _kinks(tree: Tree, settings, breaks: Sequence[float], text: str) -> tuple[float, ...]:
    """The breaks at which the slope jumps. A jump of g itself is refused."""
    kinks = []
    for z in breaks:
        sides = np.array([z - 1e-7, z + 1e-7])
        with np.errstate(all="ignore"):
            value, slope = _sweep(tree, _at(sides, settings))
        value, slope = (np.broadcast_to(x, 2) for x in (value, slope))
        if abs(value[1] - value[0]) > 1e-5 * (1 + np.abs(slope).max()):
            message = f"this jumps from {value[0]:.4g} to {value[1]:.4g} at z = {z:g}"
            raise NotationError(f"{message}: an activation has no gaps", text)
        if abs(slope[1] - slope[0]) > 1e-5 * (1 + np.abs(slope).max()):
            kinks.append(z)
    return tuple(kinks)


# --------------------------------------------------------------------------------- the steps

_RULE_NAMES = {
    **{name: f"{name} rule" for name in ("product", "quotient", "power", "sum")},
    **{"difference": "sum rule", "exponential": "exponential", "power of functions": "power rule"},
    **{name: "a constant factor stays" for name in ("constant factor", "constant divisor")},
    "minus": "the sign stays",
}


def _derivation(tree: Tree, parameters: tuple[str, ...]) -> Derivation:
    setting = Setting(parameters=tuple(sorted(parameters)))
    trees, reasons = [D(tree)], [""]
    while any(isinstance(node, D) for node in walk(trees[-1])):
        line, rules = differentiate_once(trees[-1])
        reasons.append(_reason(trees[-1], rules))
        trees.append(line)
    trees.append(derivative_by_sympy(tree))
    reasons.append("SymPy's form")
    numbered = enumerate(zip(trees, reasons, strict=True), 1)
    lines = tuple(Line(n, to_text(line), line, reason) for n, (line, reason) in numbered)
    comparisons = []
    for above, line in itertools.pairwise(lines):
        comparison = setting.compare(line.tree, above.tree, domain=trees[0])
        if not comparison.equal:
            raise DerivationError(line, above, comparison)
        comparisons.append(comparison)
    return Derivation(lines, setting, tuple(comparisons))


def _reason(line: Tree, rules: Sequence[str]) -> str:
    reasons = [_RULE_NAMES.get(rule, f"slope of {rule}") for rule in rules]
    inner = [
        node.arg.arg for node in walk(line) if isinstance(node, D) and isinstance(node.arg, Func)
    ]
    chain = ["chain rule"] if any(arg != Z for arg in inner) else []
    return ", ".join(dict.fromkeys([*reasons, *chain]))


# ------------------------------------------------------------------------ a check by numbers

_PLAIN = {
    **{"exp": np.exp, "ln": np.log, "sqrt": np.sqrt, "tanh": np.tanh, "abs": np.absolute},
    "sigmoid": lambda u: (1 + np.tanh(u / 2)) / 2,  # where exp(-u) would overflow
    "softplus": lambda u: np.log1p(np.exp(-np.absolute(u))) + np.maximum(u, 0),
    "relu": lambda u: np.maximum(u, 0),
    "sinh": lambda u: (np.exp(u) - np.exp(-u)) / 2,
    "cosh": lambda u: (np.exp(u) + np.exp(-u)) / 2,
    "sech": lambda u: 2 / (np.exp(u) + np.exp(-u)),
    "step": lambda u: np.where(u > 0, 1.0 + 0 * u, 0 * u),
    "phi": lambda u: np.exp(-(u**2) / 2) / math.sqrt(2 * math.pi),
}
_BY_OPERATOR = {
    **{"+": np.add, "-": np.subtract, "*": np.multiply, "/": np.divide, "^": np.power},
    **{"max": np.maximum, "min": np.minimum},
}


def _textbook(tree: Tree, at: Mapping[str, object]):
    """The formula as it stands, in operations that dual numbers know."""
    match tree:
        case Num(text):
            return float(text)
        case Sym("pi" | "e" as name):
            return getattr(math, name)
        case Sym(name):
            return at[name]
        case Neg(arg):
            return -_textbook(arg, at)
        case Func(name, arg):
            return _PLAIN[name](_textbook(arg, at))
    return _BY_OPERATOR[tree.op](_textbook(tree.left, at), _textbook(tree.right, at))


def _check(composed: Composition) -> str:
    """Compare at 1000 places that lie on no grid, away from kinks."""
    z = np.random.default_rng(0).uniform(-8, 8, 1000)
    z = z[np.all([np.abs(z - kink) > 1e-3 for kink in (*composed.kinks, np.inf)], axis=0)]
    defaults = dict(composed.defaults)
    known = all(f.name in _PLAIN for f in walk(composed.tree) if isinstance(f, Func))
    with np.errstate(all="ignore"):
        if known:
            way, tolerance = "dual numbers", 1e-9
            slope = dual_derivative(lambda z: _textbook(composed.tree, {**defaults, "z": z}), z)
        else:
            way, tolerance = "central differences", 1e-5
            slope = central_difference(composed.value, z)
    prime = composed.prime(z)
    error = np.abs(prime - slope).max() / max(1.0, np.abs(prime).max())
    if not error < tolerance:
        worst = z[np.argmax(np.abs(prime - slope))]
        raise ArithmeticError(f"{composed!r}: g′ and {way} differ by {error:.1e} at z = {worst:g}")
    return f"g′ agrees with {way} at {len(z)} places, to {error:.1e}"


# ------------------------------------------------------------------------ moments and gain


class Moments(NamedTuple):
    """What an activation does to z ~ N(0, 1): E[g], E[g²], E[g′²].

    >>> print(f"{moments('relu').gain ** 2:.9f}")
    2.000000000
    """

    mean: float
    square: float
    slope_square: float

    @property
    def gain(self) -> float:
        """1/√E[g′²]: weights of standard deviation gain/√n keep the size of δ, with n = fan_out."""
        return _gain(self.slope_square, "E[g′²]")

    @property
    def forward_gain(self) -> float:
        """1/√E[g²]: the same for the size of the signals going forward, with n = fan_in."""
        return _gain(self.square, "E[g²]")


def _gain(mean: float, name: str) -> float:
    if mean == 0:
        raise ArithmeticError(f"no gain: {name} is 0, and no weights make up for that")
    return mean**-0.5


def moments(activation: str | Activation, **parameters: float) -> Moments:
    """Compute E[g], E[g²] and E[g′²] for z ~ N(0, 1), to 9 digits or better.

    Gauss-Legendre quadrature from -12 to 12, split at the kinks, with panels halved until two
    results agree. Raises ArithmeticError where they never do, because g grows too fast.

    >>> print("{:.7f} {:.7f} {:.7f}".format(*moments("tanh")))
    0.0000000 0.3942945 0.4644029
    """
    known = ACTIVATIONS.get(activation, activation) if isinstance(activation, str) else activation
    splits = known.kinks if isinstance(known, Activation) else ()
    if isinstance(known, Composition):
        splits = _breaks(known.tree, {**dict(known.defaults), **parameters}, 12.0)

    def integrals(pieces: int) -> np.ndarray:
        edges = np.unique([*np.linspace(-12, 12, 24 * pieces + 1), *splits])
        middle, half = (edges[1:] + edges[:-1]) / 2, np.diff(edges) / 2
        z = middle[:, None] + half[:, None] * _NODES
        g, slope = value_and_prime(activation, z, **parameters)
        weights = half[:, None] * _WEIGHTS * _density(z)
        sums = [np.sum(weights * f) for f in (g, g**2, slope**2)]
        at_end = max(np.abs(np.stack([g, g**2, slope**2]) * _density(z))[:, [0, -1]].ravel())
        return np.array(sums) if at_end < 1e-9 else np.full(3, np.nan)

    pieces, coarse = 1, integrals(1)
    while pieces < 64:
        pieces *= 2
        fine = integrals(pieces)
        if np.all(np.abs(fine - coarse) <= 1e-10 * (1 + np.abs(fine))):
            return Moments(*map(float, fine))
        coarse = fine
    raise ArithmeticError(f"no mean found for {activation!r}: it grows or turns too fast")


_NODES, _WEIGHTS = np.polynomial.legendre.leggauss(20)


# ------------------------------------------------------------------------------- a fair race

RATES = (0.03, 0.1, 0.3, 1.0)


@dataclass(frozen=True)
class Comparison:
    """What paired runs of two activations gave.

    names, rates : both activations and the learning rate tuned for each.
    accuracies : on the test set, (seeds,) for each; run k of both began with the same random
        numbers. A run that diverged counts as 0.
    parameters : how many weights and biases each network has.
    """

    names: tuple[str, str]
    rates: tuple[float, float]
    accuracies: tuple[np.ndarray, np.ndarray]
    parameters: int

    @property
    def differences(self) -> np.ndarray:
        """The first minus the second, run by run."""
        return self.accuracies[0] - self.accuracies[1]

    @property
    def difference(self) -> float:
        return float(self.differences.mean())

    @property
    def spread(self) -> float:
        """The standard deviation of the differences."""
        return float(self.differences.std(ddof=1))

    @property
    def sentence(self) -> str:
        """Say what was seen, and no more."""
        runs = f"the spread {self.spread:.3f} of {len(self.differences)} paired runs"
        size = f"The difference {self.difference:.3f}"
        if abs(self.difference) <= self.spread:
            return f"{size} lies within {runs}: no difference shown."
        better = self.names[self.difference < 0]
        return f"{size} is larger than {runs}: {better} did better here."

    def __repr__(self):
        rows = [
            f"{name}: {a.mean():.3f} ± {a.std(ddof=1):.3f} at learning rate {rate:g}"
            for name, rate, a in zip(self.names, self.rates, self.accuracies, strict=True)
        ]
        return "\n".join([*rows, f"{self.parameters} parameters each", self.sentence])


def compare(
    activation: str | Activation,
    other: str | Activation = "relu",
    *,
    data: str = "digits",
    hidden: Sequence[int] = (32, 32),
    seeds: int = 10,
    epochs: int | None = None,
    rates: Sequence[float] = RATES,
) -> Comparison:
    """Train two activations in networks of one size, in pairs, and say whether they differ.

    The examples are split once into training, validation and test. For each activation the
    learning rate with the best validation accuracy is taken (mean of two runs; of equals the
    smaller one; larger ones are tried while the largest is best). The test set is used only
    after that. Run k of both starts from the same random numbers, scaled by the gain 1/√E[g′²]
    of each, and sees the same mini-batches.

    Parameters
    ----------
    data : "digits" (8×8 images) or "spiral" (400 points on two arms).
    hidden : units of the hidden layers. seeds : paired runs, from 2.
    epochs : 10 for the digits, 60 for the spiral, if not given.
    rates : learning rates to begin with.

    Raises ValueError for unknown data and fewer than two seeds, Diverged if no rate works.

    >>> result = compare("tanh", "tanh", seeds=2, epochs=1, rates=[0.1])
    >>> result.sentence
    'The difference 0.000 lies within the spread 0.000 of 2 paired runs: no difference shown.'
    """
    if data not in _DATA:
        raise ValueError(f"data: expected one of {', '.join(_DATA)}, got {data!r}")
    if not (isinstance(seeds, int) and seeds >= 2):
        raise ValueError(f"seeds: expected a whole number from 2, got {seeds!r}")
    examples, usual = _DATA[data]
    training, validation, test = _three_parts(*examples())
    widths = [training[0].shape[1], *hidden, int(training[1].max()) + 1]
    epochs = usual if epochs is None else epochs

    def runs(of, rate: float, run_seeds: Sequence[int], judged) -> np.ndarray:
        return np.array([_run(of, widths, epochs, rate, s, training, judged) for s in run_seeds])

    tuned, accuracies = [], []
    for of in (activation, other):
        score = functools.cache(lambda rate, of=of: runs(of, rate, (1001, 1002), validation).mean())
        tuned.append(_best_rate(_name(of), score, rates))
        accuracies.append(runs(of, tuned[-1], range(seeds), test))
    size = sum((a + 1) * b for a, b in itertools.pairwise(widths))
    named = _name(activation), _name(other)
    return Comparison(named, tuple(tuned), tuple(accuracies), size)


def _run(of, widths, epochs, rate, seed, training, judged) -> float:
    """Train one network from its seed and return its accuracy, 0 if it diverges."""
    rng = np.random.default_rng(seed)
    network = Network(widths, of, rng, init=moments(of).gain)
    try:
        train(network, *training, rng, epochs=epochs, rate=rate, batch=32)
    except Diverged:
        return 0.0
    return accuracy(network, *judged)


def _best_rate(name: str, score: Callable[[float], float], rates: Sequence[float]) -> float:
    """The rate with the best score; while the largest is best, three times as much is tried."""
    tried = sorted(rates)
    while (best := max(tried, key=score)) == tried[-1] and score(best) > 0:
        tried.append(3 * best)
    if score(best) == 0:
        raise Diverged(f"{name}: every learning rate of {tried} diverged")
    return best


_DATA = {
    "digits": (load_digits, 10),
    "spiral": (lambda: spiral(400, np.random.default_rng(0)), 60),
}


def _three_parts(x, labels) -> Iterator[tuple]:
    """Split into training, validation and test: 60 : 20 : 20."""
    rng = np.random.default_rng(0)
    x, labels, *test = split(x, labels, rng, share=0.8)
    order = rng.permutation(len(x))
    for part in (order[len(x) // 4 :], order[: len(x) // 4]):
        yield x[part], labels[part]
    yield tuple(test)


def _name(activation: str | Activation) -> str:
    return activation if isinstance(activation, str) else activation.expression or "g"

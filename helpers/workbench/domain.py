"""Where a formula has no value or no slope, and where its slope jumps."""

from collections.abc import Callable, Iterator, Mapping, Sequence

import numpy as np

from helpers.derivation import (
    FUNCTIONS,
    Func,
    Neg,
    NotationError,
    Op,
    Tree,
    children,
    names,
    parse,
    substitute,
    to_text,
    walk,
)
from helpers.language import gettext
from helpers.workbench.chain_rule import ZERO, Floats, letters, value_and_slope

RANGE = 30.0  # an activation has to have a value and a slope from -30 to 30


def _grid(end: float) -> np.ndarray:
    return np.arange(-round(100 * end), round(100 * end) + 1) / 100  # 0 is among them, exactly


def _upwards(tree: Tree) -> Iterator[Tree]:
    for child in children(tree):
        yield from _upwards(child)
    yield tree


def refuse_undefined(
    tree: Tree, settings: Mapping[str, float], defaults: Mapping[str, float], text: str
) -> None:
    """Find the innermost part that has no value or no slope at some z, and point at it."""
    changed = [f"{name} = {x:g}" for name, x in settings.items() if x != defaults[name]]
    setting = gettext(", with {changed}", changed=", ".join(changed)) if changed else ""
    grid = _grid(RANGE)
    with np.errstate(all="ignore"):
        for node in _upwards(tree):
            zeros = _zeros(_must_not_vanish(node), grid, settings)
            z = np.union1d(grid, zeros)
            value, slope = value_and_slope(node, letters(z, settings))
            bad = np.isin(z, zeros) if _has_pole(node) else np.zeros(len(z), bool)
            lacks = gettext("has no value"), gettext("has no slope")
            numbers = value, ZERO if slope is None else slope
            for lack, found in zip(lacks, numbers, strict=True):
                found = np.broadcast_to(found, z.shape)
                wrong = bad | ~np.isfinite(found)
                if wrong.any():
                    large = np.isposinf(np.abs(found)[wrong]).all() and not len(zeros)
                    why = gettext("is too large for a number") if large else lack
                    message = f"{to_text(node)} {why} {_places(z, wrong)}{setting}"
                    raise NotationError(message, text, node.span[0])


def _must_not_vanish(node: Tree) -> Tree | None:
    """Return what may be 0 at a place that no grid meets: a denominator, what a logarithm is of."""
    match node:
        case Op("/", _, v):
            return v
        case Op("^", u, _):
            return u
        case Func(name, u) if FUNCTIONS[name].domain:
            return substitute(parse(FUNCTIONS[name].border), {"u": u})
    return None


def _has_pole(node: Tree) -> bool:
    match node:
        case Op("^", _, n):
            return isinstance(n, Neg)
        case Func(name):
            return ">=" not in FUNCTIONS[name].domain
    return True


def _places(z: np.ndarray, wrong: np.ndarray) -> str:
    """Say where, nearest to 0: at z = 0; from z = -30 to z = 0."""
    first = last = min(np.flatnonzero(wrong), key=lambda i: abs(z[i]))
    while first > 0 and wrong[first - 1]:
        first -= 1
    while last + 1 < len(z) and wrong[last + 1]:
        last += 1
    more = gettext(" and elsewhere") if wrong.sum() > last - first + 1 else ""
    low, high = f"{z[first]:.6g}", f"{z[last]:.6g}"
    return (
        gettext("at z = {low}{more}", low=low, more=more)
        if low == high
        else gettext("from z = {low} to z = {high}{more}", low=low, high=high, more=more)
    )


def _zeros(tree: Tree | None, grid: np.ndarray, settings: Mapping[str, float]) -> np.ndarray:
    """Find the places between grid points where a continuous function of z crosses or touches 0."""
    if tree is None or "z" not in names(tree):
        return np.array([])

    def f(z: np.ndarray) -> np.ndarray:
        return np.broadcast_to(value_and_slope(tree, letters(z, settings, None))[0], np.shape(z))

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


def _crossings(f: Callable[[np.ndarray], Floats], grid: np.ndarray) -> np.ndarray:
    """Find the places where the sign of f changes, to the last digit."""
    sign = np.sign(f(grid))
    at = np.flatnonzero(sign[1:] != sign[:-1])
    left, right = grid[at], grid[at + 1]
    for _ in range(60):
        middle = (left + right) / 2
        same = np.sign(f(middle)) == sign[at]
        left, right = np.where(same, middle, left), np.where(same, right, middle)
    return np.where(np.abs(f(right)) < np.abs(f(left)), right, left)


def branch_changes(tree: Tree, settings: Mapping[str, float], end: float = RANGE) -> list[float]:
    """Find the places where relu, abs, max, min or step change their branch."""
    found = [np.array([])]
    for node in walk(tree):
        match node:
            case Func(name, u) if FUNCTIONS[name].kink:
                switch = u
            case Op("max" | "min", u, v):
                switch = Op("-", u, v)
            case _:
                continue
        if "z" in names(switch):

            def f(z: np.ndarray, switch: Tree = switch) -> Floats:
                return value_and_slope(switch, letters(z, settings, None))[0]

            with np.errstate(all="ignore"):
                found.append(_crossings(f, _grid(end)))
    places = np.unique(np.concatenate(found).round(12))
    return [float(z) + 0.0 for z in places[np.diff(places, prepend=-np.inf) > 1e-9]]


def find_kinks(
    tree: Tree, settings: Mapping[str, float], changes: Sequence[float], text: str
) -> tuple[float, ...]:
    """Find the branch changes at which the slope jumps. A jump of g itself is refused."""
    kinks = []
    for z in changes:
        sides = np.array([z - 1e-7, z + 1e-7])
        with np.errstate(all="ignore"):
            both = value_and_slope(tree, letters(sides, settings))
        value, slope = (np.broadcast_to(ZERO if x is None else x, 2) for x in both)
        if abs(value[1] - value[0]) > 1e-5 * (1 + np.abs(slope).max()):
            message = gettext(
                "this jumps from {left:.4g} to {right:.4g} at z = {z:g}",
                left=value[0],
                right=value[1],
                z=z,
            )
            raise NotationError(
                gettext("{message}: an activation made here has no gaps", message=message), text
            )
        if abs(slope[1] - slope[0]) > 1e-5 * (1 + np.abs(slope).max()):
            kinks.append(z)
    return tuple(kinks)

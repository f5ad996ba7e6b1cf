"""Functions as a teacher writes them on a board, drawn from a grammar.

A word in braces is replaced by one of its productions, drawn anew wherever it stands, until none is
left: "{wave}({line})" may become tanh(3z - 1). What no teacher would write has no production; what
two of them together make silly (4z + 2, which is 2(2z + 1)) is refused by `_is_natural`.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from hashlib import sha256
from math import gcd, isqrt

import numpy as np

from helpers.derivation import (
    Func,
    Neg,
    Num,
    Op,
    Tree,
    children,
    parse,
    replace_children,
    tidied,
    to_text,
    walk,
)

# z is the variable; where a parameter is asked for, k is it and z stands still.
GRAMMAR: Mapping[str, tuple[str, ...]] = {
    "a": ("2", "3", "4", "5", "6"),
    "d": ("2", "3", "4"),
    "b": ("1", "2", "3", "4", "5", "6"),
    "n": ("2", "3", "4", "5"),
    "m": ("2", "3"),
    "up": ("{a}*z", "z/{d}"),
    "steep": ("{a}*z", "-{a}*z", "z/{d}", "-z/{d}"),
    "sum": ("{a}*z + {b}", "{a}*z - {b}", "{b} - {a}*z", "z/{d} + {b}", "z/{d} - {b}"),
    "line": ("{up}", "{a}*z + {b}", "{a}*z - {b}", "{b} - {a}*z", "z/{d} + {b}", "{b} - z/{d}"),
    "curve": (
        *("z^2 + {a}*z", "z^2 - {a}*z", "{b} - z^2", "{a}*z^2", "z^2/{d}", "z^2/{d} - {b}"),
        *("z^3/{d}", "{a}*z - z^2", "{a}*z^2 - {b}"),
    ),
    "parabola": ("z^2 + {b}", "{a}*z^2 + {b}", "z^2/{d} + {b}"),
    "exponent": ("{steep}", "{sum}"),
    "wave": ("tanh", "sigmoid", "sin", "cos", "atan", "sinh", "cosh"),
    "activation": ("tanh", "sigmoid", "atan", "sin"),
    "squash": ("tanh", "sigmoid", "atan"),
    "moved": ("{wave}({line})", "exp({exponent})"),
    "grown": ("{b} + exp({steep})", "1 + exp({sum})"),
    "offset": ("", " + {b}", " - {b}"),
    # ------------------------------------------------------------------------- chain
    "chain1": ("{moved}", "{moved}", "({sum})^{n}"),
    "chain2": (
        *("{activation}({curve})", "exp({curve})", "exp(-z^2/{d})", "({parabola})^{n}"),
        *("sqrt({parabola})", "ln({parabola})", "1/({parabola})", "(z^2 + {a}*z)^{n}"),
    ),
    "chain3": (
        *("ln({grown})", "sqrt({grown})", "1/({grown})", "({grown})^(-{m})", "({grown})^{n}"),
        *("{activation}({line})^{m}", "{squash}(exp({steep}))", "exp({squash}({line}))"),
        *("exp(sin({line}))", "ln(cosh({up}))", "{squash}(({sum})^3)"),
        *("sqrt({m} + {squash}({up}))", "1/({m} + sin({up}))", "sin(exp({steep}))"),
    ),
    "chain4": (
        *("{squash}(ln({grown}))", "exp(-sqrt({parabola}))", "sqrt({b} + tanh({up})^2)"),
        *("ln({b} + sin({up})^2)", "1/({b} + tanh({line})^2)", "(1 + exp({curve}))^(-{m})"),
        *("ln(1 + exp({curve}))", "{squash}(z*exp({steep}))", "{squash}(sqrt({parabola}))"),
        *("1/sqrt({grown})", "{squash}({curve})^{m}", "{squash}(ln({parabola}))"),
    ),
    "chain5": (
        *("{squash}(ln({grown}))^{m}", "exp(-{squash}({curve})^2)", "ln({b} + ln({grown})^2)"),
        *("sqrt({b} + exp(-{squash}({line})))", "{squash}(sqrt({b} + sin({up})^2))"),
        *("ln({b} + {squash}({curve})^2)", "({b} + ln({grown})^2)^{m}"),
        *("exp(-sqrt({b} + {squash}({line})^2))", "{squash}(ln({parabola}))^{m}"),
    ),
    # ----------------------------------------------------------------------- product
    "product1": ("z*{moved}", "z^{n}*{wave}({up})", "z*{wave}({up})", "z^{n}*exp({steep})"),
    "product2": ("({sum})*{moved}", "(z^2 + {a}*z)*{moved}", "z^{m}*{activation}({line})"),
    "product3": (
        *("exp({steep})*{activation}({line})", "{squash}({line})*{squash}({line})"),
        *("({parabola})*exp({steep})", "sin({up})*exp({steep})", "z^{m}*{squash}({curve})"),
        *("({sum})^{n}*exp({steep})", "({sum})^{n}*{activation}({up})", "({sum})*exp(-z^2/{d})"),
    ),
    "product4": (
        *("z*ln({grown})", "z*sqrt({parabola})", "z^{m}*ln({parabola})"),
        *("{squash}({line})*sqrt({parabola})", "({sum})*ln({grown})", "z*{squash}({line})^{m}"),
        *("exp({curve})*{activation}({up})", "({sum})^{n}*{squash}({curve})"),
        *("exp({steep})*ln({parabola})", "exp({steep})*sqrt({parabola})"),
    ),
    "product5": (
        *("z*tanh(ln({grown}))", "z*{squash}(z*exp({steep}))", "z*exp({steep})*{activation}({up})"),
        *("z^{m}*{squash}({curve})^2", "sqrt({parabola})*exp(-{squash}({line}))"),
        *("{squash}({line})*ln({grown})", "({sum})*{squash}({up})*exp({steep})"),
    ),
    # ---------------------------------------------------------------------- quotient
    "whole": ("{a}*z + {b}", "{a}*z - {b}", "{b} - {a}*z"),
    "quotient1": ("z/({whole})", "({whole})/({whole})", "z^{m}/({whole})", "{a}*z/({whole})"),
    "quotient2": (
        *("z/({parabola})", "({sum})/({parabola})", "exp({steep})/({parabola})"),
        *("z^3/({parabola})", "{activation}(z)/({parabola})", "z/({b} + exp(z))"),
    ),
    "quotient3": (
        *("z/({grown})", "exp({steep})/({b} + exp(z))", "({sum})/({grown})"),
        *("sinh({up})/cosh({up})", "{activation}({line})/({parabola})", "z^{m}/({grown})"),
    ),
    "quotient4": (
        *("z/sqrt({parabola})", "({sum})/sqrt({parabola})", "{activation}({line})/({grown})"),
        *("({b} - exp({steep}))/({b} + exp({steep}))", "sin({up})/({m} + cos({up}))"),
        *("ln({parabola})/({grown})", "({sum})^2/({grown})", "z/({m} + {squash}({up}))"),
    ),
    "quotient5": (
        *("{squash}({line})/sqrt({parabola})", "z*exp({steep})/({parabola})"),
        *("ln({grown})/({parabola})", "z/({b} + {squash}({line})^2)", "({sum})^{n}/({grown})"),
        *("({sum})*{activation}({up})/({parabola})", "sqrt({parabola})/({grown})"),
    ),
    # --------------------------------------------------------------------- parameter
    "parameter1": (
        *(
            "{activation}({a}*k*z)",
            "{activation}(k*z{offset})",
            "{a}*k*z - {b}*k^2",
            "exp(-{a}*k*z)",
        ),
        *("{a}*k^{n}*z", "{b}*k^2*z + {a}*k", "({a}*k - z)^{n}", "(z/{d} - k)^{n}"),
    ),
    "parameter2": (
        *(
            "{activation}(k*z{offset})",
            "exp(-k*z^2/{d})",
            "k^2*(exp({steep}) - 1)",
            "{a}*exp(-k*z)",
        ),
        *(
            "({a}*z - k)^{n}",
            "(k*z + {b})^{n}",
            "{wave}(z/{d} - k)",
            "{activation}(k*z/{d}{offset})",
        ),
        *("k*{wave}({line}) + {a}*k^2", "{a}*{activation}(k*z{offset})"),
    ),
    "parameter3": (
        *("z*{squash}(k*z{offset})", "z*{squash}({a}*k*z{offset})", "k*{activation}(k*z)"),
        *("k*{squash}({line}) + (1 - k)*{squash}({line})", "z/({a} + k*z^2)", "k^{n}*{moved}"),
        *("sqrt({a}*k^2 + {b}*z^2)", "exp({steep})*{activation}(k*z)", "ln({b} + exp({a}*k*z))"),
    ),
    "parameter4": (
        *("k*{activation}(z/k{offset})", "ln({b} + exp({a}*k*z))/k", "z/({b} + exp(-{a}*k*z))"),
        *("{squash}(k*z{offset})^{m}", "sqrt({b} + k^2*z^2)/{a}", "k*(exp({a}*z/k) - 1)"),
        *("z*{squash}(k*z^2 - {b})", "k^{m}*{squash}({a}*k*z)", "k*z*exp(-k*z^2/{d})"),
    ),
    "parameter5": (
        *("z*tanh(ln({b} + exp({a}*k*z)))", "exp(-{squash}(k*z{offset})^2)"),
        *("k*ln({b} + exp({a}*z/k))", "{squash}(k*z{offset})/({b} + k^2)"),
        *("ln({b} + {squash}(k*z{offset})^2)", "{squash}(k*z)*ln({b} + exp({a}*k*z))"),
        *("sqrt({b} + {squash}(k*z{offset})^2)", "k*{squash}(k*z{offset})*exp(-z/{d})"),
    ),
}


def draw_expression(symbol: str, rng: np.random.Generator, kept_back: bool = False) -> str:
    """Draw a function that the grammar makes of a word, as text in the notation.

    One function in four is kept back for graded variants: nothing that `practice` draws is among
    them, however long somebody draws.

    Parameters
    ----------
    symbol : a word of the grammar.
    rng : draws.
    kept_back : draw one of those that are kept back.

    Examples
    --------
    >>> draw_expression("chain3", np.random.default_rng(5))
    'ln(cosh(z/2))'
    """
    for _ in range(1000):
        text = _expand(f"{{{symbol}}}", rng)
        tree = parse(text, letters=("z", "k"))
        if _is_natural(tree) and is_kept_back(text) == kept_back:
            return to_text(tree)
    raise ValueError(f"our fault: {symbol} makes nothing natural")


def draw_numbers(
    texts: Mapping[str, str],
    rng: np.random.Generator,
    kept_back: bool = False,
    large: bool = False,
) -> dict[str, str]:
    """Put numbers for {a}, {b}, {c} and {n} into texts that belong together, as into one function.

    Those that are kept back have a decimal for {a} and for {c}, which practice never has, so that
    there are enough of them for a class.

    Parameters
    ----------
    texts : with the letters in brackets; {n} stands for a count, such as that of layers.
    rng : draws.
    kept_back : draw of what is kept back.
    large : of what is kept back {b} may have two digits.

    Examples
    --------
    >>> draw_numbers({"g": "exp({a}*z)", "slope": "{a}*g"}, np.random.default_rng(0))
    {'g': 'exp(5*z)', 'slope': '5*g'}
    """
    return filled(texts, draw_values(texts, rng, kept_back, large))


def filled(texts: Mapping[str, str], values: Mapping[str, str]) -> dict[str, str]:
    """Put the numbers into each of the texts."""
    return {name: text.format(**values) for name, text in texts.items()}


def draw_values(
    texts: Mapping[str, str],
    rng: np.random.Generator,
    kept_back: bool = False,
    large: bool = False,
) -> dict[str, str]:
    """Draw the numbers that `draw_numbers` puts in: {a}, {b}, {c} and {n}."""
    together = " ".join(texts.values())
    new = kept_back and (large or "{a}" in together or "{c}" in together)
    for _ in range(1000):
        a, c, b = map(str, (*rng.permutation(np.arange(2, 8))[:2], rng.integers(2, 10)))
        n = a
        if new:
            a, c = (f"{k / 10:g}" for k in rng.permutation(_DECIMALS)[:2])
            b, n = str(rng.integers(11, 40) if large else b), str(rng.integers(8, 17))
        values = {"a": a, "b": b, "c": c, "n": n}
        found = filled(texts, values).values()
        if any(map(_has_common_factor, found)):
            continue
        if new or is_kept_back(" ".join(found)) == kept_back:
            return values
    return values


def _has_common_factor(text: str) -> bool:
    """Does it hold 4*z + 2, which is 2(2z + 1)?"""
    return any(gcd(int(m), int(n)) > 1 for m, n in _TWO_NUMBERS.findall(text))


_TWO_NUMBERS = re.compile(r"(?<![\d.])(\d+)\*z [+-] (\d+)(?![\d.*/^])")
_DECIMALS = [k for k in range(21, 80) if k % 10]


def worked_out(text: str) -> str:
    """Return an expression with its sums and products of numbers worked out.

    >>> worked_out("sqrt(8 - 1)/4"), worked_out("relu(z - 4/2)"), worked_out("5*sqrt(9)")
    ('sqrt(7)/4', 'relu(z - 2)', '15')
    """

    def folded(tree: Tree) -> Tree:
        tree = replace_children(tree, [folded(child) for child in children(tree)])
        match tree:
            case Func("sqrt", Num(text)) if text.isdigit() and isqrt(int(text)) ** 2 == int(text):
                tree = Num(str(isqrt(int(text))))
        plain = isinstance(tree, Op) and all(isinstance(n, Num | Op | Neg) for n in walk(tree))
        short = tidied(tree) if plain and "^" not in to_text(tree) else tree
        return short if len(to_text(short)) < len(to_text(tree)) else tree

    return to_text(folded(parse(text)))


def is_kept_back(text: str) -> bool:
    """Is this function for graded variants alone?"""
    return sha256(text.encode()).digest()[0] < 64


def _expand(text: str, rng: np.random.Generator) -> str:
    while found := re.search(r"\{(\w+)\}", text):
        choices = GRAMMAR[found[1]]
        text = text[: found.start()] + choices[rng.integers(len(choices))] + text[found.end() :]
    return text


def _is_natural(tree: Tree) -> bool:
    """Would a teacher write it? Nothing to cancel, no number 1 in front, no part twice."""
    return not any(map(_is_silly, walk(tree)))


def _is_silly(node: Tree) -> bool:
    match node:
        case Op("*", Num("1"), _) | Op("/", Num("6" | "5"), _):
            return True
        case Op("+" | "-", a, b) if (m := _number_of(a)) and (n := _number_of(b)):
            return gcd(m, n) > 1  # 4z + 2 is 2(2z + 1)
        case Op("*" | "/" | "+" | "-", a, b) if a == b:
            return True
        case Op("/", Op("+" | "-", a, b), Op("+" | "-", c, d)):
            return {a, b} == {c, d}
    return False


def _number_of(term: Tree) -> int:
    """The whole number in front of a term, or that it is; 0 where there is none."""
    match term:
        case Num(text) | Op("*", Num(text), _):
            return int(text)
    return 0

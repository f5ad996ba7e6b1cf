"""Trees as LaTeX, set as they were written, with the brackets they need."""

from __future__ import annotations

import re

from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree, walk
from helpers.derivation.vocabulary import CONSTANTS, FUNCTIONS, GREEK
from helpers.derivation.writing import Binding, binding

_WITHOUT_NAME = ("exp", "sqrt", "abs")  # set as a power, under a root, between bars


def latex(tree: Tree, variable: str = "z") -> str:
    """Typeset a tree with the brackets it needs, in plain LaTeX with amsmath.

    >>> from helpers.derivation import parse
    >>> print(latex(parse("g(1 - g)/2 + e^(-z^2/2)")))
    \\frac{g \\cdot (1 - g)}{2} + e^{-z^{2}/2}
    """
    return _Typesetter(variable).tex(tree)


class _Typesetter:
    """Fractions are stacked, in exponents (`inline`) they are written with a slash."""

    def __init__(self, variable: str, inline: bool = False) -> None:
        self.variable, self.inline = variable, inline

    def tex(self, tree: Tree) -> str:
        match tree:
            case Num(text):
                return text
            case Sym(name):
                return tex_letter(name)
            case Neg(arg):
                return "-" + self.within(arg, Binding.PRODUCT)
            case Op("+" | "-" as op, left, right):
                right_side = self.within(right, Binding.PRODUCT)
                return f"{self.within(left, Binding.SUM)} {op} {right_side}"
            case Op("*", left, right):
                return self.product(left, right)
            case Op("/", left, right) if self.inline:
                return f"{self.within(left, Binding.PRODUCT)}/{self.within(right, Binding.POWER)}"
            case Op("/", left, right):
                return rf"\frac{{{self.tex(left)}}}{{{self.tex(right)}}}"
            case Op("^", base, exponent):
                return self.power(base, exponent)
            case Op(name, left, right):
                both = rf"{self.tex(left)},\, {self.tex(right)}"
                return FUNCTIONS[name].tex + _bracketed(both)
            case Func(name, arg):
                return self.function(name, arg)
            case D(Sym(name)) if name not in (self.variable, *CONSTANTS):
                return rf"\frac{{d{tex_letter(name)}}}{{d{tex_letter(self.variable)}}}"
            case If():
                return self.cases(tree)
            case Lim(arg, letter, to):
                below = rf"{tex_letter(letter)} \to {self.tex(to)}"
                return rf"\lim_{{{below}}} {self.within(arg, Binding.PRODUCT)}"
            case D(arg):
                d_dz = rf"\frac{{d}}{{d{tex_letter(self.variable)}}}"
                return rf"{d_dz}\left[{self.tex(arg)}\right]"

    def cases(self, tree: Tree | None) -> str:
        rows = []
        while isinstance(tree, If):
            sign = {"<=": r"\le", ">=": r"\ge", "!=": r"\ne"}.get(tree.sign, tree.sign)
            test = f"{self.tex(tree.left)} {sign} {self.tex(tree.right)}"
            rows.append(rf"{self.tex(tree.then)} & \text{{if }} {test}")
            tree = tree.other
        if tree is not None:
            rows.append(rf"{self.tex(tree)} & \text{{otherwise}}")
        return r"\begin{cases} " + r" \\ ".join(rows) + r" \end{cases}"

    def binding(self, tree: Tree) -> Binding:
        match tree:
            case Op("/") if not self.inline:
                return Binding.POWER  # the bar holds it together; only as a base it needs brackets
            case Func("exp" | "sqrt") | D():
                return Binding.POWER
            case Op(op) if op in FUNCTIONS:
                return Binding.POWER
        return binding(tree)

    def within(self, tree: Tree, least: Binding) -> str:
        return self.tex(tree) if self.binding(tree) >= least else _bracketed(self.tex(tree))

    def product(self, left: Tree, right: Tree) -> str:
        slash = self.inline and isinstance(left, Op) and left.op == "/"
        first = self.within(left, Binding.POWER if slash else Binding.PRODUCT)
        second = self.within(right, Binding.QUOTIENT)
        last = left.right if isinstance(left, Op) and left.op == "*" else left
        stacked = is_stacked(last) or is_stacked(right)
        if isinstance(right, Neg) or second[0].isdigit() or (stacked and not self.inline):
            return rf"{first} \cdot {second}"
        if isinstance(last, Num):
            return f"{first} {second}"
        sign = r" \cdot " if _heard_as_of(last, right, second) else r"\,"
        return f"{first}{sign}{second}"

    def power(self, base: Tree, exponent: Tree) -> str:
        above = _Typesetter(self.variable, inline=True).tex(exponent)
        match base:
            case Func(name, arg) if name not in _WITHOUT_NAME:
                if isinstance(exponent, Num):
                    return f"{FUNCTIONS[name].tex}^{{{above}}}{_bracketed(self.tex(arg))}"
                return f"{_bracketed(self.tex(base))}^{{{above}}}"
        return f"{self.within(base, Binding.ATOM)}^{{{above}}}"

    def function(self, name: str, arg: Tree) -> str:
        if name == "exp" and not is_tall(arg):
            return f"e^{{{_Typesetter(self.variable, inline=True).tex(arg)}}}"
        if name == "sqrt":
            return rf"\sqrt{{{self.tex(arg)}}}"
        if name == "abs":
            return rf"\left|{self.tex(arg)}\right|"
        return FUNCTIONS[name].tex + _bracketed(self.tex(arg))


def _heard_as_of(left: Tree, right: Tree, second: str) -> bool:
    """Do screen readers take the letter on the left for a function of what follows it?"""
    letter = left.left if isinstance(left, Op) else left
    while isinstance(right, Op) and right.op in "*^":
        right = right.left
    applied = isinstance(right, Func) and right.name not in _WITHOUT_NAME
    bracket = second.startswith(("(", r"\left("))
    return isinstance(letter, Sym) and (letter.name[0] in "fgh" or applied or bracket)


def _bracketed(tex: str) -> str:
    tall = r"\frac" in tex or r"\left" in tex
    return rf"\left({tex}\right)" if tall else f"({tex})"


def is_stacked(tree: Tree) -> bool:
    """Whether a tree is set with a fraction bar."""
    return isinstance(tree, D) or (isinstance(tree, Op) and tree.op == "/")


def is_tall(exponent: Tree) -> bool:
    """Whether an exponent is better written as exp(…)."""
    nodes = list(walk(exponent))
    towers = any(isinstance(n, Func) and n.name in ("exp", "sqrt") for n in nodes)
    return towers or len(nodes) > 12 or any(isinstance(n, D) for n in nodes)


def tex_letter(name: str) -> str:
    r"""Set a letter, its digits below: `\beta`, `w_{1}`."""
    found = re.fullmatch(r"([A-Za-z]+?)_?([0-9]*)", name)
    if found is None:
        raise ValueError(f"our fault: {name!r} is no letter")
    stem, index = found.groups()
    if stem == "epsilon":
        stem = "varepsilon"
    if len(stem) > 1:
        stem = f"\\{stem}" if stem in (*GREEK, "varepsilon", "pi") else rf"\mathrm{{{stem}}}"
    return f"{stem}_{{{index}}}" if index else stem

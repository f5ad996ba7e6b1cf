"""Set a tree as MathML, which browsers show and screen readers speak without help.

A tree knows a function from a factor: between factors stands an invisible times (U+2062), between
a function and its argument an invisible "of" (U+2061), so that g(1 − g) is never read "g of".
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from helpers.derivation.markup import shown_name
from helpers.derivation.trees import D, Func, If, Lim, Neg, Num, Op, Sym, Tree
from helpers.derivation.typesetting import is_stacked, is_tall
from helpers.derivation.vocabulary import CONSTANTS, GREEK
from helpers.derivation.writing import Binding, binding

TIMES, APPLY = "<mo>&#x2062;</mo>", "<mo>&#x2061;</mo>"
_LETTERS = {**GREEK, "pi": "π"}
_SIGNS = {"<": "&lt;", ">": "&gt;", "<=": "≤", ">=": "≥", "!=": "≠"}


@dataclass(frozen=True)
class Setter:
    """How trees are set.

    letters : letter of the tree -> what is shown; places : spans that are highlighted.
    marks : (id of a node, whether its sign alone is meant) -> data attributes of what it is set as.
    """

    variable: str = "z"
    letters: Mapping[str, str] = field(default_factory=dict)
    places: tuple[tuple[int, int], ...] = ()
    inline: bool = False
    marks: Mapping[tuple[int, bool], Mapping[str, str]] = field(default_factory=dict)

    def set(self, tree: Tree) -> str:
        inside = self.node(tree)
        if known := self.marked(tree):
            inside = f"<mrow{known}>{inside}</mrow>"
        if tree.span in self.places and tree.span != (0, 0):
            return f'<mrow class="here">{inside}</mrow>'
        return inside

    def marked(self, tree: Tree, sign: bool = False) -> str:
        known = self.marks.get((id(tree), sign), {})
        return "".join(f' data-{word}="{value}"' for word, value in known.items())

    def node(self, tree: Tree) -> str:
        match tree:
            case Num(text):
                return f"<mn>{text}</mn>"
            case Sym(name):
                return self.letter(name)
            case Neg(arg):
                kind = (
                    f' class="sign"{self.marked(tree, True)}'
                    if self.marks and not self.inline
                    else ""
                )
                return f"<mrow><mo{kind}>−</mo>{self.within(arg, Binding.PRODUCT)}</mrow>"
            case Op("+" | "-" as op, left, right):
                sign = f"<mo{self.marked(tree, True)}>{'+' if op == '+' else '−'}</mo>"
                return (
                    f"<mrow>{self.within(left, Binding.SUM)}{sign}"
                    f"{self.within(right, Binding.PRODUCT)}</mrow>"
                )
            case Op("*", left, right):
                return self.product(left, right)
            case Op("/", left, right) if self.inline:
                return (
                    f"<mrow>{self.within(left, Binding.PRODUCT)}<mo>/</mo>"
                    f"{self.within(right, Binding.POWER)}</mrow>"
                )
            case Op("/", left, right):
                return f"<mfrac>{self.group(left)}{self.group(right)}</mfrac>"
            case Op("^", base, exponent):
                return self.power(base, exponent)
            case Op(name, left, right):
                inside = f"{self.set(left)}<mo>,</mo>{self.set(right)}"
                return f"<mrow><mi>{name}</mi>{APPLY}{_bracketed(inside)}</mrow>"
            case Func(name, arg):
                return self.function(name, arg)
            case D(Sym(name), by) if name not in (self.variable, *CONSTANTS):
                return f"<mfrac>{self.differential(name)}{self.below(by)}</mfrac>"
            case D(arg, by):
                return (
                    f"<mrow><mfrac><mi>d</mi>{self.below(by)}</mfrac>{APPLY}"
                    f"{_bracketed(self.set(arg), '[]')}</mrow>"
                )
            case If():
                return self.cases(tree)
            case Lim(arg, letter, to):
                below = f"<mrow>{self.letter(letter)}<mo>→</mo>{self.set(to)}</mrow>"
                lim = f"<munder><mo>lim</mo>{below}</munder>"
                return f"<mrow>{lim}{APPLY}{self.within(arg, Binding.PRODUCT)}</mrow>"
        raise TypeError(type(tree).__name__)

    def group(self, tree: Tree) -> str:
        return f"<mrow>{self.set(tree)}</mrow>"

    def below(self, by: str | None) -> str:
        return self.differential(by or self.variable)

    def differential(self, name: str) -> str:
        return f"<mrow><mi>d</mi>{TIMES}{self.letter(name)}</mrow>"

    def letter(self, name: str) -> str:
        shown = self.letters.get(name, name)
        stem = shown.rstrip("0123456789") or shown
        index, stem = shown[len(stem) :], stem.rstrip("_") or stem
        letter = f"<mi>{html.escape(_LETTERS.get(stem, stem))}</mi>"
        return f"<msub>{letter}<mn>{index}</mn></msub>" if index else letter

    def binding(self, tree: Tree) -> Binding:
        match tree:
            case Op("/") if not self.inline:
                return Binding.POWER  # the bar holds it together; only as a base it needs brackets
            case Func("exp" | "sqrt") | D():
                return Binding.POWER
            case If() | Lim():
                return Binding.SUM
        return binding(tree)

    def within(self, tree: Tree, least: Binding) -> str:
        inside = self.set(tree)
        return inside if self.binding(tree) >= least else _bracketed(inside)

    def product(self, left: Tree, right: Tree) -> str:
        first, second = self.within(left, Binding.PRODUCT), self.within(right, Binding.QUOTIENT)
        last = left.right if isinstance(left, Op) and left.op == "*" else left
        begins_with_number = (
            isinstance(_leftmost(right), Num) and self.binding(right) >= Binding.QUOTIENT
        )
        stacked = is_stacked(last) or is_stacked(right)
        dot = begins_with_number or isinstance(right, Neg) or (stacked and not self.inline)
        return f"<mrow>{first}{'<mo>·</mo>' if dot else TIMES}{second}</mrow>"

    def power(self, base: Tree, exponent: Tree) -> str:
        above = self.small(exponent)
        if (
            isinstance(base, Func)
            and isinstance(exponent, Num)
            and base.name not in (*("exp", "sqrt", "abs"),)
        ):
            name = f"<mi>{html.escape(shown_name(base.name))}</mi>"
            return f"<mrow><msup>{name}{above}</msup>{APPLY}{_bracketed(self.set(base.arg))}</mrow>"
        return f"<msup>{self.within(base, Binding.ATOM)}{above}</msup>"

    def small(self, tree: Tree) -> str:
        return replace(self, inline=True).group(tree)

    def function(self, name: str, arg: Tree) -> str:
        if name == "exp" and not is_tall(arg):
            return f"<msup><mi>e</mi>{self.small(arg)}</msup>"
        if name == "sqrt":
            return f"<msqrt>{self.set(arg)}</msqrt>"
        if name == "abs":
            return f"<mrow><mo>|</mo>{self.set(arg)}<mo>|</mo></mrow>"
        stem = name.rstrip("'")
        shown = self.letters.get(stem) or shown_name(stem)
        written = f"<mi>{html.escape(_LETTERS.get(shown, shown))}</mi>"
        if dashes := name[len(stem) :]:
            written = f"<msup>{written}<mo>{'′' * len(dashes)}</mo></msup>"
        return f"<mrow>{written}{APPLY}{_bracketed(self.set(arg))}</mrow>"

    def cases(self, tree: Tree | None) -> str:
        rows = []
        while isinstance(tree, If):
            test = f"{self.set(tree.left)}<mo>{_SIGNS[tree.sign]}</mo>{self.set(tree.right)}"
            rows.append((self.set(tree.then), f"<mrow><mtext>if&#xa0;</mtext>{test}</mrow>"))
            tree = tree.other
        if tree is not None:
            rows.append((self.set(tree), "<mtext>otherwise</mtext>"))
        body = "".join(f"<mtr><mtd>{a}</mtd><mtd>{b}</mtd></mtr>" for a, b in rows)
        return f'<mrow><mo>{{</mo><mtable columnalign="left left">{body}</mtable></mrow>'


def _leftmost(tree: Tree) -> Tree:
    while isinstance(tree, Op) and tree.op in ("*", "^"):
        tree = tree.left
    return tree


def _bracketed(inside: str, brackets: str = "()") -> str:
    """Put brackets around it, which grow with a fraction and not with a power."""
    fixed = "" if "<mfrac" in inside or "<mtable" in inside else ' stretchy="false"'
    opened, closed = (f"<mo{fixed}>{sign}</mo>" for sign in brackets)
    return f"<mrow>{opened}{inside}{closed}</mrow>"


def set_tree(tree: Tree, setter: Setter | None = None, *, display: bool = False) -> str:
    """Return a tree as a ``<math>`` element.

    >>> from helpers.derivation.reader import parse
    >>> set_tree(parse("2z"))
    '<math><mrow><mn>2</mn><mo>&#x2062;</mo><mi>z</mi></mrow></math>'
    """
    kind = ' displaystyle="true"' if display else ""
    return f"<math{kind}>{(setter or Setter()).set(tree)}</math>"

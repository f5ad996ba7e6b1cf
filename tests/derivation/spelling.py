"""Write a tree as people might: in another letter, in text, LaTeX or code, with other brackets.

`spelled(tree, style)` is an independent writer for the tests of the learner's reader: it shares no
code with it. `mutations(tree)` are the tree with one node changed.
"""

import random
from dataclasses import dataclass

from helpers.derivation.trees import D, Func, Neg, Num, Op, Sym, children, replace_children, walk

LATEX_FUNCTIONS = {"ln", "sinh", "cosh", "tanh", "sin", "cos", "tan", "exp"}
SUPERSCRIPT = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


@dataclass
class Style:
    """How one person writes: drawn once for a whole derivation."""

    rng: random.Random
    letters: dict  # letter of the tree -> letter on paper
    latex: bool
    variable: str

    @classmethod
    def drawn(cls, rng, letters, variable="z"):
        """Draw a style; the variable gets another letter where that is free."""
        free = [x for x in "xtyzsw" if x not in letters]
        own = rng.choice(free) if variable == "z" else variable
        return cls(rng, {variable: own}, rng.random() < 0.4, variable)

    def one_of(self, *options):
        return self.rng.choice(options)


GREEK = {"alpha": "α", "beta": "β", "gamma": "γ", "lambda": "λ", "pi": "π"}


def spelled(tree, style):
    """Return the tree as this person writes it."""
    return _latex(tree, style) if style.latex else _text(tree, style)


def _letter(name, style):
    name = style.letters.get(name, name)
    if style.latex:
        return f"\\{name}" if name in GREEK else name
    return style.one_of(name, GREEK[name]) if name in GREEK else name


def _level(tree):
    match tree:
        case Op("+" | "-"):
            return 0
        case Neg():
            return 1
        case Op("*"):
            return 2
        case Op("/"):
            return 3
        case Op("^"):
            return 4
    return 5


def _bracketed(inside, style):
    opening, closing = style.one_of("()", "()", "()", "[]")
    return f"{opening}{inside}{closing}"


def _text(tree, style):
    def within(tree, level):
        text = _text(tree, style)
        return text if _level(tree) >= level else _bracketed(text, style)

    space = style.one_of("", " ")
    match tree:
        case Num(text):
            return text
        case Sym(name):
            return _letter(name, style)
        case Neg(arg):
            return style.one_of("-", "−", "-") + within(arg, 2)
        case Op("+" | "-" as op, left, right):
            return f"{within(left, 0)}{space}{op}{space}{within(right, 2)}"
        case Op("*", left, right):
            sign = style.one_of("*", "·", "×", " * ", " · ")
            return f"{within(left, 2)}{sign}{within(right, 4)}"
        case Op("/", left, right):
            return f"{within(left, 3)}{space}/{space}{within(right, 4)}"
        case Op("^", Func("tanh" | "cosh" | "sech" | "sinh" as name, arg), Num("2")):
            power = style.one_of("^2", "²", "^2")
            return f"{name}{power}({_text(arg, style)})"
        case Op("^", base, exponent):
            return within(base, 5) + _exponent(exponent, style)
        case Op(name, left, right):
            return f"{name}({_text(left, style)}, {_text(right, style)})"
        case Func("exp", arg):
            inside = _text(arg, style)
            simple = isinstance(arg, Sym) or (isinstance(arg, Neg) and isinstance(arg.arg, Sym))
            if simple and style.rng.random() < 0.5:
                return _bracketed(f"e^{inside}", style)
            return style.one_of(f"exp({inside})", f"e^({inside})", f"np.exp({inside})")
        case Func(name, arg):
            names = {
                "sigmoid": ("σ", "sigmoid", "sigma"),
                "ln": ("ln", "log"),
                "sqrt": ("sqrt", "√"),
            }
            written = style.one_of(*names.get(name, (name,)))
            plain = name in ("tanh", "sinh", "cosh", "sech", "ln") and arg == Sym(style.variable)
            if plain and style.rng.random() < 0.3:
                return f"({written} {_text(arg, style)})"
            return f"{written}({_text(arg, style)})"
        case D(arg):
            inside, letter = _text(arg, style), _letter(style.variable, style)
            return style.one_of(
                f"D({inside})", f"d/d{letter}({inside})", f"({inside})'", f"d/d{letter}[{inside}]",
                f"d({inside})/d{letter}",
            )  # fmt: skip
    raise TypeError(tree)


def _exponent(exponent, style):
    text = _text(exponent, style)
    bare = text.lstrip("-")
    if text.replace("-", "").isdigit() and style.rng.random() < 0.4:
        return text.translate(SUPERSCRIPT)
    hat = style.one_of("^", "^", "**")
    if bare.isdigit() and bare == text:
        return hat + text + " "
    return f"{hat}({text})"


def _latex(tree, style):
    def within(tree, level):
        text = _latex(tree, style)
        if _level(tree) >= level or (isinstance(tree, Op) and tree.op == "/" and level < 4):
            return text
        return style.one_of(f"({text})", rf"\left({text}\right)", rf"\bigl({text}\bigr)")

    match tree:
        case Num(text):
            return text
        case Sym(name):
            return _letter(name, style)
        case Neg(arg):
            return "-" + within(arg, 2)
        case Op("+" | "-" as op, left, right):
            return f"{within(left, 0)} {op} {within(right, 2)}"
        case Op("*", left, right):
            sign = style.one_of(r" \cdot ", r" \times ", r"\cdot ")
            return f"{within(left, 2)}{sign}{within(right, 4)}"
        case Op("/", left, right):
            frac = style.one_of(r"\frac", r"\dfrac", r"\tfrac")
            return f"{frac}{{{_latex(left, style)}}}{{{_latex(right, style)}}}"
        case Op("^", Func("tanh" | "cosh" | "sinh" as name, arg), Num("2")):
            return rf"\{name}^2({_latex(arg, style)})"
        case Op("^", base, exponent):
            return f"{within(base, 5)}^{{{_latex(exponent, style)}}}"
        case Op(name, left, right):
            return rf"\{name}({_latex(left, style)}, {_latex(right, style)})"
        case Func("exp", arg):
            inside = _latex(arg, style)
            return style.one_of(
                f"e^{{{inside}}}", rf"\exp({inside})", rf"\mathrm{{e}}^{{{inside}}}"
            )
        case Func("sigmoid", arg):
            return rf"\sigma({_latex(arg, style)})"
        case Func("sqrt", arg):
            return rf"\sqrt{{{_latex(arg, style)}}}"
        case Func("abs", arg):
            return rf"\left|{_latex(arg, style)}\right|"
        case Func(name, arg):
            written = rf"\{name}" if name in LATEX_FUNCTIONS else rf"\operatorname{{{name}}}"
            return rf"{written}\left({_latex(arg, style)}\right)"
        case D(arg):
            inside, letter = _latex(arg, style), _letter(style.variable, style)
            return style.one_of(
                rf"\frac{{d}}{{d{letter}}}\left({inside}\right)",
                rf"\frac{{\mathrm{{d}}}}{{\mathrm{{d}}{letter}}}\left[{inside}\right]",
                rf"\left({inside}\right)^{{\prime}}",
                rf"\frac{{d({inside})}}{{d{letter}}}",
            )
    raise TypeError(tree)


def mutations(tree):
    """Yield the tree with one node changed, as a slip of the pen would."""
    for index, node in enumerate(walk(tree)):
        for other in _changed(node):
            yield _replaced(tree, index, other)


def _changed(node):
    match node:
        case Num(text) if text.isdigit():
            yield Num(str(int(text) + 1))
        case Neg(arg):
            yield arg
        case Op("+", a, b):
            yield Op("-", a, b)
            yield a
        case Op("-", a, b):
            yield Op("+", a, b)
            yield Op("-", b, a)
            yield a
        case Op("*", a, b):
            yield Op("+", a, b)
            yield a
            yield b
            yield Neg(node)
        case Op("/", a, b):
            yield Op("/", b, a)
            yield a
            yield Neg(node)
        case Op("^", a, b):
            yield a
            yield Op("*", a, b)
        case Func("exp", arg):
            yield Func("exp", Neg(arg))
            yield arg
        case Func("tanh", arg):
            yield Func("tan", arg)
        case Func(name, arg):
            yield arg
            yield Op("+", node, Num("1"))
        case D(arg):
            yield arg
        case Sym(name) if name not in ("e", "pi"):
            yield Op("+", node, Num("1"))
            yield Op("^", node, Num("2"))


def _replaced(tree, index, new):
    count = -1

    def build(node):
        nonlocal count
        count += 1
        if count == index:
            count += sum(1 for _ in walk(node)) - 1
            return new
        return replace_children(node, [build(child) for child in children(node)])

    return build(tree)

"""LaTeX has the brackets it needs, and reads as it was written."""

import mpmath
import pytest
from hypothesis import given

from helpers.derivation import latex, parse, values
from tests.derivation.formulas import POINTS, trees
from tests.strategies import tries


def from_latex(tex):
    """Undo the typesetting: back to the notation, all brackets made round."""

    def group(position):
        depth = 0
        for end in range(position, len(tex)):
            depth += {"{": 1, "}": -1}.get(tex[end], 0)
            if depth == 0:
                return tex[position + 1 : end], end + 1
        raise AssertionError(f"braces do not match: {tex}")

    if not tex:
        return ""
    if tex.startswith(r"\frac{d}{dz}"):
        return "D" + from_latex(tex[len(r"\frac{d}{dz}") :])
    if tex.startswith(r"\frac{d\beta}{dz}"):
        return "D(beta)" + from_latex(tex[len(r"\frac{d\beta}{dz}") :])
    if tex.startswith(r"\frac"):
        top, end = group(5)
        bottom, end = group(end)
        return f"(({from_latex(top)})/({from_latex(bottom)}))" + from_latex(tex[end:])
    for command in (r"\sqrt", r"\operatorname", "^"):
        if tex.startswith(command + "{"):
            inner, end = group(len(command))
            word = {"^": "^", r"\sqrt": "sqrt", r"\operatorname": ""}[command]
            inner = from_latex(inner) if word else inner
            return (f"{word}({inner})" if word else inner) + from_latex(tex[end:])
    for command, notation in (
        *((r"\left(", "("), (r"\right)", ")"), (r"\left[", "("), (r"\right]", ")")),
        *((r"\left|", "abs("), (r"\right|", ")"), (r"\cdot", "*"), (r"\,", " ")),
        *((r"\arctan", "atan"), (r"\varphi", "phi"), ("\\", "")),
    ):
        if tex.startswith(command):
            return notation + from_latex(tex[len(command) :])
    return tex[0] + from_latex(tex[1:])


def assert_close(left, right, digits=30):
    for x, y in zip(left, right, strict=True):
        assert (x is None) == (y is None)
        assert x is None or abs(x - y) <= mpmath.mpf(10) ** -digits * (1 + abs(y))


@tries(300)
@given(trees())
def test_latex_has_the_brackets_it_needs(tree):
    again = parse(from_latex(latex(tree)))
    assert_close(values(again, POINTS), values(tree, POINTS), 40)


@pytest.mark.parametrize(
    ("text", "tex"),
    [
        ("2z", "2 z"),
        ("2*3", r"2 \cdot 3"),
        ("g(1 - g)", r"g \cdot (1 - g)"),
        ("4s(1 - s)", r"4 s \cdot (1 - s)"),
        ("e^(-z)/(1 + e^-z)^2", r"\frac{e^{-z}}{(1 + e^{-z})^{2}}"),
        ("e^(-z^2/2)", r"e^{-z^{2}/2}"),
        ("e^(e^z)", r"\exp(e^{z})"),
        ("(e^z)^2", r"(e^{z})^{2}"),
        ("tanh²(z)", r"\tanh^{2}(z)"),
        ("tanh(z)^-1", r"(\tanh(z))^{-1}"),
        ("σ(2z)", r"\sigma(2 z)"),
        ("(1/2)^2", r"\left(\frac{1}{2}\right)^{2}"),
        ("|z|/sqrt(2pi)", r"\frac{\left|z\right|}{\sqrt{2 \pi}}"),
        ("D(1 + z)*(-1)", r"\frac{d}{dz}\left[1 + z\right] \cdot (-1)"),
        ("dg/dz", r"\frac{dg}{dz}"),
        ("a/b*c", r"\frac{a}{b} \cdot c"),
        ("α ε w_1", r"\alpha\,\varepsilon\,w_{1}"),
        ("max(α z, z)", r"\max(\alpha\,z,\, z)"),
        ("min(z/2, 1)^2", r"\left(\min\left(\frac{z}{2},\, 1\right)\right)^{2}"),
        ("relu(z)^2 Phi(z) phi(z)", r"\operatorname{ReLU}^{2}(z)\,\Phi(z)\,\varphi(z)"),
    ],
)
def test_latex(text, tex):
    assert latex(parse(text, where={"g"})) == tex

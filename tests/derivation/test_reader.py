"""What is read, what is refused and where, and that nothing is ever executed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.derivation import (
    Func,
    Neg,
    NotationError,
    Num,
    Op,
    Setting,
    Sym,
    derive,
    latex,
    names,
    parse,
    to_text,
    values,
    walk,
)
from tests.derivation.formulas import ATTACKS, NOTATION, nothing_executed, trees
from tests.strategies import tries

READINGS = {
    "2z": "2*z",
    "2exp(z)": "2*exp(z)",
    "(1+z)(1-z)": "(1 + z)*(1 - z)",
    "g(1-g)": "g*(1 - g)",
    "g (1-g)": "g*(1 - g)",
    "g(z)*(1-g(z))": "g*(1 - g)",
    "g(z)(1-g(z))": "g*(1 - g)",
    "4 g(z)^2": "4*g^2",
    "-z^2": "-z^2",
    "(-z)^2": "(-z)^2",
    "2^-1": "2^(-1)",
    "2**-1": "2^(-1)",
    "-2z": "-2*z",
    "2*-3": "2*(-3)",
    "z^2g'": None,
    "z^2(1+z)": "z^2*(1 + z)",
    "z^2 g": "z^2*g",
    "z²g": "z^2*g",
    "e^-z": "exp(-z)",
    "e^(-z)": "exp(-z)",
    "e^{-z}": "exp(-z)",
    "e⁻ᶻ": "exp(-z)",
    "e⁻²ᶻ": "exp(-2*z)",
    "e^-z^2": "exp(-z^2)",
    "e^-z (1 + z)": "exp(-z)*(1 + z)",
    "e": "e",
    "e*z": "e*z",
    "σ(z)": "sigmoid(z)",
    "sigma(z)": "sigmoid(z)",
    "log(z)": "ln(z)",
    "arctan(z)": "atan(z)",
    "√(2π)": "sqrt(2*pi)",
    "a·z": "a*z",
    "a×z": "a*z",
    "1 − z": "1 - z",
    "α e^z": "alpha*exp(z)",
    "lambda*z": "lambda*z",
    "lam*z": "lambda*z",
    "λz": "lambda*z",
    "tanh^2(z)": "tanh(z)^2",
    "sinh²(z)": "sinh(z)^2",
    "|z|": "abs(z)",
    "|z||z|": "abs(z)*abs(z)",
    "2|z - |z||": "2*abs(z - abs(z))",
    "d/dz(z^2)": "D(z^2)",
    "d / dz (z^2)": "D(z^2)",
    "D[z^2]": "D(z^2)",
    "dg/dz": "D(g)",
    "g'": "D(g)",
    "g′(z)": "D(g)",
    "g''": "D(D(g))",
    "2(2/3)": "2*2/3",
    "a/b*c/d": "a/b*c/d",
    "(a*b)/c": "(a*b)/c",
    "a/(b*c)": "a/(b*c)",
    "a - (b - c)": "a - (b - c)",
    "a + (-b)": "a + (-b)",
    "(z + 1)": "z + 1",
    ".5z": "0.5*z",
    "w_1 + c2": "w_1 + c2",
    "  z  ": "z",
    "max(z, 0)": "max(z, 0)",
    "min(2z,max(0,z))": "min(2*z, max(0, z))",
    "max²(z, 0)": "max(z, 0)^2",
    "2max(z,-z)(1-z)": "2*max(z, -z)*(1 - z)",
    "max(|z|, |z - 1|)": "max(abs(z), abs(z - 1))",
    "ReLU(z)": "relu(z)",
    "Φ(z)ϕ(z)": "Phi(z)*phi(z)",
}


@pytest.mark.parametrize(("text", "meant"), READINGS.items())
def test_reading(text, meant):
    if meant is None:
        with pytest.raises(NotationError):
            parse(text, where={"g"})
    else:
        assert to_text(parse(text, where={"g"})) == meant


def test_reading_keeps_the_form_and_the_places():
    tree = parse("2z + e^(-z)")
    assert tree == Op("+", Op("*", Num("2"), Sym("z")), Func("exp", Neg(Sym("z"))))
    assert [node.span for node in walk(tree)] == [(0, 11), (0, 2), (0, 1), (1, 2), (5, 11), *NEG_Z]
    assert parse("1 + 0*z") != Num("1")


NEG_Z = [(8, 9 + 1), (9, 10)]


# text: (column of the caret, what the message says)
REFUSALS = {
    "": (0, "nothing to read"),
    "1/2z": (3, "1/2z can mean (1/2)*z or 1/(2*z)"),
    "1/(1+z)(1-z)": (7, "under the fraction bar"),
    "e^-2z": (4, "where does the exponent end"),
    "z^2g": (3, "where does the exponent end"),
    "e(-z)": (1, "was a ^ lost"),
    "(1+z)2": (5, "was a ^ lost? Write ^2"),
    "tanh(2)(z)": (7, "Write tanh^2(…)"),
    "tanh z": (5, "tanh needs brackets"),
    "tanh^-1(z)": (4, "only tanh^2(…)"),
    "g(2z)": (1, "g at 2*z, or g times 2*z"),
    "g(-z)": (1, "g at -z, or g times -z"),
    "d/dz(z)(1-z)": (7, "how far does d/dz reach"),
    "d/dz(z)^2": (7, "how far does d/dz reach"),
    "d/da(z)": (0, "d/dz are understood"),
    "d(z)": (0, "for the derivative write D"),
    "D z": (2, "D needs brackets"),
    "z'": (1, "a dash is for letters"),
    "gz": (0, "write g*z"),
    "ze^z": (0, "write z*e"),
    "zexp(z)": (0, "write z*exp"),
    "q + z": (0, "unknown letter q; the letters here are g, z"),
    "tnah(z)": (0, "did you mean tanh?"),
    "z2": (0, "did you mean z^2"),
    "tanh2(z)": (0, "did you mean tanh^2(…)"),
    "swish(z)": (0, "functions: exp ln log sqrt"),
    "max(z)": (5, "max takes two arguments: max(a, b)"),
    "min(1,2,3)": (7, "min takes two arguments: min(a, b) or min(a, min(b, c))"),
    "max(,z)": (4, "a comma is not read here"),
    "max(z,": (6, "missing at the end"),
    "max(z, 0": (3, "this ( is never closed"),
    "max(z, 0]": (8, "] does not close the ("),
    "max((z, 0))": (6, "a comma is not read here"),
    "max + 1": (4, "max needs brackets"),
    "exp(z, 2)": (5, "a comma is not read here"),
    "max(0, z), z": (9, "a comma is not read here"),
    "phi*z": (3, "phi needs brackets"),
    "EXP(z)": (0, "did you mean exp?"),
    "z + Exp(z)": (4, "did you mean exp?"),
    "epx(z)": (0, "did you mean exp?"),
    "Log(z)": (0, "did you mean log?"),
    "sigmiod(z)": (0, "did you mean sigmoid?"),
    "Beta*z": (0, "did you mean beta?"),
    "2Z": (1, "did you mean z?"),
    "E^z": (0, "did you mean e?"),
    "beta*z": (0, "unknown letter beta; the letters here are g, z"),
    "D(np.exp(-z))": (4, "write exp, without np."),
    "math.e^z": (4, "write e, without math."),
    "np.maximum(0,z)": (2, "write max, without np."),
    "np.clip(0,z)": (2, "np.clip is not read; functions: exp"),
    "g(1 - g) product rule": (9, "a reason begins with #, as in # product rule"),
    "z/(1 + z)^2 signs cancel": (12, "# signs cancel"),
    "2z (power rule)": (4, "# power rule"),
    "2z rearranged": (3, "# rearranged"),
    "sum rule": (0, "# sum rule"),
    "(1 + z)^-2 exp(-z)": (11, "Write ^(-2)*exp(…) or ^(-2*exp(…))"),
    "z^-2(1 - z)": (4, "Write ^(-2)*(…) or ^(-2*(…))"),
    "* z": (0, "cannot begin with *: write one whole expression"),
    "/ z": (0, "cannot begin with /: write one whole expression"),
    "z = g": (2, "one = at the beginning"),
    "+ z": (0, "cannot begin with +"),
    "z + ": (4, "missing at the end"),
    "z */ 2": (3, "missing before /"),
    "1 - - z": (4, "two signs in a row"),
    "2 3": (2, "two numbers side by side"),
    "0,5z": (1, "a comma is not read here: decimals have a point"),
    "1.2.3": (0, "this number is not read"),
    "1e-3": (0, "write 0.001"),
    "(1 + z": (0, "this ( is never closed"),
    "(1 + z]": (6, "] does not close the ("),
    "1 + z)": (5, "this ) has no partner"),
    "z()": (1, "nothing between these brackets"),
    "|z": (0, "this | is never closed"),
    "z^65": (1, "above 64"),
    "z^2^3": (1, "power in the exponent"),
    "1000001": (0, "above 1 000 000"),
    "9" * 400: (0, "too long"),
    "(" * 300: (20, "nested more than 20 deep"),
    "z^-" * 100 + "z": (59, "nested"),
    "z*" * 199 + "z": (201, "too long"),
    "z*" * 50 + "z": (0, "more than 40 operations"),
    "z" * 401: (400, "more than 400 characters"),
    "z + \u0430": (4, "CYRILLIC SMALL LETTER A"),
    "Α + z": (0, "GREEK CAPITAL LETTER ALPHA"),
    "z\x00": (1, "code 0"),
    "z\n+1": (1, "code 10"),
}


@pytest.mark.parametrize("text", REFUSALS)
def test_refusals_point_at_the_place(text):
    column, says = REFUSALS[text]
    with pytest.raises(NotationError) as caught:
        parse(text, where={"g"}, letters=())
    error = caught.value
    assert says in error.message
    assert (error.column, error.text) == (column, text)
    *_, shown, caret = str(error).split("\n")
    assert len(shown) < 120
    if column < len(text) and text[column].isprintable():
        assert shown[caret.index("^")] == text[column]


@pytest.mark.parametrize("text", ATTACKS)
def test_attacks_are_read_not_run(text, tmp_path, monkeypatch):
    with nothing_executed(tmp_path, monkeypatch):
        for read in (parse, derive, Setting.of):
            try:
                read(text)
            except NotationError:
                continue
            raise AssertionError(f"{read.__name__} read {text}")


@tries(400)
@given(st.one_of(st.text(max_size=60), NOTATION))
def test_any_text_gives_a_tree_or_a_notation_error(text):
    try:
        tree = parse(text, where={"g"})
    except NotationError as error:
        column = error.column
    else:
        column = 0
        check_one_reading(tree)
    assert 0 <= column <= len(text)


def check_one_reading(tree):
    assert parse(to_text(tree), where={"g"}) == tree
    assert latex(tree)
    values(tree, [{name: 1 for name in names(tree)}], where={"g": Num("1")})


@pytest.mark.parametrize("wrong", [None, 3, b"z", ["z"]])
def test_a_text_is_expected(wrong):
    for read in (parse, derive):
        with pytest.raises(TypeError, match=r" is a text.*; (None|a value of type \w+) came"):
            read(wrong)


@tries(300)
@given(trees())
def test_text_round_trip(tree):
    assert parse(to_text(tree)) == tree


# what a learner typed in a text of three quotes: the line of the message, as it was typed
LATEX = {
    "\frac{1}{1 + e^{-z}}": r"\frac{1}{1 + e^{-z}}",
    r"\sigma(z) \cdot z": r"\sigma(z) \cdot z",
    "z \times \beta": r"z \times \beta",
    "\tanh(z)": r"\tanh(z)",
    "\alpha*z": r"\alpha*z",
    "z\right)": r"z\right)",
    "$z$": "$z$",
}


@pytest.mark.parametrize("text", LATEX)
def test_latex_is_called_latex_and_shown_as_typed(text):
    says = "this looks like LaTeX; write for example exp(-z)/(1 + exp(-z))^2"
    for read in (parse, lambda text: derive(f"D(z)\n   {text}")):
        with pytest.raises(NotationError) as caught:
            read(text)
        assert caught.value.message == says
        assert caught.value.text == LATEX[text]
        assert LATEX[text][caught.value.column] in "\\$"

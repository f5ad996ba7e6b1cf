"""Derivations: those of the course, their first wrong line, their messages and their display."""

import re
from fractions import Fraction
from functools import cache

import mpmath
import pytest
from hypothesis import given
from IPython.core.interactiveshell import InteractiveShell

from helpers.derivation import ArgumentError, DerivationError, NotationError, derive, evaluate
from helpers.exercises import check_derivation
from tests.derivation.formulas import NOTATION, G
from tests.strategies import tries

NORMAL = {"P": "(1 + erf(z/sqrt(2)))/2", "p": "exp(-z^2/2)/sqrt(2*pi)"}


# name: (text, keywords of derive, the result as mpmath knows it)
COURSE = {
    "sigmoid by the chain rule": (
        """
          D(1/(1 + exp(-z)))
        = D((1 + exp(-z))^-1)                     # rewrite as a power
        = -(1 + exp(-z))^-2 * D(1 + exp(-z))      # power rule, chain rule
        = -(1 + exp(-z))^-2 * (0 + D(exp(-z)))    # sum rule, a constant has slope 0
        = -(1 + exp(-z))^-2 * exp(-z) * D(-z)     # exponential, chain rule
        = -(1 + exp(-z))^-2 * exp(-z) * (-1)      # a linear function
        = exp(-z)/(1 + exp(-z))^2                 # the signs cancel
        = 1/(1 + exp(-z)) * exp(-z)/(1 + exp(-z))             # split the square
        = 1/(1 + exp(-z)) * (1 + exp(-z) - 1)/(1 + exp(-z))   # add and subtract 1
        = 1/(1 + exp(-z)) * (1 - 1/(1 + exp(-z)))             # split the fraction
        = g*(1 - g)
        """,
        {"where": G},
        lambda z: 1 / (4 * mpmath.cosh(z / 2) ** 2),
    ),
    "sigmoid by the quotient rule": (
        """
        D(1/(1 + e^-z))
        (0*(1 + e^-z) - 1*D(1 + e^-z))/(1 + e^-z)^2   # quotient rule
        (0 - (-e^-z))/(1 + e^-z)^2
        e^-z/(1 + e^-z)^2
        g(1 - g)
        """,
        {"where": G},
        lambda z: 1 / (4 * mpmath.cosh(z / 2) ** 2),
    ),
    "sigmoid, the inverse function differentiated": (
        """
        D(ln(g) - ln(1 - g))
        1/g - 1/(1 - g)*D(1 - g)    # ln rule, chain rule
        1/g - 1/(1 - g)*(-1)
        1/g + 1/(1 - g)
        (1 - g + g)/(g(1 - g))      # common denominator
        1/(g(1 - g))
        """,
        {"variable": "g", "on": "0 < g < 1"},
        lambda g: 1 / (g - g**2),
    ),
    "sigmoid, the inverse rule": (
        """
        1/(dz/dg)                   # inverse rule
        1/(1/g + 1/(1 - g))
        1/(1/(g(1 - g)))
        g(1 - g)
        """,
        {"variable": "g", "where": {"z": "ln(g) - ln(1 - g)"}, "on": "0 < g < 1"},
        lambda g: g - g**2,
    ),
    "sigmoid undone": (
        "ln(g) - ln(1 - g)\n ln(g/(1 - g))\n ln(1/e^-z)\n ln(e^z)\n z",
        {"where": G},
        lambda z: z,
    ),
    "sigmoid, second slope": (
        """
        D(D(g))
        D(g(1 - g))
        g'(1 - g) + g*(-g')         # product rule
        g'(1 - 2g)
        g(1 - g)(1 - 2g)
        """,
        {"where": G},
        lambda z: -mpmath.sinh(z / 2) / (4 * mpmath.cosh(z / 2) ** 3),
    ),
    "sigmoid(beta z)": (
        "D(sigmoid(beta z))\n s(1 - s)*D(beta*z)  # chain rule\n βs(1 - s)",
        {"where": {"s": "σ(βz)"}},
        lambda z, beta: beta / (4 * mpmath.cosh(beta * z / 2) ** 2),
    ),
    "tanh by the quotient rule": (
        """
          D(tanh(z))
        = D(sinh(z)/cosh(z))                                       # definition
        = (D(sinh(z))*cosh(z) - sinh(z)*D(cosh(z)))/cosh(z)^2      # quotient rule
        = (cosh²(z) - sinh²(z))/cosh²(z)
        = 1 - sinh^2(z)/cosh^2(z)                                  # divide
        = 1 - tanh(z)^2
        = 1 - t^2
        """,
        {"where": {"t": "tanh(z)"}},
        lambda z: mpmath.sech(z) ** 2,
    ),
    "tanh by exponentials": (
        "1 - tanh(z)^2\n 1/cosh(z)^2\n sech(z)^2\n 4/(e^z + e^-z)^2",
        {},
        lambda z: mpmath.sech(z) ** 2,
    ),
    "slopes of sinh": ("D((e^z - e^-z)/2)\n (e^z + e^-z)/2\n cosh(z)", {}, mpmath.cosh),
    "slopes of cosh": ("D((e^z + e^-z)/2)\n (e^z - e^-z)/2\n sinh(z)", {}, mpmath.sinh),
    "tanh is a sigmoid": (
        """
        2sigmoid(2z) - 1
        2/(1 + e^(-2z)) - 1
        (2 - (1 + e^(-2z)))/(1 + e^(-2z))
        (1 - e^(-2z))/(1 + e^(-2z))
        (e^z - e^-z)/(e^z + e^-z)       # times e^z above and below
        tanh(z)
        """,
        {},
        mpmath.tanh,
    ),
    "tanh via sigmoid": (
        """
          D(2*sigmoid(2*z) - 1)
        = 2*s*(1 - s)*D(2*z)    # the sigmoid's slope, chain rule
        = 2*s*(1 - s)*2
        = 4s(1 - s)
        = (2s)(2 - 2s)
        = (1 + t)(1 - t)        # t = 2s - 1
        = 1 - t²
        """,
        {"where": {"s": "1/(1 + exp(-2*z))", "t": "2*s - 1"}},
        lambda z: mpmath.sech(z) ** 2,
    ),
    "ReLU, right": ("D(z)\n 1", {"on": "z > 0"}, lambda z: 1),
    "ReLU, left": ("D(0)\n 0", {"on": "z < 0"}, lambda z: 0),
    "ReLU, difference quotient right": ("(h - 0)/h\n h/h\n 1", {"on": "h > 0"}, lambda z, h: 1),
    "leaky ReLU, left": ("D(a*z)\n a*D(z)\n a", {"on": "z < 0"}, lambda z, a: a),
    "abs from two ReLUs": ("(z + |z|)/2 + (-z + |-z|)/2\n |z|", {}, abs),
    "leaky ReLU, the safe form": (
        "(z + |z|)/2 + a(z - |z|)/2\n a*z",
        {"on": "z < 0"},
        lambda z, a: a * z,
    ),
    "PReLU": (
        "D(a*z)\n z*D(a)   # constant factor\n z",
        {"variable": "a", "on": "z < 0"},
        lambda a, z: z,
    ),
    "softplus": (
        """
        D(ln(1 + e^z))
        1/(1 + e^z) * D(1 + e^z)    # ln rule, chain rule
        e^z/(1 + e^z)               # exponential
        1/(e^-z + 1)                # divide by e^z
        g
        """,
        {"where": G},
        lambda z: 1 / (1 + mpmath.exp(-z)),
    ),
    "softplus with beta": (
        """
        D(1/beta*ln(1 + e^(beta*z)))
        1/beta*1/(1 + e^(beta*z))*D(1 + e^(beta*z))
        1/beta*1/(1 + e^(beta*z))*e^(beta*z)*beta
        e^(beta*z)/(1 + e^(beta*z))
        σ(βz)
        """,
        {},
        lambda z, beta: 1 / (1 + mpmath.exp(-beta * z)),
    ),
    "ELU, left": (
        "D(alpha*(e^z - 1))\n alpha*D(e^z - 1)\n α e^z\n alpha(e^z - 1) + alpha",
        {"on": "z < 0"},
        lambda z, alpha: alpha * mpmath.exp(z),
    ),
    "SiLU": (
        """
        D(z*sigmoid(z))
        1*g + z*g'                  # product rule
        g + z g(1 - g)
        g(1 + z(1 - g))
        f + g(1 - f)
        """,
        {"where": {**G, "f": "z*g"}},
        lambda z: mpmath.diff(lambda x: x / (1 + mpmath.exp(-x)), z),
    ),
    "swish": (
        "D(z*sigmoid(beta*z))\n s + z*s'\n s + z*s*(1 - s)*beta\n s + beta*z*s*(1 - s)",
        {"where": {"s": "1/(1 + exp(-beta*z))"}},
        lambda z, beta: mpmath.diff(lambda x: x / (1 + mpmath.exp(-beta * x)), z),
    ),
    "swish by beta": (
        "D(z*sigmoid(beta*z))\n z*s(1 - s)*z\n z^2 s(1 - s)",
        {"variable": "beta", "where": {"s": "1/(1 + exp(-beta*z))"}},
        lambda beta, z: mpmath.diff(lambda b: z / (1 + mpmath.exp(-b * z)), beta),
    ),
    "GELU": (
        """
        D(z*P)
        P + z*P'                                            # product rule
        P + z*(1/2)*D(erf(z/sqrt(2)))
        P + z*(1/2)*2/sqrt(pi)*e^(-(z/sqrt(2))^2)*D(z/sqrt(2))
        P + z*1/sqrt(pi)*e^(-z²/2)*1/sqrt(2)
        P(z) + z*p(z)
        """,
        {"where": NORMAL},
        lambda z: mpmath.ncdf(z) + z * mpmath.npdf(z),
    ),
    "Mish": (
        """
        D(z*tanh(ln(1 + e^z)))
        T + z*T'                                # product rule
        T + z(1 - T^2)*D(ln(1 + e^z))           # tanh, chain rule
        T + z(1 - T^2)*1/(1 + e^z)*e^z          # ln, chain rule
        T + z(1 - T^2)*g
        """,
        {"where": {"T": "tanh(log(1 + exp(z)))", **G}},
        lambda z: mpmath.diff(lambda x: x * mpmath.tanh(mpmath.log1p(mpmath.exp(x))), z),
    ),
    "GLU by the gate": (
        "D(a*sigmoid(b))\n a*s'\n a s(1 - s)",
        {"variable": "b", "where": {"s": "sigmoid(b)"}},
        lambda b, a: a / (4 * mpmath.cosh(b / 2) ** 2),
    ),
    "a mixture": (
        "D(c tanh(z) + (1 - c) z)\n c(1 - tanh^2(z)) + (1 - c)",
        {},
        lambda z, c: c * mpmath.sech(z) ** 2 + 1 - c,
    ),
    "softsign": (
        """
        D(z/(1 + |z|))
        (1*(1 + |z|) - z*D(|z|))/(1 + |z|)^2
        (1 + |z| - z*z/|z|)/(1 + |z|)^2
        (1 + |z| - |z|)/(1 + |z|)^2
        1/(1 + |z|)^2
        """,
        {},
        lambda z: 1 / (1 + abs(z)) ** 2,
    ),
    "arctan": ("D(arctan(z))\n 1/(1 + z²)", {}, lambda z: 1 / (1 + z**2)),
    "log cosh": ("D(ln(cosh(z)))\n sinh(z)/cosh(z)\n tanh(z)", {}, mpmath.tanh),
    "one line": ("D(z^2)", {}, lambda z: 2 * z),
    "ReLU as max, right": ("D(max(z, 0))\n 1", {"on": "z > 0"}, lambda z: 1),
    "ReLU, both sides": (
        "D(relu(z))\n relu(z)/z\n step(z)\n (z + |z|)/(2z)",
        {},
        lambda z: 1 if z > 0 else 0,
    ),
    "leaky ReLU as max": ("max(alpha*z, z)\n z", {"on": "z > 0, alpha <= 1"}, lambda z, alpha: z),
    "leaky ReLU as max, branches swapped": (
        "D(max(alpha*z, z))\n D(alpha*z)\n alpha",
        {"on": "z > 0, alpha >= 1"},
        lambda z, alpha: alpha,
    ),
    "leaky ReLU for any slope": (
        "D(max(z, 0) + alpha*min(z, 0))\n step(z) + alpha*step(-z)",
        {},
        lambda z, alpha: 1 if z > 0 else alpha,
    ),
    "abs from max": ("relu(z) + relu(-z)\n max(z, -z)\n |z|", {}, abs),
    "softplus by name": (
        "D(softplus(beta*z)/beta)\n sigmoid(beta*z)\n 1/(1 + e^(-beta*z))",
        {},
        lambda z, beta: 1 / (1 + mpmath.exp(-beta * z)),
    ),
    "softplus is ReLU and a tail": (
        "softplus(z)\n relu(z) + ln(1 + exp(-|z|))",
        {},
        lambda z: mpmath.log1p(mpmath.exp(z)),
    ),
    "GELU by name": (
        "D(z*Phi(z))\n Φ(z) + z*φ(z)\n (1 + erf(z/√(2)))/2 + z*exp(-z²/2)/sqrt(2π)",
        {},
        lambda z: mpmath.ncdf(z) + z * mpmath.npdf(z),
    ),
    "a mixture with a kink": (
        "D(c*tanh(z) + (1 - c)*relu(z))\n c*(1 - tanh(z)^2) + (1 - c)*step(z)",
        {},
        lambda z, c: c * mpmath.sech(z) ** 2 + (1 - c) * (z > 0),
    ),
}


@cache
def derived(name):
    return derive(COURSE[name][0], **COURSE[name][1])


def test_course_derivations_are_verified(figures_of_the_run):
    lines = sum(derivation.verified for derivation in map(derived, COURSE))
    proved = sum(derivation.proved for derivation in map(derived, COURSE))
    figures_of_the_run["derivation lines verified (unit tests)"] = f"{lines}, {proved} proved"
    assert lines == sum(len(derivation.lines) - 1 for derivation in map(derived, COURSE))


@pytest.mark.parametrize("name", COURSE)
def test_every_line_has_the_value_mpmath_knows(name):
    oracle, derivation = COURSE[name][2], derived(name)
    setting = derivation.setting
    with mpmath.workdps(60):
        expected = [
            oracle(*(mpmath.mpf(x.numerator) / x.denominator for x in point.values()))
            for point in setting.points
        ]
    for line in derivation.lines:
        for value, true in zip(setting.values(line.tree), expected, strict=True):
            assert abs(value - true) <= mpmath.mpf(10) ** -30 * (1 + abs(true)), line


@pytest.mark.parametrize("name", [name for name in COURSE if "\n" in COURSE[name][0].strip()])
@pytest.mark.parametrize("slip", ["2*({})", "{} + 10^-45"])
def test_the_first_wrong_line_is_named(name, slip):
    derivation, (_, keywords, _) = derived(name), COURSE[name]
    for k in range(1, len(derivation.lines)):
        texts = [line.text for line in derivation.lines]
        texts[k] = slip.format(texts[k])
        wrong = "\n".join(["", *texts[:k], "", f"= {texts[k]}  # a claim", *texts[k + 1 :]])
        if "+" not in slip and not any(derivation.setting.values(derivation.lines[k].tree)):
            continue  # twice nothing is nothing
        with pytest.raises(DerivationError) as caught:
            derive(wrong, **keywords)
        assert caught.value.line.number == k + 1
        assert caught.value.line.text == texts[k]
        assert "(claimed: a claim)" in str(caught.value)
        comparison = caught.value.comparison
        assert comparison.left != comparison.right
        assert comparison.left == evaluate(
            caught.value.line.tree,
            comparison.point,
            variable=derivation.setting.variable,
            where=derivation.setting.where,
        )


# what the exercises ask for: differentiate, variable, where, the goals
EXERCISES = [
    ("1/(1+exp(-z))", "z", G, ["exp(-z)/(1+exp(-z))**2", "g*(1-g)"]),
    ("tanh(z)", "z", {"t": "tanh(z)"}, ["1-t**2"]),
    (
        "2*sigmoid(2*z)-1",
        "z",
        {"s": "1/(1+exp(-2*z))", "t": "2*s-1"},
        ["4*exp(-2*z)/(1+exp(-2*z))**2", "4*s*(1-s)", "1-t**2"],
    ),
    ("log(1+exp(z))", "z", G, ["exp(z)/(1+exp(z))", "g"]),
    ("z*sigmoid(z)", "z", G, ["1/(1+exp(-z))+z*exp(-z)/(1+exp(-z))**2", "g+z*g*(1-g)"]),
    ("z*sigmoid(beta*z)", "z", {"s": "1/(1+exp(-beta*z))"}, ["s+beta*z*s*(1-s)"]),
    ("alpha*(exp(z)-1)", "z", {}, ["alpha*exp(z)"]),
    ("a*z", "a", {}, ["z"]),
    ("z*(1+erf(z/sqrt(2)))/2", "z", NORMAL, ["P+z*p"]),
    ("z*tanh(log(1+exp(z)))", "z", {"T": "tanh(log(1+exp(z)))", **G}, ["T+z*(1-T**2)*g"]),
]


@pytest.mark.parametrize(("start", "variable", "where", "goals"), EXERCISES)
def test_exercise_goals_are_the_derivative(start, variable, where, goals):
    derivation = derive("\n".join([f"D({start})", *goals]), variable=variable, where=where)
    assert derivation.verified == len(goals)


@tries(150)
@given(NOTATION, NOTATION)
def test_any_derivation_gives_a_derivation_or_a_clear_error(first, second):
    try:
        shown = repr(derive(f"{first}\n{second}"))
    except (NotationError, DerivationError) as error:
        shown = str(error)
    assert shown


HARD = [
    "D(" * 18 + "z" + ")" * 18,
    "D(" * 15 + "exp(z)*sin(z)" + ")" * 15,
    "D(D(D(" + "*".join("z" * 38) + ")))",
    "D(D(" + "+".join("z" * 38) + "))",
    "D(" + "z^z*" * 30 + "z)",
    "D(D(" + "tanh(" * 16 + "z" + ")" * 18,
    "D(" + "sinh(" * 17 + "z" + ")" * 18,
    "exp(exp(exp(exp(exp(exp(9))))))",
    "((((1 + z)^64)^64)^64)^64",
    "(10^64)^(9*9*9*9*9*9*9*9)*z",
    "z^z^-z",
    "(1 + z + e^z + pi)^64",
    "|" * 19 + "z" + "|" * 19,
    "max(z," * 18 + "z" + ")" * 18,
    "D(D(" + "max(z^2," * 15 + "e^z" + ")" * 17,
    "(" + " + ".join(f"|z - {k}|" for k in range(1, 30)) + ")^2",
    "D(" + "relu(1 - " * 15 + "z" + ")" * 16,
]


@pytest.mark.parametrize("text", HARD)
def test_hard_lines_are_evaluated_or_refused(text):
    """Never a RecursionError, a MemoryError or a wrong verdict: a line equals itself."""
    try:
        equal = bool(derive(f"{text}\n{text}", on="z > 0").verified)
    except NotationError:
        equal = None
    except DerivationError as error:
        equal = error.comparison.equal
    assert equal is not False


def test_later_letters_must_be_known():
    with pytest.raises(NotationError, match="line 2: unknown letter q") as caught:
        derive("D(a*z)\n= q", where=G)
    assert caught.value.line == 2
    assert derive("D(a*z)\n= a + 0*g", where=G).verified == 1


def test_unreadable_lines_are_numbered_without_the_blank_ones():
    with pytest.raises(NotationError, match=r"^line 2: ") as caught:
        derive("\n\n  D(z)\n\n  # only a remark\n = 1 +  # oops\n")
    assert (caught.value.line, caught.value.text) == (2, "1 +")
    with pytest.raises(NotationError, match=r"^line 1: "):
        derive("D(z\n1")
    for empty in ("", "\n \n", "# a remark"):
        with pytest.raises(NotationError, match="no line"):
            derive(empty)
    with pytest.raises(NotationError, match="more than 100 lines"):
        derive("z\n" * 101)


def test_error_message_in_full():
    with pytest.raises(DerivationError) as caught:
        derive("D(sigmoid(z))\n = g(1-g)\n = -e^-z/(1+e^-z)^2  # signs cancel", where=G)
    assert str(caught.value) == (
        "line 3 is not equal to the line above (claimed: signs cancel)\n"
        "    = -e^-z/(1+e^-z)^2\n"
        "at z = 0.7: this line is -0.221713, the line above 0.221713"
    )


def test_display():
    derivation = derive("D(a g)  # start\n = a g(1 - g)  # 100 % & {true}_1 <b>", where=G, on="z<0")
    assert repr(derivation) == (
        "  D(a g)       # start\n"
        "= a g(1 - g)   # 100 % & {true}_1 <b>\n"
        "with g = 1/(1 + exp(-z))\n"
        "for z<0\n"
        "1 step checked: 1 proved exactly"
    )
    assert derivation._repr_latex_() == (
        "$$\\begin{aligned}\n"
        r"& \frac{d}{dz}\left[a\,g\right] && \text{start} \\[0.5em]" + "\n"
        r"={} & a\,g \cdot (1 - g) && \text{100 }\%\text{ }\&\text{ }\{\text{true}\}\text{}"
        r"\_\text{1 } < \text{b} > \text{} \\[0.5em]" + "\n"
        r"& \text{with } g = \frac{1}{1 + e^{-z}} \\[0.5em]" + "\n"
        r"& \text{for } z < 0 \\[0.5em]" + "\n"
        r"& {\small \text{1 step checked: 1 proved exactly}}" + "\n"
        "\\end{aligned}$$"
    )


def test_summaries():
    assert "1 line, nothing" in derive("D(z)").summary()
    assert derive("erf(-z)\n-erf(z)\n0 - erf(z)").summary() == (
        "2 steps checked: 1 proved exactly, 1 equal to 50 digits at 16 points"
    )


@pytest.mark.parametrize("name", COURSE)
def test_every_display_is_well_formed(name):
    tex = derived(name)._repr_latex_()
    assert tex.count("{") == tex.count("}")
    assert tex.count(r"\left") == tex.count(r"\right")
    assert not re.search(r"<\S", tex)  # never the beginning of an HTML tag
    assert repr(derived(name)) == repr(derive(COURSE[name][0], **COURSE[name][1]))


@pytest.mark.parametrize(
    ("text", "first"),
    [("D(z^2)\n= z", "line 2 is not equal to the line above"), ("D(z^2", "line 1: ")],
)
def test_a_notebook_shows_the_message_and_no_stack_frames(text, first, capsys):
    shell = InteractiveShell.instance()
    shell.run_cell(f"from helpers.derivation import derive\nderive({text!r})")
    shown = capsys.readouterr().out
    assert shown.startswith(first)
    assert "Traceback" not in shown
    assert "helpers" not in shown


def test_hostile_derivatives_end_soon_in_words():
    chain = {f"a{i}": f"a{i + 1}*a{i + 1}" for i in range(12)} | {"a12": "tanh(z)"}
    assert derive("D(a0)\n1*D(a0)", where=chain).verified == 1
    product = "D(z*s) + 0*D(D(D(D(s*t*s*t*s))))"
    with pytest.raises(NotationError, match=r"line 1: .*too many operations"):
        derive(f"{product}\n{product}", where={"s": "1/(1 + exp(-z))", "t": "tanh(s*z)"})


def test_tabs_and_windows_line_ends_are_not_latex():
    assert derive("\tD(z^2)\r\n\t= 2z\t# power rule\r\n").verified == 1


def test_only_derive_speaks_of_its_arguments():
    with pytest.raises(NotationError) as caught:
        derive("D(z^2)\n = 2q")
    asks = 'if q stands for something, say so: where={"q": "…"}'
    assert asks in str(caught.value)
    assert asks not in caught.value.message
    verdict = check_derivation("derive_silu", "D(z*g)\n= g + q")
    assert "q is not explained" in verdict.message
    assert "where=" not in verdict.message


def test_an_empty_step_repeats_its_reason():
    with pytest.raises(NotationError, match="line 2: a step is missing") as caught:
        derive("D(z^2)\n = # power rule\n = 2z")
    assert "=   # power rule" in str(caught.value)
    verdict = check_derivation("derive_silu", "D(z*g)\n= # product rule")
    assert "=   # product rule" in verdict.message


HINTS = [  # text, keywords, what the message says and what it does not say
    (
        "D(ln(g))\n1/g",
        {},
        "line 1 has no z; g is taken for a parameter. D differentiates with respect to z",
        "x",
    ),
    ("D(ln(g))\n1/g", {}, 'say variable="g"', "only"),
    ("D(ln(-3 - g))\nln(-4 - g)", {}, 'say variable="g"', "only"),
    ("D(z^2)\n2z", {"variable": "x"}, "line 1 has no x; z is taken for a parameter", "only"),
    ("D(a*x)\na", {}, 'say variable="a" or variable="x"', "only"),
    ("x^2\nz^2", {}, "line 1 has no z; x is taken for a parameter", "differentiates"),
    ("D(E^-z)\n-E^-z", {}, "E is taken for a parameter: did you mean e?", "no z"),
    ("D(z^2)\nz", {}, "", "parameter"),
    ("a*z\na", {}, "", "parameter"),
    ("D(g)\n2g", {"where": G}, "", "parameter"),
    (
        "ln(-3 - g^2)\nln(-3 - g^2)",
        {"variable": "g"},
        'restrict them, as on="g > 0" does',
        "parameter",
    ),
    ("ln(-3 - a^2)\nln(-3 - a^2)", {}, 'restrict them, as on="a > 0" does', "parameter"),
    (
        "D(z^2 - z)\n= 2z\n - 1  # so",
        {},
        "if line 3 continues the line above it, write both",
        "no z",
    ),
    ("D(z^2)\n- D(z)\n= 2z - 1", {}, "if line 2 continues the line above it, write both", "no z"),
    ("D(z^2)\n= -2z", {}, "", "continues"),
]


@pytest.mark.parametrize(("text", "keywords", "says", "not_this"), HINTS)
def test_hints_name_what_is_not_mathematics(text, keywords, says, not_this):
    with pytest.raises(DerivationError) as caught:
        derive(text, **keywords)
    _, hint = str(caught.value).split(caught.value.line.text + "\n", 1)
    assert says in hint
    assert not_this not in hint


def test_a_leading_minus_is_a_new_step():
    assert derive("D(-z)\n - D(z)\n - 1").verified == 2


@pytest.mark.parametrize(
    ("arguments", "names"),
    [
        ({"on": (0, 1)}, "on is .* tuple came"),
        ({"on": 0}, "on is .* int came"),
        ({"where": {"g": abs}}, r'where\["g"\] is a text .* builtin_function_or_method came'),
        ({"where": {3: "z"}}, "a letter with a definition is .* int came"),
        ({"where": "g = z"}, "where gives .* str came"),
        ({"where": []}, "where gives .* list came"),
        ({"variable": 3}, "a variable is .* int came"),
        ({"variable": None}, "a variable is .* None came"),
        ({"text": None}, "a derivation is a text, one step a line; None came"),
        ({"text": Fraction(1)}, "a derivation is a text, one step a line; .* Fraction came"),
    ],
)
def test_an_argument_of_the_wrong_kind_is_named(arguments, names):
    with pytest.raises(ArgumentError, match=names) as caught:
        derive(**{"text": "D(z)", **arguments})
    assert caught.value._render_traceback_() == [str(caught.value)]

"""Every habit of writing in ten spellings: each is read, and nothing in it is called wrong."""

import pytest

from helpers.derivation import NotationError, Setting, check_claims, parse, to_text, ways_to_read
from helpers.exercises import EXERCISES

SIGMOID = "1/(1 + exp(-z))"
SETTING = Setting.of(SIGMOID, where={"g": SIGMOID})
LEAKY = Setting.of("max(alpha*z, z)", on="z < 0, 0 < alpha < 1")
FALSE = "σ' = σ(1+σ)"  # a line that must be found beside each of them

HABITS = {
    "another letter": [
        *(f"d/d{x} 1/(1+e^-{x}) = e^-{x}/(1+e^-{x})^2" for x in "xytuw"),
        "f'(net) = f(net)(1 - f(net))",
        "σ'(x_i) = σ(x_i)(1-σ(x_i))",
        r"\frac{d}{d\theta}\sigma(\theta) = \sigma(\theta)(1-\sigma(\theta))",
        "σ'(a) = σ(a)·(1−σ(a))",
        "dσ/dv = σ(v) - σ(v)²",
    ],
    "own names of the function": [
        *(f"{f}'(x) = {f}(x)(1 - {f}(x))" for f in ("f", "s", "S", "h", "φ")),
        "y' = y(1-y)",
        "logistic'(x) = logistic(x)(1 - logistic(x))",
        r"\varphi'(v) = \varphi(v)[1-\varphi(v)]",
        "p = 1/(1+e^-x) \n dp/dx = p(1-p)",
        "out = 1/(1+exp(-net)) \n d out/d net = out (1 - out)",
    ],
    "the slope named on the left": [
        *("σ'(x) =", "f'(x) =", "y' =", "f^{'}(x) =", "s(x)' =", "dy/dx =", "dσ/dx =", "df/dx ="),
        *("∂a/∂x =", "d/dx f(x) =", "D_x f =", "d/dx ="),
    ],
    "operators of d/dx": [
        "d/dx (1+e^-x)^-1 = e^-x/(1+e^-x)^2",
        "d/dx[1/(1+e^-x)] = e^-x/(1+e^-x)^2",
        "d(1/(1+e^-x))/dx = e^-x/(1+e^-x)^2",
        "(1/(1+e^-x))' = e^-x/(1+e^-x)^2",
        "D_x (1+e^-x)^-1 = e^-x/(1+e^-x)^2",
        "∂/∂x (1+e^-x)^-1 = e^-x/(1+e^-x)^2",
        r"\frac{\mathrm d}{\mathrm dx}\frac{1}{1+e^{-x}} = \frac{e^{-x}}{(1+e^{-x})^2}",
        r"\frac{\partial}{\partial x}\left(\frac{1}{1+e^{-x}}\right) = \sigma(x)-\sigma(x)^2",
        "(ⅆ tanh(x))/ⅆx = 1 - tanh(x)^2",
        "Derivative(1/(1 + exp(-x)), x) = exp(-x)/(1 + exp(-x))**2",
    ],
    "definitions": [
        *("u = 1 + e^-x", "let u = 1+e^-x", "Let $u = 1+e^{-x}$.", "with u = 1+e^-x"),
        *("set u := 1+e^-x", "where u = 1+e^-x", "u(x) = 1+e^-x", r"\text{let } u = 1+e^{-x}"),
        *("u = 1+t, t = e^-x", "We put u = 1+e^-x, so du/dx = -e^-x"),
    ],
    "words, arrows, ticks": [
        "so σ' = σ(1-σ)",
        "⇒ σ' = σ(1-σ) ✓",
        "=> σ' = σ(1-σ).",
        "Hence we get σ' = σ(1-σ) (chain rule)",
        "Step 3: σ' = σ(1-σ)",
        "simplified: σ' = σ(1-σ);",
        "By the chain rule, σ' = σ(1-σ) QED",
        r"\Rightarrow \sigma' = \sigma(1-\sigma) \quad\blacksquare",
        "σ' = σ(1-σ)   # the chain rule",
        "daraus folgt σ' = σ(1-σ)",
    ],
    "several = in a line, lines that go on": [
        "σ' = e^-x/(1+e^-x)^2 = σ(1-σ)",
        "σ' = e^-x/(1+e^-x)^2 =\n= σ(1-σ)",
        "σ' = e^-x/(1+e^-x)^2 \n = σ - σ^2",
        "σ' = σ \n - σ^2",
        "σ' = σ - \n σ^2",
        "σ' = e^-x \n / (1+e^-x)^2",
        "σ' \n = e^-x/(1+e^-x)^2 \n = σ(1-σ)",
        r"\sigma' &= \frac{e^{-x}}{(1+e^{-x})^2} \\ &= \sigma(1-\sigma)",
        "σ' = σ \n * (1-σ)",
        "y = f(x) = 1/(1+e^-x) \n f'(x) = y(1-y)",
    ],
    "functions without brackets, roots, fractions": [
        *("sinh x = (e^x - e^-x)/2", "tanh²x = 1 - 1/cosh²x", "cosh^2 x - sinh^2 x = 1", "√4 = 2"),
        *("1/2 x = x/2", "x ÷ 2 = x/2", "2√x/2 = √x", "ln x^2 = 2 ln x", "log x = ln x"),
        "√2 √2 = 2",
    ],
    "programs": [
        "np.exp(-x)/(1+np.exp(-x))**2",
        "math.pow(1 + math.exp(-x), -2) * math.exp(-x)",
        "return sigmoid(x) * (1 - sigmoid(x))",
        "s = torch.sigmoid(x) \n return s * (1 - s)",
        "f = lambda x: 1/(1+exp(-x)) \n df = f(x)*(1-f(x))",
        "Math.exp(-x)/Math.pow(1+Math.exp(-x), 2);",
        "exp(-x)./(1+exp(-x)).^2",
        ">>> diff(1/(1+exp(-x)), x) \n exp(-x)/(1 + exp(-x))**2",
        "1.0/(1.0+np.exp(-x)) * (1.0 - 1.0/(1.0+np.exp(-x)))",
        "np.where(x > 0, x, x) = x",
        "def f(x): return sigmoid(x) * (1 - sigmoid(x))",
        "function f(x) { return sigmoid(x) * (1 - sigmoid(x)); }",
        "f <- function(x) 1/(1+exp(-x)) \n df = f(x)*(1-f(x))",
        "f = @(x) 1./(1+exp(-x)) \n df/dx = f(x).*(1-f(x))",
        "D[1/(1 + Exp[-x]), x] = E^(-x)/(1 + E^(-x))^2",
        "np.multiply(sigmoid(x), 1 - sigmoid(x))",
        "f(x) = 1.0f/(1.0f + expf(-x)) \n f'(x) = f(x)*(1.0f - f(x))",
        r"h_\theta(x) = \frac{1}{1+e^{-x}} \\ h_\theta'(x) = h_\theta(x)(1-h_\theta(x))",
    ],
    "limits": [
        "σ'(x) = lim_{h→0} (σ(x+h) - σ(x))/h",
        r"\sigma' = \lim_{h \to 0} \frac1h \left(\frac1{1+e^{-x-h}} - \frac1{1+e^{-x}}\right)",
        "f'(x) = lim(h->0) [f(x+h) - f(x)]/h",
        r"\sigma'(x) = \lim_{\Delta x \to 0} \frac{\sigma(x+\Delta x)-\sigma(x)}{\Delta x}",
        r"\sigma'(x) = \lim\limits_{t\to x}\frac{\sigma(t)-\sigma(x)}{t-x}",
    ],
    "other ways of LaTeX": [
        r"{d \over dx} {1 \over 1+e^{-x}} = {e^{-x} \over (1+e^{-x})^2}",
        r"\dv{x}\qty(1+e^{-x})^{-1} = \dv{\sigma}{x}",
        r"y = (1+e^{-x})^{-1} \\ \dot y = y(1-y)",
        r"\boxed{\sigma'(x) = \sigma(x)(1-\sigma(x))}",
        r"{\displaystyle {\begin{aligned}\sigma '&={\frac {e^{-x}}{(1+e^{-x})^{2}}}\end{aligned}}}",
        r"\ln\frac{e^x}{1+e^x} = x - \ln\left(1+e^x\right)",
        r"\operatorname{erf}\frac{x}{2} = \operatorname{erf}\left(\frac{x}{2}\right)",
        r"\frac{dy}{dx} = -\frac{1}{u^2}\cdot(-e^{-x}),\quad y=\frac1u,\ u=1+e^{-x}",
        r"\tan^2 x + 1 = \sec^2 x",
    ],
    "headings and lists": [
        "Derivative of the sigmoid σ(x) \n σ' = σ(1-σ)",
        "Multiply top and bottom by e^x: σ(x) = e^x/(1 + e^x)",
        "- u = 1+e^-x \n- u' = -e^-x \n- σ' = -u'/u^2",
        "u = e^x and v = 1+e^x \n (u/v)'(x) = (u'v - uv')/v^2",
        "1/(1+e^-x) = y... so y' = y(1-y)",
        "y = e^x/(1+e^x) = 1/(e^-x + 1)   (multiply numerator and denominator by e^-x)",
        "How does one get from there to σ(1-σ)? \n σ' = σ(1-σ)",
    ],
}  # fmt: skip

CASES = [
    "f'(x) = 1 if x > 0 else α",
    "f'(x) = 1 if x > 0, α otherwise",
    "f'(x) = { 1, x > 0; α, x < 0 }",
    "f'(x) = α for x < 0",
    "f'(x) = α, x < 0",
    r"f'(x) = \begin{cases} 1 & x > 0 \\ \alpha & x \le 0 \end{cases}",
    r"f'(x) = \begin{cases} 1, & \text{if } x > 0, \\ \alpha, & \text{otherwise.} \end{cases}",
    "np.where(x > 0, 1, alpha)",
    "Piecewise((1, x > 0), (alpha, True))",
    "return x > 0 ? 1 : alpha;",
    "(x > 0) + alpha*(x <= 0)",
]


def found(text, of=SIGMOID, setting=SETTING):
    return check_claims(text, parse(of), setting).claims


def spellings():
    for habit, texts in HABITS.items():
        for text in texts:
            whole = f"{text} e^-x/(1+e^-x)^2" if text.endswith("=") else text
            yield pytest.param(whole, id=f"{habit}: {text[:30]!r}")


@pytest.mark.parametrize("text", [*spellings()])
def test_each_habit_is_read_in_each_spelling(text):
    of = "tanh(z)" if "tanh(x))/ⅆx" in text else SIGMOID
    setting = SETTING if of == SIGMOID else Setting.of(of)
    claims = found(text, of, setting)
    assert {claim.found for claim in claims} <= {"slope", "true", "definition"}
    assert claims


def of_the_sigmoid(text):
    return "(ⅆ" not in text and "else" not in text


@pytest.mark.parametrize("text", [t for t in spellings() if of_the_sigmoid(t.values[0])])
def test_a_false_line_beside_it_is_found(text):
    claims = found(f"{text}\n{FALSE}")
    assert claims[-1].found == "false"


@pytest.mark.parametrize("text", CASES)
def test_cases_are_read_in_each_spelling(text):
    of = "max(alpha*z, z)"
    assert [claim.found for claim in found(text, of, LEAKY)] == ["slope"]
    wrong = text.replace("α", "(2α)").replace("alpha", "(2*alpha)").replace("\\(2*", "2(\\")
    assert [claim.found for claim in found(wrong, of, LEAKY)] in (["false"], ["unread"])


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("1/(1+exp(-z))z", "(1/(1+exp(-z)))*z or 1/((1+exp(-z))*z)"),
        ("ab", "for a product write a*b"),
        ("mx", "for a product write m*x"),
        ("log z", "log needs brackets"),
        ("sqrt[3]{z}", "another root"),
        ("0x80", "0x80 is not read"),
    ],
)
def test_what_the_plain_notation_refuses_it_names_as_it_was_written(text, says):
    with pytest.raises(NotationError, match=r".*") as caught:
        parse(text)
    assert says in caught.value.message


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("2*-3", "2*(-3)"),
        ("e^-z^2", "exp(-z^2)"),
        ("alpha1*z", "alpha1*z"),
        ("α1 z", "alpha1*z"),
        ("λ_2 z", "lambda_2*z"),
        ("w1 z", "w1*z"),
    ],
)
def test_what_people_write_is_read_in_the_plain_notation_too(text, same):
    assert to_text(parse(text)) == same


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("sqrt(a^2) x = a x", "Line 1 holds where a > 0, not in general."),
        ("(a^b)^c x = a^(b c) x", "Line 1 holds where a > 0, b > 0, c > 0, not in general."),
        ("ln(x^2) = 2 ln x", "Line 1 is about x > 0: elsewhere a side has no value."),
        ("d/dx ln(x-3) = 1/(x-3)", "Line 1 is about x > 3: elsewhere a side has no value."),
        (r"\frac{d}{dx}\sqrt{1-x^2} = \frac{-x}{\sqrt{1-x^2}}", "Line 1 is about −1 < x < 1"),
        ("d/dx ln((1+x)/(1-x)) = 2/(1-x^2)", "Line 1 is about −1 < x < 1"),
    ],
)
def test_where_a_line_holds_is_said(text, said):
    claims = check_claims(text, parse(SIGMOID), SETTING)
    assert [claim.found for claim in claims.claims] == ["true"]
    assert any(sentence.startswith(said) for sentence in claims.said)


@pytest.mark.parametrize(
    "text",
    [
        "sqrt(a^2) = -a",
        "d/dx ln(x-3) = 1/(x+3)",
        r"\sqrt[4]{x^4} = x",
        "d/dx ln((1+x)/(1-x)) = 1/(1-x^2)",
    ],
)
def test_what_holds_nowhere_as_it_stands_does_not_pass(text):
    (claim,) = found(text)
    assert claim.found in ("false", "unread")


def test_an_odd_root_has_values_on_both_sides():
    assert found(r"\sqrt[3]{x}^3 = x")[0].found == "true"
    assert found("sqrt[3](x^3) = x")[0].found == "true"


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("σ' = ex/(1+ex)^2", "I read ex as e^x, for so the line holds."),
        ("σ' = e^-x/(1+e^-x^2", "I read (1+e^-x^2 as (1+e^-x)^2, for so the line holds."),
        ("σ' = exp/(1+exp)^2", "I read exp as exp(-z)."),
        ("σ' = e-x/(1+e-x)2", "I read e-x as e^-x and (1+e^-x)2 as (1+e^-x)^2, for so"),
        ("σ' = σ(x) - σ2(x)", "I read σ2 as σ^2, for so the line holds."),
        ("d/dx (e^x)/(1+e^x) = σ(1-σ)", "I read d/dx (e^x)/(1+e^x) as d/dx((e^x)/(1+e^x))"),
        ("σ' = e^-x t^-2 \n σ' = e^-x (1+e^-x)^-2", "I read t as 1 + exp(-x), for so"),
    ],
)
def test_a_reading_that_alone_is_true_is_taken_and_said(text, said):
    claims = check_claims(text, parse(SIGMOID), SETTING)
    assert {claim.found for claim in claims.claims} <= {"slope", "true"}
    assert any(sentence.startswith(said) for sentence in claims.said), claims.said


@pytest.mark.parametrize(
    "text", ["σ' = ex/(1-ex)^2", "σ' = 1/2x", "σ' = e-x", "σ'(x) = g(1 - h)", "σ' = σ2"]
)
def test_where_no_reading_is_true_it_is_asked(text):
    (claim,) = found(text)
    assert claim.found == "unread"


TANH = Setting.of("tanh(z)", where={"t": "tanh(z)"})


@pytest.mark.parametrize(
    "text",
    [
        "f(x) = (e^2x-1)/(e^2x+1)\nf'(x) = 4e^2x/(e^2x+1)^2\n= 1 - f(x)^2\n= 1 - t^2",
        "let u = e^2z\nt = (u-1)/(u+1)\nt' = 1 - t^2",
        "u = e^2x - 1, v = e^2x + 1\nu' = 2e^2x, v' = 2e^2x\nt' = (u'v-uv')/v^2 = 1 - t^2",
        "E = e^-2z\nt = (1-E)/(1+E)\nt' = 4E/(1+E)^2 = 1 - t^2",
    ],
)
def test_a_definition_is_read_as_the_lines_that_use_it_need_it(text):
    claims = check_claims(text, parse("tanh(z)"), TANH)
    assert {claim.found for claim in claims.claims} <= {"slope", "true", "definition"}
    assert any("2x as e^(2*x)" in s or "2z as e^(" in s for s in claims.said)
    assert found_in(text.replace("1 - t^2", "1 + t^2").replace("1 - f(x)", "1 + f(x)"))


def found_in(text):
    """A slip is still not passed over."""
    claims = check_claims(text, parse("tanh(z)"), TANH).claims
    return {claim.found for claim in claims} & {"false", "unread"}


def test_a_line_that_is_false_however_its_bracket_is_closed_is_found_false():
    claims = check_claims("t' = 1 - t^2\n = 4/(e^z+e^z^2", parse("tanh(z)"), TANH)
    assert [claim.found for claim in claims.claims] == ["slope", "false"]
    assert "I closed the bracket of (e^z+e^z^2: (e^z+e^z)^2." in claims.said


def test_where_no_line_tells_how_a_definition_is_meant_it_is_asked():
    claims = check_claims("u = e^2z\nt' = 1 - t^2", parse("tanh(z)"), TANH).claims
    assert [claim.found for claim in claims] == ["unread", "slope"]
    assert claims[0].errors[0].meanings == ("e^(2)*z", "e^(2*z)")


@pytest.mark.parametrize(
    "text",
    [
        *("so σ' = 1/2x", "1/(1+e-x)", "σ' = ex", "(1+x)2", "σ' = e^2x", "σ' = (1+x)^xx", "σ2"),
        *("g'(-z) = 3", "g(2z) = 3", "d/dx (1+x)/(1-x) = 3", "d/dx 2x*x = 3", "tanh2(x)"),
        *(r"\sigma' = 1/2x", r"\sigma' = 7e-x", r"\sigma' = 3g'\left(-z\right)", r"1/2x\sigma"),
        r"\sigma' = \frac{d}{dx} (1+x)/(1-x)",
        *("tan⁻¹(x) = 3", r"\tan^{-1}\left(x\right) = 3", "sinh^-1 x = 3", "atan x/2 = 3"),
        *("σ' = 1 1/2 x", "σ' = 1½x", r"\sigma' = 1\frac{1}{2}x", "σ' = 1,000x"),
        *("σ' = max(0,5, x)", "σ' = x(1-4x)^-1 '", "σ' = x·(1-4x)/2 '"),
    ],
)
def test_each_of_two_readings_can_be_written_without_doubt(text):
    """Both lines are read, and as different things."""
    claims = check_claims(text, parse(SIGMOID), SETTING)
    (first, second) = ways_to_read(claims.claims[0], claims)
    assert first.meant != second.meant
    trees = []
    for way in (first, second):
        (claim,) = check_claims(way.line, parse(SIGMOID), SETTING).claims
        assert not claim.errors
        trees.append([piece.tree for piece in claim.statement.pieces])
    assert trees[0] != trees[1]


SILU = Setting.of("z/(1 + exp(-z))", where={"g": SIGMOID, "f": "z/(1 + exp(-z))"})


@pytest.mark.parametrize(
    ("text", "of", "setting", "expected"),
    [
        ("g'(-z) = g'(z)", SIGMOID, SETTING, "true"),
        ("f'(-x) = f'(x)", SIGMOID, SETTING, "true"),
        ("g'(0) = 1/4", SIGMOID, SETTING, "true"),
        ("g'(-2z) = g(2z) g(-2z)", SIGMOID, SETTING, "true"),
        ("t'(0) = 1", "tanh(z)", TANH, "true"),
        ("f'(z) + f'(-z) = 1", "z/(1 + exp(-z))", SILU, "true"),
        ("f'(0) = 1/2", "z/(1 + exp(-z))", SILU, "true"),
        ("f(-z) = f(z) - z", "z/(1 + exp(-z))", SILU, "true"),
        ("g(-z) = 1 - g(z)", SIGMOID, SETTING, "true"),
        ("g(0) = 1/2", SIGMOID, SETTING, "true"),
        ("g'(-z) = -g' z", SIGMOID, SETTING, "true"),  # the product
        ("g'(-z) = g'(z) + 1", SIGMOID, SETTING, "unread"),
        ("g'(0) = 1/2", SIGMOID, SETTING, "unread"),
    ],
)
def test_a_name_before_a_bracket_is_taken_there_or_times_it_as_the_line_holds(
    text, of, setting, expected
):
    claims = check_claims(text, parse(of), setting)
    assert [claim.found for claim in claims.claims] == [expected]
    assert expected != "true" or any(" as " in said for said in claims.said)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("g' = sigma (1-sigma)", ["slope"]),
        ("sigma' = sigma (1 - sigma)", ["slope"]),
        ("sigma' = sigma (2-sigma)", ["false"]),
        ("g' = g(1-g) (chain rule)", ["slope"]),
        ("`g' = g(1-g)`", ["slope"]),
        ("The answer is `g' = g(1-g)`.", ["slope"]),
        ("**g' = g(1-g)**", ["slope"]),
        ("**g' = g(1+g)**", ["false"]),
        ("u=1   v=1+e^-z\nu'=0   v'=-e^-z\ng'=(u'v-uv')/v^2", [*("definition",) * 2, *"TTS"]),
        ("u = 1+e^-z: u' = -e^-z", ["definition", "true"]),
        ("u = 1+e^-z: u' = e^-z", ["definition", "false"]),
        *(
            (text, [])
            for text in (
                "I don't know",
                "I can’t do this",
                "I'm stuck after line 2",
                "help",
                "idk",
                "what does D mean?",
            )
        ),
        ("I don't know, but g' = g(1-g)", ["slope"]),
    ],
)
def test_words_marks_and_gaps_are_told_from_the_formulas(text, expected):
    short = {"T": "true", "S": "slope"}
    assert [claim.found for claim in found(text)] == [short.get(e, e) for e in expected]


SAID = """and with g: | und mit σ | denn g ist 1/(1+e^-z) | Da e^-z = 1/g - 1 ist: | g einsetzen
Weil e^-z = 1/g - 1 ist, folgt | Wir leiten ab mit der Kettenregel: | gesucht ist g' | z.B. | d.h.
Ansatz: g = 1/(1+e^-z), gesucht ist g'. | Die Ableitung von e^-z ist -e^-z | Step 2 | 1 ist konstant
the inner function is -z | innere Ableitung: -1 | Nun ersetze ich e^-z durch 1/g - 1 | (using g)
numerator: e^-z | Im Nenner steht (1+e^-z)^2 | and with 1-g | mit 1 - g = e^-z/(1+e^-z) | done
the -1 comes from the chain rule | where σ is the sigmoid function | Es gilt g = 1/(1+e^-z)"""


@pytest.mark.parametrize("words", [w.strip() for w in SAID.replace("\n", "|").split("|")])
def test_a_line_of_words_is_no_formula(words):
    claims = found(f"σ'(z) = -(1+e^-z)^-2·(-e^-z)\n{words}\n= σ(1-σ)")
    assert {claim.found for claim in claims} <= {"slope", "true", "definition"}
    assert [claim.number for claim in claims if claim.found == "slope"] == [1, 3]


@pytest.mark.parametrize(
    "line",
    ["so we get g(1+g)", "Also ist g' = g(1+g)", "Ergebnis: g(1+g)", "Da g' = g(1+g) gilt:"],
)
def test_what_words_lead_to_is_judged(line):
    assert "false" in {claim.found for claim in found(f"D(g) = g(1-g)\n{line}")}


@pytest.mark.parametrize(
    ("line", "same"),
    [
        *(("0,5·(0,25z+1)^2", "0.5·(0.25z+1)^2"), ("max(0,5z)", "max(0, 5z)")),
        *((r"0{,}5z", "0.5z"), ("½z + ¾", "(1/2)z + 3/4"), ("max(0,5z, 1)", "max(0.5z, 1)")),
        *(("ġ·ż", "g'·z'"), ("sinh(z) 1/2", "sinh(z)·(1/2)"), ("(1-4z)^2'", "((1-4z)^2)'")),
        *(("tanh⁻²(z)", "1/tanh(z)^2"), ("atan z / 2", "atan(z)/2"), ("(1-4z)/2 '", "(1-4z)'/2")),
        ("z/2^3 + 1/2^z", "z/8 + exp(-z*ln(2))"),
        (r"z/10^2 - \frac{z}{4^{2}}", "z/100 - z/16"),
    ],
)
def test_decimal_commas_fractions_and_primes_are_read(line, same):
    (claim,) = found(f"{line} = {same}")
    assert claim.found == "true" or (claim.found == "slope" and not claim.errors)


@pytest.mark.parametrize(
    "text",
    [
        "z<0: g(z) = αz",
        "for z < 0 we have g(z) = αz",
        "if z < 0, g(z) = αz, so g'(z) = α",
        "g(z) = αz (for z <= 0)",
    ],
)
def test_a_condition_in_front_belongs_to_its_statement(text):
    right = f"{text}\ng'(z) = α"
    assert {claim.found for claim in found(right, "max(alpha*z, z)", LEAKY)} <= {
        "definition",
        "slope",
    }
    wrong = f"z<0: g'(z) = 2α\n{text}"
    assert found(wrong, "max(alpha*z, z)", LEAKY)[0].found == "false"


def test_a_letter_that_is_derived_beside_a_known_one_is_not_the_function():
    mish = Setting.of("z*tanh(ln(1+exp(z)))", where={"T": "tanh(ln(1+exp(z)))", "g": SIGMOID})
    claims = check_claims("T' = (1-T²)u', u' = g", parse("z*tanh(ln(1+exp(z)))"), mish)
    assert [claim.found for claim in claims.claims] == ["true", "true"]
    assert claims.said == ("I read u as ln(1 + exp(z)), for so the lines hold.",)


def test_each_condition_in_a_row_belongs_to_the_statement_behind_it():
    claims = found("z<0: g'(z) = α; z>0: g'(z) = 1", "max(alpha*z, z)", LEAKY)
    assert [claim.found for claim in claims] == ["slope", "undecided"]  # compared at z < 0 alone


def test_a_line_with_a_blank_behind_a_formula_is_an_attempt():
    verdict = EXERCISES["derive_sigmoid"].judge("g' = e^-z/(1+e^-z)^2 = …")
    assert verdict.status == "unfinished"
    assert "Line 1 is not filled in yet." in verdict.message
    assert EXERCISES["derive_sigmoid"].judge("g' = …\n= …").status == "not attempted"

"""What a screen reader says of the lessons' formulas: no product is read as "g of …".

MathJax turns what is written in LaTeX into MathML, as in JupyterLab and in the book; the Speech
Rule Engine finds out what it means and speaks it. Both come by npm (`book/package-lock.json`).
"""

import re

import pytest

from book.assets import SCRIPT, package
from helpers.derivation import latex, parse
from helpers.derivation.tree_mathml import set_tree
from tests.lessons.ours import OURS
from tests.matrix import matrix
from tools.browser import page, served
from tools.files import PUBLISHED
from tools.notebooks import read

pytestmark = pytest.mark.browser

FORMULA = re.compile(r"(?s)\$\$(.*?)\$\$|\$([^$\n]+)\$")

PAGE = """<!doctype html><meta charset="utf-8"><title>Speech</title>
<script>SREfeature = { json: "/sre/mathmaps" }; MathJax = { startup: { typeset: false } };</script>
<script src="/mathjax/tex.js"></script><script src="/sre/sre.js"></script>"""

# Of each formula: what is said, and all that is taken for a function with the letters in its
# argument that are not functions themselves.
SPEAK = """async (formulas) => {
    await MathJax.startup.promise;
    await SRE.setupEngine({ locale: "en", domain: "clearspeak", json: "/sre/mathmaps" });
    await SRE.engineReady();
    const parts = (node) => [...node.querySelector(":scope > children").children];
    const name = (node) => node.children.length && node.localName !== "fraction" // d/dz
        ? name(parts(node)[0]) : node.textContent;
    const letters = (node) => {
        if (node.localName === "appl") return parts(node).slice(1).flatMap(letters);
        const inside = node.querySelector(":scope > children");
        if (inside) return [...inside.children].flatMap(letters);
        return node.localName === "identifier" ? [node.textContent] : [];
    };
    const heard = [];
    for (const formula of formulas) {
        const isTex = !formula.startsWith("<math");
        const mathml = isTex ? await MathJax.tex2mmlPromise(formula) : formula;
        const applied = [...SRE.toSemantic(mathml).querySelectorAll("appl")]
            .map((node) => [name(parts(node)[0]), letters(parts(node)[1])]);
        heard.push([formula, SRE.toSpeech(mathml), applied]);
    }
    return heard;
}"""

FUNCTIONS = {*"EPNfguvp∂", *"σΦφ"}  # letters that name functions in the lessons
NUMBERS = {"f", "g", "e", "s", "T"}  # none of them is a place where f, g, u, v or p is taken


def products_heard_as_functions(applied):
    """Yield the functions that are none."""
    for name, inside in applied:
        if len(name) > 1:
            continue  # tanh, ReLU, Var, d/dz
        if name not in FUNCTIONS or name in inside or (name in "fguvp" and NUMBERS & {*inside}):
            yield name


@pytest.fixture(scope="module")
def speak(chromium, tmp_path_factory):
    """``speak(formulas)`` returns each formula, what is said, and what is taken for a function."""
    site = tmp_path_factory.mktemp("speech")
    (site / "index.html").write_text(PAGE, encoding="utf-8")
    (site / "sre").symlink_to(package("speech-rule-engine") / "lib")
    (site / "mathjax").mkdir()
    (site / "mathjax/tex.js").symlink_to(package("@mathjax/mathjax-tex-font") / SCRIPT)
    with served(site) as address, page(chromium) as visit:
        visit.page.goto(f"{address}/index.html")
        yield lambda formulas: visit.page.evaluate(SPEAK, list(formulas))
        assert visit.errors == []
        assert visit.strays == []


def formulas(lesson):
    """Return all formulas of a lesson: prose, what the lecturer says, outputs."""
    found = []
    for cell in read(lesson).cells:
        outputs = [output.get("data", {}) for output in cell.get("outputs", [])]
        texts = [
            *cell.metadata.get("lecture", {}).values(),
            *(d.get("text/latex") for d in outputs),
        ]
        texts += [re.sub(r"`[^`\n]*`", "", cell.source)] if cell.cell_type == "markdown" else []
        for text in filter(lambda text: isinstance(text, str), texts):
            found += [display or inline for display, inline in FORMULA.findall(text)]
        for data in outputs:
            found += re.findall(r"(?s)<math.*?</math>", data.get("text/html", ""))
    return found


@pytest.mark.parametrize("name", matrix([path.stem for path in OURS], "08_gates"))
def test_no_product_of_a_lesson_is_read_as_a_function(name, speak, figures_of_the_run):
    heard = speak(formulas(PUBLISHED / f"{name}.ipynb"))
    figures_of_the_run["formulas spoken"] = figures_of_the_run.get("formulas spoken", 0) + len(
        heard
    )
    wrong = [
        f"{formula}: {said}"
        for formula, said, applied in heard
        if list(products_heard_as_functions(applied))
    ]
    assert wrong == []


TEXTS = {
    "g(1 - g)": "g times open paren 1 minus g close paren",
    "z*sigmoid(z)": "sigma of z",
    "f*g": "f",
    "g^2*(z + 1)": "g squared times",
    "w_1*(z + 1)": "w sub 1 times",
    "cosh(z)*cosh(z) - sinh(z)*sinh(z)": "hyperbolic cosine of z hyperbolic cosine of z",
    "D(z*g)": "d over d z",
    "f*g*(1 - g)": "g times open paren",
    "alpha*(exp(z) - 1)": "alpha times",
    "sqrt(g)*(1 - g)": "times",
}


@pytest.mark.parametrize("typeset", [latex, set_tree])
def test_typeset_trees_say_product_and_function_apart(typeset, speak):
    letters = ["f", "g", "w_1", "alpha"]
    heard = speak(typeset(parse(text, letters=letters)) for text in TEXTS)
    for (_, said, applied), words in zip(heard, TEXTS.values(), strict=True):
        assert words in said
        assert not list(products_heard_as_functions(applied)), said


@pytest.mark.parametrize(
    "wrong", ["g(1-g)", r"g\,(1-f)", "f(1-g)", r"f\,g", r"g\,(1 + e^{-z})", r"ih\,f'(z)"]
)
def test_a_product_that_is_heard_as_a_function_is_found(wrong, speak):
    ((_, said, applied),) = speak([wrong])
    assert list(products_heard_as_functions(applied)), said


@pytest.mark.parametrize("right", ["g(z)", "f(z+h)", "E[g(z)^2]", "g_1(g_2(z))", r"z\,\Phi(z)"])
def test_a_function_is_none_of_them(right, speak):
    ((_, said, applied),) = speak([right])
    assert " of " in said
    assert not list(products_heard_as_functions(applied))

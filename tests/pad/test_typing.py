"""Typed key by key, a line of the pad means what the same characters mean as plain text."""

import pytest

from helpers.derivation import split_lines
from helpers.exercises import EXERCISES, DerivationExercise
from helpers.pad.keypad import letters, shortcuts
from helpers.pad.library import FOLDER
from tools.browser import page, served

pytestmark = pytest.mark.browser

DERIVATIONS = [n for n, exercise in EXERCISES.items() if isinstance(exercise, DerivationExercise)]

FIELD = """async ([shortcuts, letters]) => {
    const { MathfieldElement } = await import("/mathlive/mathlive.min.mjs");
    Object.assign(MathfieldElement, { fontsDirectory: null, soundsDirectory: null });
    const typing = await import("/browser/typing.js");
    const field = document.body.appendChild(new MathfieldElement());
    field.addEventListener("mount", () => typing.configure(field, shortcuts));
    field.addEventListener("keydown", (event) => {
        if (!typing.beforeKey(field, event.key, window.letters)) return;
        event.preventDefault();
        event.stopPropagation();
    }, true);
    await new Promise((resolve) => setTimeout(resolve, 200));
    typing.focusNow(field);
    Object.assign(window, { typing, field, letters });
}"""


PASTE = """([text, shortcuts]) => {
    field.setValue("");
    typing.typeText(field, text, shortcuts, letters);
    return typing.latexOf(field);
}"""


@pytest.fixture(scope="module")
def field(chromium):
    """A line alone on a page; `field(keys, letters)` types and returns the LaTeX."""
    with served(FOLDER.parent) as address, page(chromium) as visit:
        visit.page.goto(f"{address}/browser/pad.css")
        visit.page.evaluate(FIELD, [shortcuts(), []])

        def typed(keys, letters=("z",)):
            visit.page.evaluate("(all) => { letters = all; field.setValue(''); }", [*letters])
            visit.page.keyboard.type(keys)
            return visit.page.evaluate("typing.latexOf(field)")

        typed.paste = lambda text: visit.page.evaluate(PASTE, [text, shortcuts()])
        yield typed
        assert visit.errors == []
        assert visit.strays == []


@pytest.mark.parametrize(
    ("keys", "expected"),
    [
        ("e^-z", "e^{-z}"),
        ("e^-z+1", "e^{-z}+1"),
        ("e^-z/2", r"\frac{e^{-z}}{2}"),
        ("e^(-z/2)/3", r"\frac{e^{-\frac{z}{2}}}{3}"),
        ("(1+e^-z)'", r"\left(1+e^{-z}\right)^{\prime}"),
        ("1/1+z", r"\frac{1}{1+z}"),
        ("1/(1+z)*2", r"\frac{1}{1+z}\cdot2"),
        ("1/(1+z)^2*3", r"\frac{1}{\left(1+z\right)^2}\cdot3"),
        ("a b / c", r"\frac{ab}{c}"),
        ("a/b/2", r"\frac{\frac{a}{b}}{2}"),
        ("a/b^2/2", r"\frac{\frac{a}{b^2}}{2}"),
        ("a/(b/2)", r"\frac{a}{\left(\frac{b}{2}\right)}"),
        ("1/1+z/2", r"\frac{1}{1+\frac{z}{2}}"),
        ("2 - a b/c", r"2-\frac{ab}{c}"),
        ("sinh(z)^2/cosh(z)^2", r"\frac{\sinh\left(z\right)^2}{\cosh\left(z\right)^2}"),
        ("d/dz 1/(1+z)", r"\frac{d}{dz}\frac{1}{\left(1+z\right)}"),
        ("d/dz(z^2)", r"\frac{d}{dz}\left(z^2\right)"),
        ("dg/dz=g", r"\frac{dg}{dz}=g"),
        ("z^10*2", r"z^{10}\cdot2"),
        ("a^2b", "a^2b"),
        ("z^2(1-z)", r"z^2\left(1-z\right)"),
        ("|z|+max(z,0)/|z|", r"\left|z\right|+\frac{\max\left(z,0\right)}{\left|z\right|}"),
        ("sqrt(2 pi)+1", r"\sqrt{2\pi}+1"),
        ("=1", "=1"),
        ("y==1", "y=1"),
        ("y = 1/u, u = 2", r"y=\frac{1}{u},u=2"),
        ("z_1+2", "z_1+2"),
    ],
)
def test_keys_make_the_formula_that_they_mean(keys, expected, field):
    assert field(keys) == expected


def test_a_greek_letter_in_a_denominator_is_typed_to_its_end(field):
    assert field("d/dbeta(z)", ["beta", "z"]) == r"\frac{d}{d\beta}\left(z\right)"


@pytest.mark.complete
@pytest.mark.parametrize("name", DERIVATIONS)
def test_typed_key_by_key_a_solution_means_what_its_text_means(name, field):
    exercise = EXERCISES[name]
    steps = [f"= {step}" if n > 1 else step for n, step, _ in split_lines(exercise.solution)]
    typed = "\n".join(field(step, letters(exercise)) for step in steps)
    meant, found = (exercise.claims(text).claims for text in ("\n".join(steps), typed))
    for one, other in zip(meant, found, strict=True):
        assert one.found == other.found != "unread", typed
        for left, right in zip(one.trees, other.trees, strict=True):
            assert exercise.setting.compare(left, right).equal, (one.statement.row, typed)


@pytest.mark.complete
@pytest.mark.parametrize("name", DERIVATIONS)
def test_pasted_text_is_as_if_it_were_typed(name, field):
    for _, step, _ in split_lines(EXERCISES[name].solution):
        typed = field(step, letters(EXERCISES[name]))
        assert field.paste(step) == typed

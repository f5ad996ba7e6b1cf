"""An exercise as it is put to a class: question typeset, options lettered, answers said.

Slides show it, plans and speaker notes tell the answers.
"""

import html
import re

from nbconvert.filters.markdown_mistune import IPythonRenderer, MarkdownWithMath

from helpers.derivation import evaluate, latex, parse
from helpers.exercises import ChoiceExercise, ConceptExercise, NumberExercise, wording
from helpers.language import gettext

LETTERS = "ABCDE"  # of the options of a vote


def markdown(text):
    renderer = IPythonRenderer(escape=False, exclude_anchor_links=True)
    return MarkdownWithMath(renderer=renderer).render(text)


def choices(exercise):
    """Return ``[(text, slug, question)]`` of what can be voted for; the right one has no slug.

    Of the numbers that somebody believes, the first four: a class has no time for more.
    """
    if isinstance(exercise, ChoiceExercise):
        return [(option.text, option.slug, option.question) for option in exercise.options]
    known = {}
    for each in exercise.believed:
        known.setdefault(each.value, (each.value, each.slug, each.question))
    return sorted([(exercise.answer, "", ""), *[*known.values()][:4]], key=lambda it: size(it[0]))


def size(number):
    try:
        return float(number.replace("infinity", "inf"))
    except ValueError:
        return float(evaluate(parse(number, letters=()), {}))


def question(exercise):
    """Return the exercise as it is put to a class."""
    text = markdown(typeset(gettext(exercise.prompt)))
    if isinstance(exercise, ConceptExercise) and len(choices(exercise)) > 1:
        shown = (written(exercise, value) for value, *_ in choices(exercise))
        rows = "".join(f"<li>{inline(value)}</li>" for value in shown)
        text += f'<ol class="vote" type="A">{rows}</ol>'
    return f'<div class="exercise">{text}</div>'


def written(exercise, value):
    """Return an option as a class reads it: powers, roots and logarithms as formulas."""
    if isinstance(exercise, NumberExercise) and re.search(r"\^|sqrt|ln", value):
        return f"${latex(parse(value, letters=()))}$"
    said = value if isinstance(exercise, NumberExercise) else gettext(value)
    return typeset(said.replace("infinity", "∞"))


SIGNS = (
    *((r"\balpha\*", "α"), (r"\balpha\b", "α"), (r"\bbeta\b", "β"), ("<=", "≤"), (">=", "≥")),
    *(
        ("~", "∼"),
        (r"'(?=\()", "′"),
        (r"\^(\d+)", r"<sup>\1</sup>"),
        (r"\^[-−](\d*[a-z])\b", r"<sup>−\1</sup>"),
        (r"\^\((-?[^()]*)\)", r"<sup>\1</sup>"),
        (r"\^([a-zₙ₁]+)", r"<sup>\1</sup>"),
        (r"\bsqrt\(2 pi\)", "√(2π)"),
    ),
    *(
        (r"\b([a-z])_(\d+)\.\.\1_(\d+)", r"\1_\2, …, \1_\3"),
        (r"\b([a-zδ])_(\d+)", r"\1<sub>\2</sub>"),
    ),
    *(
        (r"\b1e(-?)0*(\d+)", r"10<sup>\1\2</sup>"),
        (r"\b(\d+)e(-?)0*(\d+)", r"\1·10<sup>\2\3</sup>"),
    ),
    *(
        (r"(?<![\w.)])-(?=[\d∞])|(?<=<sup>)-| - ", lambda sign: sign[0].replace("-", "−")),
        (r"\b(\d+)(\d{3})(\d{3})\b", r"\1,\2,\3"),
        (r"\*", "·"),
        (r"(?<![A-Za-z0-9_′'<])([gpuvz])(?![\w'’])", r"<i>\1</i>"),
    ),
)


def typeset(text):
    """Return a question in plain notation as a class reads it: `z_1^2 <= alpha` as z₁² ≤ α.

    Code in backticks and formulas between dollars stay as they are.
    """

    def signs(found):
        if found[1]:
            return found[0]
        part = found[0]
        for old, new in SIGNS:
            part = re.sub(old, new, part)
        return part

    return re.sub(r"(`[^`]*`|\$[^$]*\$)|[^`$]+", signs, text)


def inline(text):
    return re.sub(r"^<p>|</p>\s*$", "", markdown(text).strip())


def answers(exercise):
    """Return for the notes what is right, and what each other answer believes."""
    if not isinstance(exercise, ConceptExercise):
        solved = html.escape(exercise.shown_solution(), quote=False)
        said = gettext("Exercise `{name}`, solved:", name=exercise.name)
        return f"{said}\n\n<pre>{solved}</pre>"
    rows = []
    for letter, (text, slug, asked) in zip(LETTERS, choices(exercise), strict=False):
        belief = "**" + gettext("right") + "**"
        if slug:
            said = {"belief": wording(slug).belief, "asked": gettext(asked)}
            belief = gettext("{belief}. Ask: {asked}", **said)
        rows.append(f"- {letter}, {gettext(text)}: {belief}")
    return "\n".join([gettext("Vote on `{name}`:", name=exercise.name), "", *rows])

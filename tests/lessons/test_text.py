"""What the course says in words: spelling, and that all it refers to is there."""

import functools
import re
from pathlib import Path

import pytest
from spellchecker import SpellChecker

from book import web
from helpers.exercises import EXERCISES
from helpers.exercises.lessons import LESSONS as DECLARED
from tests.lessons.equations import EQUATIONS
from tests.lessons.ours import OURS
from tools.files import PUBLISHED
from tools.notebooks import LESSONS, read

ROOT = PUBLISHED.parent
PAGES = [
    ROOT / "README.md",
    ROOT / "ARCHITECTURE.md",
    ROOT / "CONTRIBUTING.md",
    *sorted((ROOT / "book").glob("*.md")),
]
WRITTEN = {ROOT / "book" / f"{name}.md" for name in web.PAGES}  # when the book is built
NUMBERS = {int(path.stem[:2]) for path in LESSONS}
OWN_WORDS = Path(__file__).with_name("words.txt")


def cells(path, kind):
    return [cell.source for cell in read(path).cells if cell.cell_type == kind]


def texts():
    """Yield ``(place, text)`` for all that is prose."""
    for path in OURS:
        yield path.stem, "\n\n".join(cells(path, "markdown"))
    for path in PAGES:
        yield path.name, path.read_text(encoding="utf-8")
    for exercise in (each for lesson in DECLARED for each in lesson.EXERCISES):
        yield exercise.name, "\n\n".join([exercise.prompt, *exercise.rungs])


# ------------------------------------------------------------------------------------- spelling

NOT_PROSE = (
    r"(?s)```.*?```|(?m:^(?: {4}|\t).*$)|(?m:^:[a-z-]+:.*$)",  # code, options of a directive
    r"(?s)\$\$.*?\$\$|\$[^$\n]*\$|`[^`\n]*`",
    r"\]\([^)]*\)|https?://\S+|<[^>]+>|&\w+;",
    r"\b[\w./]*[\d_^=()./]\w*\b",  # what has a digit or a sign of a formula in it
)


def words(text):
    """Return the words of a text: letters and apostrophes, without formulas, code and addresses.

    >>> words("The unit's slope is `np.exp`, $x$ and [g′](a.md); e.g. σ(40) or ReLU6 don't.")
    ['The', "unit's", 'slope', 'is', 'and', 'or', "don't"]
    """
    for pattern in NOT_PROSE:
        text = re.sub(pattern, " ", text)
    return re.findall(r"(?<![\w′'’-])[A-Za-zÀ-ÿ]{2,}(?:['’][a-z]+)?(?![\w′])", text)


def unknown(found):
    """Return those of the words that neither English nor the course's own list has."""
    own = set(OWN_WORDS.read_text(encoding="utf-8").split())
    english = SpellChecker(language="en", distance=1)

    def right(word):
        plain = word.replace("’", "'").removesuffix("'s")
        return {plain, plain.lower()} & own or plain in english or plain.lower() in english

    return sorted(word for word in found if not right(word))


def test_spelling():
    places = {}
    for place, text in texts():
        for word in words(text):
            places.setdefault(word, place)
    misspelt = {word: places[word] for word in unknown(places)}
    assert not misspelt, f"if they are right, add them to {OWN_WORDS.name}: {misspelt}"


def test_a_misspelt_word_is_found():
    assert unknown(["derivative", "derivitive", "saturation", "sigmoid’s"]) == ["derivitive"]


def test_every_word_of_the_list_is_needed():
    said = {form for _, text in texts() for word in words(text) for form in (word, word.lower())}
    said |= {word.replace("’", "'").removesuffix("'s") for word in said}
    own = OWN_WORDS.read_text(encoding="utf-8").split()
    assert [word for word in own if word not in said] == []
    assert own == sorted(own, key=lambda word: (word.lower(), word))


# ----------------------------------------------------------------------------------- references

CALL = re.compile(
    r"""(?:\b(?:check|hint|solution|check_derivation|pad)\(\s*["']|^%%check )(\w+)""", re.M
)
CHECKPOINT = re.compile(r"\*\*[Cc]heckpoint ([A-Z])\*\*")
LABEL, REFERENCE = re.compile(r"\\label\{(.*?)\}"), re.compile(r"\\(?:eq)?ref\{(.*?)\}")


@functools.cache
def checkpoints():
    """Return the letters of all checkpoints; a lesson may go back to one of another lesson."""
    return {letter for path in OURS for letter in CHECKPOINT.findall(str(cells(path, "markdown")))}


@pytest.mark.parametrize("path", OURS, ids=lambda path: path.stem)
def test_all_that_a_lesson_refers_to_is_there(path):
    prose, code = "\n".join(cells(path, "markdown")), "\n".join(cells(path, "code"))

    named = set(CALL.findall(prose + code))
    assert named <= set(EXERCISES)
    here = {name for name, exercise in EXERCISES.items() if exercise.lesson == int(path.stem[:2])}
    assert here <= named, "exercises of this lesson that it never asks"

    mentioned = {int(number) for number in re.findall(r"\b[Ll]esson (\d+)", prose)}
    assert mentioned <= NUMBERS

    labels = LABEL.findall(prose)
    assert len(labels) == len(set(labels))
    assert set(labels) <= set(EQUATIONS)
    assert set(REFERENCE.findall(prose)) <= set(labels)

    assert set(re.findall(r"[Cc]heckpoint ([A-Z])\b", prose)) <= checkpoints()


LINK = re.compile(r"(?<!!)\[[^\]]*\]\(([^)\s]+)\)")


@pytest.mark.parametrize("path", [*LESSONS, *PAGES], ids=lambda path: path.name)
def test_every_link_leads_somewhere(path):
    """Addresses of other sites are only read: a test has no network."""
    prose = (
        "\n".join(cells(path, "markdown")) if path.suffix == ".ipynb" else path.read_text("utf-8")
    )
    headings = {
        re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-")
        for line in prose.splitlines()
        if line.startswith("#")
    }
    for link in LINK.findall(prose):
        if link.startswith("https://"):
            assert re.fullmatch(r"https://[\w.-]+\.\w+(/\S*)?", link), link
        elif link.startswith("#"):
            assert link[1:] in headings, link
        else:
            place = path.parent / link.partition("#")[0]
            assert place in WRITTEN or place.exists(), link

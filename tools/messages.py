"""The messages of the course and their catalogues, one `helpers/language/LANGUAGE.po` a language.

    python -m tools.messages de      # drop what is no longer said, compile, count what is missing
    python -m tools.messages de -m   # print what is missing, for a translator to fill in and append

A message is what `gettext`, `ngettext`, `value_error`, a `NotationError` or gettext`…` in a
browser's script is given, and what the declarations of exercises, stories and the tables named
here hold.
"""

import argparse
import ast
import io
import re
import sys
from collections import defaultdict
from dataclasses import fields, is_dataclass
from datetime import UTC, datetime
from functools import cache
from gettext import NullTranslations

from babel import localedata
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

from helpers.activations import ACTIVATIONS
from helpers.exercises import EXERCISES
from helpers.language import messages_in, texts_in
from tools.faults import Fault, guarded
from tools.files import ROOT, write

HELPERS = ROOT / "helpers"
BOOK, LAB = ROOT / "book", ROOT / "tools" / "lab" / "extensions"
FOLDER = HELPERS / "language"
LOOKED_UP = {"gettext", "ngettext", "error", "misplaced", "NotationError", "Filled", "Begun"}
LOOKED_UP |= {"value_error", "type_error"}
# Tables whose texts are looked up by the code that shows them; keys too, where that is said.
TABLES = {
    "diagnosis/stories.py": (
        *("_STORIES", "ALGEBRA", "AS_SEEN", "_ACROSS_A_KINK"),
        *("_NO_PARAMETER", "_STANDS_STILL", "_NO_DERIVATIVE"),
    ),
    "diagnosis/story_examples.py": ("EXAMPLES",),
    "diagnosis/function_diagnosis.py": (
        *("_KINDS", "_LEFT_OUT", "_OF_A_ZERO", "_BY_HAND", "_SIDE_BY_SIDE"),
    ),
    "diagnosis/far_out.py": ("_NOT_FINITE", "_DIGITS_LOST", "_ROUNDED_TO_0", "_CUT_OFF"),
    "diagnosis/where_right.py": ("_UNREAD",),
    "diagnosis/verdict.py": ("_LOOKS",),
    "exercises/drawn_verdict.py": ("_LOOKS",),
    "exercises/derivation_messages.py": ("_RULES",),
    "derivation/worked.py": ("_REASONS",),
    "exercises/practice/designs.py": ("PROPERTIES", "_MIRRORED", "_THERE", "_FALLS"),
    "exercises/practice/derivations.py": ("_QUESTIONS", "_QUESTION", "_OUTERMOST", "GATHERED"),
    "exercises/practice/numbers.py": (
        *("_WORDS", "_STEEPEST", "_KINK", "_FAINT", "_GAIN", "_OTHER_SIGN"),
        *("_INSIDE", "_BENDS", "_ONE_LAYER", "_POWER", "_ERROR"),
        *("_EACH", "_WEIGHT", "_EXPONENT", "_ROUNDED"),
    ),
    "exercises/practice/consequences.py": ("SAID",),
    "exercises/practice/networks.py": ("_WORDS",),
    "exercises/practice/softmax.py": (
        "_WORDS",
        "_WHERE",
        "_ROW_HINTS",
        "_SOFT",
        "_NORM_OF",
        "_FRACTION",
        "_REST",
        "_BOTH",
        "_DOUBTS",
    ),
    "exercises/practice/programs.py": ("_ASKED",),
    "exercises/practice/wrong_lines.py": ("_RULES",),
}
# What is drawn for practice: which arguments are texts, a formula alone left out.
DRAWN = {"_Row": (1,), "_ask": (0, 2), "Sum": (0, 2), "_gain": (0, 2), "_kink": (3,)}
DRAWN |= {"_steepest": (2,), "_faint": (2,)}
SPOKEN = {"spoken"}  # keywords whose texts are looked up
DECLARED = {"prompt", "where", "rule", "question", "neighbour", "line", "asks", "text", "noun"}
KEYS = {
    *("exercises/drawn_verdict.py", "exercises/derivation_messages.py"),
    "exercises/practice/designs.py",
}
WORDS = re.compile(r"^(?!\w+(-\w+)+$)(?!.*\w\|\w).*[a-z]{2}")  # no slug, no pattern


# ------------------------------------------------------------------------------ what is said


@cache
def messages():
    """Return every message (a pair for one and many) with the files that say it."""
    found = defaultdict(set)
    for path in sorted(
        {*HELPERS.rglob("*.py"), *BOOK.glob("*.py")}
        - {FOLDER / "scripts.py", FOLDER / "speaking.py"}
    ):
        where = _name(path)
        tree = ast.parse(path.read_text(encoding="utf-8"))
        for message in _in_code(tree, where):
            found[message].add(where)
        if where.startswith("exercises/lessons/lesson"):  # what a lesson is called
            found[ast.get_docstring(tree).partition(".")[0].replace(": ", ", ", 1)].add(where)
    for path in scripts():
        for message in messages_in(path.read_text(encoding="utf-8")):
            found[message].add(_name(path))
    for path in sorted((BOOK / "static").glob("*.html")):
        page = path.read_text(encoding="utf-8")
        for message in (*texts_in(page), *messages_in(page)):
            found[message].add(_name(path))
    for exercise in EXERCISES.values():
        for message in filter(plain, _declared(exercise)):  # a formula is the same everywhere
            found[message].add(f"exercises/lessons/lesson{exercise.lesson}.py")
    found.pop("", None)
    return dict(found)


def scripts():
    """Return the scripts that speak to a reader, in browsers and in JupyterLab."""
    found = {*HELPERS.rglob("browser/*.js")} - {*HELPERS.rglob("gettext.js")}
    return sorted(found | {*(BOOK / "static").glob("*.js"), *LAB.rglob("*.js")})


def _name(path):
    return path.relative_to(HELPERS if path.is_relative_to(HELPERS) else ROOT).as_posix()


def _in_code(tree, where):
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            name = getattr(node.func, "id", getattr(node.func, "attr", ""))
            if name == "ngettext":
                yield tuple(argument.value for argument in node.args[:2])
            elif name in LOOKED_UP and node.args:
                yield from _texts(node.args[0], tree)
            if name == "translate_page":
                for text in _texts(node.args[0], tree):
                    yield from texts_in(text)
            if where.startswith("exercises/practice/") and name in DRAWN:
                texts = (text for k in DRAWN[name] for text in _constants(node.args[k]))
                yield from filter(plain, texts)
            if name == "Family":
                yield from (argument.value for argument in node.args[:2])
            for keyword in node.keywords:
                if keyword.arg in SPOKEN or (name == "Hints" and "practice" in where):
                    yield from _constants(keyword.value)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {getattr(target, "id", "") for target in targets}
            if names & {*TABLES.get(where, ())}:
                yield from _constants(node.value, keys=where in KEYS)


def _texts(node, tree):
    """Yield the texts that an argument can be: itself, or what is assigned to its name."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        yield node.value
    elif isinstance(node, ast.IfExp):
        yield from (*_texts(node.body, tree), *_texts(node.orelse, tree))
    elif isinstance(node, ast.Name | ast.Subscript | ast.Call):
        inner = node.func if isinstance(node, ast.Call) else node
        inner = getattr(inner, "value", inner)
        name = getattr(inner, "id", "")
        for other in ast.walk(tree):
            targets = other.targets if isinstance(other, ast.Assign) else ()
            if name and name in {getattr(target, "id", "") for target in targets}:
                if isinstance(other.value, ast.IfExp):
                    yield from _texts(other.value, tree)
                elif isinstance(other.value, ast.Constant | ast.Dict | ast.Tuple):
                    yield from _constants(other.value)


def _constants(node, keys=False):
    """Yield the words in a value; of a dictionary those of its values."""
    if isinstance(node, ast.Dict):
        for key, value in zip(node.keys, node.values, strict=True):
            yield from (*(_constants(key) if keys and key else ()), *_constants(value))
    elif isinstance(node, ast.Constant):
        if isinstance(node.value, str) and WORDS.search(node.value):
            yield node.value
    elif not isinstance(node, ast.Compare | ast.Subscript | ast.JoinedStr):
        for child in ast.iter_child_nodes(node):
            yield from _constants(child)


def _declared(thing):
    """Yield the texts of a declaration that a learner reads."""
    if isinstance(thing, tuple):
        for one in thing:
            yield from _declared(one)
    elif is_dataclass(thing):
        for field in fields(thing):
            value = getattr(thing, field.name)
            if field.name in ("solution", "given") and "# " in value:
                yield from (reason.strip() for reason in re.findall(r"# (.+)", value))
            elif field.name == "solution" or (field.name in DECLARED and isinstance(value, str)):
                yield value
            elif field.name == "others":
                yield from (words for _, _, *more in value for words in more)
            elif isinstance(value, tuple) or is_dataclass(value):
                yield from _declared(value)


# ------------------------------------------------------------------------------ what stays


NAMES = {*ACTIVATIONS, "np", "exp", "ln", "log", "sin", "cos", "max", "min", "abs", "sqrt", "erf"}
NAMES |= {"inf", "nan", "alpha", "beta", "pi", "km"}
KEPT = re.compile(
    r"""\{[^{}]*\}|`[^`]*`|"[^"\s]*"|\w+\([^()]*\)|\\[a-z]+|\w*[_\d]\w*|\w+(?:\.\w+)+"""
    r"""|[^\w\s.,;:?!()“”'’"–-]+\w*|\w+′+"""
)


def kept(message):
    """Return the pieces of a message that a translation has as well: fields, code, numbers.

    >>> kept("Line {number}: at z = 0.5 `f(z)` is {mine:.3g}.")
    ['0', '5', '=', '`f(z)`', '{mine:.3g}', '{number}']
    """
    return sorted(KEPT.findall(message))


class Pseudo(NullTranslations):
    """English under accents, two fifths longer: what is still plain was never looked up."""

    def gettext(self, message):
        return pseudo(message)

    def ngettext(self, one, many, n):
        return pseudo(one if n == 1 else many)


ACCENTED = str.maketrans("aeiouycnszgrAEIOUY", "áéíóúýçñšžğřÁÉÍÓÚÝ")
WORD = re.compile(r"(?<![^\W_])[A-Za-z]{2,}(?![^\W_])")


def pseudo(message):
    """Return a message with accents and longer words; fields, code and numbers as they are.

    >>> pseudo("Line {number} holds, see `np.exp`.")
    'Lííññéé {number} hóóldšš, ššéééé `np.exp`.'
    """
    out, end = [], 0
    for found in KEPT.finditer(message):
        out += [WORD.sub(_accented, message[end : found.start()]), found[0]]
        end = found.end()
    return "".join([*out, WORD.sub(_accented, message[end:])])


def _accented(word):
    if word[0] in NAMES:
        return word[0]
    return re.sub("[aeiouynsAEIOUY]", r"\g<0>\g<0>", word[0]).translate(ACCENTED)


def plain(text, known=()):
    """Return the words of a text under `Pseudo` that were never looked up."""
    left = re.sub(r"<(script|style|pre|code|math)\b.*?</\1>|<[^>]*>", " ", text, flags=re.S)
    left = KEPT.sub(" ", left)
    return [word for word in WORD.findall(left) if word not in NAMES and word not in known]


# ------------------------------------------------------------------------------ catalogues

HEADER = """# {name} messages of the course; `python -m tools.messages {code}` keeps them in step.
msgid ""
msgstr ""
"Language: {code}\\n"
"Plural-Forms: {forms}\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"

"""


def catalogue(code, folder=FOLDER):
    """Return the catalogue of a language as it is written; an empty one where there is none."""
    if code not in localedata.locale_identifiers():
        raise Fault(f"Expected the code of a language, say de or pt_BR; got {code!r}.")
    if not (folder / f"{code}.po").exists():
        return Catalog(locale=code)
    with (folder / f"{code}.po").open("rb") as written:
        return read_po(written, locale=code)


def made(code, strings, where):
    """Return a catalogue of these strings, with the files that say each."""
    then = datetime(2026, 1, 1, tzinfo=UTC)  # or each compiled file would be another one
    new = Catalog(locale=code, creation_date=then, revision_date=then)
    for message, string in strings.items():
        new.add(message, string, [(name, None) for name in sorted(where[message])])
    return new


def renewed(code):
    """Return the catalogue with what is still said, in the order of the course."""
    old, where = catalogue(code), messages()
    entries = {m: old.get(m if isinstance(m, str) else m[0]) for m in where}
    return made(code, {m: entry.string for m, entry in entries.items() if entry}, where)


def as_po(catalogue):
    out = io.BytesIO()
    write_po(out, catalogue, width=100, omit_header=True, include_lineno=False)
    forms = catalogue.plural_forms
    head = HEADER.format(name=catalogue.locale.english_name, code=catalogue.locale, forms=forms)
    return head.encode() + out.getvalue()


def as_mo(catalogue):
    out = io.BytesIO()
    write_mo(out, catalogue)
    return out.getvalue()


def missing(code):
    """Return what a language does not have yet, with the files that say it."""
    have = catalogue(code)
    keys = {m: m if isinstance(m, str) else m[0] for m in messages()}
    return {m: where for m, where in messages().items() if not have.get(keys[m])}


@guarded
def main(words):
    options = argparse.ArgumentParser(prog="python -m tools.messages", description=__doc__)
    options.add_argument("language")
    options.add_argument("-m", "--missing", action="store_true", help="print what is missing")
    options = options.parse_args(words)
    code = options.language
    lacking = missing(code)
    if options.missing:
        sys.stdout.buffer.write(as_po(made(code, dict.fromkeys(lacking, ""), lacking)))
        return
    new = renewed(code)
    write(FOLDER / f"{code}.po", as_po(new))
    write(FOLDER / f"{code}.mo", as_mo(new))
    rooms = defaultdict(int)
    for where in lacking.values():
        rooms[min(where)] += 1
    print(f"{code}: {len(new)} messages translated, {len(lacking)} not")
    for name, count in sorted(rooms.items()):
        print(f"{count:5} {name}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

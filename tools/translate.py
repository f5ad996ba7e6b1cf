"""Lessons in another language: every paragraph and every text of their code from a catalogue.

    python -m tools.translate de             # drop what no lesson says any more, compile, count
    python -m tools.translate de -m LESSON   # print what a lesson lacks, for a translator

`COURSE_LANGUAGE=de python course.py lab` opens them. A translation is found by the English
paragraph: where that has changed, English is shown until the new one is translated. Of code only
texts change, by construction: numbers, names and formulas stay.
"""

import argparse
import ast
import gettext
import io
import json
import re
import sys
import tokenize

from helpers.language import language, translate_script
from tools.faults import Fault, guarded
from tools.files import ROOT, lessons, write
from tools.working_copy import find_lesson

FOLDER = ROOT / "helpers" / "language" / "lessons"
EXTENSIONS = ROOT / "tools" / "lab" / "extensions"
PARAGRAPH = re.compile(r"\n\n+")
REASON = re.compile(r"(?<=# )\S.*")
LITERAL = re.compile(r"""([rfRF]*)(\"{3}|'{3}|"|')(.*)\2""", re.S)
WORDS = re.compile(r"[A-Za-z]{2,}.*\s.*[A-Za-z]{2,}")
DRAWS = {"curve", "dot_plot", "figure", "lines"}
SPOKEN = ("line", "say", "title")  # of a slide


def pieces(cell):
    """Yield the texts of a cell as (start, end) of its source."""
    source = "".join(cell["source"])
    if cell["cell_type"] == "markdown":
        end = 0
        for gap in [*PARAGRAPH.finditer(source), None]:
            start, end = end, gap.start() if gap else len(source)
            yield start, end
            end = gap.end() if gap else end
        return
    try:
        tree = ast.parse(source)
    except SyntaxError:  # a cell's magic, with a derivation
        yield from (reason.span() for reason in REASON.finditer(source))
        return
    lines = [0]
    for line in source.splitlines(keepends=True):
        lines.append(lines[-1] + len(line))
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.COMMENT and (told := REASON.search(token.string)):
            start = lines[token.start[0] - 1] + token.start[1] + told.start()
            yield start, start + len(told[0])
    inner = {
        id(part)
        for node in ast.walk(tree)
        if isinstance(node, ast.JoinedStr)
        for part in ast.walk(node)
        if part is not node
    }
    named = {id(label) for label in _labels(tree)}
    for node in ast.walk(tree):
        text = isinstance(node, ast.Constant) and isinstance(node.value, str)
        if id(node) in inner or not (text or isinstance(node, ast.JoinedStr)):
            continue
        found = LITERAL.fullmatch(ast.get_source_segment(source, node))
        if not found:
            continue
        row = source.splitlines(keepends=True)[node.lineno - 1]
        start = lines[node.lineno - 1] + len(row.encode()[: node.col_offset].decode())
        start += found.start(3)
        if "\n" in found[3]:
            for reason in REASON.finditer(found[3]):
                yield start + reason.start(), start + reason.end()
        elif WORDS.search(found[3]) or id(node) in named:
            yield start, start + len(found[3])


def _labels(tree):
    """Yield what names curves and axes in a figure: texts, though of one word alone."""
    for call in ast.walk(tree):
        if isinstance(call, ast.Call) and getattr(call.func, "id", "") in DRAWS:
            given = [each.value for each in call.keywords if not (each.arg or "").endswith("scale")]
            for part in (*call.args, *given):
                texts = part.keys if isinstance(part, ast.Dict) else getattr(part, "elts", [part])
                yield from (text for text in texts if isinstance(text, ast.Constant))


def said(notebook):
    """Yield what a lesson says: paragraphs, texts of its code, what its slides say."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        yield from (source[start:end] for start, end in pieces(cell) if source[start:end].strip())
        slide = cell["metadata"].get("lecture", {})
        yield from (slide[word] for word in SPOKEN if slide.get(word))


def translated(notebook, look_up):
    """Return a lesson with every text in another language, and without its outputs."""
    for cell in notebook["cells"]:
        source = "".join(cell["source"])
        for start, end in sorted(pieces(cell), reverse=True):
            if text := source[start:end]:
                source = source[:start] + look_up(text) + source[end:]
        cell["source"] = source.splitlines(keepends=True)
        slide = cell["metadata"].get("lecture", {})
        slide |= {word: look_up(slide[word]) for word in SPOKEN if slide.get(word)}
        if cell["cell_type"] == "code":
            cell |= {"outputs": [], "execution_count": None}
    return notebook


def read(path):
    return json.loads(path.read_text(encoding="utf-8"))


def known(code):
    """Return the translations of a language."""
    with (FOLDER / f"{code}.mo").open("rb") as compiled:
        return gettext.GNUTranslations(compiled)


def write_lessons(code, folder):
    """Write every lesson into a folder, in this language as far as it is translated."""
    try:
        look_up = known(code).gettext
    except FileNotFoundError as error:
        there = ", ".join(["en", *sorted(path.stem for path in FOLDER.glob("*.mo"))])
        fault = f"COURSE_LANGUAGE: no lesson is translated into `{code}`; there are: {there}."
        raise Fault(fault, 2) from error
    for path in lessons():
        text = json.dumps(translated(read(path), look_up), indent=1, ensure_ascii=False)
        write(folder / path.name, f"{text}\n")


def write_extensions(code, folder, source=EXTENSIONS):
    """Write JupyterLab's extensions of ours into a folder, their labels in this language."""
    language(code)
    for path in source.rglob("*.*"):
        said = path.read_text(encoding="utf-8")
        said = translate_script(said) if path.suffix == ".js" else said
        write(folder / path.relative_to(source), said)
    return folder


@guarded
def main(words):
    """Compile and count a language's lessons, or print what one lesson lacks."""
    from tools import messages

    options = argparse.ArgumentParser(prog="python -m tools.translate", description=__doc__)
    options.add_argument("language")
    options.add_argument("-m", "--missing", metavar="LESSON", help="print what a lesson lacks")
    options = options.parse_args(words)
    code, texts = options.language, {}
    for path in lessons():
        for text in said(read(path)):
            texts.setdefault(text, set()).add(path.stem)
    have = messages.catalogue(code, FOLDER)
    done = {text: have[text].string for text in texts if text in have and have[text].string}
    if options.missing:
        name = find_lesson(options.missing, lessons()).stem
        mine = (text for text, where in texts.items() if name in where and messages.plain(text))
        lacks = {text: "" for text in mine if text not in done}
        sys.stdout.buffer.write(messages.as_po(messages.made(code, lacks, texts)))
        return
    new = messages.made(code, done, texts)
    write(FOLDER / f"{code}.po", messages.as_po(new))
    write(FOLDER / f"{code}.mo", messages.as_mo(new))
    for path in lessons():
        mine = [
            text for text, where in texts.items() if path.stem in where and messages.plain(text)
        ]
        print(f"{path.stem}: {sum(text in done for text in mine)} of {len(mine)} texts")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

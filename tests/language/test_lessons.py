"""Lessons in other languages: in step with the English ones, true to code, numbers, formulas."""

import ast
import re

import nbformat
import pytest
from nbformat.v4 import new_code_cell

from helpers.language import language
from tools.files import lessons
from tools.messages import catalogue, plain
from tools.translate import (
    FOLDER,
    known,
    main,
    read,
    said,
    translated,
    write_extensions,
    write_lessons,
)

LESSONS = {path.stem: path for path in lessons()}
CODES = sorted(path.stem for path in FOLDER.glob("*.po"))
WHOLE = {"de": ("00_network", "01_sigmoid")}  # what must not fall behind
STAYS = re.compile(r"`[^`]*`|\$[^$]*\$|\{[^{}]*\}|\d+(?:\.\d+)*|https?:\S+")


def stays(text):
    """What a translation has as well; a comma in thousands is not everybody's."""
    return sorted(STAYS.findall(re.sub(r"(?<=\d),(?=\d{3})", "", text)))


def without_texts(cell):
    """The code of a cell, but for its texts."""
    tree = ast.parse("".join(cell["source"]))
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str):
            node.value = ""
    return ast.dump(tree)


@pytest.mark.parametrize("code", CODES)
def test_translations_are_of_what_lessons_say(code):
    texts = {text for path in LESSONS.values() for text in said(read(path))}
    stale = [entry.id for entry in catalogue(code, FOLDER) if entry.id and entry.id not in texts]
    told = f"these have changed and are shown in English; `python -m tools.translate {code}`"
    assert stale == [], told
    for entry in catalogue(code, FOLDER):
        assert stays(entry.string) == stays(entry.id) or not entry.id, entry.id
        assert known(code).gettext(entry.id) == entry.string or not entry.id, f"compile {code}"


@pytest.mark.parametrize(("code", "name"), [(c, name) for c in WHOLE for name in WHOLE[c]])
def test_a_lesson_is_translated_whole_and_its_code_stays(code, name):
    lesson, have = read(LESSONS[name]), catalogue(code, FOLDER)
    quotes = ("> ", "</details>")
    left = {text for text in said(lesson) if text not in have and not text.startswith(quotes)}
    assert [text for text in left if plain(text) and " " in text] == []
    other = translated(read(LESSONS[name]), known(code).gettext)
    for one, two in zip(lesson["cells"], other["cells"], strict=True):
        if one["cell_type"] == "code" and not "".join(one["source"]).startswith("%"):
            assert without_texts(one) == without_texts(two)


def test_lessons_are_written_whole_and_what_has_changed_is_english(tmp_path):
    write_lessons("de", tmp_path)
    assert [path.name for path in lessons(tmp_path)] == [path.name for path in LESSONS.values()]
    for path in lessons(tmp_path):
        nbformat.validate(nbformat.read(path, as_version=4))
    cell = {"cell_type": "markdown", "metadata": {}, "source": ["## Predict\n", "\n", "Changed."]}
    found = translated({"cells": [cell]}, known("de").gettext)["cells"][0]
    assert "".join(found["source"]) == "## Sag voraus\n\nChanged."


def test_buttons_under_exercises_speak_the_language(tmp_path):
    script = write_extensions("de", tmp_path) / "activation-exercises" / "static" / "exercises.js"
    language("en")
    text = script.read_text(encoding="utf-8")
    assert 'add("Prüfen"' in text
    assert 'includes("Noch nicht versucht")' in text  # by which it knows what is unanswered
    assert (tmp_path / "activation-deck" / "package.json").is_file()


def test_what_a_lesson_lacks_is_printed_and_no_lesson_is_a_fault(capfd):
    assert main(["fr", "-m", "2"]) == 0
    assert 'msgid "## Predict"' in capfd.readouterr().out
    assert main(["de", "-m", "99"]) == 2
    assert capfd.readouterr().err.startswith("`99` does not name one lesson; there are: 00_n")


@pytest.mark.complete
@pytest.mark.parametrize("name", WHOLE["de"])
def test_a_german_lesson_runs(name, tmp_path, monkeypatch):
    from tests.editions.lessons import BRIEFLY
    from tools.notebooks import run

    monkeypatch.setenv("COURSE_LANGUAGE", "de")
    write_lessons("de", tmp_path)
    notebook = nbformat.read(tmp_path / f"{name}.ipynb", as_version=4)
    notebook.cells.insert(0, new_code_cell(BRIEFLY))  # how it trains is tested in English
    run(notebook, folder=tmp_path)
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    assert not [output for output in outputs if output.output_type == "error"]
    assert "Noch nicht" in str(outputs)

"""The pad without a browser: what is judged, kept and stored, and what it consists of."""

import asyncio
import hashlib
import json
import re

import pytest
from nbformat.v4 import new_code_cell, new_notebook

from helpers.exercises import (
    EXERCISES,
    DerivationExercise,
    check,
    keep_lines,
    progress,
    written_lines,
)
from helpers.pad import editor, judging, pad
from helpers.pad.judging import judge_lines
from helpers.pad.keypad import first_lines, keys
from helpers.pad.library import FOLDER, library
from tools.notebooks import run, tidy

DERIVATIONS = [n for n, exercise in EXERCISES.items() if isinstance(exercise, DerivationExercise)]
QUESTION = r"\frac{d}{dz}\left[\ln(1 + e^{z})\right]"
RIGHT = [
    [QUESTION, ""],
    [r"=\frac{1}{1+e^{z}}\cdot e^{z}", "chain rule"],
    [r"=\frac{1}{1+e^{-z}}", ""],
    ["=g", ""],
]
SLIP = [*RIGHT[:2], [r"=\frac{1}{1-e^{-z}}", ""], ["=g", ""]]


@pytest.fixture(autouse=True)
def home(tmp_path, monkeypatch):
    """A working copy of the learner's own."""
    monkeypatch.setenv("COURSE_HOME", str(tmp_path))
    return tmp_path


def written(lines, exercise="derive_softplus"):
    """Return the pad after the browser has sent these lines."""
    page = pad(exercise)
    page.set_state({"lines": lines, "turn": page.turn + 1})
    return page


def words(page):
    """Return the mark of each line, "" where there is none."""
    marks = {mark["place"]: mark["mark"] for mark in page.told["marks"]}
    return [marks.get(place, "") for place in range(len(page.lines))]


# ---------------------------------------------------------------------------------- what is judged


@pytest.mark.parametrize("name", DERIVATIONS)
def test_every_derivation_has_a_pad_that_begins_with_what_is_given(name):
    page = pad(name)
    assert page.told["status"] in ("not attempted", "unfinished")
    assert not page.told["message"].startswith("This could not")
    assert page.told["turn"] == page.turn
    assert not {"does not hold", "cannot be read"} & {*words(page)}
    assert len(page.lines) == max(1, len(first_lines(EXERCISES[name])))


def test_a_title_is_typeset_where_it_quotes_no_misprint():
    for name in DERIVATIONS:
        words = re.sub("<math.*?</math>", "", pad(name).sheet["heading"])
        assert not re.search(r"[*^=]|\d/|\bd/d", words) or not name.startswith("derive_"), words


def test_a_right_derivation_is_marked_right_line_by_line():
    page = written(RIGHT)
    assert page.told["status"] == "correct"
    assert words(page) == ["what is asked", *["proved"] * 3]


def test_the_first_wrong_line_has_evidence_and_a_question():
    page = written(SLIP)
    wrong = page.told["marks"][2]
    assert words(page) == ["what is asked", "proved", "does not hold", "not reached"]
    assert re.search(r"z = −?\d", wrong["evidence"])
    assert "?" in wrong["question"]
    assert wrong["picture"].startswith("<svg")
    assert page.told["status"] == "not yet"


def test_a_line_with_two_readings_brings_both_in_latex():
    ways = written([[QUESTION, ""], ["=3e-z", ""]]).told["marks"][1]["ways"]
    assert [line for _, line in ways] == ["=3e^{-z}", r"=3\left(e - z\right)"]


def test_marks_and_numbers_come_before_their_explanation(monkeypatch):
    rests = []
    monkeypatch.setattr(editor, "bit_by_bit", rests.append)
    EXERCISES["derive_softplus"].__dict__.pop("beliefs", None)  # a kernel that has just begun
    page = written(SLIP)
    assert words(page)[2:] == ["does not hold", "not reached"]
    assert "z =" in page.told["marks"][2]["evidence"]
    assert page.told["marks"][2]["question"] == page.told["marks"][2]["picture"] == ""
    (explaining,) = rests
    assert next(explaining) < 0.3
    assert sum(1 for _ in explaining) >= 3  # in turns: what is typed meanwhile is marked at once
    assert "?" in page.told["marks"][2]["question"]
    assert page.told["marks"][2]["picture"]


def test_nothing_is_explained_once_something_else_is_written(monkeypatch):
    rests = []
    monkeypatch.setattr(editor, "bit_by_bit", rests.append)
    page = written(SLIP)
    page.set_state({"lines": SLIP[:3], "turn": page.turn + 1})
    before = page.told
    assert len(list(rests[0])) == 1
    assert page.told is before


def test_a_running_kernel_takes_other_messages_between_the_turns():
    seen = []

    async def kernel():
        def turns():
            for k in range(5):
                seen.append(k)
                yield 0.001

        editor.bit_by_bit(turns())
        asyncio.get_running_loop().call_later(0.002, seen.append, "message")
        await asyncio.sleep(0.1)

    asyncio.run(kernel())
    assert seen.index("message") < seen.index(4)


def test_a_line_that_cannot_be_read_says_so():
    page = written([RIGHT[0], [r"=\frac{1}{1+e^{z}}\cdot\heartsuit", ""]])
    assert words(page)[1] == "cannot be read"
    assert page.told["marks"][1]["evidence"]


def test_blank_lines_are_no_lines():
    page = written([RIGHT[0], ["=", ""], *RIGHT[1:], ["", ""]])
    assert words(page)[1] == words(page)[-1] == ""
    assert page.told["status"] == "correct"


def test_several_statements_in_a_line_have_one_mark():
    page = written(
        [["u=e^z,v=1+u", ""], [r"D\left(\ln v\right)=\frac{1}{v}\cdot D\left(v\right)", ""]]
    )
    assert words(page) == ["defined", "proved"]
    assert page.told["text"].startswith("u = exp(z), v = 1 + u\n")


def test_the_text_is_in_the_learners_own_letters():
    function, slope = r"f(x)=\ln\left(1+e^{x}\right)", r"f^{\prime}(x)=\sigma\left(x\right)"
    assert written([[function, ""], [slope, "known"]]).told["text"] == (
        "f = ln(1 + exp(x))\nD(f) = sigmoid(x)    # known"
    )


@pytest.mark.parametrize("lines", [RIGHT, SLIP, RIGHT[:2], [["u=e^z,v=1+u", ""]]])
def test_the_text_says_what_the_lines_say(lines):
    told = written(lines).told
    again = EXERCISES["derive_softplus"].judge(told["text"])
    assert (again.status, again.first_wrong_line) == (
        told["status"],
        3 if lines is SLIP else None,
    )


def test_a_fault_of_ours_is_said_to_be_one(monkeypatch):
    monkeypatch.setattr(judging, "line_marks", lambda claims: 1 / 0)
    page = written(RIGHT)
    assert page.told["status"] == "fault"
    assert page.told["marks"] == []


def test_an_answer_has_the_number_of_its_question():
    page = pad("derive_softplus")
    for turn, lines in enumerate((RIGHT[:2], RIGHT), 1):
        page.set_state({"lines": lines, "turn": turn})
        assert page.told["turn"] == turn
        assert page.kept == turn  # the browser may forget them


def test_becoming_right_is_one_attempt_and_writing_is_none():
    page = pad("derive_softplus")
    for turn, lines in enumerate((RIGHT[:1], SLIP, RIGHT[:3], RIGHT, RIGHT), 1):
        page.set_state({"lines": lines, "turn": turn})
    assert "(derive_softplus, 1 attempt)" in progress()


@pytest.mark.parametrize(
    ("name", "words"), [("derive_sigmiod", "derive_sigmoid"), (3, "EXERCISES")]
)
def test_an_unknown_exercise_is_told_with_the_closest_names(name, words):
    with pytest.raises(ValueError, match=words):
        pad(name)


def test_only_derivations_have_a_pad():
    with pytest.raises(ValueError, match="no derivation"):
        pad("sigmoid")


# ------------------------------------------------------------------------------------ what is kept


def test_lines_alone_are_no_attempt():
    written(RIGHT[:2])
    assert progress() == "Nothing tried yet."
    check("derive_silu", "z")
    assert "(derive_softplus)" in progress(7)
    assert "derive_silu" in progress()


def test_lines_come_back_in_another_kernel():
    written(RIGHT[:2])
    assert pad("derive_softplus").lines == RIGHT[:2]
    assert pad("derive_silu").lines == [
        list(line) for line in first_lines(EXERCISES["derive_silu"])
    ]


def test_check_takes_the_lines_of_the_pad():
    assert check("derive_softplus").status == "not attempted"
    written(RIGHT)
    assert check("derive_softplus").correct
    written(SLIP)
    assert check("derive_softplus").first_wrong_line == 3


def test_check_of_another_kind_asks_for_its_answer():
    verdict = check("q_sigmoid_max_where")
    assert verdict.status == "not attempted"
    assert 'check("q_sigmoid_max_where", …)' in verdict.message


def test_reasons_are_read_with_their_lines():
    page = written(RIGHT)
    assert "# chain rule" in page.told["text"]


@pytest.mark.parametrize(
    "damage",
    ['"x"', "{}", "[[1, 2]]", '[["=g"]]', '[["=g", "", ""]]', "[null]", '[["=g", 3]]', "7"],
)
def test_damaged_lines_are_left_out(damage, home):
    (home / ".progress.json").write_text(f'{{"derive_softplus": {{"pad": {damage}}}}}')
    assert written_lines("derive_softplus") == []
    assert pad("derive_softplus").lines[0][0] == QUESTION


def test_what_is_kept_has_bounds(home):
    keep_lines("derive_softplus", [["z" * 10_000, "r" * 10_000]] * 1000)
    assert (home / ".progress.json").stat().st_size < 1_000_000
    assert len(written_lines("derive_softplus")) == 100


def test_nothing_is_written_before_a_key_is_pressed(home):
    pad("derive_softplus")
    assert not (home / ".progress.json").exists()


def test_the_same_lines_are_not_saved_again(home):
    written(RIGHT)
    before = (home / ".progress.json").stat().st_mtime_ns
    written(RIGHT[:])
    assert (home / ".progress.json").stat().st_mtime_ns == before


# ---------------------------------------------------------------------------------- what is stored


def test_the_stored_output_shows_the_lines_without_a_kernel():
    written([*RIGHT, [r"=\placeholder{}", "<script>"]])
    cells = [new_code_cell("from helpers.pad import pad\npad('derive_softplus')")]
    stored = tidy(run(new_notebook(cells=cells)))
    (output,) = stored.cells[0].outputs
    assert {*output.data} == {"text/html", "text/plain"}
    html = output.data["text/html"]
    assert html.count("<math") == 5 + 2  # those of the title
    assert "<mfrac>" in html
    assert "chain rule" in html
    assert "<script>" not in html
    assert "kept with your progress" in html
    assert "</mfrac><mo>&#x2061;</mo>" in html  # from the trees, so that it is spoken right


def test_a_line_that_cannot_be_typeset_is_shown_as_it_is():
    shown = written([[r"\unheard{z}", ""]])._repr_mimebundle_()[0]["text/html"]
    assert r"<code>\unheard{z}</code>" in shown


# ----------------------------------------------------------------------------- what it consists of


def test_mathlive_is_what_its_readme_says():
    said = (FOLDER / "README.md").read_text(encoding="utf-8")
    (digest,) = re.findall(r"# ([0-9a-f]{64})$", said, re.M)
    assert hashlib.sha256((FOLDER / "mathlive.min.mjs").read_bytes()).hexdigest() == digest
    assert (FOLDER / "LICENSE.txt").read_text(encoding="utf-8").startswith("Copyright")
    assert sum(path.stat().st_size for path in FOLDER.rglob("*") if path.is_file()) < 1.2e6


def test_the_library_is_one_for_each_kernel():
    first, second = pad("derive_softplus"), pad("derive_silu")
    assert first.library is second.library is library()
    assert next(iter(first.library.files)) == "mathlive.min.mjs"
    assert "library" in first.get_state()
    assert len(json.dumps(first.get_state())) < 100_000


@pytest.mark.parametrize("name", DERIVATIONS)
def test_the_keys_are_those_of_the_exercise(name):
    inserts = [key["insert"] for group in keys(EXERCISES[name]) for key in group]
    assert len(set(inserts)) == len(inserts)
    assert all(key["name"] and key["label"] for group in keys(EXERCISES[name]) for key in group)
    for letter in EXERCISES[name].where:
        assert any(insert.removeprefix("\\") == letter for insert in inserts)


# -------------------------------------------------------------------------------------- plain text


def test_a_cell_takes_its_lines_as_they_are():
    cells = [
        "from helpers.exercises import check, credit",
        '%%check derive_softplus\nD(ln(1 + e^z))  # it\'s """the question"""\n= e^z/(1 + e^z)\n= g',
        'credit("derive_softplus", derive_softplus, "g")',
        "%%check q_sigmoid_max_where\n0",
        "%%check q_sigmiod_max_where\n0",
    ]
    notebook = new_notebook(cells=[new_code_cell(cell) for cell in cells])
    notebook.cells[-1].metadata["tags"] = ["raises-exception"]
    outputs = [cell.outputs for cell in run(notebook).cells]
    assert "Correct" in outputs[1][0].data["text/plain"]
    assert outputs[2][0].data["text/plain"] == "1.0"
    assert "Correct" in outputs[3][0].data["text/plain"]
    assert "Did you mean q_sigmoid_max_where" in "".join(outputs[4][0].traceback)


def test_a_pad_opens_after_all_widgets_were_closed():
    first = pad("derive_tanh")
    first.library.close()
    assert pad("derive_tanh").library is not first.library


def test_what_two_dimensions_tell_apart_is_not_asked_and_an_untouched_pad_is_none():
    gelu = EXERCISES["derive_gelu"]
    first, *_ = first_lines(gelu)
    assert judge_lines(gelu, first_lines(gelu))["status"] == "not attempted"
    told = judge_lines(gelu, [first, ("=P+z^2p-z^2p+z0,5p+0,5zp", "")])
    assert told["marks"][1]["mark"] == "agrees to 50 digits"
    assert "lost" not in told["marks"][1]["evidence"]
    assert "I read" not in told["message"]

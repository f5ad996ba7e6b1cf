"""The slide decks: what of a lesson is on a slide, and each deck in a browser, from its file."""

import re
import shutil
import subprocess
import sys
import time
from unittest.mock import patch

import nbformat
import pytest
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from playwright.sync_api import expect

from benchmarks.decks import CARDS, LETTERS
from book import slides
from book.assets import MARK, make_room
from book.deck_pages import too_full
from tests.editions.lessons import NAMES, deck_of
from tests.editions.test_book import PICTURE, size
from tests.matrix import matrix
from tools.browser import answer_predictions, drag, exercise, page, violations, wait_until_alive
from tools.faults import Fault
from tools.files import PUBLISHED


def cell(source, kind="slide", make=new_markdown_cell, **lecture):
    """Return a cell with the metadata of a slide."""
    made = make(source, metadata={"slideshow": {"slide_type": kind}} if kind else {})
    if lecture:
        made.metadata["lecture"] = lecture
    if make is new_code_cell:
        made.execution_count = 1
    return made


def made(*cells):
    return slides.slides(new_notebook(cells=[cell("# Lesson"), *cells]))


# ----------------------------------------------------------------------------------- one slide


def test_the_beat_reveal_is_not_the_class_by_which_a_dark_deck_is_inverted():
    first, second = made(cell("## Head", beat="reveal"), cell("## Vote", beat="vote"))[1:]
    assert "class=" not in slides.section(first).splitlines()[0]
    assert '<section class="vote"' in slides.section(second)


def test_paragraphs_are_spoken_and_all_else_is_shown():
    _, slide = made(cell("## Head\n\nA word.\n\n- one\n- two\n\n$$x = 1$$\n\n| a | b |\n|---|---|"))
    assert slide.title == "Head"
    assert slide.notes == ["A word."]
    (shown,) = slide.parts
    assert all(piece in shown for piece in ("<li>one</li>", "$$x = 1$$", "<table>"))
    assert "A word" not in shown


def test_prose_is_shown_where_the_slide_asks_for_it():
    _, slide = made(cell("## Head\n\nA word.", show="prose"))
    assert slide.notes == []
    assert "<p>A word.</p>" in slide.parts[0]


def test_what_follows_a_smaller_heading_and_what_is_folded_away_is_spoken():
    source = "## Head\n\n- one\n\n<details>\n\n- two\n\n</details>\n\n### Later\n\n- three"
    _, slide = made(cell(source))
    assert "one" in slide.parts[0]
    assert "two" not in slide.parts[0]
    assert "three" not in slide.parts[0]
    assert "- three" in slide.notes


def test_only_the_title_of_a_lesson_stands_on_its_first_slide():
    first, *_ = slides.slides(new_notebook(cells=[cell("# Lesson\n\n- one", line="Why?")]))
    assert (first.title, first.line, first.parts, first.notes) == ("Lesson", "Why?", [], ["- one"])


def test_cells_go_on_with_a_slide_appear_later_or_are_left_out():
    output = new_output("stream", text="a < b\n")
    _, slide = made(
        cell("## Head"),
        cell("- nothing said", "skip"),
        cell("- on", ""),
        cell("print()", "fragment", new_code_cell),
        cell("- spoken", "notes"),
    )
    assert "nothing said" not in "".join(slide.parts + slide.notes)
    assert "on" in slide.parts[0]
    assert slide.notes == ["<ul>\n<li>spoken</li>\n</ul>\n"]
    code = new_code_cell("print('a < b')", outputs=[output], execution_count=1)
    assert made(cell("## Head"), code)[1].parts == ["<pre>a &lt; b\n</pre>"]
    code.metadata["slideshow"] = {"slide_type": "fragment"}
    assert made(cell("## Head"), code)[1].parts == [
        '<div class="fragment"><pre>a &lt; b\n</pre></div>'
    ]


def test_code_is_shown_where_the_slide_asks_for_it():
    code = cell("x = 1", "", new_code_cell)
    assert made(cell("## Head"), code)[1].parts == []
    code.metadata["lecture"] = {"show": "code"}
    assert "highlight" in made(cell("## Head"), code)[1].parts[0]


def test_a_slide_without_a_heading_has_that_of_its_section():
    assert [slide.title for slide in made(cell("## Head", "skip"), cell("Word."))][1] == "Head"


def test_a_slide_begins_at_the_heading_inside_its_cell():
    _, first, second, third = made(
        cell("## Head"),
        cell("Said of the head.\n\n- as well\n\n## Next\n\n- one\n\n## Last\n\nA word."),
        cell("- on"),
    )
    assert (first.title, second.title, third.title) == ("Head", "Next", "Last")
    assert first.notes == ["Said of the head.", "- as well"]
    assert "as well" not in second.parts[0]
    assert made(cell("## Head", title="Other"))[1].title == "Other"


def test_the_vote_of_a_recall_slide_has_its_answers_in_the_notes():
    asked = cell('check("q_sigmoid_max_where", ...)', "", new_code_cell)
    _, slide = made(cell("## Head\n\n| a |\n|---|\n| b |", beat="recall"), asked)
    assert "- B, 0: **right**" in slide.notes[-1]


def figure(alt):
    return new_output("display_data", {"text/html": f'<img alt="{alt}" width="720" src="x">'})


def test_what_is_printed_beside_a_picture_is_said():
    code = new_code_cell("", outputs=[new_output("stream", text="1\n"), figure("a")])
    code.execution_count = 1
    slide = made(cell("## Head"), code)[1]
    assert [part[:12] for part in slide.parts] == ['<img alt="a"']
    assert slide.notes == ["<pre>1\n</pre>"]


def test_a_picture_that_appears_takes_the_place_of_the_one_before():
    clicks = [cell("", "fragment", new_code_cell) for _ in range(3)]
    for click, alt in zip(clicks, "abc", strict=True):
        click.outputs = [figure(alt)]
    (stack,) = made(cell("## Head"), *clicks)[1].parts
    found = re.findall(r'<div class="fragment ?([\w-]*)"><img alt="(.)"', stack)
    assert found == [("fade-in-then-out", "a"), ("fade-in-then-out", "b"), ("", "c")]
    assert stack.count("<div") == stack.count("</div>") == 4


def test_a_picture_that_appears_takes_the_place_of_the_vote():
    click = cell("", "fragment", new_code_cell)
    click.outputs = [figure("a")]
    (stack,) = made(cell("## Head", vote="q_relu_zero"), click)[1].parts
    places = re.findall(r'"(fragment[\w -]*)" data-fragment-index="0">(<\w+)', stack)
    assert places == [("fragment fade-out", "<div"), ("fragment", "<img")]


def test_the_cover_stands_on_the_title_slide_as_well():
    code = cell("", "skip", new_code_cell, show="cover")
    code.outputs = [figure("a"), figure("b")]
    title, slide = made(cell("## Head"), code)
    assert [part[:12] for part in title.parts] == ['<img alt="b"']
    assert slide.parts == []


def test_a_vote_shows_the_options_and_tells_the_lecturer_what_each_believes():
    _, slide = made(cell("## Head", vote="q_note_ambiguous", beat="vote", minutes=4))
    assert slide.vote == "q_note_ambiguous"
    shown, said = slide.parts[0], slide.notes[-1]
    assert "<li>lines 1 and 2</li>" in shown
    assert "right" not in shown
    assert ", lines 1 and 2: **right**" in said
    assert ", line 1 only: a raised 2 became a factor 2. Ask: And what does" in said


def test_two_products_in_a_question_are_no_emphasis():
    _, slide = made(cell("## Head", vote="derive_silu"))
    assert "d/dz <i>z</i>·<i>g</i> with" in slide.parts[0]
    assert "<em>" not in slide.parts[0]


def test_a_vote_on_a_check_is_put_once():
    check = new_code_cell('check("q_note_ambiguous", ...)', execution_count=1)
    check.metadata["lecture"] = {"vote": "q_note_ambiguous"}
    slide = made(cell("## Head"), check)[1]
    assert (slide.vote, len(slide.parts), len(slide.notes)) == ("q_note_ambiguous", 1, 1)


def test_a_number_is_voted_on_with_the_numbers_that_somebody_believes():
    _, slide = made(cell("## Head"), cell('check("q_sigmoid_max_where", ...)', "", new_code_cell))
    found = re.findall("<li>(.*?)</li>", slide.parts[0])
    assert found == ["−∞", "0", "1/2", "1", "∞"]
    assert "- B, 0: **right**" in slide.notes[-1]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ({"kind": "slides"}, "not 'slides'"),
        ({"biet": "vote"}, r"not \['biet'\]"),
        ({"beat": "sing"}, "not 'sing'"),
        ({"show": "all"}, "not 'all'"),
        ({"kind": "skip", "say": "lost"}, "left out"),
        ({"vote": "q_nope"}, "no exercise 'q_nope'"),
        ({"curve": "relo"}, "slide 2, “Head”: .* no activation 'relo'"),
        ({"minutes": "five"}, "not 'five'"),
        ({"extra": 75}, "extra is 60 or 90, not 75"),
        ({"kind": "", "line": "Late."}, r"\['line'\] belong to the first cell"),
    ],
)
def test_a_misspelt_word_is_a_fault_and_not_a_slide_lost(words, message):
    with pytest.raises(ValueError, match=message):
        made(cell("## Head", **words))


def test_an_exercise_that_is_not_there_is_told_with_the_name_of_the_slide():
    asked = cell('check("q_relu_zer", ...)', "", new_code_cell)
    with pytest.raises(ValueError, match=r"slide 2, “Head”: .*'q_relu_zer'.*mean q_relu_zero"):
        made(cell("## Head"), asked)


def test_the_curve_of_an_activation_stands_on_a_slide_without_its_slope():
    (shown,) = made(cell("## Head", curve="tanh"))[1].parts
    assert "tanh goes from −1.00 at z = −5 through 0.00 at 0 to 1.00 at 5." in shown
    assert "g′" not in shown


def test_nothing_goes_on_with_a_slide_that_was_not_begun():
    with pytest.raises(ValueError, match="none was begun"):
        slides.slides(new_notebook(cells=[cell("- on", "")]))


def test_a_fault_in_a_slide_names_its_lesson(tmp_path):
    lesson = tmp_path / "12_softsign.ipynb"
    nbformat.write(new_notebook(cells=[cell("- on", "")]), lesson)
    with pytest.raises(Fault, match=r"12_softsign\.ipynb: .*the first cell that is shown says"):
        slides.slides_of(lesson)


def test_a_formula_is_spoken_in_mathml_which_the_speakers_view_can_show():
    assert "<msup>" in slides.spoken("Say $z^2$.")
    assert "$" not in slides.spoken("$$\nz^2\n% \\label{square}\n$$")
    assert r"$\begin{matrix}$" in slides.spoken(r"Say $\begin{matrix}$.")
    assert "<mo>&lt;</mo>" in slides.spoken("Say $z < 0$.")
    assert slides.spoken(r"$\frac12$").count("<mn>") == 2
    assert "fan_in" in slides.spoken(r"$\sqrt{\text{fan\_in}}$")


def test_a_code_cell_that_was_not_run_is_a_fault():
    with pytest.raises(ValueError, match="never run"):
        made(cell("## Head"), new_code_cell("derive(lines)"))


def test_a_comment_in_code_is_no_heading_and_a_list_may_begin_right_below_one():
    _, slide = made(cell("```\n# no heading\n```\n\n## Head\n- one"))
    assert slide.title == "Head"
    assert "<li>one</li>" in slide.parts[0]


def test_pictures_of_others_and_errors_are_shown():
    png = new_output("display_data", {"image/png": "iVBOR\n", "text/plain": "<Figure>"})
    error = new_output("error", ename="KeyError", evalue="'<x>'")
    code = new_code_cell("", outputs=[png, error], execution_count=1)
    shown = made(cell("## Head"), code)[1].parts
    assert shown == [
        '<img alt="" src="data:image/png;base64,iVBOR">',
        "<pre class=\"error\">KeyError: '&lt;x&gt;'</pre>",
    ]


def test_a_recall_slide_asks_first():
    source = "## Summary\n\n| a |\n|---|\n\n### Recall next time\n\nNow.\n\n1. Why?\n\n"
    source += "### Later\n\n1. No."
    _, slide = made(cell(source, beat="recall"))
    questions, rest = slide.parts[0].split('<div class="fragment" ')
    assert "Why?" in questions
    assert "<table>" in rest
    assert "No." not in slide.parts[0]


def test_a_long_summary_comes_in_parts():
    rows = "".join(f"| {n} | {'word ' * 40}|\n" for n in range(8))
    source = f"## Summary\n\n| a | b |\n|---|---|\n{rows}\n### Recall\n\n1. Why?"
    (stack,) = made(cell(source, beat="recall"))[1].parts
    kinds = re.findall(r'<div class="fragment ?([\w-]*)" data-fragment-index="(\d)">', stack)
    assert kinds == [("fade-out", "0"), ("fade-in-then-out", "0"), ("", "1")]
    assert stack.count("<th>a</th>") == 2
    assert stack.count("<td>") == 16


def test_what_is_printed_is_said_where_a_later_cell_shows_a_picture():
    printed, pictured = (cell("", kind, new_code_cell) for kind in ("slide", "fragment"))
    printed.outputs = [new_output("stream", text="1\n")]
    assert made(cell("## Head"), printed)[2].parts == ["<pre>1\n</pre>"]
    pictured.outputs = [figure("a")]
    slide = made(cell("## Head"), printed, pictured)[2]
    assert slide.notes == ["<pre>1\n</pre>"]
    assert "<pre>" not in "".join(slide.parts)


def test_a_picture_takes_the_place_of_a_derivation_and_this_that_of_a_vote():
    derived, pictured = (cell("", "fragment", new_code_cell) for _ in range(2))
    lines = {"text/latex": "$x$", "text/plain": "  z + z\n= 2*z   # once more\n1 step checked: 1"}
    derived.outputs = [new_output("display_data", lines)]
    (stack,) = made(cell("## Head", vote="q_relu_zero"), derived)[1].parts
    assert re.findall(r'"(fragment[ \w-]*)" data-fragment-index="0"', stack) == [
        "fragment fade-out",
        "fragment",
    ]
    pictured.outputs = [figure("a")]
    turned, still = (made(cell("## Head"), *cells)[1] for cells in ([derived, pictured], [derived]))
    assert "data-turns" in slides.section(turned)
    assert "data-turns" not in slides.section(still)


def test_an_exercise_shows_what_is_given_of_its_code_and_its_solution_is_said():
    code = cell(
        'def hat(z):\n    return ...\n\n\ncheck("hat", hat)', "slide", new_code_cell, show="code"
    )
    slide = made(code)[1]
    assert "three ReLUs" in slide.parts[0]
    assert "check" not in slide.parts[1]
    assert "relu(z + 1) - 2 * relu(z)" in slide.notes[-1]


def test_a_folder_with_something_else_in_it_is_left_alone(tmp_path):
    (tmp_path / "exam.tex").touch()
    with pytest.raises(Fault, match="holds something else"):
        make_room(tmp_path)
    assert (tmp_path / "exam.tex").exists()


def test_a_build_that_was_stopped_can_be_done_again(tmp_path):
    folder = make_room(tmp_path / "slides")
    (folder / "half.html").touch()
    (folder / "assets").mkdir()
    with patch("shutil.rmtree", side_effect=KeyboardInterrupt), pytest.raises(KeyboardInterrupt):
        make_room(folder)
    assert [path.name for path in make_room(folder).iterdir()] == [MARK]


def test_what_is_no_folder_is_not_built_into(tmp_path):
    (tmp_path / "file").touch()
    for name in ("file", "--help"):
        with pytest.raises(Fault, match="no folder"):
            make_room(tmp_path / name)


# --------------------------------------------------------------------------- in a real browser


@pytest.fixture(scope="session")
def decks(once, short, figures_of_the_run):
    """The decks and their PDFs, built and moved, as to a USB stick; in the short run one deck."""

    def make(folder):
        if short:
            slides.copy_assets(folder / "slides" / "assets")
            text = slides.deck(deck_of("01_sigmoid"))
            return (folder / "slides" / "01_sigmoid.html").write_text(text, encoding="utf-8")
        start = time.monotonic()
        command = [sys.executable, "-m", "book.slides", str(folder / "made"), "--pdf"]
        done = subprocess.run(command, cwd=PUBLISHED.parent, capture_output=True, text=True)
        assert done.returncode == 0, done.stdout + done.stderr
        shutil.move(folder / "made", folder / "slides")
        spent = f"{time.monotonic() - start:.0f} s"
        figures_of_the_run["slide decks"] = f"{spent}, {size(folder)}, PDFs included"

    return once("usb stick ä", make) / "slides"


def open_deck(visit, decks, name):
    visit.page.goto((decks / f"{name}.html").as_uri())
    visit.page.wait_for_function("window.Reveal?.isReady()")


def open_at_explorer(visit, decks, name):
    """Open a deck at its first slide with an explorer; return the slide's number from 0."""
    open_deck(visit, decks, name)
    lecture = deck_of(name)
    at = next(number for number, slide in enumerate(lecture) if slide.beat == "explore")
    visit.page.evaluate(f"Reveal.slide({at})")
    return at


OVER = """(slide) =>
    [slide.scrollHeight - slide.clientHeight, slide.scrollWidth - slide.clientWidth]"""
ALL_SHOWN = """() => {
    const style = document.body.appendChild(document.createElement("style"));
    style.textContent = `section { display: block !important; position: static !important; }
        .fragment { opacity: 1 !important; visibility: inherit !important; }`;
    for (const slide of document.querySelectorAll("section"))
        for (const word of ["hidden", "aria-hidden"]) slide.removeAttribute(word);
}"""
STATE = "() => JSON.stringify(Reveal.getState())"
VISIBLE_LINES = """() => [...Reveal.getCurrentSlide().querySelectorAll(".derivation ol.steps")]
    .map((table) => [...table.children]
        .filter((line) => !line.closest(".fragment:not(.visible)")).length)"""


@pytest.mark.browser
@pytest.mark.parametrize("name", matrix(NAMES, "01_sigmoid"))
def test_a_deck_is_given_from_its_file(name, decks, chromium):
    """Click by click to the end; on the way each slider is moved by keyboard and by mouse."""
    with page(chromium, width=1280, height=720) as visit:
        open_deck(visit, decks, name)
        deck = visit.page
        assert deck.locator("mjx-merror").count() == 0
        lecture = deck_of(name)
        wait_until_alive(deck, sum("activation-explorer" in p for s in lecture for p in s.parts))
        seen = 1
        while True:
            slide = deck.locator("section.present")
            assert slide.evaluate(OVER) == [0, 0], f"slide {seen} is too full"
            assert min(deck.evaluate(LETTERS, [CARDS]), default=24) >= 23.9, f"slide {seen}"
            answer_predictions(slide)
            for slider in slide.get_by_role("slider").all():
                exercise(slider)
                slider.evaluate("slider => slider.blur()")
            at = deck.evaluate("Reveal.getIndices().h")
            while deck.evaluate("Reveal.getIndices().h") == at:
                before, shown = deck.evaluate(STATE), deck.evaluate(VISIBLE_LINES)
                deck.keyboard.press("PageDown")  # what a presenter sends
                if deck.evaluate(STATE) == before:
                    break
                if deck.evaluate("Reveal.getIndices().h") == at:
                    assert sum(deck.evaluate(VISIBLE_LINES)) - sum(shown) in (0, 1)
            if deck.evaluate("Reveal.getIndices().h") == at:
                break
            seen += 1
        assert seen == len(lecture)
        deck.evaluate(ALL_SHOWN)
        assert violations(deck, ".reveal") == []
        assert visit.errors == []
        assert visit.strays == []


@pytest.mark.browser
def test_a_slide_with_more_than_has_room_is_named(tmp_path, chromium):
    lines = "".join(f"\n- a sentence that takes a line, number {n}" for n in range(7))
    code = new_code_cell("", outputs=[new_output("display_data", {"text/html": PICTURE})])
    code.execution_count = 1
    found = made(
        cell(f"## Pushed\n{lines}", vote="q_note_ambiguous"),
        code,
        cell(f"## Text\n{3 * lines}"),
        cell("## Fine\n\n- one"),
    )
    slides.copy_assets(tmp_path / "assets")
    (tmp_path / "own.html").write_text(slides.deck(found), encoding="utf-8")
    with page(chromium, width=1280, height=720) as visit:
        pushed, text = too_full(visit.page, tmp_path / "own.html")
    assert re.match(r"own: slide 2, “Pushed”, is too full: its picture stands \d+ px below", pushed)
    assert re.match(r"own: slide 3, “Text”, is too full: \d+ px of it have no room", text)


@pytest.mark.browser
@pytest.mark.complete
def test_a_derivation_that_has_no_room_comes_in_parts_as_large_as_others(tmp_path, chromium):
    code = cell("", "", new_code_cell)
    text = "  D(1/(1 + z^2))\n" + "= -2*z/(1 + z^2)^2   # why\n" * 6 + "6 steps checked: 6"
    code.outputs = [new_output("display_data", {"text/latex": "$x$", "text/plain": text})]
    found = made(cell("## Head\n\n- one\n- two\n- three"), code)
    slides.copy_assets(tmp_path / "assets")
    (tmp_path / "own.html").write_text(slides.deck(found), encoding="utf-8")
    with page(chromium, width=1280, height=720) as visit:
        assert list(too_full(visit.page, tmp_path / "own.html")) == []
        lines = "[...document.querySelectorAll('.present .steps > li')]"
        seen_now = "map((li) => li.offsetHeight && !li.matches('.fragment:not(.visible)'))"
        shown = f"at => (Reveal.slide(1, 0, at), {lines}.{seen_now})"
        seen = [visit.page.evaluate(shown, at) for at in range(-1, 6)]
        zoom = visit.page.locator("section.present .derivation").evaluate("of => of.style.zoom")
    assert float(zoom) > 0.9
    assert not seen[-1][0]
    assert all(now[at] and not any(now[at + 1 :]) for at, now in enumerate(seen))  # the new one
    assert all(now[at] for at, now in enumerate(seen[1:]))  # and the line on which it builds


@pytest.mark.complete
@pytest.mark.browser
def test_slides_stand_on_a_phone_that_is_held_upright(decks, chromium):
    """One scrolls through them; nothing is too large, text is legible, sliders move."""
    with page(chromium, width=390, height=844) as visit:
        for name in NAMES:
            open_deck(visit, decks, name)
            over = [section.evaluate(OVER) for section in visit.page.locator("section").all()]
            assert over == [[0, 0]] * len(over), name
            assert visit.page.evaluate("28 * Reveal.getScale()") > 13  # pixels a letter is high
        open_deck(visit, decks, "00_network")
        exercise(visit.page.get_by_role("slider").first)
        visit.page.set_viewport_size({"width": 844, "height": 390})
        visit.page.wait_for_function("Reveal.getConfig().width === 1280")
        assert visit.page.locator("section.present").evaluate(OVER) == [0, 0]
        assert visit.errors == []


@pytest.mark.complete
@pytest.mark.browser
def test_a_presenter_is_heard_again_once_the_mouse_lets_go_of_a_slider(decks, chromium):
    with page(chromium, width=1280, height=720) as visit:
        at = open_at_explorer(visit, decks, "01_sigmoid")
        slide = visit.page.locator("section.present")
        answer_predictions(slide)  # with the mouse
        slider = slide.get_by_role("slider").first.element_handle()  # of a slide that will be past
        drag(slide.get_by_role("slider").first)
        before, box = slider.input_value(), slide.locator(".grip").bounding_box()
        x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
        visit.page.mouse.move(x, y)
        visit.page.mouse.down()
        visit.page.mouse.move(x - 100, y, steps=4)  # the point itself, on the curve
        visit.page.mouse.up()
        assert float(slider.input_value()) < float(before)
        visit.page.wait_for_function("document.activeElement === document.body")
        slider.focus()
        before = slider.input_value()
        visit.page.keyboard.press("PageDown")  # a clicker's key is none of the slider's
        assert slider.input_value() == before
        assert visit.page.evaluate("Reveal.getIndices().h") == at + 1


@pytest.mark.browser
@pytest.mark.complete
def test_keys_choose_where_the_focus_is_and_turn_slides_once_it_is_gone(decks, chromium):
    with page(chromium, width=1280, height=720) as visit:
        at = open_at_explorer(visit, decks, "03_relu")
        slide, index = visit.page.locator("section.present"), "Reveal.getIndices().h"
        radio = slide.get_by_role("radio").first
        radio.focus()
        visit.page.keyboard.press("Space")
        assert radio.is_checked()
        visit.page.keyboard.press("ArrowRight")
        assert not radio.is_checked()
        slide.get_by_role("button", name="prediction").press("Enter")
        slide.get_by_role("slider").first.focus()
        assert visit.page.evaluate(index) == at
        visit.page.keyboard.press("n")
        assert visit.page.evaluate(index) == at + 1
        visit.page.keyboard.press("ArrowLeft")
        assert visit.page.evaluate(index) == at
        visit.page.keyboard.press("Escape")
        visit.page.wait_for_function("Reveal.isOverview()")
        assert visit.page.locator("main.reveal").bounding_box()["width"] == 1280


@pytest.mark.complete
@pytest.mark.browser
def test_the_speaker_reads_notes_and_a_clock_and_what_moves_moves_in_both_windows(decks, chromium):
    with page(chromium) as visit:
        open_at_explorer(visit, decks, "01_sigmoid")
        slide = visit.page.locator("section.present")
        answer_predictions(slide)  # before the speaker's view is opened
        with visit.page.expect_popup() as popup:
            visit.page.keyboard.press("s")
        speaker = popup.value
        copy = speaker.frame_locator("#current-slide iframe").locator("section.present")
        here, there = (each.get_by_role("slider").first for each in (slide, copy))
        expect(there).to_be_enabled(timeout=30_000)
        here.press("ArrowRight")
        expect(there).to_have_value(here.input_value())
        there.press("End")
        expect(here).to_have_value(there.input_value())

        here.evaluate("slider => slider.blur()")
        visit.page.keyboard.press("PageUp")
        expect(speaker.locator(".speaker-controls-notes .value")).to_contain_text(
            "Write both counts"
        )
        expect(speaker.locator(".pacing")).to_be_visible()
        expect(copy.locator(".poll")).to_be_visible()
        speaker.keyboard.press("v")
        for window in (slide, copy):
            expect(window.locator(".clock")).to_contain_text("Vote")
        speaker.keyboard.press("d")
        expect(visit.page.locator("html.dark")).to_have_count(1)
        assert visit.errors == []
        assert visit.strays == []


@pytest.mark.complete
@pytest.mark.browser
def test_each_deck_is_printed_slide_by_slide(decks):
    for name in NAMES:
        paper = (decks / "pdf" / f"{name}.pdf").read_bytes()
        count = len(deck_of(name))
        assert len(re.findall(rb"/Type\s*/Page\b", paper)) == count, name
        assert len(re.findall(rb"/S /H2\b", paper)) == count - 1, f"{name}: slides without tags"


@pytest.mark.complete
@pytest.mark.browser
def test_the_first_page_leads_to_every_deck_and_its_paper(decks, chromium):
    with page(chromium) as visit:
        visit.page.goto((decks / "index.html").as_uri())
        links = visit.page.locator("a").all()
        found = [link.get_attribute("href") for link in links]
        kinds = ("{}.html", "{}.html?minutes=45", "{}.html?minutes=60")
        kinds += ("plans/{}.html", "pdf/{}.pdf")
        assert sorted(found) == sorted(kind.format(name) for name in NAMES for kind in kinds)
        assert all((decks / link.partition("?")[0]).is_file() for link in found)
        assert violations(visit.page, "body") == []

"""The web book, built and read: offline, alive, legible in light and dark, on paper and phones."""

import math
import os
import re
import subprocess
import sys
import time
from html.parser import HTMLParser
from itertools import pairwise
from pathlib import Path
from urllib.parse import unquote, urljoin, urlparse
from xml.etree import ElementTree

import pytest
from nbformat.v4 import new_code_cell, new_notebook, new_output
from PIL import Image
from playwright.sync_api import expect

from book import pages, paper
from book.web import tags
from helpers.activations import ACTIVATIONS
from helpers.exercises import EXERCISES, ChoiceExercise, ConceptExercise, NumberExercise
from helpers.exercises.concept_exercise import read_number
from helpers.explorer import figure, picture
from tests.editions.lessons import NAMES
from tests.matrix import matrix
from tools.browser import (
    answer_predictions,
    executable,
    exercise,
    page,
    served,
    violations,
    wait_until_alive,
)
from tools.files import PUBLISHED
from tools.notebooks import explorers

pytestmark = pytest.mark.browser

PICTURE = picture(figure()[0], alt="A < B, as it was.")
PAGES = [
    "index",
    "gallery",
    "lecturers",
    "notation",
    "glossary",
    "operators",
    "ARCHITECTURE",
    "CONTRIBUTING",
    "benchmarks/RESULTS",
]
LINKED = ["08_gates", "13_today", "14_steps"]  # explorers that ask first, panels, menus
PAGES += ["helpers/data/README", "helpers/grading/README", *(f"notebooks/{name}" for name in NAMES)]


WRONG = {
    name: next(o.text for o in question.options if o.slug)
    if isinstance(question, ChoiceExercise)
    else question.believed[0].value
    for name, question in EXERCISES.items()
    if isinstance(question, ConceptExercise)
}
NUMBERS = [
    *("1/4", "0,25", "2^-3", "(2/3)**5", "1 - (1 - 1/16)^10", "25 %", "z = 0", "line 3", "none"),
    *("-∞", "infinity", "ln(2)/4", "sqrt(2)", "1e-3", "−0.5", "-2^2", "2^3^2", ".5", "+3", "7."),
    *("3 apples", "", "1-(2", "()", "exp", "1//2", "e", "2*pi", "--3", "1 2"),
]


def size(folder):
    """Return the size of a folder in words."""
    files = [path for path in folder.rglob("*") if path.is_file()]
    return f"{sum(path.stat().st_size for path in files) / 1e6:.0f} MB in {len(files)} files"


@pytest.fixture(scope="session")
def book(once, figures_of_the_run):
    """The book's folder; a warning of Sphinx, such as a link that leads nowhere, is a fault."""

    def make(folder):
        start = time.monotonic()
        edition = folder / "lite/notebooks/index.html"  # so each lesson has its button
        edition.parent.mkdir(parents=True)
        edition.touch()
        command = [sys.executable, "-m", "book.web", str(folder / "book")]
        done = subprocess.run(
            command,
            cwd=PUBLISHED.parent,
            env=os.environ | {"BOOK_URL": "https://course.example/book/"},
            capture_output=True,
            text=True,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        figures_of_the_run["book"] = f"{time.monotonic() - start:.0f} s, {size(folder)}"

    return once("site", make) / "book"


@pytest.fixture
def visit(chromium):
    """A fresh page; what goes wrong on the way is a fault."""
    with page(chromium) as visit:
        yield visit
    assert visit.errors == []
    assert visit.strays == []


def open_page(visit, book, name):
    """Open a page of the book from its file and wait until its mathematics is set."""
    visit.page.goto((book / f"{name}.html").as_uri())
    visit.page.evaluate("async () => { await window.MathJax?.startup.promise; }")
    return visit.page


# The colour on which something stands.
GROUND = """(node) => {
    for (let at = node; at; at = at.parentElement ?? at.getRootNode().host) {
        const { backgroundColor: colour } = getComputedStyle(at);
        if (!/, 0\\)$|transparent/.test(colour)) return colour;
    }
}"""
WHITE = "rgb(255, 255, 255)"
# Formulas and derivations that go on beyond their frame, where one has to scroll for the reasons.
CUT = """(article) => {
    const { right } = article.getBoundingClientRect();
    const ends = (math) => [...math.querySelectorAll("*")]
        .map((part) => part.getBoundingClientRect().right);
    return [...article.querySelectorAll("mjx-math")]
        .filter((math) => Math.max(...ends(math)) > right + 1)
        .map((math) => math.textContent);
}"""


# What has the keyboard, and whether one sees it.
FOCUS = """() => {
    let at = document.activeElement;
    while (at.shadowRoot?.activeElement) at = at.shadowRoot.activeElement;
    const { outlineStyle, boxShadow } = getComputedStyle(at);
    const kind = at.classList.contains("right-next") ? "next" : at.localName;
    return `${kind} ${outlineStyle !== "none" || boxShadow !== "none" ? "" : "un"}marked`;
}"""
FOCUS_END = "next marked"


def comes_to_say(opened, place, text):
    """Open a page anew until it says so: a busy browser is late in handing over what is stored."""
    end = time.monotonic() + 30
    while text not in place.inner_text() and time.monotonic() < end:
        opened.reload()
    expect(place).to_contain_text(text)


def judges_and_remembers(visit, book, name):
    """Answer all that a page asks, wrongly and rightly, and open it anew; return how much it is."""
    opened = open_page(visit, book, name)
    predictions = opened.locator(".card.locked").count()
    answer_predictions(opened)
    forms = opened.locator("form.question").all()
    asked = [EXERCISES[form.get_attribute("data-name")] for form in forms]
    assert asked
    for form, question in zip(forms, asked, strict=True):
        answers = [WRONG[question.name], question.answer]
        if isinstance(question, NumberExercise):
            answers.insert(1, f"{question.right:.1e}")  # the right size, but rounded
        for answer in answers:
            if isinstance(question, ChoiceExercise):
                place = [option.text for option in question.options].index(answer)
                form.get_by_role("radio").nth(place).check()
            else:
                form.get_by_role("textbox").fill(answer)
            form.get_by_role("button").click()
            verdict = question.judge(answer)
            said = form.get_by_role("status").inner_text()
            assert said == "✓ Correct. " * verdict.correct + verdict.message
    open_page(visit, book, name)
    every = len(asked) + predictions
    comes_to_say(opened, opened.locator("p.answered"), f" {every} of {every}.")
    assert opened.locator(".card.locked").count() == 0
    return every


def home_tells_and_forgets(visit, book, name, every):
    """Look at the home page for how much was answered, and have it forgotten."""
    opened = open_page(visit, book, "index")
    row = opened.locator(".so-far li", has=opened.locator(f"[href='{name}.html']"))
    comes_to_say(opened, row, f"{every} of {every}")
    opened.get_by_role("button", name="Forget it").click()
    expect(opened.locator(".so-far")).to_be_hidden()


CODE = "index", "notebooks/10_gradient_check"  # pages of which axe looks at the code as well


@pytest.mark.parametrize("name", matrix(PAGES, "index", "notebooks/00_network"))
def test_a_page_is_alive_and_legible_by_day_and_night_and_on_a_phone(name, book, visit):
    lesson, opened = name.removeprefix("notebooks/"), visit.page
    if lesson in NAMES:
        every = judges_and_remembers(visit, book, name)
    else:
        open_page(visit, book, name)
    code = [] if name in CODE else [".highlight"]  # in the same colours everywhere
    if name in CODE:
        assert violations(opened, ".bd-article") == []
    assert opened.locator(".bd-article h1").count() == 1
    assert opened.locator("mjx-merror").count() == 0
    math = opened.locator(".math, .output.text_latex")
    assert (opened.locator("mjx-container").count() > 0) == (math.count() > 0)
    assert opened.locator(".bd-article").evaluate(CUT) == []
    wait_until_alive(opened, explorers(lesson) if lesson in NAMES else int(name == "index"))
    answer_predictions(opened)
    for slider in opened.locator(".activation-explorer").get_by_role("slider").all():
        exercise(slider)

    opened.emulate_media(color_scheme="dark")
    opened.wait_for_function("document.documentElement.dataset.theme === 'dark'")
    assert opened.locator("article").evaluate(GROUND) != WHITE
    for image in opened.locator(".cell_output img:not([hidden])").all():
        assert image.evaluate(GROUND) == WHITE
        assert image.evaluate("node => getComputedStyle(node).filter") == "none"
    for drawn in opened.locator("figure.drawn").all():
        assert drawn.evaluate(GROUND) != WHITE
    for card in opened.locator(".activation-explorer .card").all():
        assert card.evaluate(GROUND) != WHITE
    assert violations(opened, ".bd-article", but=code) == []

    for width in (390, 320):  # a phone; a page four times as large as usual
        opened.set_viewport_size({"width": width, "height": 844})
        assert opened.evaluate("document.documentElement.scrollWidth") <= width
    if lesson in NAMES:
        home_tells_and_forgets(visit, book, name, every)


@pytest.mark.complete
def test_keys_find_what_can_be_used_and_show_where_they_are(book, visit):
    opened = open_page(visit, book, "notebooks/01_sigmoid")
    opened.locator(".bd-article h1 a").focus()
    seen = []
    while FOCUS_END not in seen:
        assert len(seen) < 60
        opened.keyboard.press("Tab")
        seen.append(opened.evaluate(FOCUS))
    kinds, marked = zip(*(stop.split(" ") for stop in seen), strict=True)
    assert "input" in kinds
    assert "mjx-container" not in kinds
    assert {*marked} == {"marked"}


@pytest.mark.complete
def test_forced_colours_leave_nothing_out(book, chromium):
    with page(chromium, forced_colors="active", color_scheme="dark") as forced:
        opened = open_page(forced, book, "notebooks/01_sigmoid")
        derivation = opened.locator(".derivation").first
        ground = opened.locator("article").evaluate(GROUND)
        for drawn in ("path.value", "path.slope", "path.axes"):
            ink = derivation.locator(drawn).evaluate("node => getComputedStyle(node).stroke")
            assert ink != ground
        for text in derivation.locator("text, math mi, math mo").all():
            assert text.evaluate("node => getComputedStyle(node).color") != ground


@pytest.mark.complete
def test_a_page_without_scripts_shows_pictures_with_alt_text(book, chromium):
    with page(chromium, java_script_enabled=False) as plain:
        plain.page.goto((book / "notebooks/01_sigmoid.html").as_uri())
        pictures = plain.page.locator(".cell_output img").all()
        assert pictures
        for picture in pictures:
            assert picture.is_visible()
            assert picture.get_attribute("alt").strip()


@pytest.mark.complete
def test_paper_gets_the_lesson_alone_and_dark_on_white(book, visit):
    visit.page.emulate_media(color_scheme="dark")
    opened = open_page(visit, book, "notebooks/01_sigmoid")
    assert opened.locator(".bd-sidebar-primary").is_visible()
    opened.emulate_media(media="print")
    for left_out in (".bd-sidebar-primary", ".bd-sidebar-secondary", ".prev-next-footer"):
        assert not opened.locator(left_out).is_visible()
    colour = "node => getComputedStyle(node).color"
    assert opened.locator("article p").first.evaluate(colour) == "rgb(0, 0, 0)"
    assert opened.locator(".activation-explorer svg").first.is_visible()
    assert not opened.locator(".activation-explorer .row").first.is_visible()
    answers = opened.locator("section.on-paper li").all_inner_texts()
    forms = opened.locator("form.question").all()
    asked = [EXERCISES[form.get_attribute("data-name")] for form in forms]
    assert len(answers) == len(asked) > 0
    for text, question in zip(answers, asked, strict=True):
        assert question.judge(question.answer).message in text


def test_next_leads_through_the_lessons_in_order_and_previous_back(book):
    def leads(name, way):
        text = (book / f"{name}.html").read_text("utf-8")
        return urljoin(name, re.search(rf'<a class="{way}"\s+href="(.*?)\.html"', text)[1])

    for here, there in pairwise(["index", *(f"notebooks/{name}" for name in NAMES)]):
        assert leads(here, "right-next") == there
        assert leads(there, "left-prev") == here


def test_a_page_reads_numbers_as_check_does(book, visit):
    opened = open_page(visit, book, "notebooks/00_network")
    there = opened.evaluate("texts => texts.map(readNumber)", NUMBERS)
    for text, number in zip(NUMBERS, there, strict=True):
        here = read_number(text)
        assert number == pytest.approx(math.nan if here is None else here, nan_ok=True), text


@pytest.mark.complete
def test_a_derivation_comes_step_by_step_and_what_changes_has_a_colour(book, visit):
    opened = open_page(visit, book, "notebooks/01_sigmoid")
    derivation = opened.locator(".derivation").first
    lines, button = derivation.locator("li"), derivation.get_by_role("button")
    ink = "node => getComputedStyle(node).color"
    black = lines.first.evaluate(ink)
    button.click()
    expect(derivation.locator("li:visible")).to_have_count(1)
    for shown in range(2, lines.count() + 1):
        button.click()
        line = lines.nth(shown - 1)
        expect(derivation.locator("li:visible")).to_have_count(shown)
        expect(derivation.locator("[aria-live]")).to_have_text(line.get_attribute("data-speech"))
        for part in line.locator("[data-was*=c]").all():
            assert part.evaluate(ink) != black
    assert derivation.locator("[data-was*=c]").count() >= 5


@pytest.mark.complete
@pytest.mark.parametrize("name", ["02_tanh", *LINKED])
def test_a_link_restores_the_explorers_and_panels(name, book, visit):
    opened = open_page(visit, book, f"notebooks/{name}")
    answer_predictions(opened)
    knobs = opened.locator(".activation-explorer, .activation-panel").locator(
        "select, [type=range]"
    )
    expect(opened.locator(".activation-panel > img:visible")).to_have_count(0)
    for knob in knobs.all():
        knob.press("ArrowDown" if knob.evaluate("knob => knob.options") else "ArrowLeft")
    chosen = [knob.input_value() for knob in knobs.all()]
    link = opened.url
    opened.goto("about:blank")
    open_page(visit, book, "index")
    opened.evaluate("localStorage.clear()")
    opened.goto(link)
    for knob, value in zip(knobs.all(), chosen, strict=True):
        expect(knob).to_have_value(value)


@pytest.mark.complete
def test_search_leads_to_the_sections_of_lessons(book, visit):
    with served(book) as address:
        visit.page.goto(f"{address}/search.html?q=saturation")
        found = visit.page.locator("#search-results a[href*='notebooks/']")
        found.nth(1).wait_for()
        visit.page.wait_for_load_state("networkidle")  # it reads the pages it found
        links = {link.get_attribute("href") for link in found.all()}
        sections = {link for link in links if re.search(r"html\?.*#.|html#.", link)}
        assert len(sections) >= 3
        visit.page.goto(urljoin(visit.page.url, sorted(sections)[0]))
        section = visit.page.locator(f"[id='{visit.page.url.partition('#')[2]}']")
        assert "saturat" in section.inner_text().lower()


def test_the_home_page_asks_for_the_first_wrong_line_and_moves(book, visit):
    opened = open_page(visit, book, "index")
    form = opened.locator("form.question")
    assert form.locator("math").count() == 7
    for line, right in (("2", False), ("6", True)):
        form.get_by_role("radio").nth(int(line) - 1).check()
        form.get_by_role("button").click()
        verdict = EXERCISES["museum_first_wrong_line"].judge(line)
        assert verdict.correct is right
        said = form.get_by_role("status").inner_text()
        assert said == "✓ Correct. " * right + verdict.message
    exercise(opened.locator(".activation-explorer").get_by_role("slider").first)


@pytest.mark.complete
def test_one_z_moves_in_all_pictures_of_the_gallery_and_is_read_off_them(book, visit):
    opened = open_page(visit, book, "gallery")
    slider = opened.get_by_label("z, in all pictures")
    slider.fill("1")
    for name in ("sigmoid", "softplus", "hardshrink"):
        known, card = ACTIVATIONS[name], opened.locator(f"#{name}")
        for css, f in (("value", known.value), ("slope", known.prime)):
            read = card.locator(f"text.at.{css}").text_content().partition("= ")[2]
            assert float(read.replace("−", "-")) == pytest.approx(float(f(1.0)), abs=0.011)
    drawn = opened.locator("#relu svg[role=img]")
    drawn.hover(position={"x": 10, "y": 30})
    expect(drawn.locator("text.at.slope")).to_have_text("g′ = 0.00")
    assert float(slider.input_value()) < -4


class Links(HTMLParser):
    """Collects what a page refers to, and the places in it that can be referred to."""

    def __init__(self, text):
        super().__init__()
        self.links, self.anchors = set(), {""}
        self.feed(text)

    def handle_starttag(self, tag, attributes):
        for name, value in attributes:
            if name in ("href", "src") and value:
                self.links.add(value)
            elif name == "id":
                self.anchors.add(value)


def test_every_link_leads_somewhere(book):
    """Links to other sites are only looked at, as a test has no network."""
    files = [path for path in book.rglob("*.html") if "_static" not in path.parts]
    pages = {path.as_uri(): Links(path.read_text("utf-8")) for path in files}
    edition = urljoin(book.as_uri(), "lite/notebooks/index.html")
    assert len(pages) >= len(PAGES)
    lost = []
    for here, found in pages.items():
        for link in found.links:
            there, parts = urljoin(here, link).partition("#")[0], urlparse(link)
            if parts.scheme == "https" and parts.netloc and " " not in link:
                continue
            if parts.scheme in ("data", "mailto"):
                continue
            file, _, query = there.partition("?")
            if file == edition:
                reached = (PUBLISHED / query.removeprefix("path=")).exists()
            elif file in pages:
                reached = unquote(parts.fragment) in pages[file].anchors
            else:
                reached = (book / unquote(file.removeprefix(book.as_uri()).lstrip("/"))).is_file()
            if not reached:
                lost.append((here.rpartition("/")[2], link))
    assert lost == []


def test_the_whole_book_is_one_page_whose_links_lead_within_it(book):
    whole = paper.whole_book(book)
    assert re.findall('<article class="bd-article" id="(.*?)"', whole)[1:-3] == NAMES
    found = Links(whole)
    inside = {unquote(link[1:]) for link in found.links if link.startswith("#")}
    assert len(inside) > 20
    assert inside <= found.anchors
    files = {link for link in found.links if not re.match("#|https?:|data:|mailto:", link)}
    assert all((book / link.partition("?")[0]).is_file() for link in files)
    places = re.findall(r'<(?:section|figure)\b[^>]*?\bid="(.*?)"', whole)
    assert len({*places}) == len(places)
    assert {*re.findall('aria-labelledby="(.*?)"', whole)} <= found.anchors
    for drawn in re.findall(r'<svg\b[^>]*?role="img"[^>]*>', whole):
        assert re.search('aria-label(?:ledby)?="(.+?)"', drawn)


@pytest.mark.complete
def test_the_whole_book_is_printed_with_an_outline_and_tags(book):
    executable()
    alone = "import sys; from pathlib import Path; from book import paper; "
    alone += (
        "print(paper.print_book(Path(sys.argv[1])))"  # a browser's loop may run in this process
    )
    done = subprocess.run([sys.executable, "-c", alone, book], capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
    printed = Path(done.stdout.splitlines()[-1]).read_bytes()
    assert len(re.findall(rb"/Type\s*/Page\b", printed)) > 200
    assert b"/StructTreeRoot" in printed

    def texts(key):
        found = re.findall(rb"/%s (?:<FEFF(\w*)>|\((.*?)\))" % key, printed)
        return [
            bytes.fromhex(a.decode()).decode("utf-16-be") if a else b.decode() for a, b in found
        ]

    assert {"Summary", "Gallery of activations", "Glossary"} <= {*texts(b"Title")}
    assert sum("slope" in text for text in texts(b"Alt")) >= 20
    links = printed.count(b"/Dest")
    assert links > len(NAMES)


def test_each_lesson_has_its_button_where_the_edition_was_built(book, tmp_path):
    for name in NAMES:
        text = (book / f"notebooks/{name}.html").read_text("utf-8")
        assert len(re.findall(rf"lite/notebooks/index\.html\?path={name}\.ipynb", text)) == 1
    assert tags(book) == ["-t", "lite"]
    assert tags(tmp_path / "book") == []


def test_each_page_says_what_a_link_to_it_shows(book):
    for name in PAGES:
        text = (book / f"{name}.html").read_text("utf-8")
        about = re.search(r'<meta name="description" content="([^"]*)">', text)[1]
        assert 30 < len(about) <= 210, name
        assert f'property="og:description" content="{about}"' in text
        shared = "gallery" if name == "gallery" else "card"
        assert f'content="https://course.example/book/_static/{shared}.png"' in text
    for shared in ("card", "gallery"):
        with Image.open(book / f"_static/{shared}.png") as card:
            assert card.size == (1200, 630)
    assert ElementTree.parse(book / "_static/icon.svg").getroot().tag.endswith("svg")


def lesson(*cells):
    return pages.page(new_notebook(cells=cells), 3)


def test_figures_have_numbers_and_captions_that_state_what_they_show():
    shown = [new_output("display_data", {"text/html": PICTURE}) for _ in range(2)]
    made = lesson(new_code_cell("draw()", outputs=shown)).cells[0].outputs
    for number, output in enumerate(made, 1):
        figure = ElementTree.fromstring(output.data["text/html"])
        caption = figure.find("figcaption")
        assert "".join(caption.itertext()) == f"Figure 3.{number}. A < B, as it was."
        assert figure.find("svg").get("aria-labelledby") == caption.get("id")


def test_what_sets_up_is_folded_and_what_computes_is_not():
    cells = lesson(
        new_code_cell("import numpy as np\n\nx = np.ones(3)"),
        new_code_cell("x = np.ones(3)"),
        new_code_cell("import numpy", outputs=[new_output("stream", text="1")]),
    ).cells
    assert [cell.metadata.get("tags", []) for cell in cells] == [["hide-input"], [], []]

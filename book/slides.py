"""Builds the slide decks: `python course.py slides [FOLDER] [--pdf]`.

A lesson's own cells are its slides; their metadata says how. `slideshow.slide_type` has Jupyter's
usual words: "slide" begins a slide, a cell without the word goes on with it, "fragment" appears on
a click, "notes" is said and not shown, "skip" is left out. What a lecture needs besides stands in
`lecture`, all but `vote` and `show` of a slide's first cell:

    beat     what happens: one of `BEATS`
    minutes  how long it takes; a vote in two rounds takes a class of 200 six or more
    extra    60 or 90, if a lecture of 45 minutes (of 60) leaves the slide out
    title    its heading, where that of the section says too little
    line     the one sentence on the slide
    say      what the lecturer says or asks (speaker notes, with the cell's prose)
    vote     the exercise that is put to the vote
    curve    the activation whose curve, without its slope, stands below: one works on paper, and
             the room sees what on
    show     "prose" or "code", if a slide is to show these as well; "cover", if the cell's picture
             stands on the title slide, too

On a slide stand headings, lists, tables, quotations, formulas, pictures and explorers; paragraphs
and the tasks of explorers are spoken, and so is the prose of the first slide, what follows a
smaller heading, and what is printed on a slide with a picture. A picture that appears on a click
takes the place of the one, or of the derivation, that stood there before. The answer to an
exercise, and what each other option believes, stand in the notes. A slide begins at its cell's
first heading: what stands above it is said at the end of the slide before. Where the beat is
"recall", the questions under `### Recall` come first, and a click puts the summary in their place,
a long one in parts. A cell with a `check` shows the exercise, and with `show` "code" what is given
of its code; its solution is in the notes.
"""

import html
import itertools
import json
import math
import re
import sys
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
import numpy as np
from nbconvert.filters.highlight import Highlight2HTML

from book import lectures
from book.assets import STATIC, copy_mathjax, copy_reveal, make_room, with_mathjax
from book.ballots import answers, inline, markdown, question
from book.deck_pages import print_deck, too_full
from book.derivations import moving
from book.lectures import PATHS
from helpers.activations import ACTIVATIONS
from helpers.derivation import mathml
from helpers.exercises import EXERCISES, load, look_up
from helpers.explorer import STILL, VALUE, curve, drawings, figure, picture
from helpers.language import gettext, translate_page, translate_script
from tools.chromium import BROWSERS, found_browser, opened
from tools.faults import Fault, guarded, say
from tools.files import lessons
from tools.notebooks import language_of, lessons_shown

BEATS = {  # what a slide's badge calls each
    **{"predict": "predict", "vote": "vote", "reveal": "reveal", "discuss": "discuss"},
    **{"derive": "derive", "explore": "explore", "practise": "your turn", "recall": "from memory"},
}
WORDS = {"beat", "minutes", "extra", "title", "line", "say", "curve", "vote", "show"}
PICTURE = re.compile(r'<svg role="img"|<img|activation-explorer|activation-panel')
PRINTED = re.compile(r'(<div class="fragment">)?<pre>')
EXPLORER = re.compile(r'(?s)activation-explorer.*?<script type="application/json">(.*?)</script>')
HEADING = re.compile(r"^##? (.*)", re.MULTILINE)


@dataclass
class Slide:
    """One slide: its heading, what the lecturer needs, and its parts as HTML."""

    title: str
    beat: str = ""
    minutes: float = 0
    extra: int = 0
    line: str = ""
    parts: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    vote: str = ""  # the exercise that is put to the vote
    cell: str = ""  # the id of its first cell
    code: str = ""  # and of its first cell with code


# ------------------------------------------------------------------------- from cells to slides


def slides(notebook):
    """Return the slides of a lesson.

    Raises ValueError for metadata that says nothing known, with the slide's number and name: a word
    misspelt would be a slide lost.
    """
    found, section_title = [], ""
    for cell in notebook.cells:
        headings = headings_of(cell)
        try:
            if kind_of(cell) == "slide":
                cell = begin(found, cell, headings, section_title)
            fill(found, cell)
        except ValueError as error:
            raise ValueError(f"{named(found)}{error}") from None
        section_title = headings[-1][1] if headings else section_title
    for slide in found:
        say_printouts(slide)
    return found


def say_printouts(slide):
    """Have what is printed said where the slide shows a picture."""
    if any(map(PICTURE.search, slide.parts)):
        slide.notes += filter(PRINTED.match, slide.parts)
        slide.parts = [part for part in slide.parts if not PRINTED.match(part)]


def named(found):
    """Return the number and the name of the last slide, as a fault begins with them."""
    return f"slide {len(found)}, “{found[-1].title}”: " if found else ""


def kind_of(cell):
    return cell.metadata.get("slideshow", {}).get("slide_type", "")


def headings_of(cell):
    """Return the large headings of a cell, as matches; what stands in code is none."""
    bare = re.sub(r"(?ms)^```.*?^```", lambda code: " " * len(code[0]), cell.source)
    return list(HEADING.finditer(bare)) if cell.cell_type == "markdown" else []


def begin(found, cell, headings, section_title):
    """Add a slide that begins with a cell; return the cell from its first heading on.

    What stands above the heading is said at the end of the slide before.
    """
    at = headings[0].start() if headings else 0
    if found:
        found[-1].notes += map(str.strip, blocks(cell.source[:at]))
    found.append(Slide(headings[0][1] if headings else section_title, cell=cell.get("id", "")))
    lecture = checked(cell)  # a fault in it is said with the slide's name
    for word in lecture.keys() & {"title", "beat", "minutes", "extra", "line"}:
        setattr(found[-1], word, lecture[word])
    return nbformat.NotebookNode({**cell, "source": cell.source[at:]})


def fill(found, cell):
    """Add to the last slide what a cell shows and what is said beside it."""
    kind, lecture = kind_of(cell), checked(cell)
    if lecture.get("show") == "cover" and found:
        found[0].parts += pictures(cell)[-1:]
    if kind == "skip":
        return
    if not found:
        raise ValueError(
            f"{cell.id} goes on with a slide, and none was begun: "
            "the first cell that is shown says `slide`"
        )
    slide = found[-1]
    if cell.cell_type == "code" and not slide.code:
        slide.code = cell.id
    if "say" in lecture:
        slide.notes.insert(0, lecture["say"])
    shown, said = parts(cell, lecture.get("show", ""), first=len(found) == 1)
    if slide.beat == "recall" and cell.cell_type == "markdown":
        shown, said = recalled(cell.source, shown), []
    if "curve" in lecture:
        shown.append(curve_of(lecture["curve"]))
    if "vote" in lecture:
        slide.vote = lecture["vote"]
        put_to_the_vote(EXERCISES[slide.vote], shown, said)
    slide.notes += said
    place(slide, kind, shown)


def place(slide, kind, shown):
    """Put what a cell shows into the notes, on the slide, or there on a click."""
    if kind == "notes":  # said at once: a click that shows nothing would be lost
        slide.notes += [part.replace(' class="fragment" aria-hidden="true"', "") for part in shown]
    elif kind == "fragment":
        for part in shown:
            appear(slide.parts, part)
    else:
        slide.parts += shown


def put_to_the_vote(exercise, shown, said):
    """Add the question and its answers, unless a cell with a check shows them anyway."""
    if question(exercise) not in shown:
        shown.append(question(exercise))
        said.append(answers(exercise))


def slides_of(lesson):
    """Return the slides of the notebook at a path; a `Fault` names lesson and slide."""
    notebook = nbformat.read(lesson, as_version=4)
    try:
        for own in re.findall(r'^load\("([^"]+)"\)', sources(notebook), re.M):
            load(lesson.parent / own)
        return slides(notebook)
    except (ValueError, OSError) as error:
        raise Fault(f"{lesson.name}: {error}") from None


def sources(notebook):
    return "\n".join(cell.source for cell in notebook.cells if cell.cell_type == "code")


def checked(cell):
    """Return the cell's `lecture`, once it is found to be in order."""
    kind, lecture = kind_of(cell), cell.metadata.get("lecture", {})
    if kind not in ("", "slide", "fragment", "notes", "skip"):
        raise ValueError(f"{cell.id}: slide_type is slide, fragment, notes or skip, not {kind!r}")
    if unknown := set(lecture) - WORDS:
        raise ValueError(f"{cell.id}: lecture has {sorted(WORDS)}, not {sorted(unknown)}")
    if set(lecture) - {"show"} and kind == "skip":
        raise ValueError(f"{cell.id}: a lecture's words at a cell that is left out")
    if kind != "slide" and (late := set(lecture) - {"show", "vote"}):
        raise ValueError(f"{cell.id}: {sorted(late)} belong to the first cell of a slide")
    if lecture.get("beat", "vote") not in BEATS:
        raise ValueError(f"{cell.id}: beat is one of {(*BEATS,)}, not {lecture['beat']!r}")
    if lecture.get("curve", "relu") not in ACTIVATIONS:
        raise ValueError(f"{cell.id}: there is no activation {lecture['curve']!r} to draw")
    if "vote" in lecture and lecture["vote"] not in EXERCISES:
        raise ValueError(f"{cell.id}: there is no exercise {lecture['vote']!r} to vote on")
    if not isinstance(lecture.get("minutes", 1), int | float):
        raise ValueError(f"{cell.id}: minutes is a number, not {lecture['minutes']!r}")
    if lecture.get("extra", PATHS[1]) not in PATHS[1:]:
        raise ValueError(f"{cell.id}: extra is 60 or 90, not {lecture['extra']!r}")
    if kind != "skip" and cell.get("execution_count", 1) is None:
        raise ValueError(f"{cell.id} was never run: run it, or `python course.py store` the lesson")
    if lecture.get("show", "prose") not in ("prose", "code", "cover"):
        raise ValueError(f"{cell.id}: show is prose, code or cover, not {lecture['show']!r}")
    return lecture


SHOWN = ("|", "- ", "* ", "1. ", "> ", "$$", "<img", "![")


def blocks(markdown):
    """Yield the blocks of a Markdown text: what blank lines part, formulas and code kept whole."""
    whole = r"\$\$.*?\$\$|```.*?```|<details>.*?</details>"
    for piece in re.split(rf"(?s)({whole})", markdown):
        if re.fullmatch(rf"(?s){whole}", piece):
            yield piece
        else:
            yield from filter(str.strip, re.split(r"\n\s*\n", piece))


def parts(cell, show, first):
    """Return what a cell shows, as HTML, and what is said beside it, as Markdown."""
    if cell.cell_type == "markdown":
        shown, said, spoken = [], [], first
        for block in map(str.strip, blocks(cell.source)):
            spoken = spoken or block.startswith("###")
            block = re.sub(r"\A##? .*", "", block).strip()  # the slide's title
            if not block:
                continue
            visible = block.startswith(SHOWN) or show == "prose"
            hidden = spoken or block.startswith("<details>")
            block = block.replace("<details>", "<details open>")  # nobody unfolds notes
            (shown if visible and not hidden else said).append(block)
        return [markdown("\n\n".join(shown))] * bool(shown), said
    code = re.sub(r"\n*^check\(.*", "", cell.source, flags=re.M)
    shown = [Highlight2HTML(pygments_lexer="ipython3")(code)] * (show == "code")
    if asked := re.search(r'check\(\s*"(\w+)"', cell.source):
        exercise = look_up(asked[1])
        return [question(exercise), *shown], [answers(exercise)]
    printed = [each for each in cell.outputs if pictures(cell) and drawn(each).startswith("<pre>")]
    rest = [each for each in cell.outputs if each not in printed]
    shown += filter(None, (drawn(each, cell.source) for each in rest))
    return shown, [*map(drawn, printed), *map(tasks, filter(EXPLORER.search, shown))]


def pictures(cell):
    """Return the pictures among a cell's outputs, as HTML."""
    shown = "".join(map(drawn, cell.get("outputs", [])))
    return re.findall(r'(?s)<svg role="img".*?</svg>|<img alt="[^"]*" width[^>]*>', shown)


DERIVED = '<div class="derivation"'
STACK, AT_ONCE = '<div class="r-stack">', ' data-fragment-index="0"'


def appear(parts, part):
    """Add a part that appears on a click, a picture or a table in the place of what it answers.

    That is the picture before it, or the table, list or vote that the slide begins with. A
    derivation takes the place of a vote alone.
    """
    appearing = f'<div class="fragment">{part}</div>'
    before = parts[-1] if parts else ""
    asked = before.startswith('<div class="exercise"') and part.startswith(DERIVED)
    if not (asked or part.startswith(("<img", "<svg", "<table"))):
        parts.append(appearing)
    elif before.startswith(STACK):
        once = re.sub(
            'class="fragment"(?!.*class="fragment")', 'class="fragment fade-in-then-out"', before
        )
        parts[-1] = f"{once.removesuffix('</div>')}{appearing}</div>"
    elif re.match('<div class="exercise"|<table|<ol', before):
        appearing = appearing.replace(">", f"{AT_ONCE}>", 1)
        parts[-1] = (
            f'{STACK}<div class="fragment fade-out"{AT_ONCE}>{before}</div>{appearing}</div>'
        )
    else:
        parts.append(f"{STACK}{appearing}</div>")


def curve_of(name):
    """Return the picture of an activation's curve."""
    z, activation = np.linspace(-5, 5, 401), ACTIVATIONS[name]
    g = activation.value(z)
    fig, ax = figure(height=3, xlabel=gettext("pre-activation z"))
    curve(ax, z, g, "g(z)", VALUE, at=3, offset=(-40, 12))
    alt = gettext(
        "{name} goes from {left:.2f} at z = −5 through {middle:.2f} at 0 to {right:.2f} at 5.",
        **{"name": name, "left": g[0], "middle": g[200], "right": g[-1]},
    )
    return drawings(picture(fig, alt=alt.replace(" -", " −")))


def tasks(explorer):
    """Return the tasks of an explorer: a class hears them, as the picture takes all of a slide."""
    listed = json.loads(EXPLORER.search(explorer)[1])["tasks"]
    return "\n".join(f"{n}. {task}" for n, task in enumerate(listed, 1))


def recalled(source, shown):
    """Return what a recall slide shows: the questions and, in their place on a click, the rest."""
    asked = re.search(r"(?ms)^### Recall.*?(^1\. .*?)(?=^###|\Z)", source)
    if not asked:
        return shown
    found = [markdown(asked[1]), *pages(shown)]
    kinds = ["fragment fade-out", *["fragment fade-in-then-out"] * (len(found) - 2), "fragment"]
    stack = "".join(
        f'<div class="{kind}" data-fragment-index="{max(at - 1, 0)}">{page}</div>'
        for at, (kind, page) in enumerate(zip(kinds, found, strict=True))
    )
    return [f"{STACK}{stack}</div>"]


FULL, ROW = 1100, 80  # signs of a summary that are read from the last row; a row takes so many


def pages(shown):
    """Return a summary in parts that are read from the last row: tables, or shares of a table."""
    found = []
    for part in filter(str.strip, re.split(r"(?s)(<table>.*?</table>)", "".join(shown))):
        rows = re.findall(r"(?s)<tr>.*?</tr>", part.partition("<tbody>")[2])
        ends = np.cumsum([max(len(re.sub("<.*?>", "", row)), ROW) for row in rows] or [0])
        parts = max(math.ceil(ends[-1] / FULL), 1)
        cuts = [int(np.argmin(abs(ends - ends[-1] * at / parts))) + 1 for at in range(1, parts)]
        head = part.partition("<tbody>")[0]
        some = [rows[a:b] for a, b in itertools.pairwise([0, *cuts, len(rows)])] if cuts else []
        found += [f"{head}<tbody>{''.join(each)}</tbody></table>" for each in some] or [part]
    whole = "".join(found)
    return found if len(re.sub("<.*?>", "", whole)) > FULL else [whole]


def drawn(output, source=""):
    """Return an output of a cell as HTML, the richest form of it."""
    if output.output_type == "stream":
        return f"<pre>{html.escape(output.text)}</pre>"
    if output.output_type == "error":
        told = html.escape(f"{output.ename}: {output.evalue}", quote=False)
        return f'<pre class="error">{told}</pre>'
    data = output.data
    if "text/html" in data:
        return drawings(data["text/html"].replace(STILL, ""))
    if "image/svg+xml" in data:
        return data["image/svg+xml"]
    if "image/png" in data:
        return f'<img alt="" src="data:image/png;base64,{data["image/png"].strip()}">'
    if "text/latex" in data:
        stepped = moving(data.get("text/plain", ""), source, fragments=True)
        return (
            stepped
            or f'<div class="derivation">{html.escape(data["text/latex"], quote=False)}</div>'
        )
    return f"<pre>{html.escape(data.get('text/plain', ''))}</pre>"


# ---------------------------------------------------------------------------- from slides to HTML


def section(slide, first=False):
    """Return a slide as reveal.js wants it."""
    level = "h1" if first else "h2"
    line = f'<div class="line">{markdown(slide.line)}</div>' if slide.line else ""
    kept = gettext("left out of less than {minutes} minutes", minutes=slide.extra)
    extra = kept * bool(slide.extra)
    minutes = gettext("{minutes:g} min", minutes=slide.minutes) * bool(slide.minutes)
    spent = ", ".join(filter(None, [gettext(BEATS.get(slide.beat, "")), minutes, extra]))
    notes = "".join(map(spoken, filter(None, [f"**{spent}**" * bool(spent), *slide.notes])))
    named = slide.beat not in ("", "reveal")  # that class is the deck's own
    kind = f' class="{slide.beat}"' if named else ""
    kind += " data-turns" * turns(slide)
    kind += f' data-badge="{gettext(BEATS[slide.beat])}"' if named else ""
    kind += f' data-timing="{60 * slide.minutes:.0f}"' if slide.minutes else ""
    kind += f' data-extra="{slide.extra}"' if slide.extra else ""
    kind += f' data-vote="{slide.vote}"' if slide.vote else ""
    kind += f' data-cell="{slide.cell}"' if slide.cell else ""
    kind += f' data-code="{slide.code}"' if slide.code else ""
    return (
        f"<section{kind}>\n<{level}>{inline(slide.title)}</{level}>\n{line}\n"
        + "\n".join(slide.parts)
        + f'\n<aside class="notes">{notes}</aside>\n</section>'
    )


def turns(slide):
    """Tell whether a picture comes after a derivation, in whose place it then appears."""
    kinds = [part.removeprefix('<div class="fragment">') for part in slide.parts]
    derived = [at for at, part in enumerate(kinds) if part.startswith(DERIVED)]
    return any(
        part.startswith(STACK) and PICTURE.search(part)
        for part in kinds[min(derived, default=len(kinds)) :]
    )


def spoken(note):
    """Return a note as HTML, its formulas as MathML: the speaker's view has no MathJax."""

    def formula(found):
        try:
            unlabelled = re.sub("%.*", "", found[2])
            tex = html.unescape(unlabelled).replace(r"\_", "_")
            return mathml(re.sub(r"\\frac(\w)(\w)", r"\\frac{\1}{\2}", tex))
        except (ValueError, IndexError):
            return found[0]  # a formula beyond our few words stays as it is typed

    return re.sub(r"(\$\$?)([^$]+)\1", formula, markdown(note))


def deck(found, page=""):
    """Return the HTML page of a lesson's slides, in the frame ``page`` if not in the usual one."""
    page = page or (STATIC / "deck.html").read_text(encoding="utf-8")
    body = "\n\n".join(section(slide, first=not at) for at, slide in enumerate(found))
    title = found[0].title
    page = page.replace('<html lang="en"', f'<html lang="{language_of(title)}"')
    page = with_mathjax(page).replace("{title}", html.escape(title))
    return page.replace("{slides}", body)


def overview(titles, pdf):
    """Return the page that lists the decks, each with its short path, its plan and its paper."""
    rows = []
    for name, title in titles.items():
        of = f'<span class="of"> {gettext("of {title}", title=html.escape(title))}</span>'
        more = {
            f"{name}.html?minutes={most}": gettext("{most} minutes", most=most)
            for most in PATHS[:-1]
        }
        more[f"plans/{name}.html"] = gettext("plan")
        more |= {f"pdf/{name}.pdf": "PDF"} if pdf else {}
        links = "".join(f' · <a href="{to}">{what}{of}</a>' for to, what in more.items())
        rows.append(f'<li><a href="{name}.html">{html.escape(title)}</a>{links}</li>')
    page = translate_page((STATIC / "decks.html").read_text(encoding="utf-8"))
    return page.replace("{decks}", "\n".join(rows))


# -------------------------------------------------------------------------------------- the build


def build(folder, pdf=False, look=False):
    """Build the decks into ``folder``, which then needs nothing else: no kernel and no network.

    ``look`` has a browser look whether each slide has room for what is on it.
    """
    browser = found_browser() if pdf or look else None
    if pdf and browser is None:
        raise Fault(f"`slides --pdf` prints with a browser, one of: {', '.join(BROWSERS)}.")
    with tempfile.TemporaryDirectory() as work:
        decks = {path.stem: slides_of(path) for path in lessons_shown(work)}
    folder = make_room(folder)
    copy_assets(folder / "assets")
    cards = (STATIC / "cards.html").read_text(encoding="utf-8")
    (folder / "cards.html").write_text(translate_page(cards), encoding="utf-8")
    for name, found in decks.items():
        (folder / f"{name}.html").write_text(deck(found), encoding="utf-8")
    (folder / "plans").mkdir()
    for path in lessons():
        page = lectures.page(path, decks[path.stem])
        (folder / "plans" / f"{path.stem}.html").write_text(page, encoding="utf-8")
    if browser:
        browse(browser, folder, {name: len(found) for name, found in decks.items()}, pdf)
    titles = {name: found[0].title for name, found in decks.items()}
    (folder / "index.html").write_text(overview(titles, pdf), encoding="utf-8")


def browse(browser, folder, decks, pdf):
    """Say which slides are too full, and print each deck if that is wished.

    ``decks`` tells how many slides each of them has.
    """
    with opened(browser) as page:
        for name, count in decks.items():
            for sentence in too_full(page, folder / f"{name}.html"):
                say(sentence)
            if pdf:
                paper = folder / "pdf" / f"{name}.pdf"
                print_deck(page, folder / f"{name}.html", count, paper)


def copy_assets(folder):
    """Copy what every deck needs into ``folder``."""
    copy_mathjax(folder)
    copy_reveal(folder)
    for name in ("slides.css", "slides.js", "speaker.js", "steps.css", "steps.js", "votes.js"):
        script = (STATIC / name).read_text(encoding="utf-8")
        (folder / name).write_text(translate_script(script), encoding="utf-8")


@guarded
def main(words):
    """Build into the folder that the first word names; `--pdf` and `--look` stand behind it."""
    build(Path(words[0]), pdf="--pdf" in words[1:], look="--look" in words[1:])


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))

"""Slide decks: how long a build takes, what each weighs, and whether a move is one frame.

Explorers and panels are moved in the decks themselves, at 1920 × 1080, from end to end; the
smallest letters on them are measured as on a slide that is 720 pixels high.

    python course.py bench decks
"""

import tempfile
from pathlib import Path
from statistics import median, quantiles
from time import perf_counter

from benchmarks.results import machine, record, table
from book import slides
from tools.browser import answer_predictions, chromium, page

FRAME, MOST_MB = 16.7, 15
MOVES = 20  # of each slider
OPEN = "() => window.Reveal?.isReady()"
CARDS = ":is(.activation-explorer, .activation-panel)"
# Move each slider and menu of the slide, once nothing else is to be done; of each the milliseconds
# of its moves until the picture is laid out.
MOVE = """async ([cards, moves]) => {
    const found = [];
    const inside = (root) => [...root.querySelectorAll(":is(input[type=range], select):enabled")];
    await new Promise(requestIdleCallback);
    for (const card of Reveal.getCurrentSlide().querySelectorAll(cards))
        for (const knob of [...inside(card), ...[...card.querySelectorAll("*")]
            .flatMap(({ shadowRoot }) => shadowRoot ? inside(shadowRoot) : [])]) {
            const times = [], last = knob.options ? knob.options.length - 1 : moves;
            for (let k = 0; k <= last; k++) {
                const start = performance.now();
                if (knob.options) knob.selectedIndex = last - k; // the first one is chosen already
                else knob.value = Number(knob.max) + k / moves * (knob.min - knob.max);
                for (const kind of ["input", "change"])
                    knob.dispatchEvent(new Event(kind, { bubbles: true, composed: true }));
                await null; // the letters of a panel grow after it has drawn
                knob.getBoundingClientRect(); // laid out
                times.push(performance.now() - start);
                await new Promise((painted) => requestAnimationFrame(() => {
                    const { port1, port2 } = new MessageChannel();
                    port1.onmessage = painted;
                    port2.postMessage(0);
                }));
            }
            found.push(times);
        }
    return found;
}"""
# The smallest letters of explorers and panels on the slide, exponents and formulas aside, in pixels
# of its 720.
LETTERS = """([cards]) => {
    const shown = [...Reveal.getCurrentSlide().querySelectorAll(cards)].flatMap((card) => [card,
        ...card.querySelectorAll("*")]).flatMap((node) => [node,
        ...node.shadowRoot?.querySelectorAll("*") ?? []]);
    return shown.filter((node) => node.checkVisibility({ visibilityProperty: true })
            && [...node.childNodes].some((child) => child.nodeType === 3 && child.data.trim())
            && !node.closest("math, style, script, option, .live, .spoken")
            && !(node.previousElementSibling && parseFloat(getComputedStyle(node).fontSize)
                < parseFloat(getComputedStyle(node.parentNode.firstElementChild).fontSize)))
        .map((node) => {
            const drawn = node.ownerSVGElement && node.getScreenCTM();
            const scale = drawn ? Math.hypot(drawn.a, drawn.b) / Reveal.getScale()
                : node.currentCSSZoom;
            return parseFloat(getComputedStyle(node).fontSize) * scale;
        });
}"""


def measure(folder):
    """Yield of each deck its name, MB, slides, smallest letters, and the moves of each knob."""
    with chromium() as browser, page(browser, width=1920, height=1080) as visit:
        for path in sorted(folder.glob("[0-9]*.html")):
            visit.page.goto(path.as_uri())
            visit.page.wait_for_function(OPEN)
            letters, knobs = [], []
            count = visit.page.evaluate("Reveal.getSlides().length")
            for at in range(count):
                visit.page.evaluate(f"Reveal.slide({at}, 0, 99)")
                letters += visit.page.evaluate(LETTERS, [CARDS])
                answer_predictions(visit.page.locator("section.present"))
                knobs += visit.page.evaluate(MOVE, [CARDS, MOVES])
            yield path.stem, path.stat().st_size / 1e6, count, letters, knobs


def weight(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def report(seconds, assets, rows):
    """Return the results as lines of Markdown."""
    first, later = moves([knob for *_, knobs in rows for knob in knobs])
    smallest = min(letter for *_, letters, _ in rows for letter in letters)
    largest = max(mb for _, mb, *_ in rows) + assets
    cells = [
        [name, str(count), f"{mb:.1f}", *spread(letters, knobs)]
        for name, mb, count, letters, knobs in rows
    ]
    return [
        *machine("playwright"),
        "",
        f"All decks are built in {seconds:.0f} s; one of them with all that it needs weighs "
        f"{largest:.1f} MB at most (goal {MOST_MB}); the smallest letters on an explorer are "
        f"{smallest:.1f} pixels of a slide's 720. The first move of a slider is drawn in "
        f"{median(first):.1f} ms, {within(first)} of {len(first)} of them within a frame; a later "
        f"one in {median(later):.1f} ms, {within(later)} of {len(later)}.",
        "",
        f"Each deck is one page, and {assets:.1f} MB of scripts and fonts that all share. Each "
        "slider and menu of an explorer or a panel is moved from end to end in headless Chromium, "
        f"a slider in {MOVES} steps, the first as soon as the slide is there: milliseconds until "
        f"the picture is laid out anew; a frame at 60 Hz lasts {FRAME} ms. Both are medians.",
        "",
        *table(["deck", "slides", "MB", "px", "first", "most", "later", "95 % below"], cells),
    ]


def moves(knobs):
    """Return the times of first moves and of later ones."""
    return [first for first, *_ in knobs], [time for _, *later in knobs for time in later]


def within(times):
    return sum(time < FRAME for time in times)


def spread(letters, knobs):
    small = f"{min(letters):.1f}" if letters else "–"
    if not knobs:
        return small, *["–"] * 4
    first, later = moves(knobs)
    most = quantiles(later, n=20)[-1]
    return small, *(f"{time:.1f}" for time in (median(first), max(first), median(later), most))


def main():
    with tempfile.TemporaryDirectory() as home:
        folder, start = Path(home, "slides"), perf_counter()
        slides.build(folder)
        seconds = perf_counter() - start
        record("Decks", report(seconds, weight(folder / "assets"), list(measure(folder))))


if __name__ == "__main__":
    main()

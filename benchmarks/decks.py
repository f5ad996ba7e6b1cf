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
# Move each slider of the slide; the milliseconds of each move until it is painted.
MOVE = """async ([cards, moves]) => {
    const times = [];
    const inside = (root) => [...root.querySelectorAll("input[type=range]:not(:disabled)")];
    for (const card of Reveal.getCurrentSlide().querySelectorAll(cards))
        for (const slider of [...inside(card), ...[...card.querySelectorAll("*")]
            .flatMap(({ shadowRoot }) => shadowRoot ? inside(shadowRoot) : [])])
            for (let k = 0; k <= moves; k++) {
                const start = performance.now();
                slider.value = Number(slider.min) + k / moves * (slider.max - slider.min);
                slider.dispatchEvent(new Event("input", { bubbles: true, composed: true }));
                await null; // the letters of a panel grow after it has drawn
                slider.getBoundingClientRect(); // laid out
                const drawn = performance.now() - start;
                await new Promise((painted) => requestAnimationFrame(() => {
                    const { port1, port2 } = new MessageChannel();
                    port1.onmessage = painted;
                    port2.postMessage(0);
                }));
                if (k) times.push(drawn);
            }
    return times;
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
    """Return of each deck its name, MB, slides, smallest letters and times of moves."""
    with chromium() as browser, page(browser, width=1920, height=1080) as visit:
        for path in sorted(folder.glob("[0-9]*.html")):
            visit.page.goto(path.as_uri())
            visit.page.wait_for_function(OPEN)
            letters, times = [], []
            count = visit.page.evaluate("Reveal.getSlides().length")
            for at in range(count):
                visit.page.evaluate(f"Reveal.slide({at}, 0, 99)")
                letters += visit.page.evaluate(LETTERS, [CARDS])
                answer_predictions(visit.page.locator("section.present"))
                visit.page.evaluate(MOVE, [CARDS, 1])  # the page has settled then
                times += visit.page.evaluate(MOVE, [CARDS, MOVES])
            yield path.stem, path.stat().st_size / 1e6, count, letters, times


def weight(folder):
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


def report(seconds, assets, rows):
    """Return the results as lines of Markdown."""
    every = [time for *_, times in rows for time in times]
    smallest = min(letter for *_, letters, _ in rows for letter in letters)
    largest = max(mb for _, mb, *_ in rows) + assets
    cells = [
        [name, str(count), f"{mb:.1f}", *spread(letters, times)]
        for name, mb, count, letters, times in rows
    ]
    return [
        *machine("playwright"),
        "",
        f"All decks are built in {seconds:.0f} s; one of them with all that it needs weighs "
        f"{largest:.1f} MB at most (goal {MOST_MB}); the smallest letters on an explorer are "
        f"{smallest:.1f} pixels of a slide's 720; a move is drawn in {median(every):.1f} ms.",
        "",
        f"Each deck is one page, and {assets:.1f} MB of scripts and fonts that all share. Each "
        f"slider of an explorer or a panel is moved {MOVES} times in headless Chromium: "
        f"milliseconds until the picture is laid out anew; a frame at 60 Hz lasts {FRAME} ms.",
        "",
        *table(["deck", "slides", "MB", "letters, px", "ms, median", "95 % below"], cells),
    ]


def spread(letters, times):
    small = f"{min(letters):.1f}" if letters else "–"
    if not times:
        return small, "–", "–"
    return small, f"{median(times):.1f}", f"{quantiles(times, n=20)[-1]:.1f}"


def main():
    with tempfile.TemporaryDirectory() as home:
        folder, start = Path(home, "slides"), perf_counter()
        slides.build(folder)
        seconds = perf_counter() - start
        record("Decks", report(seconds, weight(folder / "assets"), list(measure(folder))))


if __name__ == "__main__":
    main()

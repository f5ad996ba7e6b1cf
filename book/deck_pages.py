"""What only a browser can tell of decks, which slides are too full, and their paper."""

ALIVE = """() => window.Reveal?.isReady() &&
    !document.querySelector(".activation-panel:has(> script):not(:has(> div))")"""
FULL = """() => [...document.querySelectorAll(".slides > section")].map((slide) => [
    Reveal.getSlides().indexOf(slide) + 1, slide.querySelector("h1, h2").textContent,
    ...crowding(slide),
]).filter(([, , over]) => over > 0)"""
PICTURE = "its picture stands {} px below the edge. Give it a slide of its own, or the text"
TEXT = "{} px of it have no room. Begin a new slide, or give the text"


def too_full(page, deck):
    """Yield a sentence for each slide of the deck at this path that has more than it has room for.

    Parameters
    ----------
    page : of a browser, as large as a slide.
    deck : path of the deck's page; sentences begin with its name.
    """
    page.goto(deck.as_uri())
    page.wait_for_function(ALIVE)
    for number, title, over, pictured in page.evaluate(FULL):
        what = (PICTURE if pictured else TEXT).format(over)
        yield f"{deck.stem}: slide {number}, “{title}”, is too full: {what} to `say`."


def print_deck(page, deck, pages, target):
    """Print the deck at this path, which has so many pages, as a tagged PDF."""
    page.goto(f"{deck.as_uri()}?print-pdf")
    page.wait_for_function(f"document.querySelectorAll('.pdf-page').length === {pages}")
    page.evaluate("() => document.fonts.ready")
    page.pdf(
        path=target, prefer_css_page_size=True, print_background=True, tagged=True, outline=True
    )

"""All that a panel can show, drawn beforehand: so that it moves where there is no kernel.

An explorer's numbers are looked up by a script that draws; a panel's pictures are Python's own. So
they are drawn at every place of its sliders, and stored together: what pictures share is stored
once. Where the places are too many, sliders take longer steps, but for menus and where they start.
"""

import base64
import itertools
import json
import math
import zlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Protocol

import matplotlib.pyplot as plt
from matplotlib.figure import Figure

from helpers.explorer.figures import drawing
from helpers.explorer.packing import LIMIT

MOST = 256  # pictures
FEWEST = 4  # places of a slider: with fewer it would be none


class Knob(Protocol):
    """A slider or a menu of a panel."""

    def stops(self, every: int) -> Sequence[Any]:
        """Return its values, ``every`` so many steps from where it starts; a menu has all."""
        ...


def places(knobs: Mapping[str, Knob], most: int = MOST) -> dict[str, Sequence[Any]] | None:
    """Return the values that each knob takes, at most ``most`` together; None if it has too many.

    >>> from helpers.explorer.panels import Menu, Slider
    >>> places({"n": Slider(1, 9, 1, 3), "kind": Menu(["a", "b"])}, most=10)
    {'n': [1, 3, 5, 7, 9], 'kind': ('a', 'b')}
    """
    every = dict.fromkeys(knobs, 1)
    sliders = [name for name, knob in knobs.items() if len(knob.stops(2)) < len(knob.stops(1))]
    while True:
        found = {name: knob.stops(every[name]) for name, knob in knobs.items()}
        if math.prod(map(len, found.values())) <= most:
            return found
        if not sliders or max(len(found[name]) for name in sliders) <= FEWEST:
            return None
        every[max(sliders, key=lambda name: len(found[name]))] += 1


def frames(
    draw: Callable[..., tuple[Figure, str]], knobs: Mapping[str, Knob]
) -> tuple[dict[str, Sequence[Any]], str] | None:
    """Return the places of the knobs, and the pictures of all as text; None if they are too many.

    The text is JSON, compressed: ``parts`` of drawings, and for each picture, the last knob moving
    fastest, the numbers of its ``parts`` and its ``alt`` text.

    Raises what ``draw`` raises.
    """
    most = MOST
    while (found := places(knobs, most)) is not None:
        text = _packed(draw(**dict(zip(found, each, strict=True))) for each in _all(found))
        if len(text) <= LIMIT:
            return found, text
        most //= 2
    return None


def _all(found: Mapping[str, Sequence[Any]]) -> itertools.product:
    return itertools.product(*found.values())


def _packed(pictures: Iterable[tuple[Figure, str]]) -> str:
    known: dict[str, int] = {}
    drawn: list[list[int]] = []
    alts: list[str] = []
    for fig, alt in pictures:
        alts.append(" ".join(alt.split()))
        pieces = drawing(fig, salt=alts[0]).replace("<", "\0<").split("\0")[1:]
        drawn.append([known.setdefault(piece, len(known)) for piece in pieces])
        plt.close(fig)
    data = {"parts": list(known), "drawn": drawn, "alts": alts}
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(zlib.compress(text.encode(), 9)).decode("ascii")

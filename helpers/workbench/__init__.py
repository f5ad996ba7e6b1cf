"""ROOM workbench."""

from helpers.workbench.workbench import (
    Comparison,
    Composition,
    Moments,
    compare,
    compose,
    moments,
)

__all__ = [
    "Comparison",
    "Composition",
    "Moments",
    "compare",
    "compose",
    "moments",
]

"""What is asked in each lesson: one file of declarations a lesson, `lessonN.py`, found here."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType

__all__ = ["LESSONS"]

_NUMBERS = sorted(int(module.name.removeprefix("lesson")) for module in iter_modules(__path__))
LESSONS: tuple[ModuleType, ...] = tuple(import_module(f"{__name__}.lesson{n}") for n in _NUMBERS)

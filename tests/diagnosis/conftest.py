"""As for the exercises: a working copy of its own for each test."""

from tests.exercises.conftest import folder

__all__ = ["folder"]

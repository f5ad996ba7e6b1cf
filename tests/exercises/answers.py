"""The course's own answers, and exercises by their kind."""

import numpy as np

from helpers.exercises import EXERCISES
from tests.diagnosis.test_diagnosis import SCOPE


def code(name):
    """The course's own solution of a code exercise."""
    scope = dict(SCOPE)
    exec(EXERCISES[name].code, scope)
    return scope[name]


def of_kind(kind):
    return [e.name for e in EXERCISES.values() if isinstance(e, kind)]


def s(z):
    return 1 / (1 + np.exp(-z))

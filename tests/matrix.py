"""Which cases of a test every run proves, and which the complete matrix alone."""

import pytest


def matrix(names, *always):
    """Return names as parameters of a test; all but those named are of the complete matrix."""
    return [
        pytest.param(name, marks=() if name in always else pytest.mark.complete) for name in names
    ]


def sampled(cases, every):
    """Return cases as parameters of a test; the short run proves one in so many."""
    return [
        pytest.param(case, marks=pytest.mark.complete if number % every else ())
        for number, case in enumerate(cases)
    ]

"""The data of the experiments, against the library it comes from."""

import numpy as np
import pytest
from sklearn.datasets import load_digits as sklearn_digits

from helpers.networks import load_digits


def test_digits_are_the_published_ones():
    theirs = sklearn_digits()
    pixels, labels = load_digits()
    np.testing.assert_array_equal(pixels * 16, theirs.data)
    np.testing.assert_array_equal(labels, theirs.target)


def test_classes_are_selected_in_the_order_of_the_file():
    pixels, labels = load_digits()
    wanted = (labels == 3) | (labels == 8)
    some_pixels, some_labels = load_digits(3, 8)
    np.testing.assert_array_equal(some_pixels, pixels[wanted])
    np.testing.assert_array_equal(some_labels, labels[wanted])


def test_each_call_returns_arrays_of_its_own():
    pixels, labels = load_digits()
    pixels[:], labels[:] = -1, -1
    assert load_digits()[0].min() == 0
    assert load_digits()[1].min() == 0


@pytest.mark.parametrize("bad", [10, -1, "3", 2.5])
def test_an_unknown_class_is_named(bad):
    with pytest.raises(ValueError, match="digits from 0 to 9"):
        load_digits(3, bad)

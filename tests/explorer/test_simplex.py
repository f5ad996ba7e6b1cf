"""The explorer of softmax carries the probabilities of every place of its two sliders."""

import numpy as np
import pytest
from scipy import special

from helpers.explorer import Prediction, explore_softmax
from tests.explorer.reading import page, points, stored, unpacked


def test_what_is_stored_are_the_probabilities_of_every_place():
    data = stored(explore_softmax([1.0, 0.5, -2.0]))
    zs, hot = points(data["z"]), points(data["parameter"])
    got = np.array([[unpacked(row) for row in rows] for rows in data["p"]])
    logits = np.array(np.broadcast_arrays(zs, 0.5, -2.0))[:, None, :] / hot[:, None]
    np.testing.assert_allclose(got, special.softmax(logits, axis=0), rtol=2e-5)


def test_it_is_small_and_opens_where_it_is_told():
    shown = explore_softmax([1.0, 0.5, -2.0], temperature=0.3)
    assert len(page(shown)) < 200_000
    assert (shown.z.value, shown.parameter.value) == (1.0, 0.3)
    p = special.softmax(np.array([1.0, 0.5, -2.0]) / 0.3)
    assert [f"{value:.4f}" for value in p] == [w.strip(",") for w in shown.summary().split()[-5::2]]


def test_a_question_locks_the_sliders():
    shown = explore_softmax(predict=Prediction("Where to?", ["corner", "middle"]))
    assert [shown.z.disabled, shown.parameter.disabled] == [True, True]
    assert stored(shown)["predict"]["choices"] == ["corner", "middle"]


@pytest.mark.parametrize("logits", [[1.0], [1.0, np.nan, 0.0], [9.0, 0.0, 0.0]])
def test_logits_that_cannot_be_shown_are_refused(logits):
    with pytest.raises(ValueError, match="logits: expected"):
        explore_softmax(logits)

"""Rounding to few bits, against the types of other libraries and what is asked of any rounding."""

import ml_dtypes
import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.activations import round_bits

floats32 = st.floats(-(2.0**99), 2.0**99, width=32).filter(lambda x: x == 0 or abs(x) > 1e-30)


@given(floats32)
def test_eight_bits_are_bfloat16(x):
    assert round_bits(x, 8) == float(np.float32(x).astype(ml_dtypes.bfloat16))


@given(st.floats(-6e4, 6e4).filter(lambda x: abs(x) > 1e-4))
def test_eleven_and_24_bits_are_float16_and_float32(x):
    assert round_bits(x, 11) == float(np.float16(x))
    assert round_bits(x, 24) == float(np.float32(x))


def test_what_stays_as_it_is():
    np.testing.assert_array_equal(
        round_bits([0.0, -0.0, np.inf, -np.inf, np.nan], 3), [0, 0, np.inf, -np.inf, np.nan]
    )
    assert round_bits([[0.1, 0.2]], 8).shape == (1, 2)
    assert np.ndim(round_bits(0.1)) == 0


@given(st.floats(-10, 10).filter(lambda x: abs(x) > 1e-3), st.integers(2, 12))
def test_stochastic_rounding_takes_one_of_the_two_neighbours_and_keeps_the_mean(x, bits):
    drawn = round_bits(np.full(4000, x), bits, np.random.default_rng(0))
    step = 2.0 ** (np.frexp(x)[1] - bits)
    assert set(drawn) <= {np.floor(x / step) * step, np.ceil(x / step) * step}
    assert abs(drawn.mean() - x) <= 5 * step / 2 / np.sqrt(4000)


@pytest.mark.parametrize("bits", [0, 53])
def test_other_numbers_of_bits_are_refused(bits):
    with pytest.raises(ValueError, match="bits: expected 1 to 52"):
        round_bits(1.0, bits)

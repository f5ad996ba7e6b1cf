"""What every kernel promises: shapes, dtypes, layouts, and what may come in."""

import inspect
from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst

from helpers import activations
from helpers.activations import (
    elu,
    elu_prime,
    gelu,
    leaky_relu,
    relu,
    selu,
    selu_prime,
    sigmoid,
    softplus,
    softplus_prime,
    swish,
    tanh,
    value_and_prime,
)
from helpers.activations.contract import BLOCK
from tests.activations.every import PARAMETER, PARAMETERS, kernels, shaped_kernels
from tests.strategies import arrays, tries

INF, NAN = np.inf, np.nan


@kernels
@given(z=arrays())
def test_shape_dtype_and_input_are_kept(f, z):
    before = z.tobytes()
    z.flags.writeable = False
    result = f(z)
    assert z.tobytes() == before
    assert type(result) is (np.ndarray if z.ndim else result.dtype.type)
    assert result.shape == z.shape
    assert result.dtype == (z.dtype if z.dtype.kind == "f" else np.float64)


@kernels
@given(z=arrays(dtypes=(np.float64, np.int8)))
def test_an_array_is_evaluated_number_by_number(f, z):
    one_by_one = [f(float(x)) for x in z.flat]
    # NumPy's vector and scalar exponentials may differ in the last place
    np.testing.assert_allclose(f(z).ravel(), one_by_one, rtol=4e-15, atol=1e-322)


def refusal(f, z, value):
    """Return what a kernel says of a parameter for which there is no g, "" if it takes it."""
    try:
        f(z, value)
    except ValueError as refused:
        return str(refused)
    return ""


@kernels
def test_no_warning_even_when_numpy_raises_everything(f):
    z = [-INF, -1e308, -1e160, -750, -740, -39, -38, -21, -1e-310, -0.0, 0.0, 5e-324, 36, 740, NAN]
    z = np.array([*z, 1e200, 1e308, INF])
    with np.errstate(all="ignore"):
        wide_and_narrow = [z.astype(dtype) for dtype in (np.float64, np.float32, np.float16)]
    with np.errstate(all="raise"):
        for z in wide_and_narrow:
            f(z)
            for value in (0.3, -1e10) if f in PARAMETER else ():
                said = refusal(f, z, value)
                assert not said or said.startswith(f"{PARAMETER[f]} must "), said
        assert set(np.geterr().values()) == {"raise"}  # and the caller's setting is left alone


@kernels
def test_blocks_leave_no_seam(f):
    for size in (0, 1, BLOCK - 1, BLOCK, BLOCK + 1, 65_535, 65_536, 65_537):
        z = np.linspace(-5, 5, size)
        small = [f(part) for part in np.array_split(z, 5)]
        told = f"{size} numbers"
        np.testing.assert_allclose(f(z), np.concatenate(small), rtol=1e-15, err_msg=told)
        narrow = z.astype(np.float32)
        wide = f(narrow.astype(np.float64))
        np.testing.assert_allclose(f(narrow), wide, rtol=1e-6, err_msg=told)


@kernels
def test_every_layout_gives_the_same_numbers(f):
    z = np.linspace(-6, 6, 2 * 300 * 301).reshape(300, 602)
    expected = f(z[:, ::2].copy())
    rtol = 1e-15
    np.testing.assert_allclose(f(z[:, ::2]), expected, rtol=rtol)
    np.testing.assert_allclose(f(np.asfortranarray(z)[:, ::2]), expected, rtol=rtol)
    np.testing.assert_allclose(f(z[::-1, ::-2][::-1, ::-1]), f(z[:, 1::2]), rtol=rtol)
    np.testing.assert_allclose(f(z.T)[::2], expected.T, rtol=rtol)
    np.testing.assert_allclose(f(z[:, ::2].astype(">f8")), expected, rtol=rtol)
    np.testing.assert_array_equal(f(np.broadcast_to(2.0, (3, 2))), np.full((3, 2), f(2.0)))


def test_foreign_byte_order_comes_back_native():
    assert tanh(np.array([1.0], ">f4")).dtype == np.float32


@kernels
def test_a_scalar_gives_a_scalar(f):
    for z in (2, 2.0, True, np.int8(2), np.array(2.0)):
        assert type(f(z)) is np.float64, repr(z)
    assert type(f(np.float32(2))) is np.float32
    assert type(f(np.array(2, np.float16))) is np.float16


def test_lists_and_nested_lists():
    np.testing.assert_array_equal(relu([[-1, 2], [3, -4]]), [[0, 2], [3, 0]])
    assert relu([]).shape == (0,)


def test_a_matrix_gives_a_plain_array():
    class Subclass(np.ndarray):
        pass

    result = relu(np.ones((2, 2)).view(Subclass))
    assert type(result) is np.ndarray


@kernels
def test_a_masked_array_is_refused_as_its_mask_would_be_lost(f):
    with pytest.raises(TypeError, match=r"z must not be a masked array.*filled"):
        f(np.ma.array([1.0, 2.0], mask=[True, False]))


@kernels
def test_what_is_not_real_is_refused_by_name(f):
    for z, came in (
        (1j, "complex"),
        (np.ones(2, complex), "complex128"),
        ("1.0", "str"),
        (["1.0"], "str"),
        (None, "NoneType"),
        ([1.0, None], "object"),
        (np.array(["2020-01-01"], "datetime64[D]"), "datetime64"),
    ):
        with pytest.raises(TypeError, match=rf"^z must be real numbers.*{came}"):
            f(z)


@pytest.mark.skipif(np.longdouble is np.float64, reason="no wider float here")
def test_long_double_is_refused_rather_than_narrowed():
    with pytest.raises(TypeError, match=r"longdouble|float128|float96"):
        sigmoid(np.ones(2, np.longdouble))


@shaped_kernels
def test_a_parameter_is_real_numbers(f):
    name = PARAMETER[f]
    for value in ("0.1", 0.1j, None, [None], [[1], [1, 2]]):
        for asked in (((1.0, value), {}), ((1.0,), {name: value})):
            with pytest.raises((TypeError, ValueError), match=rf"^{name} must (be real|have rows)"):
                f(*asked[0], **asked[1])


@shaped_kernels
@tries(20)
@given(data=st.data())
def test_a_parameter_broadcasts_as_if_each_number_came_alone(f, data):
    shapes = data.draw(npst.mutually_broadcastable_shapes(num_shapes=2, max_dims=3, max_side=3))
    z = data.draw(npst.arrays(np.float64, shapes.input_shapes[0], elements=st.floats(-40, 40)))
    values = st.sampled_from([-2.0, -0.3, 0.0, 0.25, 1.0, 3.0])
    value = data.draw(npst.arrays(np.float64, shapes.input_shapes[1], elements=values))
    value[np.vectorize(lambda v: bool(refusal(f, 1.0, v)), otypes=[bool])(value)] = 1.0
    together, each = f(z, value), np.vectorize(lambda x, v: f(x, v), otypes=[float])
    assert together.shape == shapes.result_shape
    if together.size:
        np.testing.assert_allclose(together, each(z, value), rtol=4e-15, atol=1e-322)


@pytest.mark.parametrize("name", ["leaky_relu", "elu", "softplus", "swish"])
@pytest.mark.parametrize("dtype", [np.float64, np.float32])
def test_a_parameter_a_channel_leaves_no_seam_between_blocks(name, dtype):
    z = np.linspace(-6, 6, 3 * BLOCK).astype(dtype).reshape(-1, 3)
    value = np.array([0.1, 1.0, 2.5])
    out = np.empty_like(z), np.empty_like(z)
    g, slope = value_and_prime(name, z, value, out=out)
    rtol = 4e-15 if z.itemsize == 8 else 1e-6
    for channel, number in enumerate(value):
        expected = value_and_prime(name, z[:, channel].copy(), number)
        for got, alone in zip((g, slope), expected, strict=True):
            np.testing.assert_allclose(got[:, channel], alone, rtol=rtol)
    assert g is out[0]
    assert slope.dtype == dtype


def test_a_slope_0_among_others_is_relu_there():
    z = np.array([-INF, -3.0, -0.0, 0.0, 3.0, INF])[:, None]
    g = leaky_relu(z, [0.0, 0.5])
    assert g[:, 0].tobytes() == relu(z[:, 0]).tobytes()
    assert g[:, 1].tobytes() == leaky_relu(z[:, 0], 0.5).tobytes()


def test_shapes_that_do_not_broadcast_are_named():
    told = r"^negative_slope of shape \(3,\) must broadcast with z of shape \(4, 5\)"
    with pytest.raises(ValueError, match=told):
        leaky_relu(np.ones((4, 5)), np.ones(3))
    with pytest.raises(ValueError, match=r"alpha of shape \(3,\), scale of shape \(2,\) must"):
        selu(1.0, [1, 2, 3], [1, 2])


def test_selu_with_other_numbers_is_a_scaled_elu():
    z = np.linspace(-4, 4, 101)
    for f, g in ((selu, elu), (selu_prime, elu_prime)):
        np.testing.assert_allclose(f(z, 1.5, 0.25), 0.25 * g(z, 1.5), rtol=4e-15)
    np.testing.assert_array_equal(selu(z, alpha=1.0, scale=1.0), elu(z))


def test_softplus_with_a_threshold_is_what_libraries_compute():
    z = np.array([-3.0, 1.0, 9.99, 10.01, 400.0, INF])
    above = 2 * z > 20
    np.testing.assert_array_equal(softplus(z, 2.0, 20.0), np.where(above, z, softplus(z, 2.0)))
    expected = np.where(above, 1.0, softplus_prime(z, 2.0))
    np.testing.assert_array_equal(softplus_prime(z, 2.0, threshold=20), expected)
    assert softplus(20.5, threshold=20) == 20.5 < softplus(20.5)


@kernels
def test_rows_of_unequal_length_are_refused_by_name(f):
    with pytest.raises(ValueError, match=r"^z must have rows of equal length, got list"):
        f([[1, 2], [3]])


@kernels
def test_an_integer_beyond_64_bits_is_refused_by_name(f):
    for z in (10**30, [1.0, -(10**30)], 10**5000):
        with pytest.raises(TypeError, match=r"^z must be .*up to 64 bits.*, got (int|list) with"):
            f(z)


@shaped_kernels
def test_a_parameter_beyond_all_floats_is_refused_by_name(f):
    told = rf"^{PARAMETER[f]} must fit in a float, got (int|Fract)"
    for value in (10**400, -(10**5000), Fraction(10**400)):
        with pytest.raises(ValueError, match=told):
            f(1.0, value)


@shaped_kernels
def test_a_parameter_may_be_any_kind_of_real_number(f):
    for value in (1, True, np.float32(0.25), np.int8(2), Fraction(1, 3)):
        expected = f([-2.0, 2.0], float(value))
        np.testing.assert_array_equal(f([-2.0, 2.0], value), expected, err_msg=repr(value))


@pytest.mark.parametrize(
    ("call", "message"),
    [
        (lambda: sigmoid(), r"sigmoid\(z\): nothing was given for z$"),
        (lambda: sigmoid(1.0, 2.0), r"sigmoid\(z\): more was given than it takes: z$"),
        (lambda: relu([], 2.0), r"relu\(z\): more was given"),
        (lambda: leaky_relu(1.0, alpha=2.0), r"negative_slope=0.01\): there is no argument alpha$"),
        (lambda: gelu(1.0, "tanh"), r"gelu\(z\): more"),
        (lambda: swish(1.0, 1.0, 2.0), r"swish\(z, beta=1.0\): .* takes: z, beta$"),
        (lambda: swish(1.0, z=1.0), r"swish\(z, beta=1.0\): z was given twice$"),
        (lambda: value_and_prime("tanh", 1.0, 2.0), r"tanh\(z\): more"),
    ],
)
def test_a_wrong_call_is_told_the_right_one(call, message):
    with pytest.raises(TypeError, match=message):
        call()


@kernels
def test_kernels_look_like_the_functions_they_wrap(f):
    parameters = inspect.signature(f).parameters
    assert list(parameters) == ["z", *PARAMETERS.get(f, ())]
    assert f(z=1.0) == f(1.0)
    assert f.__doc__.count(">>> ") >= 1
    for section in ("Parameters", "Returns", "Raises", "Notes", "References", "Examples"):
        assert f"\n{section}\n---" in f.__doc__, f"the docstring of {f.__name__} has no {section}"
    assert getattr(activations, f.__name__, None) is f

"""Softmax and its kin against 50 digits, against SciPy, and the promises of a kernel."""

from functools import cache

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra import numpy as npst
from scipy import special

from helpers.activations import (
    log_softmax,
    log_softmax_vjp,
    logsumexp,
    sigmoid,
    sigmoid_prime,
    softmax,
    softmax_jacobian,
    softmax_vjp,
    softplus,
)
from tests.strategies import arrays
from tools.oracle import ORACLE, errors_in_ulps, hard_rows, softmax_exactly, ulps

INF, NAN = np.inf, np.nan
FORWARD = (softmax, log_softmax, logsumexp)
BACKWARD = (softmax_vjp, log_softmax_vjp)
forward = pytest.mark.parametrize("f", FORWARD, ids=lambda f: f.__name__)


def backward(vjp):
    """Return a function of one array, for what all functions promise."""
    return lambda z, axis=-1: vjp(z, np.asarray(z)[..., ::-1], axis)


everything = pytest.mark.parametrize(
    "f", [*FORWARD, *map(backward, BACKWARD)], ids=[f.__name__ for f in FORWARD + BACKWARD]
)


ROWS = hard_rows()


@cache
def true_rows():
    """What is true of the rows, in 50 digits."""
    return [softmax_exactly(z) for z in ROWS]


def test_values_are_as_accurate_as_promised(figures_of_the_run):
    worst = {"softmax": 0.0, "log_softmax": 0.0, "logsumexp": 0.0}
    for z, (p, logs, total) in zip(ROWS, true_rows(), strict=True):
        worst["softmax"] = max(worst["softmax"], ulps(softmax(z), p))
        worst["log_softmax"] = max(worst["log_softmax"], ulps(log_softmax(z), logs))
        size = max(abs(float(total)), abs(z.max()))
        error = abs(ORACLE.mpf(float(logsumexp(z))) - total) / ORACLE.mpf(np.spacing(size))
        worst["logsumexp"] = max(worst["logsumexp"], float(error))
    figures_of_the_run["max ulp of softmax, log_softmax, logsumexp"] = (
        "{:.2f}, {:.2f}, {:.2f}".format(*worst.values())
    )
    assert worst["softmax"] <= 4
    assert worst["log_softmax"] <= 4
    assert worst["logsumexp"] <= 2


def test_scipy_loses_hundreds_of_ulp_where_these_hold():
    lost = [ulps(special.softmax(z), p) for z, (p, *_) in zip(ROWS, true_rows(), strict=True)]
    assert max(lost) > 100
    saturated = special.log_softmax([40.0, 0.0])[0]
    assert saturated == 0 > log_softmax([40.0, 0.0])[0] == pytest.approx(-np.exp(-40))


def products(p, u):
    """Yield (exact, size) of each entry of the two products, from differences that lose nothing."""
    k, whole = p.index(max(p)), ORACLE.fsum(u)
    apart = ORACLE.fsum(x * abs(y - u[k]) for x, y in zip(p, u, strict=True))
    for i, (x, up) in enumerate(zip(p, u, strict=True)):
        exact = x * ORACLE.fsum(other * (up - y) for other, y in zip(p, u, strict=True))
        rest = ORACLE.fsum(p[:i] + p[i + 1 :])  # 1 - x
        others = whole - up
        sizes = ORACLE.fsum(abs(y) for j, y in enumerate(u) if j != i)
        yield (exact, x * (apart + abs(up - u[k])), softmax_vjp)
        yield (up * rest - x * others, abs(up) * rest + x * sizes, log_softmax_vjp)


def test_vector_jacobian_products_are_as_accurate_as_promised(figures_of_the_run):
    rng, worst = np.random.default_rng(1), dict.fromkeys(BACKWARD, 0.0)
    for row, (p, _, _) in zip(ROWS, true_rows(), strict=True):
        if len(row) > 10:
            continue
        u = rng.normal(0, 1, len(row))
        found = {vjp: vjp(softmax(row), u) for vjp in BACKWARD}
        for n, (exact, size, vjp) in enumerate(products(p, [ORACLE.mpf(x) for x in u.tolist()])):
            if size > 1e-290:  # below, p itself has few digits
                error = abs(ORACLE.mpf(float(found[vjp][n // 2])) - exact)
                worst[vjp] = max(worst[vjp], float(error / ORACLE.mpf(np.spacing(float(size)))))
    told = "max ulp of softmax_vjp, log_softmax_vjp of their terms"
    figures_of_the_run[told] = "{:.2f}, {:.2f}".format(*worst.values())
    assert max(worst.values()) <= 4


def test_every_entry_of_the_jacobian_keeps_its_digits():
    for row, (p, _, _) in zip(ROWS, true_rows(), strict=True):
        if len(row) <= 10:
            rest = [ORACLE.fsum(p[:i] + p[i + 1 :]) for i in range(len(p))]
            for i, found in enumerate(softmax_jacobian(softmax(row))):
                exact = [p[i] * (rest[i] if i == j else -y) for j, y in enumerate(p)]
                errors = errors_in_ulps(found, exact)
                normal = [abs(true) > 1e-290 for true in exact]
                assert max(np.array(errors)[normal], default=0) <= 4


def differences(f, z, h=1e-5):
    """Return the matrix ∂fᵢ/∂zⱼ by central differences."""
    steps = h * np.eye(len(z))
    return np.stack([(f(z + s) - f(z - s)) / (2 * h) for s in steps], axis=-1)


@given(z=npst.arrays(float, st.integers(1, 5), elements=st.floats(-5, 5)))
def test_central_differences_give_the_same_derivatives(z):
    p, u = softmax(z), np.cos(np.arange(len(z)))
    J, of_logs = differences(softmax, z), differences(log_softmax, z)
    np.testing.assert_allclose(softmax_jacobian(p), J, atol=1e-9)
    np.testing.assert_allclose(softmax_vjp(p, u), u @ J, atol=1e-9)
    np.testing.assert_allclose(log_softmax_vjp(p, u), u @ of_logs, atol=1e-9)
    np.testing.assert_allclose(p, differences(lambda z: logsumexp(z)[None], z)[0], atol=1e-9)


@given(z=st.floats(-700, 700))
def test_two_classes_are_the_sigmoid_and_softplus(z):
    p = softmax([z, 0.0])
    assert p[0] == pytest.approx(sigmoid(z), rel=1e-15, abs=0)
    assert softmax_jacobian(p)[0, 0] == pytest.approx(sigmoid_prime(z), rel=2e-15, abs=0)
    assert logsumexp([z, 0.0]) == pytest.approx(softplus(z), rel=1e-15)


# --- Limits -----------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("z", "p", "logs", "total"),
    [
        ([INF, 3.0, -INF], [1, 0, 0], [0, -INF, -INF], INF),
        ([INF, 3.0, INF], [NAN, 0, NAN], [NAN, -INF, NAN], INF),
        ([-INF, 3.0], [0, 1], [-INF, 0], 3),
        ([-INF, -INF], [NAN, NAN], [NAN, NAN], -INF),
        ([-INF], [1], [0], -INF),
        ([INF], [1], [0], INF),
        ([NAN], [NAN], [NAN], NAN),
        ([1.0, NAN, INF], [NAN] * 3, [NAN] * 3, NAN),
        ([1e308, -1e308], [1, 0], [0, -INF], 1e308),
        ([5.0], [1], [0], 5),
        ([], [], [], -INF),
    ],
)
def test_limits(z, p, logs, total):
    with np.errstate(all="raise"):
        np.testing.assert_array_equal(softmax(z), p)
        np.testing.assert_array_equal(log_softmax(z), logs)
        np.testing.assert_array_equal(logsumexp(z), total)


# --- What every kernel promises ---------------------------------------------------------------


@everything
@given(z=arrays().filter(lambda z: z.ndim), data=st.data())
def test_shape_dtype_axis_and_input_are_kept(f, z, data):
    axis, before = data.draw(st.integers(-z.ndim, z.ndim - 1)), z.tobytes()
    with np.errstate(all="raise"):
        result = f(z, axis=axis)
    assert z.tobytes() == before
    assert result.dtype == (z.dtype if z.dtype.kind == "f" else np.float64)
    assert result.shape in (z.shape, tuple(np.delete(z.shape, axis)))
    along_last = f(np.moveaxis(np.asarray(z, float), axis, -1).copy())
    if result.shape != z.shape or f in FORWARD:
        moved = np.moveaxis(result, axis, -1) if result.shape == z.shape else result
        with np.errstate(all="ignore"):
            np.testing.assert_array_equal(moved, along_last.astype(result.dtype))


@forward
@pytest.mark.parametrize("shape", [(3, 20_000), (20_000, 3)])
def test_blocks_leave_no_seam(f, shape):
    z = np.random.default_rng(0).normal(0, 5, shape)
    parts = [f(part) for part in np.array_split(z, 3)]
    np.testing.assert_array_equal(f(z), np.concatenate(parts))


@pytest.mark.parametrize("dtype", [np.float32, np.float16])
def test_narrow_floats_are_rounded_once(dtype):
    for z in (z.astype(dtype) for z in ROWS if np.abs(z).max() < 6e4):
        p, logs, _ = softmax_exactly(z.astype(float))
        assert ulps(softmax(z), p, dtype) <= 0.51
        assert ulps(log_softmax(z), logs, dtype) <= 0.51


def test_scipy_agrees():
    z = np.random.default_rng(0).normal(0, 3, (4, 5, 6))
    for axis in (0, 1, -1):
        np.testing.assert_allclose(softmax(z, axis), special.softmax(z, axis), rtol=1e-14)
        np.testing.assert_allclose(log_softmax(z, axis), special.log_softmax(z, axis), rtol=1e-13)
        np.testing.assert_allclose(logsumexp(z, axis), special.logsumexp(z, axis), rtol=1e-14)


def test_products_of_many_upstream_gradients_are_rows_of_the_jacobian():
    p = softmax(np.random.default_rng(0).normal(0, 2, (4, 5)))
    J = softmax_jacobian(p)
    np.testing.assert_allclose(softmax_vjp(p[:, None, :], np.eye(5)), J, rtol=1e-13)
    np.testing.assert_allclose(J, J.swapaxes(-1, -2), rtol=1e-15)
    np.testing.assert_allclose(J.sum(axis=-1), 0, atol=1e-16)
    assert softmax_jacobian(np.float32(p)).dtype == np.float32
    assert softmax_jacobian(np.zeros((2, 0))).shape == (2, 0, 0)


WRONG = [
    (lambda: softmax(3.0), ValueError, "z must have an axis of classes, got one number alone"),
    (lambda: softmax([1j]), TypeError, "z must be real numbers.*complex"),
    (lambda: softmax(["1"]), TypeError, "z must be real numbers.*str"),
    (lambda: softmax([[1, 2], [3]]), ValueError, "z must have rows of equal length"),
    (lambda: softmax([1.0], axis=1), ValueError, "axis must be from -1 to 0 here, got 1"),
    (lambda: logsumexp([1.0], axis=0.5), TypeError, "axis must be an integer, got float: 0.5"),
    (lambda: softmax([1.0], axis=None), TypeError, "axis must be an integer, got NoneType"),
    (lambda: softmax_vjp([1.0], ["a"]), TypeError, "upstream must be real numbers"),
    (
        lambda: softmax_vjp([0.5, 0.5], [1, 2, 3]),
        ValueError,
        r"p, upstream must have shapes that fit, got \(2,\), \(3,\)",
    ),
    (lambda: softmax_jacobian(0.5), ValueError, "p must have an axis of classes"),
]


@pytest.mark.parametrize(("call", "kind", "message"), WRONG)
def test_what_does_not_fit_is_refused_by_name(call, kind, message):
    with pytest.raises(kind, match=message):
        call()

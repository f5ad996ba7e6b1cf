"""Numeric differentiation against derivatives known in closed form."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from helpers.activations import (
    Dual,
    central_difference,
    complex_step,
    dual_derivative,
    forward_difference,
    leaky_relu,
    one_sided_slopes,
    relu,
    sigmoid,
    sigmoid_prime,
    tanh,
    tanh_prime,
)

Z = np.linspace(-20, 20, 4001)
DIFFERENCES = [forward_difference, central_difference, one_sided_slopes]
EXACT = [complex_step, dual_derivative]


def textbook_sigmoid(z):
    return 1 / (1 + np.exp(-z))


# --- How exact, where all is smooth -----------------------------------------------------------


@pytest.mark.parametrize(
    ("way", "bound"), [(forward_difference, 4e-8), (central_difference, 6e-10)]
)
@pytest.mark.parametrize(("f", "f_prime"), [(sigmoid, sigmoid_prime), (tanh, tanh_prime)])
def test_differences_come_close(way, bound, f, f_prime, figures_of_the_run):
    error = np.max(np.abs(way(f, Z) - f_prime(Z)))
    figures_of_the_run[f"max error {way.__name__} {f.__name__}"] = f"{error:.1e}"
    assert error < bound


@pytest.mark.parametrize("way", EXACT)
@pytest.mark.parametrize(
    ("f", "f_prime"), [(textbook_sigmoid, sigmoid_prime), (np.tanh, tanh_prime)]
)
def test_complex_step_and_duals_are_exact(way, f, f_prime, figures_of_the_run):
    error = np.max(np.abs(way(f, Z) / f_prime(Z) - 1))
    figures_of_the_run[f"max relative error {way.__name__} {f.__name__}"] = f"{error:.1e}"
    assert error < 2e-15


@pytest.mark.parametrize(
    ("way", "order"), [(forward_difference, 1), (central_difference, 2), (complex_step, 2)]
)
def test_the_error_falls_with_the_order_of_the_docstring(way, order):
    errors = [abs(way(np.exp, 1.0, h=h) - np.e) for h in (1e-2, 5e-3)]
    assert errors[0] / errors[1] == pytest.approx(2**order, rel=0.01)


@pytest.mark.parametrize(
    ("way", "coefficient"),
    [(forward_difference, 0.5), (central_difference, 1 / 6), (complex_step, -1 / 6)],
)
def test_the_leading_error_term_is_the_one_of_the_docstring(way, coefficient):
    h, order = 1e-3, 1 if way is forward_difference else 2
    error = way(np.exp, 0.0, h=h) - 1  # every derivative of exp at 0 is 1
    assert error == pytest.approx(coefficient * h**order, rel=1e-3)


@pytest.mark.parametrize("way", [forward_difference, central_difference])
def test_the_default_step_is_near_the_best(way):
    def worst(h):
        return np.max(np.abs(way(sigmoid, Z, h=h) - sigmoid_prime(Z)))

    best = min(worst(h) for h in np.logspace(-12, -1, 45))
    assert np.max(np.abs(way(sigmoid, Z) - sigmoid_prime(Z))) < 4 * best


@given(st.floats(-1e6, 1e6), st.floats(-5, 5))
def test_the_slope_of_a_line_is_found_anywhere(z, slope):
    def line(z):
        return slope * z

    for way in (forward_difference, central_difference):
        assert way(line, z) == pytest.approx(slope, rel=1e-6, abs=1e-6)
    for way in EXACT:
        assert way(line, z) == pytest.approx(slope, rel=1e-15)


# --- Kinks, infinities, steps -----------------------------------------------------------------


def test_one_sided_slopes_show_the_kink_and_nothing_else():
    left, right = one_sided_slopes(leaky_relu, [-1.0, 0.0, 2.0])
    np.testing.assert_allclose(left, [0.01, 0.01, 1])
    np.testing.assert_allclose(right, [0.01, 1, 1])
    left, right = one_sided_slopes(tanh, Z)
    np.testing.assert_allclose(left, right, atol=1e-7)


def test_at_a_kink_the_central_difference_is_the_mean_and_the_forward_one_the_right_slope():
    assert central_difference(relu, 0.0) == 0.5
    assert forward_difference(relu, 0.0) == 1


def test_at_a_jump_the_one_sided_slopes_blow_up_like_one_over_h():
    _, right = one_sided_slopes(np.sign, 0.0, h=1e-3)
    assert right == pytest.approx(1e3)


@pytest.mark.parametrize("way", DIFFERENCES)
def test_no_slope_at_infinity_and_none_from_a_step_that_vanishes(way):
    assert np.all(np.isnan(way(relu, [-np.inf, np.inf, np.nan])))
    assert np.all(np.isnan(way(relu, 1.0, h=1e-20)))


@pytest.mark.parametrize("way", [*DIFFERENCES, complex_step])
@pytest.mark.parametrize("h", [0, -1e-5, np.nan])
def test_a_step_is_positive(way, h):
    with pytest.raises(ValueError, match="h must be positive, got"):
        way(np.exp, 1.0, h=h)


@pytest.mark.parametrize("way", [forward_difference, central_difference, *EXACT])
def test_shapes_and_scalars(way):
    def cube(z):
        return z * z * z

    assert type(way(cube, 2)) is np.float64
    z = [[1, 2, 3], [4, 5, 6]]
    np.testing.assert_allclose(way(cube, z), 3 * np.square(z), rtol=1e-6)
    assert way(cube, np.empty((0, 2))).shape == (0, 2)


def test_a_step_for_each_place():
    slopes = central_difference(np.square, [1.0, 1.0], h=np.array([1e-3, 1.0]))
    np.testing.assert_allclose(slopes, 2)


# --- Complex step -----------------------------------------------------------------------------


@pytest.mark.parametrize("f", [np.abs, np.isfinite, lambda z: 3.0])
def test_complex_step_notices_that_the_imaginary_part_is_lost(f):
    with pytest.raises(TypeError, match="f must return complex numbers"):
        complex_step(f, 1.0)


@pytest.mark.parametrize("way", EXACT)
def test_kernels_refuse_what_is_not_a_plain_number(way):
    with pytest.raises(TypeError, match="z must be real numbers"):
        way(sigmoid, 1.0)


def test_complex_step_reaches_far_into_the_tail():
    assert complex_step(textbook_sigmoid, 400.0) == pytest.approx(np.exp(-400), rel=1e-13)


# --- Dual numbers -----------------------------------------------------------------------------


def in_place(z):
    y = z * 1.0
    y += 2
    y *= y
    y *= 2 * z
    return y


RULES = {  # f and f′ on z > 0
    "+z": (lambda z: +z, lambda z: z**0),
    "-z": (lambda z: -z, lambda z: -(z**0)),
    "z + 3": (lambda z: z + 3, lambda z: z**0),
    "3 + z": (lambda z: 3 + z, lambda z: z**0),
    "z - 3": (lambda z: z - 3, lambda z: z**0),
    "3 - z": (lambda z: 3 - z, lambda z: -(z**0)),
    "z · z": (lambda z: z * z, lambda z: 2 * z),
    "3 z": (lambda z: 3 * z, lambda z: 3 * z**0),
    "z/3": (lambda z: z / 3, lambda z: z**0 / 3),
    "3/z": (lambda z: 3 / z, lambda z: -3 / z**2),
    "z/(1 + z)": (lambda z: z / (1 + z), lambda z: 1 / (1 + z) ** 2),
    "z^5": (lambda z: z**5, lambda z: 5 * z**4),
    "z^-2": (lambda z: z**-2, lambda z: -2 / z**3),
    "2^z": (lambda z: 2**z, lambda z: np.log(2) * 2**z),
    "z^z": (lambda z: z**z, lambda z: z**z * (1 + np.log(z))),
    "exp": (np.exp, np.exp),
    "expm1": (np.expm1, np.exp),
    "log": (np.log, lambda z: 1 / z),
    "log1p": (np.log1p, lambda z: 1 / (1 + z)),
    "sqrt": (np.sqrt, lambda z: 0.5 / np.sqrt(z)),
    "square": (np.square, lambda z: 2 * z),
    "sinh": (np.sinh, np.cosh),
    "cosh": (np.cosh, np.sinh),
    "tanh": (np.tanh, tanh_prime),
    "abs": (lambda z: abs(z - 2.5), lambda z: np.sign(z - 2.5)),
    "maximum": (lambda z: np.maximum(2.5, z * z), lambda z: np.where(z * z > 2.5, 2 * z, 0)),
    "minimum": (lambda z: np.minimum(z * z, 2.5), lambda z: np.where(z * z < 2.5, 2 * z, 0)),
    "where": (lambda z: np.where(z > 2, z * z, 1), lambda z: np.where(z > 2, 2 * z, 0)),
    "chain": (lambda z: np.exp(-(z**2) / 2), lambda z: -z * np.exp(-(z**2) / 2)),
    "constant": (lambda z: 7, lambda z: 0 * z),
    "z^0": (lambda z: z**0, lambda z: 0 * z),
    "power(2, z)": (lambda z: np.power(2.0, z), lambda z: np.log(2) * 2**z),
    "power(0, z)": (lambda z: np.power(0.0, z), lambda z: 0 * z),
    "reciprocal": (np.reciprocal, lambda z: -1 / z**2),
    "logaddexp": (lambda z: np.logaddexp(z * z, 3), lambda z: 2 * z * sigmoid(z * z - 3)),
    "clip": (lambda z: np.clip(z * z, 1.5, 9), lambda z: 2 * z * ((z * z > 1.5) & (z * z < 9))),
    "clip as a method": (lambda z: z.clip(1.5, 9), lambda z: 1.0 * ((z > 1.5) & (z < 9))),
    "clip below": (lambda z: np.clip(z, 2, None), lambda z: 1.0 * (z > 2)),
    "clip max": (lambda z: np.clip(z, max=2.0), lambda z: 1.0 * (z < 2)),
    "in place": (in_place, lambda z: 2 * (z + 2) ** 2 + 4 * z * (z + 2)),
}
POSITIVE = np.array([0.3, 1.0, 2.2, 4.7])


@pytest.mark.parametrize("name", RULES)
def test_every_rule_of_dual_numbers(name):
    f, f_prime = RULES[name]
    np.testing.assert_allclose(dual_derivative(f, POSITIVE), f_prime(POSITIVE), rtol=1e-13)
    for z in POSITIVE:
        assert dual_derivative(f, z) == pytest.approx(f_prime(z), rel=1e-13)


def test_powers_of_0_have_the_slopes_of_calculus():
    for n, slope in ((0, 0), (1, 1), (2, 0), (3, 0)):
        assert dual_derivative(lambda z, n=n: z**n, 0.0) == slope
    slopes = dual_derivative(lambda z: z ** np.array([0.0, 1.0, 2.0]), np.array([0.0, 0.0, 3.0]))
    np.testing.assert_array_equal(slopes, [0, 1, 6])
    assert dual_derivative(lambda z: np.power(z, 0.5), 0.0) == np.inf
    assert dual_derivative(lambda z: np.power(-2.0, z**0), 1.5) == 0


def test_logaddexp_holds_where_exp_overflows():
    np.testing.assert_allclose(
        dual_derivative(lambda z: np.logaddexp(0, z), [-800.0, -30.0, 0.0, 800.0]),
        [0, sigmoid(-30.0), 0.5, 1],
        rtol=1e-15,
    )


def test_a_function_in_place_changes_a_copy_and_never_a_plain_array():
    def doubled(z):
        z *= 2
        return z * z

    z = np.array([1.0, 3.0])
    np.testing.assert_array_equal(dual_derivative(doubled, z), [8, 24])
    np.testing.assert_array_equal(z, [1, 3])
    assert dual_derivative(doubled, 3.0) == 24

    def into_a_plain_array(z):
        total = np.zeros(2)
        total += z
        return total

    with pytest.raises(TypeError, match=r"no place for a slope: write y = y \+ x"):
        dual_derivative(into_a_plain_array, z)


def test_powers_and_abs_of_negative_numbers():
    assert dual_derivative(lambda z: z**3, -2.0) == 12
    assert dual_derivative(lambda z: z**2, 0.0) == 0
    assert dual_derivative(np.abs, -2.0) == -1


@given(st.floats(-50, 50), st.floats(-50, 50))
def test_duals_obey_the_product_and_the_quotient_rule(a, b):
    u, v = Dual(a, 2.0), Dual(b, 3.0)
    assert (u * v).slope == pytest.approx(2 * b + 3 * a)
    if abs(b) > 1e-3:
        assert (u / v).slope == pytest.approx((2 * b - 3 * a) / b**2)


def test_at_a_kink_a_dual_follows_one_branch():
    assert dual_derivative(np.abs, 0.0) == 0
    assert dual_derivative(lambda z: np.maximum(z, 0), 0.0) == 0
    assert dual_derivative(lambda z: np.maximum(0, z), 0.0) == 1


def test_a_directional_derivative_through_a_small_network():
    rng = np.random.default_rng(0)
    W, V, X = rng.normal(size=(3, 3)), rng.normal(size=(3, 3)), rng.normal(size=(5, 3))

    def loss(W):
        return np.mean(np.sum(np.tanh(X @ W) ** 2, axis=1))

    along_V = central_difference(lambda t: loss(W + t * V), 0.0)
    assert loss(Dual(W, V)).slope == pytest.approx(along_V, rel=1e-8)
    assert loss(Dual(W, V)).value == pytest.approx(loss(W))


def test_comparisons_look_at_the_value_alone():
    z = Dual([1.0, 3.0], 1.0)
    np.testing.assert_array_equal(z > 2, [False, True])
    np.testing.assert_array_equal(z <= 1, [True, False])
    np.testing.assert_array_equal(z == Dual(3.0, 5.0), [False, True])


@pytest.mark.parametrize("f", [np.sin, np.add.reduce, np.sort, lambda z: np.exp(z, where=True)])
def test_what_duals_do_not_know_is_a_type_error(f):
    with pytest.raises(TypeError):
        f(Dual([1.0, 2.0], 1.0))


def test_a_dual_shows_both_parts():
    assert repr(Dual(1.5)) == "Dual(1.5, 0.0)"
    assert Dual([1, 2], 1).slope.tolist() == [1.0, 1.0]

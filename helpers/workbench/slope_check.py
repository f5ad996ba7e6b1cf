"""Compare a slope with the one that dual numbers find."""

from collections.abc import Mapping

import numpy as np

from helpers.activations import Activation, central_difference, dual_derivative
from helpers.derivation import Tree, array_values
from helpers.language import gettext


def compare_slopes(activation: Activation, tree: Tree, settings: Mapping[str, float]) -> str:
    """Compare g′ with the slope of the formula `tree` at 1000 places, and return a sentence.

    The places lie on no grid and away from kinks. Where a function has no dual number (erf,
    sin, …), central differences stand in.

    Raises
    ------
    ArithmeticError
        The two differ by more than rounding.
    """
    z = np.random.default_rng(0).uniform(-8, 8, 1000)
    z = z[np.all([np.abs(z - kink) > 1e-3 for kink in (*activation.kinks, np.inf)], axis=0)]
    with np.errstate(all="ignore"):
        try:
            way, tolerance = gettext("dual numbers"), 1e-9
            slope = dual_derivative(
                lambda z: array_values(tree, {**settings, "z": z}, from_left=True), z
            )
        except TypeError:  # one of the functions has none
            way, tolerance = gettext("central differences"), 1e-5
            slope = central_difference(activation.value, z)
    prime = activation.prime(z)
    error = np.abs(prime - slope).max() / max(1.0, np.abs(prime).max())
    if not error < tolerance:
        worst = z[np.argmax(np.abs(prime - slope))]
        raise ArithmeticError(
            gettext(
                "{activation!r}: g′ and {way} differ by {error:.1e} at z = {worst:g}",
                activation=activation,
                way=way,
                error=error,
                worst=worst,
            )
        )
    return gettext(
        "g′ agrees with {way} at {n} places, to {error:.1e}", way=way, n=len(z), error=error
    )

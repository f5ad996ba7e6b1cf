"""Compare what floating-point arithmetic returns with the truth to 50 digits.

The truth of a formula is computed by mpmath, in the notation of the derivations with ``D(…)`` for
the derivative, at exactly the numbers that the floats are:

>>> print(f"{exact('D(1/(1 + exp(-z)))', 40.0):.12e}")
4.248354255292e-18

NumPy is loaded at the first call: whoever only derives does without it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import mpmath

from helpers.derivation.fifty_digits import precise, values
from helpers.derivation.reader import parse

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import ArrayLike, NDArray

    Floats = NDArray[np.float64] | np.float64


def exact(text: str, z: ArrayLike, **letters: float) -> Floats:
    """Return a formula's value at every z, computed with 50 digits and rounded once to float64.

    Parameters
    ----------
    text : str
        In the notation of the derivations, such as ``"D(tanh(z))"``.
    z : float or array of floats
    **letters : float
        The other letters of the formula, such as ``alpha=0.1``.

    Returns
    -------
    float64, of the shape of z
        nan where the formula has no real value.

    Raises
    ------
    NotationError
        If the text cannot be read.

    >>> float(exact("alpha*z", 3.0, alpha=0.5))
    1.5
    """
    return _floats(z, _truth(text, z, letters))


def relative_error(computed: ArrayLike, text: str, z: ArrayLike, **letters: float) -> Floats:
    """Return |computed/truth - 1| at every z: 1e-16 is a full float64, 1 is no digit at all.

    Where the truth is 0: 0 for a computed 0, inf otherwise. nan where either is undefined.

    >>> import numpy as np
    >>> g = 1 / (1 + np.exp(-36.0))
    >>> print(f"{relative_error(g * (1 - g), 'D(1/(1 + exp(-z)))', 36.0):.3f}")
    0.043
    """
    import numpy as np

    computed, z = np.broadcast_arrays(computed, z)

    def error(value: float, truth: mpmath.mpf | None) -> mpmath.mpf:
        if truth is None or np.isnan(value):
            return precise.nan
        gap = abs(precise.mpf(float(value)) - truth)
        return gap / abs(truth) if truth else precise.inf if gap else precise.zero

    return _floats(z, list(map(error, computed.flat, _truth(text, z, letters))))


def _truth(text: str, z: ArrayLike, letters: Mapping[str, float]) -> list[mpmath.mpf | None]:
    import numpy as np

    points = [{"z": float(x), **letters} for x in np.asarray(z).flat]
    return values(parse(text), points)


def _floats(z: ArrayLike, numbers: Sequence[mpmath.mpf | None]) -> Floats:
    import numpy as np

    rounded = [np.nan if number is None else float(number) for number in numbers]
    return np.array(rounded).reshape(np.shape(z))[()]

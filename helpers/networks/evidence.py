"""Evidence from paired runs: how large a difference is, and how certain.

Two settings are run from the same seeds, so that run k of both has the same data, the same random
numbers and the same order; what is left of the difference dₖ between them is due to the settings
and to luck. Three numbers say what n such differences show:

    mean             how large the difference is                          (effect)
    standard error   how far such a mean typically is from that of endless pairs:
                     the standard deviation of the dₖ / √n
    p                how often luck alone would make a mean as large      (certainty)

p comes from the sign-flip test: if a setting makes no difference, each dₖ could as well have come
out with the other sign, so all 2ⁿ patterns of signs are equally likely.
"""

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from helpers.language import gettext, value_error
from helpers.networks.checks import Floats

LEVEL = 0.05  # a difference with p above this is not shown; the interval leaves out as much
MOST_PAIRS = 20  # a million patterns of signs


@dataclass(frozen=True, repr=False)
class PairedDifference:
    """What n paired runs say of the difference between two settings; see `paired_difference`.

    Attributes
    ----------
    differences
        The first setting minus the second, pair by pair: (n,).
    """

    differences: Floats

    @property
    def pairs(self) -> int:
        """How many pairs there are, n."""
        return len(self.differences)

    @property
    def mean(self) -> float:
        """The mean difference: the effect."""
        return float(self.differences.mean())

    @property
    def standard_error(self) -> float:
        """The standard deviation of the differences over √n: how certain the mean is."""
        return float(self.differences.std(ddof=1) / np.sqrt(self.pairs))

    @property
    def p(self) -> float:
        """The share of the 2ⁿ patterns of signs whose mean is as far from 0, or farther.

        At least 2/2ⁿ, for all signs as they are and all signs flipped are among them. So five
        pairs cannot give less than 0.0625, whatever they are.
        """
        total, parts = self.differences.sum(), _subsets(self.differences)[0]
        flipped = np.abs(total - 2 * parts)  # a flipped number counts twice
        return float(np.mean(flipped >= abs(total) - self._rounding))

    @property
    def interval(self) -> tuple[float, float]:
        """The mean differences that p > 0.05 is compatible with: a 95 % interval.

        With fewer than six pairs it is all numbers.
        """
        outside = int(LEVEL / 2 * 2**self.pairs)  # so many of the means of subsets, on either side
        if not outside:
            return -np.inf, np.inf
        sums, sizes = _subsets(self.differences)
        means = np.sort(sums[1:] / sizes[1:])  # the first subset is empty
        return float(means[outside - 1]), float(means[-outside])

    @property
    def shown(self) -> bool:
        """Whether luck alone would do as much in at most 5 % of the cases."""
        return self.p <= LEVEL

    def within(self, margin: float) -> bool:
        """Tell whether a difference of ``margin`` or more, either way, is excluded.

        This, with a margin named beforehand, is what "no difference" can mean; that a difference
        is *not shown* does not exclude a large one.
        """
        return -margin < self.interval[0] and self.interval[1] < margin

    @property
    def sentence(self) -> str:
        """Say how large the difference is, how certain, and what follows."""
        low, high = self.interval
        verdict = gettext("shown") if self.shown else gettext("not shown")
        said = gettext("difference {this}: {verdict}", this=self, verdict=verdict)
        if np.isinf(low):
            return gettext(
                "{said}; no {pairs} pairs can give p below {least:.2g}",
                said=said,
                pairs=self.pairs,
                least=2 / 2**self.pairs,
            )
        return gettext(
            "{said}; 95 % interval {low} to {high}", said=said, low=_signed(low), high=_signed(high)
        )

    @property
    def _rounding(self) -> float:
        """How far sums that are equal on paper may lie apart."""
        return 1e-12 * float(np.abs(self.differences).sum())

    def __repr__(self) -> str:
        error = f"{_signed(self.mean)} ± {self.standard_error:.3f}"
        return gettext(
            "{error} (standard error, {pairs} pairs), p = {p:.2g}",
            error=error,
            pairs=self.pairs,
            p=self.p,
        )


def paired_difference(after: npt.ArrayLike, before: npt.ArrayLike) -> PairedDifference:
    """Compare two settings by runs in pairs: how large is the difference, and how certain?

    The mean of dₖ = afterₖ - beforeₖ with its standard error s/√n; p by an exact sign-flip test,
    two-sided, over all 2ⁿ patterns of signs; and the 95 % interval that belongs to this test.

    Parameters
    ----------
    after, before
        One number a run, (n,) each; run k of both from the same seed. From 2 to 20 runs: the
        patterns are all counted, and there are 2ⁿ of them.

    Raises
    ------
    ValueError
        The two are not finite and of one length, or not 2 to 20.

    Notes
    -----
    The test assumes that under "no difference" d and -d are equally likely, which pairing brings
    about; it needs no normal distribution. Patterns as far out as the observed one count, so ties
    make p larger, never smaller. Limit: all differences 0 give p = 1.

    The interval lies between the k-th smallest and the k-th largest of the means of all 2ⁿ - 1
    subsets of the differences, k = ⌊0.025 · 2ⁿ⌋: the shifts that the test does not reject.

    References
    ----------
    Fisher, The design of experiments (1935), section 21; Hartigan, Using subsample values as
    typical values, Journal of the American Statistical Association 64 (1969).

    Examples
    --------
    >>> tanh = [0.96, 0.97, 0.95, 0.97, 0.96, 0.98]
    >>> paired_difference(tanh, [0.95, 0.94, 0.94, 0.96, 0.95, 0.96])
    +0.015 ± 0.003 (standard error, 6 pairs), p = 0.031
    >>> paired_difference([0.9] * 5, [0.1] * 5).p  # the smallest that five pairs can give
    0.0625
    """
    pair = [np.asarray(runs, dtype=float) for runs in (after, before)]
    if pair[0].ndim != 1 or pair[0].shape != pair[1].shape:
        shapes = gettext(" and ").join(str(runs.shape) for runs in pair)
        raise value_error(
            "expected two rows of runs, as many in both, got shapes {shapes}", shapes=shapes
        )
    if not 2 <= len(pair[0]) <= MOST_PAIRS:
        raise value_error(
            "expected 2 to {most} pairs, got {pairs}", most=MOST_PAIRS, pairs=len(pair[0])
        )
    if not np.isfinite(pair).all():
        raise value_error("expected finite numbers, got nan or inf among them")
    return PairedDifference(pair[0] - pair[1])


def comparisons(runs: Mapping[str, npt.ArrayLike], *pairs: tuple[str, str]) -> str:
    """Compare settings by name, two lines a pair: which minus which, and `sentence`.

    ``runs`` has one number a run for each setting, run k of all from the same seed.

    Examples
    --------
    >>> print(comparisons({"a": [0.9, 0.8], "b": [0.7, 0.7]}, ("a", "b")))  # doctest: +ELLIPSIS
    a − b
        difference +0.150 ± 0.050 (standard error, 2 pairs), p = 0.5: not shown; no 2 pairs ...
    """
    lines = (f"{a} − {b}\n    {paired_difference(runs[a], runs[b]).sentence}" for a, b in pairs)
    return "\n".join(lines)


def _subsets(differences: Floats) -> tuple[Floats, Floats]:
    """Return the sum and the size of each of the 2ⁿ subsets; the empty one is the first."""
    sums = sizes = np.zeros(1)
    for difference in differences:
        sums, sizes = np.append(sums, sums + difference), np.append(sizes, sizes + 1)
    return sums, sizes


def _signed(number: float) -> str:
    """Return the number with its sign, a real minus, and no sign at 0.

    >>> _signed(-0.0123), _signed(0.5), _signed(-0.0001)
    ('−0.012', '+0.500', '0.000')
    """
    text = f"{number:+.3f}"
    return "0.000" if not float(text) else text.replace("-", "−")

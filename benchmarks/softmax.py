"""How right and how fast softmax and its kin are, beside SciPy, PyTorch and JAX.

    python course.py bench softmax

Accuracy is the largest error in ulp against 50 digits, of float64, on the rows of the tests: near
one another, far apart, huge, tiny, saturated. Speed is in ns of processor time per number, forwards
alone; all take turns in every round, and the median of the rounds counts.
"""

import math
import sys
from contextlib import suppress
from functools import partial

import numpy as np
from scipy import special

from benchmarks.activations import medians
from benchmarks.results import machine, record, table
from helpers.activations import log_softmax, logsumexp, softmax
from tools.oracle import ORACLE, hard_rows, softmax_exactly, ulps

NAMES = ("softmax", "log_softmax", "logsumexp")
SHAPES = ((64, 10), (100_000, 10), (1000, 1000))  # a batch of digits, many of them, a vocabulary


def peers():
    """Return {title: {name: function of rows}} of what is installed."""
    found = {
        "helpers": dict(zip(NAMES, (softmax, log_softmax, logsumexp), strict=True)),
        "SciPy": {name: partial(getattr(special, name), axis=-1) for name in NAMES},
    }
    with suppress(ImportError):
        import torch

        torch.set_num_threads(1)
        found["PyTorch"] = {
            name: lambda z, name=name: getattr(torch, name)(torch.from_numpy(z), dim=-1).numpy()
            for name in NAMES
        }
    with suppress(ImportError):
        import jax

        jax.config.update("jax_enable_x64", True)
        compiled = {name: jax.jit(partial(getattr(jax.nn, name), axis=-1)) for name in NAMES}
        found["JAX"] = {
            name: lambda z, name=name: jax.block_until_ready(compiled[name](z)) for name in NAMES
        }
    return found


def errors(function, name):
    """Return the largest error in ulp; of logsumexp in ulp of the larger of itself and max z."""
    worst = 0.0
    for z in hard_rows():
        exact = softmax_exactly(z)
        got = np.asarray(function(z[np.newaxis]))[0]
        if name == "logsumexp":
            gap = np.spacing(max(abs(float(exact[2])), abs(z.max())))
            worst = max(worst, float(abs(ORACLE.mpf(float(got)) - exact[2]) / ORACLE.mpf(gap)))
        else:
            worst = max(worst, ulps(got, exact[NAMES.index(name)]))
    return worst


class Timed:
    """A peer as `medians` wants it."""

    def __init__(self, functions, z):
        self.functions, self.z = functions, z

    def run(self, name):
        return self.functions[name](self.z)


def speed(found, shape):
    """Return {(name, title): ns per number}."""
    z = np.random.default_rng(0).normal(0, 3, shape)
    able = {title: Timed(functions, z) for title, functions in found.items()}
    return {
        (name, title): seconds / z.size * 1e9
        for name in NAMES
        for title, seconds in medians(able, name, z.size).items()
    }


def report(found, shapes=SHAPES):
    """Return the part of RESULTS.md."""
    worst = {(n, t): errors(f[n], n) for t, f in found.items() for n in NAMES}
    rows = [[n, *(_error(worst[n, t]) for t in found)] for n in NAMES]
    lines = [*machine("numpy", "scipy", "torch", "jax"), "", "Largest error in ulp:", ""]
    lines += [*table(["", *found], rows), "", "Time forwards, ns per number; ÷ is helpers ÷ SciPy:"]
    for shape in shapes:
        ns = speed(found, shape)
        cells = [[f"{ns[n, t]:.1f}" for t in found] for n in NAMES]
        ratio = [f"{ns[n, 'helpers'] / ns[n, 'SciPy']:.2f}" for n in NAMES]
        body = [[n, *c, r] for n, c, r in zip(NAMES, cells, ratio, strict=True)]
        lines += ["", *table([f"{shape[0]} × {shape[1]}", *found, "÷"], body)]
    return [*lines, "", _said(worst), "", _WHY]


def _error(x):
    return "∞" if math.isinf(x) else f"{x:.1f}" if x < 100 else f"{x:.0e}"


def _said(worst):
    others = {t: max(worst[n, t] for n in NAMES[:2]) for _, t in worst if t != "helpers"}
    told = ", ".join(f"{t} {_error(x)}" for t, x in others.items())
    ours = max(worst[n, "helpers"] for n in NAMES)
    return f"Softmax and its kin are wrong by {ours:.1f} ulp at most; others: {told}."


_WHY = """What costs more than SciPy's formula keeps the digits: six of some twelve passes find what
rounding took from z - max z and put it back into the exponential, and a sum without the largest
keeps ln p where p is near 1."""


def main(words):
    if words:
        raise SystemExit(f"bench softmax takes nothing; {' '.join(words)} came")
    lines = report(peers())
    record("Softmax", lines)
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])

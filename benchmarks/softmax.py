"""How right and how fast softmax and its kin are, beside SciPy, PyTorch and JAX.

    python course.py bench softmax

Accuracy is the largest error in ulp against 50 digits, of float64, on the rows of the tests: near
one another, far apart, huge, tiny, saturated. Speed is in ns of processor time per number, forwards
alone and forwards and back; all take turns in every round, and the median of the rounds counts.
"""

import math
import sys
from contextlib import suppress
from functools import partial

import numpy as np
from scipy import special

from benchmarks.activations import medians
from benchmarks.results import machine, record, table
from helpers.activations import log_softmax, log_softmax_vjp, logsumexp, softmax, softmax_vjp
from tools.oracle import ORACLE, hard_rows, softmax_exactly, ulps

NAMES = ("softmax", "log_softmax", "logsumexp")
BACK = (*NAMES, "cross-entropy")
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


def ways_back():
    """Return {title: {name: function of rows and upstream rows}}: ∂L/∂z, the value included.

    Cross-entropy is that of the class for which u is largest; its own u is 1.
    """
    found = {
        "helpers": {
            "softmax": lambda z, u: softmax_vjp(softmax(z), u),
            "log_softmax": lambda z, u: log_softmax_vjp(softmax(z), u),
            "logsumexp": lambda z, u: softmax(z) * u[:, :1],
            "cross-entropy": lambda z, u: log_softmax_vjp(softmax(z), -one_hot(u)),
        }
    }
    with suppress(ImportError):
        found["PyTorch"] = _torch_back()
    with suppress(ImportError):
        found["JAX"] = _jax_back()
    return found


def one_hot(u):
    return (np.arange(u.shape[1]) == u.argmax(axis=1)[:, np.newaxis]).astype(float)


def _torch_back():
    import torch
    from torch.nn.functional import cross_entropy

    def back(f):
        def run(z, u):
            z = torch.from_numpy(z).requires_grad_()
            f(z, torch.from_numpy(u)).backward()
            return z.grad.numpy()

        return run

    return {
        "softmax": back(lambda z, u: (torch.softmax(z, -1) * u).sum()),
        "log_softmax": back(lambda z, u: (torch.log_softmax(z, -1) * u).sum()),
        "logsumexp": back(lambda z, u: (torch.logsumexp(z, -1) * u[:, 0]).sum()),
        "cross-entropy": back(lambda z, u: cross_entropy(z, u.argmax(1), reduction="sum")),
    }


def _jax_back():
    import jax

    rows = jax.numpy.arange
    losses = {
        "softmax": lambda z, u: (jax.nn.softmax(z) * u).sum(),
        "log_softmax": lambda z, u: (jax.nn.log_softmax(z) * u).sum(),
        "logsumexp": lambda z, u: (jax.nn.logsumexp(z, axis=-1) * u[:, 0]).sum(),
        "cross-entropy": lambda z, u: -jax.nn.log_softmax(z)[rows(len(z)), u.argmax(1)].sum(),
    }

    def back(loss):
        compiled = jax.jit(jax.grad(loss))
        return lambda z, u: jax.block_until_ready(compiled(z, u))

    return {name: back(loss) for name, loss in losses.items()}


def errors_back(function, name, longest=100):
    """Return the largest error in ulp of what the terms of ∂L/∂zᵢ, taken as positive, add up to.

    That is ulp of the result itself where they have one sign; where they cancel, rounding u alone
    moves the result by so much.
    """
    rng, worst = np.random.default_rng(1), 0.0
    for z in (row for row in hard_rows() if row.size <= longest):
        u = rng.normal(0, 1, z.size)
        got = np.asarray(function(z[np.newaxis], u[np.newaxis]))[0]
        for x, terms in zip(got, _terms(z, u, name), strict=True):
            gap = ORACLE.mpf(float(np.spacing(float(ORACLE.fsum(map(abs, terms))))))
            off = abs(ORACLE.mpf(float(x)) - ORACLE.fsum(terms)) / gap
            worst = max(worst, float(off) if np.isfinite(x) else math.inf)
    return worst


def _terms(z, u, name):
    """Return for each zᵢ the terms of ∂L/∂zᵢ, in 50 digits."""
    p, _, _ = softmax_exactly(z)
    u = [ORACLE.mpf(x) for x in (-one_hot(u[np.newaxis])[0] if name == "cross-entropy" else u)]
    pairs = [*zip(p, u, strict=True)]
    if name == "logsumexp":
        return [[a * u[0]] for a in p]
    if name == "softmax":  # pᵢ (uᵢ - Σ pⱼ uⱼ)
        return [[a * b * (v - w) for b, w in pairs] for a, v in pairs]
    others = [[pair for j, pair in enumerate(pairs) if j != i] for i in range(len(pairs))]
    return [  # uᵢ - pᵢ Σ uⱼ
        [sum(b for b, _ in rest) * v, *(-a * w for _, w in rest)]
        for (a, v), rest in zip(pairs, others, strict=True)
    ]


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

    def __init__(self, functions, *arrays):
        self.functions, self.arrays = functions, arrays

    def run(self, name):
        return self.functions[name](*self.arrays)


def speed(found, shape, names=NAMES, given=1):
    """Return {(name, title): ns per number}; given: how many arrays go in."""
    rng = np.random.default_rng(0)
    arrays = [rng.normal(0, 3, shape) for _ in range(given)]
    size = arrays[0].size
    able = {title: Timed(functions, *arrays) for title, functions in found.items()}
    return {
        (name, title): seconds / size * 1e9
        for name in names
        for title, seconds in medians(able, name, size).items()
    }


def report_back(found, shapes=SHAPES):
    """Return what is said of the ways back."""
    rows = [[n, *(_error(errors_back(f[n], n)) for f in found.values())] for n in BACK]
    others = [title for title in found if title != "helpers"]
    lines = ["### The ways back", "", _MEANT, "", *table(["", *found], rows), ""]
    lines += ["Time forwards and back, ns per number; ÷ is helpers ÷ the peer, in this run:"]
    for shape in shapes:
        ns = speed(found, shape, BACK, given=2)
        body = [
            [n, *(f"{ns[n, t]:.1f}" for t in found)]
            + [f"{ns[n, 'helpers'] / ns[n, t]:.2f}" for t in others]
            for n in BACK
        ]
        heads = [f"{shape[0]} × {shape[1]}", *found, *(f"÷ {title}" for title in others)]
        lines += ["", *table(heads, body)]
    return lines


_MEANT = """From logits z and upstream numbers u to ∂L/∂z, in PyTorch by autograd, in JAX by a
compiled gradient. Largest error in ulp of what the terms of ∂L/∂zᵢ, taken as positive, add up to:
for logsumexp and cross-entropy, whose terms have one sign, that is ulp of the result itself."""


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
    lines = [*report(peers()), "", *report_back(ways_back())]
    record("Softmax", lines)
    print("\n".join(lines))


if __name__ == "__main__":
    main(sys.argv[1:])

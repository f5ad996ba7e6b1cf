"""Every float32 there is: how many of the 2³² inputs come out of a kernel not correctly rounded.

    python course.py bench exhaustive [NAME ...] [--parts FIRST-LAST]

The truth is the textbook formula in float64, right to some ulp; where it lies so near to half-way
between two float32 that this does not decide, balls do. The inputs are cut into 64 parts, each as
long as the others (some 10 s a function); what was counted is kept beside the results, so a run
can be stopped, and go on where it was. By default the four functions of the course.
"""

import argparse
import json
import time
from pathlib import Path

import numpy as np

from benchmarks.results import SHORT, machine, record, table
from helpers.activations import value_and_prime
from tools.balls import BALLS, rounded

COUNTS = Path(__file__).with_name("exhaustive.json")
PARTS, BLOCK = 64, 1 << 18
SMALLEST_NORMAL = 2.0**-126
ALL = 2**32 - 2**24  # that are finite


def _sigmoid(z):
    return 1 / (1 + np.exp(-z))


def _sigmoid_slope(z):
    e = np.exp(-np.abs(z))
    return e / ((1 + e) * (1 + e))


# name -> g and g′ in float64, within 64 ulp, written otherwise than the kernels
TEXTBOOK = {
    "sigmoid": (_sigmoid, _sigmoid_slope),
    "tanh": (np.tanh, lambda z: 1 / np.cosh(z) / np.cosh(z)),
    "relu": (lambda z: np.where(z > 0, z, 0), lambda z: np.where(z > 0, 1.0, 0.0)),
    "leaky_relu": (
        lambda z: np.where(z > 0, z, 0.01 * z),
        lambda z: np.where(z > 0, 1.0, 0.01),
    ),
}


def near_a_tie(v):
    """Tell where v, 64 ulp wrong at most, may lie on either side of half-way between float32."""
    low = v.view(np.int64) & (2**29 - 1)  # what float32 has no room for
    near = np.abs(low - 2**28) <= 64
    small = np.flatnonzero((np.abs(v) < SMALLEST_NORMAL) & (v != 0))
    steps = v[small] * 2.0**149  # in steps of subnormal float32
    near[small] = np.abs(np.abs(steps - np.rint(steps)) - 0.5) < 2.0**-23
    return near


def wrong(f, ball, z, got):
    """Return how many results are not the correctly rounded f(z), and how many balls decided."""
    v = f(z.astype(np.float64))
    nearest, near = v.astype(np.float32), np.flatnonzero(near_a_tie(v))
    if len(near):
        nearest[near] = rounded(ball, z[near], np.float32)
    return int(np.count_nonzero(nearest != got)), len(near)


def count(name, part):
    """Return (inputs, wrong values, wrong slopes, decided by balls) of one of the 64 parts."""
    start, total = part * 2**32 // PARTS, np.zeros(4, int)
    for first in range(start, start + 2**32 // PARTS, BLOCK):
        z = np.arange(first, first + BLOCK, dtype=np.uint32).view(np.float32)
        results = value_and_prime(name, z)
        numbers = np.isfinite(z)
        if not numbers.all():  # limits and nan have tests of their own
            z, results = z[numbers], [r[numbers] for r in results]
        total[0] += len(z)
        with np.errstate(all="ignore"):
            for which, got in enumerate(results):
                bad, decided = wrong(TEXTBOOK[name][which], BALLS[name][which], z, got)
                total[1 + which] += bad
                total[3] += decided
    return total.tolist()


def report(counts):
    """Return the counts as lines of Markdown."""
    totals = {name: np.sum(list(parts.values()), axis=0) for name, parts in counts.items()}
    rows = [
        [name, f"{seen:,} of {ALL:,}", f"{values:,}", f"{slopes:,}", f"{decided:,}"]
        for name, (seen, values, slopes, decided) in totals.items()
    ]
    seen_of_all = "all" if all(seen == ALL for seen, *_ in totals.values()) else "some of all"
    found = ", ".join(f"{t[1]:,} values and {t[2]:,} slopes of {n}" for n, t in totals.items())
    heads = ["float32", "finite inputs seen", "g wrong", "g′ wrong", "near-ties decided by balls"]
    return [
        *machine("numpy", "python-flint"),
        "",
        f"{SHORT}of {seen_of_all} float32 ({ALL / 1e9:.1f} billion inputs each) these are not "
        f"correctly rounded: {found}.",
        "",
        "Inputs whose result is not the correctly rounded one, of all that float32 has. A kernel "
        "computes in float64 and rounds once more, so only inputs whose truth lies within an ulp "
        "of float64 from half-way between two float32 can go wrong.",
        "",
        *table(heads, rows),
    ]


def main(words):
    parser = argparse.ArgumentParser(prog="course.py bench exhaustive")
    parser.add_argument("names", nargs="*", metavar="NAME", help=", ".join(TEXTBOOK))
    parser.add_argument("--parts", default=f"0-{PARTS - 1}", metavar="FIRST-LAST")
    options = parser.parse_args(words)
    if unknown := set(options.names) - TEXTBOOK.keys():
        parser.error(f"there are {', '.join(TEXTBOOK)}; {', '.join(unknown)} came")
    first, _, last = options.parts.partition("-")
    counts = json.loads(COUNTS.read_text()) if COUNTS.exists() else {}
    for name in options.names or TEXTBOOK:
        done = counts.setdefault(name, {})
        for part in range(int(first), int(last or first) + 1):
            if str(part) not in done:
                start = time.process_time()
                done[str(part)] = count(name, part)
                COUNTS.write_text(json.dumps(counts, indent=1) + "\n")
                print(
                    f"{name}, part {part}: {done[str(part)]}, {time.process_time() - start:.0f} s",
                    flush=True,
                )
    record("Every float32", report(counts))


if __name__ == "__main__":
    import sys

    main(sys.argv[1:])

"""How the cost grows with the work, and with which exponent.

    python course.py bench growth [--quick]

Kernels by numbers, checking by lines and by nodes of a line, an explorer by samples and by
settings of its parameter; grading by submissions, simulated on top of one worker and of the
process that writes, which are measured. An exponent p says that cost grows like nᵖ: the slope in
the doubly logarithmic picture, fitted where a fixed start no longer counts. Times are processor
time. Writes its part of RESULTS.md, and growth.svg; --quick stops early and only prints.
"""

import heapq
import statistics
import sys
import tempfile
import time
from dataclasses import replace
from functools import partial
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from benchmarks import grading
from benchmarks.results import SHORT, machine, record, table
from helpers.activations import ACTIVATIONS, value_and_prime
from helpers.derivation import derive, parse, walk
from helpers.exercises import check_derivation
from helpers.explorer import explore, figure

HERE = Path(__file__).parent
TRUE_LINES = "= exp(-z)/(1 + exp(-z))^2", "= (1 + exp(-z))^-2*exp(-z)"
WORKERS = 1, 2, 4, 8, 16, 32


def seconds(call, most=9):
    """Return the median of some calls' processor time: fewer where one takes long."""
    call()
    times = []
    while (len(times) < most and sum(times) < 1.5) or not times:
        start = time.process_time()
        call()
        times.append(time.process_time() - start)
    return statistics.median(times)


def exponent(sizes, costs):
    """Return the slope in the doubly logarithmic picture, over the upper half of the sizes."""
    half = len(sizes) // 2
    return float(np.polyfit(np.log(sizes[half:]), np.log(costs[half:]), 1)[0])


# --- What grows -------------------------------------------------------------------------------


def kernel(name, size):
    z = np.random.default_rng(0).normal(0, 3, size)
    return partial(value_and_prime, name, z, out=(np.empty(size), np.empty(size)))


def lines(count):
    middle = [f"{TRUE_LINES[i % 2]} + {i} - {i}" for i in range(count)]
    text = "\n".join(["D(1/(1 + exp(-z)))", *middle, "= g*(1 - g)"])
    return partial(check_derivation, "derive_sigmoid", text)


def terms(count):
    """Return a sum of that many terms, and its derivative."""
    whole = " + ".join(f"z^{k}*e^-z" for k in range(1, count + 1))
    slope = " + ".join(f"({k}*z^{k - 1} - z^{k})*e^-z" for k in range(1, count + 1))
    return whole, slope


def nodes(line):
    return sum(1 for _ in walk(parse(line)))


SUMS = {nodes(slope): f"D({whole})\n= {slope}" for whole, slope in map(terms, (1, 2, 4, 8, 12))}


def samples(count):
    return partial(explore, "sigmoid", z_range=(-count / 40, count / 40))


def settings(count):
    swish = ACTIVATIONS["swish"]
    step = 4.0 / count
    parameter = replace(swish.parameter, low=0.0, high=4.0, default=2 * step, step=step)
    return partial(explore, replace(swish, parameter=parameter))


GROWING = {  # title -> (what n counts, sizes, a call of that size)
    "sigmoid pair": ("numbers", [10**k for k in range(2, 9)], partial(kernel, "sigmoid")),
    "ReLU pair": ("numbers", [10**k for k in range(2, 9)], partial(kernel, "relu")),
    "GELU pair": ("numbers", [10**k for k in range(2, 9)], partial(kernel, "gelu")),
    "check a derivation": ("lines", [1, 2, 4, 8, 16, 32], lines),
    "derive a sum": ("nodes", [*SUMS], lambda count: partial(derive, SUMS[count])),
    "explorer": ("samples", [100, 200, 400, 800], samples),
    "explorer with β": ("settings", [4, 8, 16, 32], settings),
}


def measure(quick):
    """Return {title: (sizes, seconds)}."""
    found = {}
    for title, (_, sizes, make) in GROWING.items():
        sizes = sizes[:4] if quick else sizes
        found[title] = sizes, [seconds(make(size)) for size in sizes]
        print(title, *(f"{cost:.2g}" for cost in found[title][1]), flush=True)
    return found


# --- Grading ----------------------------------------------------------------------------------


def measured_worker(submissions):
    """Return start, and what each submission costs the process that writes and a worker, in s.

    The process that writes by its processor time; the rest, which other processes do, by the clock.
    """
    costs = []
    for count in (2, 2, 2 + submissions):  # the first one also loads what grading needs
        with tempfile.TemporaryDirectory() as place:
            grading.course(Path(place), count)
            start = time.process_time()
            took = grading.ours(Path(place), 1)
            costs.append(np.array([time.process_time() - start, took]))
    _, few, many = costs
    writing, working = np.maximum(many - few, 1e-3) / submissions
    return float(few[1] - 2 * working), float(writing), float(working)


def simulated(submissions, workers, start, writing, working):
    """Return the seconds until the last submission is written.

    A free worker takes the next one; times scatter by a third, one after the other is written.
    """
    spread = np.random.default_rng(0).gamma(9, working / 9, submissions).tolist()
    free, written = [start] * workers, start
    for takes in spread:
        done = heapq.heappop(free) + takes
        heapq.heappush(free, done)
        written = max(written, done) + writing
    return written


# --- The report -------------------------------------------------------------------------------


def report(found, worker, sizes):
    rows = [
        [title, GROWING[title][0], f"{n[0]:,} … {n[-1]:,}", f"{s[-1]:.2g}", f"{exponent(n, s):.2f}"]
        for title, (n, s) in found.items()
    ]
    top = max(exponent(n, s) for n, s in found.values())
    many = sizes[-1]
    hours = {w: simulated(many, w, *worker) / 3600 for w in WORKERS}
    return [
        *machine("numpy"),
        "",
        f"{SHORT}nothing that was measured grows faster than like n to the {top:.1f}; "
        f"{many:,} submissions take {hours[1]:.1f} hours with one worker, {hours[8]:.1f} with 8.",
        "",
        "![Cost over size, doubly logarithmic, in four panels: kernels, checking, explorer, and "
        "grading with one to 32 workers; straight lines of slope about 1 once a fixed start is "
        "behind.](growth.svg)",
        "",
        *table(["", "n counts", "measured for", "s for the most", "exponent"], rows),
        "",
        f"Grading by simulation: {worker[0]:.1f} s to start, then each submission costs a worker "
        f"{worker[2]:.3f} s and the process that writes {worker[1]:.4f} s, as measured.",
        "",
        *table(
            ["submissions", *(f"{w} worker{'s' * (w > 1)}, s" for w in WORKERS)],
            [[f"{n:,}", *(f"{simulated(n, w, *worker):.0f}" for w in WORKERS)] for n in sizes],
        ),
    ]


PANELS = {"kernels": "pair", "checking": "deriv", "explorer": "explorer"}  # title -> who is in it


def draw(found, worker, sizes, path):
    fig, axes = figure(4, width=16, height=4.4, xlabel="n", ylabel="s")
    for ax, (panel, word) in zip(axes, PANELS.items(), strict=False):
        for title, (n, s) in found.items():
            if word in title:
                label = f"{title}\nn {GROWING[title][0]}: exponent {exponent(n, s):.2f}"
                ax.loglog(n, s, marker="o", markersize=3, label=label)
        ax.set(title=panel)
    for w in WORKERS:
        total = [simulated(n, w, *worker) for n in sizes]
        label = f"{w} worker{'s' * (w > 1)}: exponent {exponent(sizes, total):.2f}"
        axes[3].loglog(sizes, total, marker="o", markersize=3, label=label)
    axes[3].set(title="grading, simulated", xlabel="n submissions")
    for ax in axes:
        ax.legend(fontsize=7)
    with plt.rc_context({"svg.hashsalt": "growth"}):
        fig.savefig(path, metadata={"Date": None})
    plt.close(fig)


def main(words):
    if set(words) - {"--quick"}:
        raise SystemExit(f"bench growth takes --quick or nothing; {' '.join(words)} came")
    quick = bool(words)
    found = measure(quick)
    worker = measured_worker(4 if quick else 200)
    sizes = [10**k for k in range(3 if quick else 6)]
    text = report(found, worker, sizes)
    print("\n".join(text))
    if not quick:
        record("Growth", text)
        draw(found, worker, sizes, HERE / "growth.svg")


if __name__ == "__main__":
    main(sys.argv[1:])

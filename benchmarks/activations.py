"""How right and how fast the kernels are, beside what others offer.

    python course.py bench [--quick]

Accuracy is the largest error in ulp (units in the last place) against 50-digit arithmetic, on the
grid of the tests. Speed is that of g and g′ together, in ns of processor time per number on one
thread: all peers take turns in every round, so that whatever slows the machine slows all of them,
and the median of the rounds counts. A copy of z to two arrays is the floor under everything.
Writes its part of RESULTS.md, and results.svg, beside this file; --quick measures little, and
only prints.
"""

import math
import statistics
import sys
import time
from pathlib import Path

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import numpy as np

from benchmarks.peers import MISSING, NAMES, PEERS
from benchmarks.results import SHORT, machine, record, table
from benchmarks.textbook import FORMULAS
from helpers.activations import ACTIVATIONS
from helpers.explorer import figure
from tools.oracle import hard_grid, truth, ulps

HERE = Path(__file__).parent
LAYER = 64 * 48  # a batch of 64 through 48 units: what the lessons' networks ask for at once
SIZES = sorted([*(10**k for k in range(2, 8)), LAYER])
ROUNDS = {10**7: 5, 10**6: 9}  # at smaller sizes 15
# the time of the process: what others do on the machine does not count, all threads of a peer do
fine = time.get_clock_info("process_time").resolution < 1e-6
CLOCK = time.process_time if fine else time.perf_counter
GOALS = [  # in float64: name, size, peer, largest ratio
    ("sigmoid", 10**7, "copy", 3.0),
    ("sigmoid", 10**7, "torch autograd", 0.5),
    ("sigmoid", 10**4, "torch autograd", 0.85),
    ("relu", 10**6, "copy", 2.0),
    ("leaky_relu", 10**6, "copy", 2.0),
]
COMPUTING = [title for title, peer in PEERS.items() if title != "copy" and hasattr(peer, "run")]
GOAL = 1.0, 1.3  # × textbook from LAYER numbers on, and below


# --- Accuracy ---------------------------------------------------------------------------------


def accuracy(z):
    """Return {(name, peer): (error of g, of g′ for |z| ≤ 8, of g′ beyond)} in ulp."""
    errors, near = {}, np.abs(z) <= 8
    for name in NAMES:
        value, slope = (np.array(column, object) for column in truth(name, z))
        for title, peer in PEERS.items():
            if name in peer.names and title in COMPUTING:
                g, prime = (np.asarray(array, np.float64) for array in peer(z).run(name))
                errors[name, title] = (
                    ulps(g, value),
                    ulps(prime[near], slope[near]),
                    ulps(prime[~near], slope[~near]),
                )
        say(f"accuracy of {name}")
    return errors


# --- Speed ------------------------------------------------------------------------------------


def speed(sizes, dtypes):
    """Return {(dtype, size, name, peer): ns per number}."""
    times, rng = {}, np.random.default_rng(0)
    for dtype in dtypes:
        for size in sizes:
            z = rng.normal(0, 3, size).astype(dtype)
            peers = {title: peer(z) for title, peer in PEERS.items()}
            for name in NAMES:
                able = {title: peer for title, peer in peers.items() if name in peer.names}
                for title, seconds in medians(able, name, size).items():
                    times[dtype.__name__, size, name, title] = seconds / size * 1e9
            for peer in peers.values():
                if hasattr(peer, "close"):
                    peer.close()
            say(f"speed with {size:.0e} numbers in {dtype.__name__}")
    return times


def medians(peers, name, size):
    """Let the peers take turns; return {title: median of the seconds a call takes}.

    Each turn begins with a call that is not timed: what the peer before left behind, a cold cache
    or a thread that still spins, is not charged to the next one.
    """
    calls = max(1, 100_000 // size)
    rounds = {title: [] for title in peers}
    for peer in peers.values():
        seconds(peer, name, 1)  # compiles
    for _ in range(ROUNDS.get(size, 15)):
        for title, peer in peers.items():
            seconds(peer, name, 1)
            rounds[title].append(seconds(peer, name, calls) / calls)
    return {title: statistics.median(taken) for title, taken in rounds.items()}


def seconds(peer, name, calls):
    if hasattr(peer, "seconds"):
        return peer.seconds(name, calls)
    start = CLOCK()
    for _ in range(calls):
        peer.run(name)
    return CLOCK() - start


# --- The report -------------------------------------------------------------------------------


def report(errors, times):
    """Return the results as Markdown."""
    return "\n".join(
        [
            *machine("numpy", "scipy", "torch", "jax"),
            f"- NumPy's loops use {simd()}",
            *(f"- left out: {t} ({library} is not installed)" for t, library in MISSING.items()),
            "",
            "![Left: ns per number for sigmoid with its slope over the number of numbers. "
            "Right: largest error of each slope in ulp.](results.svg)",
            "",
            *in_short(errors, times),
            "",
            *verdicts(times),
            "",
            "### Accuracy",
            "",
            "Largest error in ulp against 50 digits, float64, on the hard grid of the tests "
            f"({len(hard_grid())} finite z: dense in ±20, to ±1e308, subnormal, next to roots and "
            "to over- and underflow). Value g · slope g′ for |z| ≤ 8 · g′ beyond. `∞`: nan or inf "
            "where the truth is finite.",
            "",
            *accuracy_table(errors),
            "",
            *certified(),
            "",
            "### Speed",
            "",
            "Value and slope together, ns of processor time per number, one thread, z ~ N(0, 3²), "
            "medians. `helpers` and `torch out=` write to given arrays, the others to fresh ones, "
            "which is how they are used. Fairness: a NumPy pair makes a dozen passes over blocks "
            "in the cache, torch and JAX one fused loop. So torch without its autograd and with "
            "`out=` is faster than its autograd, and faster than `helpers` nearly everywhere; so "
            "is the textbook formula as long as its arrays fit the cache. What `helpers` pays "
            "for stands in the table above.",
            "",
            *beside_the_textbook(times),
            "",
            *where_the_time_goes(times),
            "",
            *speed_tables(times),
        ]
    )


def simd():
    found = np.show_config(mode="dicts")["SIMD Extensions"].get("found", [])
    return ", ".join(found) or "no SIMD extensions beyond the baseline"


def in_short(errors, times):
    """Return the line that stands on top of all results, for what was measured of it."""
    worst = {
        title: max(max(e[1:]) for (_, t), e in errors.items() if t == title)
        for title in {title for _, title in errors}
    }
    ratios = [r for (_, size), r in textbook_ratios(times).items() if size >= LAYER] or [math.nan]
    ulp, book = worst["helpers"], worst.get("textbook", math.nan)
    lost = "are infinite or nan in places" if math.isinf(book) else f"by {book:.0e}"
    return [
        f"{SHORT}slopes of the kernels are wrong by {ulp:.1f} ulp at most, those of the textbook "
        f"{lost}; that costs {min(ratios):.1f} to {max(ratios):.1f} times its time from "
        f"{LAYER} numbers on."
    ]


def textbook_ratios(times, book="textbook alone"):
    """Return {(name, size): helpers ÷ textbook} in float64; SciPy for GELU, which has no other."""
    ratios = {}
    for dtype, size, name, title in times:
        other = times.get((dtype, size, name, book), times.get((dtype, size, name, "SciPy")))
        if dtype == "float64" and title == "helpers" and other and name in (*FORMULAS, "gelu"):
            ratios[name, size] = times[dtype, size, name, title] / other
    return ratios


def beside_the_textbook(times):
    """Return two tables of ratios, name by size."""
    lines = [
        "`helpers` ÷ textbook (GELU: ÷ SciPy), the textbook in a program of its own. The goal is "
        f"{GOAL[0]} from {LAYER} numbers on, {GOAL[1]} for 1000.",
        *ratio_table(textbook_ratios(times)),
        "The same, the textbook in a program that has imported `helpers`: it keeps the memory of "
        "temporaries (`contract.py` says how), which speeds up all that is written with NumPy.",
        *ratio_table(textbook_ratios(times, "textbook")),
    ]
    return lines[:-1]


def ratio_table(ratios):
    sizes = sorted({size for _, size in ratios})
    names = [name for name in NAMES if any(name == n for n, _ in ratios)]
    rows = [[n, *(f"{ratios[n, s]:.2f}" for s in sizes)] for n in names]
    return ["", *table(["float64", *(f"{size:,}" for size in sizes)], rows), ""]


WHERE = """
**Where the time goes.** A call of sigmoid takes {helpers:.0f} µs for the fewest numbers, the
textbook's {textbook:.0f} µs: nine steps against six, each with 0.4 to 0.6 µs before its first
number; 0.4 µs for `np.errstate`; 2 µs to look at `out`, z and the parameter. That is why nothing of
a few µs, such as ReLU for a layer, can be as fast as its two lines. From 10⁴ numbers on it is
passes: exp takes 0.9 ns a number, division 0.35, tanh 1.7, expm1 1.2, other steps 0.2, but 0.5 to
0.6 for sign, copysign and a maximum with a number, for which NumPy has no vector loop. Sigmoid's
nine steps take 2.6 ns, the textbook's six 2.1: with three of them it chooses its side of 0, so that
g′ is even to the last bit and both tails are exact. A formula of z itself, 1/(1 + exp(-z)), needs
none of them, but its slope is not even, can exceed 1/4, and is 0/0 where exp overflows. Tanh's
slope needs an exponential beside tanh (or loses its tail), which is as much again; SiLU and Mish
need expm1 beside exp, so that nothing cancels next to the root of their slope; GELU is a polynomial
of 24 coefficients, two steps each; a slope of ReLU that hands on nan costs as much as its value.
Three things that cost more than all mathematics are gone: np.where, which asks number by number and
guesses wrong on every other random sign (4 ns); glibc, which handed temporaries back to the system
after each step (up to 30 ns in long formulas, 1.4 in the textbook's sigmoid) until it had seen a
large array freed; and small blocks: in blocks of 16,384 numbers the calls took 0.4 ns a number more
than in those of 65,536.
"""


def where_the_time_goes(times):
    """Say it, with what a call costs before its first number."""
    calls = {title: [] for title in ("helpers", "textbook")}
    for (_, size, name, title), ns in times.items():
        if name == "sigmoid" and title in calls:
            calls[title].append(size * ns / 1000)
    told = {title: min(us, default=math.nan) for title, us in calls.items()}
    return [" ".join(WHERE.format(**told).split())]


def verdicts(times):
    """Return one line a goal: the ratio that was measured and the one that was wished for."""
    lines = []
    for name, size, title, goal in GOALS:
        ours, other = (times.get(("float64", size, name, t)) for t in ("helpers", title))
        if ours and other:
            word = "reached" if ours / other <= goal else "missed"
            lines.append(
                f"- {name} pair, float64, {size:.0e} numbers: {ours / other:.2f} × {title} "
                f"(goal {goal} ×, {word})"
            )
    ratios = {key: r for key, r in textbook_ratios(times).items() if key[1] >= 1000}
    met = [key for key, r in ratios.items() if r <= GOAL[key[1] < LAYER]]
    if ratios:
        lines.append(
            f"- {len(met)} of {len(ratios)} pairs and sizes meet the goal beside the textbook"
        )
    return lines


def accuracy_table(errors):
    titles = COMPUTING
    cells = {
        key: " · ".join("∞" if math.isinf(x) else f"{x:.1f}" if x < 100 else f"{x:.0e}" for x in e)
        for key, e in errors.items()
    }
    return table(["", *titles], [[n, *(cells.get((n, t), "–") for t in titles)] for n in NAMES])


def certified():
    """Say for how many of all float64 the ends of their octave certify the bound, in balls."""
    try:
        from tools.balls import BALLS, MONOTONE, certified_share
    except ImportError:
        return ["Not certified on intervals: python-flint is not installed."]
    rows = []
    for name in MONOTONE:
        kernels = ACTIVATIONS[name].value, ACTIVATIONS[name].prime
        pairs = zip(kernels, BALLS[name], strict=True)
        rows.append([name, *(f"{certified_share(k, f, 5):.1%}" for k, f in pairs)])
    return [
        "Certified, not only sampled: the share of all finite float64 that lie in an octave whose "
        "two ends, in ball arithmetic, bound the error of every float between by 5 ulp "
        "(`certified_share` in `tools/balls.py` says how, and what it takes on trust). An octave "
        "in which the function is not nearly constant cannot be certified this way.",
        "",
        *table(["", "g", "g′"], rows),
    ]


def speed_tables(times):
    lines = []
    for dtype, size in dict.fromkeys((dtype, size) for dtype, size, *_ in times):
        cell = {(n, t): ns for (d, s, n, t), ns in times.items() if (d, s) == (dtype, size)}
        rows = []
        for name in NAMES:
            ours = cell[name, "helpers"]
            ratios = [cell.get((name, title)) for title in ("copy", "torch autograd")]
            columns = [cell.get((name, title)) for title in PEERS]
            rows.append(
                [name]
                + [f"{ns:.2f}" if ns else "–" for ns in columns]
                + [f"{ours / ns:.2f}" if ns else "–" for ns in ratios]
            )
        heads = [dtype, *PEERS, "÷ copy", "÷ torch autograd"]
        lines += [f"#### {dtype}, {size:.0e} numbers", "", *table(heads, rows), ""]
    return lines


STYLES = {
    "helpers": {"linewidth": 3, "color": "#0072B2"},
    "copy": {"linewidth": 1, "color": "#6E6E6E", "linestyle": ":"},
}


def draw(errors, times, path):
    """Draw speed over size for sigmoid, and the errors of all slopes."""
    marks = dict(zip(PEERS, "os^Dv<>", strict=False))
    fig, (left, right) = figure(2, width=12, height=4.6)
    for title, mark in marks.items():
        sizes = sorted({s for d, s, n, t in times if (n, t, d) == ("sigmoid", title, "float64")})
        ns = [times["float64", size, "sigmoid", title] for size in sizes]
        style = STYLES.get(title, {"linewidth": 1})
        left.loglog(sizes, ns, marker=mark, label=title, **style)
        if title in COMPUTING:
            worst = [max(errors[n, title][1:]) if (n, title) in errors else math.nan for n in NAMES]
            shown = np.clip(worst, 0.3, 1e19)  # nan and inf go to the right edge
            color = STYLES.get(title, {}).get("color", left.lines[-1].get_color())
            right.plot(shown, range(len(NAMES)), mark, color=color, alpha=0.8)
    left.set(title="sigmoid with its slope, float64", xlabel="numbers", ylabel="ns per number")
    left.legend(fontsize=9)
    right.set(
        title="largest error of each slope", xlabel="ulp (right edge: nan or inf)", xscale="log"
    )
    right.set_yticks(range(len(NAMES)), NAMES, fontsize=9)
    right.invert_yaxis()
    with plt.rc_context({"svg.hashsalt": "bench"}):
        fig.savefig(path, metadata={"Date": None})
    plt.close(fig)


def say(line):
    print(line, flush=True)


def main(words):
    if set(words) - {"--quick"}:
        raise SystemExit(f"bench takes --quick or nothing; {' '.join(words)} came")
    quick = bool(words)
    for title, library in MISSING.items():
        say(f"{title} is left out: {library} is not installed.")
    grid = hard_grid()
    if quick:
        times = speed([100, 10**4], [np.float64])
    else:
        times = speed(SIZES, [np.float64]) | speed([10**4, 10**6, 10**7], [np.float32])
    errors = accuracy(grid[::20] if quick else grid)
    if quick:
        return say(report(errors, times))
    record("Kernels", [report(errors, times)])
    draw(errors, times, HERE / "results.svg")
    say("\n".join(verdicts(times)))
    say("benchmarks/RESULTS.md and results.svg are written.")


if __name__ == "__main__":
    main(sys.argv[1:])

"""How long training takes, beside torch and beside a browser.

    python course.py bench training [--quick]

`helpers.networks.train` against torch's autograd: the same network of the lessons with the same
weights, the same batches in the same order, float64, one thread. Both take turns and end with the
same losses, which is checked; so the ratio compares the same work. In Pyodide, the NumPy of the
in-browser edition, the same call of `train` runs in Node, where `npm install pyodide` brought it
(`--pyodide FOLDER`). Writes its part of RESULTS.md; --quick only prints.
"""

import argparse
import json
import statistics
import subprocess
import sys
import time
from itertools import pairwise
from pathlib import Path

import numpy as np

from benchmarks.results import SHORT, machine, record, table
from helpers.activations import ACTIVATIONS
from helpers.networks import Network, load_digits, split, train

WIDTHS = [64, 48, 48, 48, 10]
RATE, GAIN, BATCH, ROUNDS, GOAL = 0.05, 0.7, 64, 7, 0.6  # with more, squared ReLU overflows
ROOT = Path(__file__).parents[1]


def material():
    pixels, labels = load_digits()
    x, y, _, _ = split(pixels, labels, np.random.default_rng(0))
    return x / np.sqrt(np.mean(x**2)), y


def ours(name, x, y, widths=WIDTHS):
    """Return the seconds an epoch takes, and its loss."""
    network = Network(widths, name, np.random.default_rng(1), init=GAIN)
    start = time.process_time()
    (loss,) = train(network, x, y, np.random.default_rng(2), epochs=1, rate=RATE, batch=BATCH)
    return time.process_time() - start, loss


# --- torch ------------------------------------------------------------------------------------


def torch_functions():
    """Return {name: function of a tensor}, for every activation of the table."""
    import torch
    from torch.nn import functional as F

    own = {
        "sigmoid": torch.sigmoid,
        "tanh": torch.tanh,
        "gelu_tanh": lambda z: F.gelu(z, approximate="tanh"),
        "swish": lambda z: z * torch.sigmoid(z),
        "squareplus": lambda z: (z + torch.sqrt(z * z + 4)) / 2,
        "snake": lambda z: z + torch.sin(z) ** 2,
        "thresholded_relu": lambda z: F.threshold(z, 1.0, 0.0),
        "relu_squared": lambda z: torch.relu(z) ** 2,
    }
    return {name: own[name] if name in own else getattr(F, name) for name in ACTIVATIONS}


def torch_layers(name):
    """Return a network of torch with the weights that `ours` begins with."""
    import torch

    start = Network(WIDTHS, name, np.random.default_rng(1), init=GAIN)
    layers = torch.nn.ModuleList(
        torch.nn.Linear(*pair, dtype=torch.float64) for pair in pairwise(WIDTHS)
    )
    with torch.no_grad():
        for layer, weights, biases in zip(layers, start.weights, start.biases, strict=True):
            layer.weight.copy_(torch.from_numpy(weights.T.copy()))
            layer.bias.copy_(torch.from_numpy(biases))
    return layers


def theirs(name, x, y):
    """Return the same as `ours`, by autograd and torch's own SGD."""
    import torch
    from torch.nn import functional as F

    torch.set_num_threads(1)
    g, layers = torch_functions()[name], torch_layers(name)
    optimiser = torch.optim.SGD(layers.parameters(), lr=RATE)
    x, y = torch.from_numpy(x), torch.from_numpy(np.asarray(y, np.int64))
    rng, losses, start = np.random.default_rng(2), [], time.process_time()
    for batch in torch.from_numpy(rng.permutation(len(x))).split(BATCH):
        h = x[batch]
        for layer in layers[:-1]:
            h = g(layer(h))
        loss = F.cross_entropy(layers[-1](h), y[batch])
        optimiser.zero_grad()
        loss.backward()
        optimiser.step()
        losses.append(loss.item())
    return time.process_time() - start, float(np.mean(losses))


def beside_torch(names, rounds):
    """Return {name: (ms of ours, of torch)} of an epoch; raise if the losses differ."""
    x, y = material()
    found = {}
    for name in names:
        taken = [], []
        for _ in range(rounds + 1):
            (mine, loss), (other, same) = ours(name, x, y), theirs(name, x, y)
            if not np.isclose(loss, same, rtol=1e-8):
                raise AssertionError(f"{name}: the loss is {loss} here and {same} in torch")
            taken[0].append(mine)
            taken[1].append(other)
        found[name] = [1000 * statistics.median(times[1:]) for times in taken]  # the first warms up
        print(name, *(f"{ms:.1f} ms" for ms in found[name]), flush=True)
    return found


# --- Pyodide ----------------------------------------------------------------------------------

# Runs in Node beside the folder of Pyodide, and prints what `epochs` and `parts` return.
DRIVER = """
const {{ loadPyodide }} = require("{pyodide}/pyodide.js");
(async () => {{
  const pyodide = await loadPyodide({{ indexURL: "{pyodide}" }});
  await pyodide.loadPackage("numpy");
  pyodide.FS.mkdirTree("/course");
  pyodide.mountNodeFS("/course", "{root}");
  console.log(await pyodide.runPythonAsync(`
import sys, json
sys.path.insert(0, "/course")
from benchmarks.training import epochs, parts
json.dumps([epochs({names!r}, {rounds}), parts({rounds})])`));
}})();
"""


def epochs(names, rounds):
    """Return {name: [least ms of an epoch of ours, its loss]}: Pyodide has the clock alone."""
    x, y = material()
    found = {}
    for name in names:
        runs = [ours(name, x, y) for _ in range(rounds + 1)][1:]
        found[name] = [1000 * min(run[0] for run in runs), runs[0][1]]
    return found


def parts(rounds):
    """Return {what: µs} of what an epoch is made of, and of an epoch of lesson 7's network."""
    rng, found = np.random.default_rng(0), {}
    h, weights, (x, y) = rng.normal(size=(64, 48)), rng.normal(size=(48, 48)), material()
    calls = {
        "product": (lambda: h @ weights, 100),
        "exp": (lambda: np.exp(h), 100),
        "lesson 7": (lambda: ours("relu", x, y, [64] + [48] * 8 + [10]), 1),
    }
    for what, (call, times) in calls.items():
        call()
        taken = []
        for _ in range(rounds):
            start = time.process_time()
            for _ in range(times):
                call()
            taken.append((time.process_time() - start) / times * 1e6)
        found[what] = min(taken)
    return found


def in_pyodide(folder, names, rounds):
    """Return what `epochs` and `parts` return in Pyodide."""
    words = {"pyodide": Path(folder).resolve(), "root": ROOT, "names": names, "rounds": rounds}
    ran = subprocess.run(
        ["node", "-e", DRIVER.format(**words)], capture_output=True, text=True, check=True
    )
    return json.loads(ran.stdout.splitlines()[-1])


# --- The report -------------------------------------------------------------------------------


def report(torch, native, browser, here, there):
    """Return the results as lines of Markdown; torch, and browser with there, may be empty."""
    names = list(native)
    ratios = {name: mine / other for name, (mine, other) in torch.items()}
    slower = {name: browser[name][0] / native[name][0] for name in browser}
    rows = [
        [
            name,
            f"{(torch.get(name) or native[name])[0]:.1f}",
            f"{torch[name][1]:.1f}" if name in torch else "–",
            f"{ratios[name]:.2f}" if name in ratios else "–",
            f"{slower[name]:.1f}" if name in slower else "–",
        ]
        for name in names
    ]
    told = []
    if ratios:
        met = sum(ratio <= GOAL for ratio in ratios.values())
        told.append(
            f"training takes {min(ratios.values()):.2f} to {max(ratios.values()):.2f} times as "
            f"long as with torch; {met} of {len(ratios)} activations meet the goal {GOAL}"
        )
    if slower:
        told.append(
            f"in Pyodide {min(slower.values()):.1f} to {max(slower.values()):.1f} times as long "
            "as natively"
        )
    return [
        *machine("numpy", "torch"),
        "",
        f"{SHORT}{'; '.join(told)}.",
        "",
        f"One epoch of `train` on the digits ({' – '.join(map(str, WIDTHS))} units, batches of "
        f"{BATCH}, float64, one thread): ms of processor time, medians. torch: autograd and its "
        "SGD, the same weights and batches, the same losses in the end. Last column: the least of "
        "the rounds in either, since Pyodide knows the clock alone.",
        "",
        *table(["", "helpers, ms", "torch, ms", "÷ torch", "Pyodide ÷ native"], rows),
        "",
        "The slowest pay for digits: GELU's tail is a polynomial of 24 coefficients, its tanh form "
        "carries the exponent in two numbers, Snake takes a sine and a cosine, 8 ns each.",
        "",
        *where_pyodide_stays(here, there),
    ]


def where_pyodide_stays(here, there):
    if not there:
        return ["Pyodide was left out: give its folder with `--pyodide`."]
    product, exp, lesson = (there[what] / here[what] for what in here)
    return [
        "Pyodide misses its goal, 4 × native, by what NumPy lacks there, BLAS and vector "
        f"instructions: a layer's matrix product takes {there['product']:.0f} µs, {product:.0f} × "
        f"as long as natively, exp of its 3,072 numbers {exp:.0f} ×. Training in lesson 7, 600 "
        f"epochs of nine layers, takes {here['lesson 7'] * 6e-4:.0f} s natively and would take "
        f"{there['lesson 7'] * 6e-4:.0f} s there ({lesson:.0f} ×; the goal was a minute)."
    ]


def main(words):
    parser = argparse.ArgumentParser(prog="course.py bench training")
    parser.add_argument("--quick", action="store_true")
    parser.add_argument("--pyodide", metavar="FOLDER", help="where npm installed it")
    options = parser.parse_args(words)
    names, rounds = list(ACTIVATIONS), 1 if options.quick else ROUNDS
    try:
        torch = beside_torch(names, rounds)
    except ImportError:
        print("torch is left out: it is not installed.")
        torch = {}
    native = epochs(names, rounds)
    there = in_pyodide(options.pyodide, names, rounds) if options.pyodide else ({}, {})
    text = report(torch, native, there[0], parts(rounds), there[1])
    print("\n".join(text))
    if not options.quick:
        record("Training", text)


if __name__ == "__main__":
    main(sys.argv[1:])

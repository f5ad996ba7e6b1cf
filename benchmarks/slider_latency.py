"""How long from moving a slider to the picture: the explorer beside `interact` with matplotlib.

Both stand in one notebook in a real JupyterLab; the moves take turns, so that whatever slows the
machine slows both. Measured from the key press to the paint after the picture has changed.
Writes medians, 95th percentiles and their ratio; a frame at 60 Hz lasts 16.7 ms.

    python course.py bench sliders [MOVES]
"""

import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

import matplotlib

matplotlib.use("Agg")
import matplotlib.pyplot as plt
import nbformat
import numpy as np
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.results import PLACE, SHORT, machine, record, table
from helpers.explorer import figure
from tools.browser import lab_server, page

FRAME = 16.7  # ms
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}

EXPLORER = """
from helpers.explorer import explore

explore("sigmoid")
"""

INTERACT = """
import matplotlib.pyplot as plt
import numpy as np
from ipywidgets import interact
from helpers.activations import sigmoid, sigmoid_prime

zs = np.linspace(-8, 8, 321)

@interact(z=(-8, 8, 0.05))
def picture(z=0.0):
    plt.plot(zs, sigmoid(zs))
    plt.plot(zs, sigmoid_prime(zs))
    plt.axline((z, sigmoid(z)), slope=sigmoid_prime(z))
    plt.plot(z, sigmoid(z), "ko")
    plt.title(f"g = {sigmoid(z):.4f}, slope = {sigmoid_prime(z):.4f}")
    plt.show()
"""

# Press a key on a handle; resolve with the milliseconds until the changed picture is painted.
MOVE = """(handle, key) => new Promise((resolve, reject) => {
    const cell = handle.closest(".jp-Cell-outputArea");
    const host = [...cell.querySelectorAll("*")].find((node) => node.shadowRoot);
    const late = setTimeout(() => reject(new Error("no change within 10 s")), 10_000);
    const painted = () => requestAnimationFrame(() => {
        const { port1, port2 } = new MessageChannel();
        port1.onmessage = () => { clearTimeout(late); resolve(performance.now() - start); };
        port2.postMessage(0);
    });
    const seen = new MutationObserver(async (records) => {
        const image = host ? null : records.flatMap((r) => [r.target, ...r.addedNodes])
            .map((node) => (node.nodeName === "IMG" ? node : node.querySelector?.("img")))
            .find((found) => found);
        if (!host && !image) return;
        seen.disconnect();
        await image?.decode().catch(() => {});
        painted();
    });
    seen.observe(host ? host.shadowRoot.querySelector("svg") : cell.querySelector(".widget-output"),
        { subtree: true, childList: true, attributes: true });
    const start = performance.now();
    handle.dispatchEvent(new KeyboardEvent("keydown", { key, bubbles: true, cancelable: true }));
})"""


def measure(moves):
    """Return the milliseconds of each move, for the explorer and for interact."""
    with tempfile.TemporaryDirectory() as folder, lab_server(folder) as lab:
        cells = [new_code_cell(code.strip()) for code in (EXPLORER, INTERACT)]
        notebook = new_notebook(cells=cells, metadata={"kernelspec": KERNEL})
        nbformat.write(notebook, Path(folder, "latency.ipynb"))
        with page(height=1600) as visit:
            lab.open(visit.page, "latency.ipynb")
            errors = lab.run_all(visit.page)
            if errors:
                raise RuntimeError(f"the notebook failed: {errors}")
            visit.page.locator(".widget-output img").wait_for()
            handles = visit.page.locator(".jp-OutputArea .noUi-handle").all()
            times = {"explorer": [], "interact + matplotlib": []}
            for k in range(-5, moves):  # the first five warm up
                key = "ArrowRight" if k < moves // 2 else "ArrowLeft"
                for name, handle in zip(times, handles, strict=True):
                    took = handle.evaluate(MOVE, key)
                    visit.page.wait_for_timeout(120)
                    if k >= 0:
                        times[name].append(took)
            return times


STYLES = dict(zip(("explorer", "interact + matplotlib"), ("o", "s"), strict=True))


def report(times):
    """Return the results as lines of Markdown."""
    moves = len(times["explorer"])
    rows = {name: (median(row), quantiles(row, n=20)[-1]) for name, row in times.items()}
    ours, usual = rows.values()
    cells = [[name, f"{middle:.1f}", f"{most:.1f}"] for name, (middle, most) in rows.items()]
    cells.append(["ratio", *(f"{b / a:.1f}" for a, b in zip(ours, usual, strict=True))])
    return [
        *machine("jupyterlab", "ipywidgets", "anywidget", "matplotlib"),
        "",
        f"{SHORT}a move of an explorer is painted in {ours[0]:.0f} ms, with interact and "
        f"matplotlib in {usual[0]:.0f} ms.",
        "",
        f"From the press of a key to the paint of the changed picture, {moves} moves each, taking "
        f"turns in one JupyterLab in headless Chromium. A frame at 60 Hz lasts {FRAME} ms.",
        "",
        *table(["ms", "median", "95 % of moves below"], cells),
        "",
        f"![Each move as a point: half of the explorer's moves take less than {ours[0]:.0f} ms, of "
        f"those with interact and matplotlib less than {usual[0]:.0f} ms.](sliders.svg)",
    ]


def draw(times, path):
    """Draw each move as a point over its rank, in ms."""
    fig, ax = figure(width=8, height=3.2, xlabel="ms from key to picture", ylabel="share of moves")
    for (name, row), color in zip(times.items(), ("#0072B2", "#D55E00"), strict=True):
        share = (np.arange(len(row)) + 0.5) / len(row)
        ax.semilogx(np.sort(row), share, STYLES[name], color=color)
        ax.annotate(name, (median(row), 0.5), (10, -4), textcoords="offset points", color=color)
    ax.axvline(FRAME, color="#6E6E6E", linestyle=":")
    ax.annotate("one frame", (FRAME, 0.93), (6, 0), textcoords="offset points", color="#5f5f5f")
    with plt.rc_context({"svg.hashsalt": "sliders"}):
        fig.savefig(path, metadata={"Date": None})
    plt.close(fig)


def main():
    moves = sys.argv[1] if len(sys.argv) > 1 else "60"
    if not moves.isdecimal() or int(moves) < 2:
        raise SystemExit(f"MOVES is a whole number from 2, not {moves!r}")
    times = measure(int(moves))
    lines = report(times)
    record("Sliders", lines)
    draw(times, PLACE.with_name("sliders.svg"))
    print("\n".join(lines))


if __name__ == "__main__":
    main()

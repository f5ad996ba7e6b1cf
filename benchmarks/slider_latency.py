"""How long from moving a slider to the picture: the explorer beside `interact` with matplotlib.

Both stand in one notebook in a real JupyterLab; the moves take turns, so that whatever slows the
machine slows both. Measured from the key press to the paint after the picture has changed.
Prints medians, 95th percentiles and their ratio; a frame at 60 Hz lasts 16.7 ms.

    python benchmarks/slider_latency.py [MOVES]
"""

import statistics
import sys
import tempfile
from pathlib import Path

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

sys.path.insert(0, str(Path(__file__).parents[1]))
from tests.browser import lab_server, page

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


def main():
    moves = int(sys.argv[1]) if len(sys.argv) > 1 else 60
    times = measure(moves)
    summary = {
        name: (statistics.median(row), statistics.quantiles(row, n=20)[-1])
        for name, row in times.items()
    }
    print(f"slider to picture in JupyterLab, ms, {moves} moves each, taking turns")
    for name, (median, p95) in summary.items():
        print(f"  {name:<22} median {median:6.1f}   p95 {p95:6.1f}")
    ours, usual = summary.values()
    print(
        f"  ratio                  median {usual[0] / ours[0]:6.1f}   p95 {usual[1] / ours[1]:6.1f}"
    )


if __name__ == "__main__":
    main()

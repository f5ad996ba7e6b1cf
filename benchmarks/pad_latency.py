"""How long from a key to the mark: the pad in a real JupyterLab, and in the in-browser edition.

A sign is added to the last line of a derivation and taken back again, so that each key turns its
mark. Measured from the key press to the paint of the mark; 0.1 seconds of it are the rest
that the pad waits for after the last key.

    python course.py bench pad [KEYS] [EDITION]

EDITION is the folder of a built in-browser edition, with its Pyodide.
"""

import sys
import tempfile
from pathlib import Path
from statistics import median, quantiles

import nbformat
from nbformat.v4 import new_code_cell, new_notebook

from benchmarks.results import machine, record, table
from tools.browser import lab_server, page, served, until_ready
from tools.pads import PAD, type_lines, wait_until_marked

REST = 100  # ms
CELL = 'from helpers.pad import pad\n\npad("derive_sigmoid")'
KERNEL = {"name": "python3", "display_name": "Python 3", "language": "python"}
LINES = (
    "D((1+e^-z)^-1) # write the fraction as a power",
    "-(1+e^-z)^-2*D(1+e^-z) # power rule and chain rule",
    "e^-z/(1+e^-z)^2",
    "1/(1+e^-z)*(1-1/(1+e^-z))",
    "g(1-g)",
)

# Resolve with the milliseconds from the next key to the paint of the mark that follows it.
WATCH = """() => {
    window.took = new Promise((resolve, reject) => {
        const late = setTimeout(() => reject(new Error("no mark within 20 s")), 20_000);
        const line = [...document.querySelectorAll(".activation-pad .line")].at(-1);
        const before = line.dataset.mark;
        let start;
        window.addEventListener("keydown", () => { start = performance.now(); },
            { capture: true, once: true });
        const seen = new MutationObserver(() => {
            if (line.dataset.mark === before || line.classList.contains("stale")) return;
            seen.disconnect();
            requestAnimationFrame(() => {
                const { port1, port2 } = new MessageChannel();
                port1.onmessage = () => { clearTimeout(late); resolve(performance.now() - start); };
                port2.postMessage(0);
            });
        });
        seen.observe(line, { attributes: true });
    });
}"""

RUN = """async (source) => {
    const { commands, shell } = jupyterapp, { content } = shell.currentWidget;
    content.activeCellIndex = content.widgets.length - 1;
    await commands.execute("notebook:insert-cell-below");
    content.activeCell.model.sharedModel.setSource(source);
    await commands.execute("notebook:run-cell");
}"""


def press_keys(page, keys):
    """Return the milliseconds of each key; the first four warm up."""
    pad = page.locator(PAD).last
    type_lines(pad, 2, *LINES)
    wait_until_marked(pad, "·", *["✓"] * len(LINES))
    times = []
    for k in range(keys + 4):
        page.wait_for_timeout(1500)  # what explains a wrong line has come as well
        page.evaluate(WATCH)
        page.keyboard.press("z" if k % 2 == 0 else "Backspace")
        times.append(page.evaluate("() => window.took"))
    return times[4:]


def in_jupyterlab(keys):
    with tempfile.TemporaryDirectory() as folder, lab_server(folder) as lab:
        notebook = new_notebook(cells=[new_code_cell(CELL)], metadata={"kernelspec": KERNEL})
        nbformat.write(notebook, Path(folder, "pad.ipynb"))
        with page(height=1200) as visit:
            lab.open(visit.page, "pad.ipynb")
            if errors := lab.run_all(visit.page):
                raise RuntimeError(f"the notebook failed: {errors}")
            return press_keys(visit.page, keys)


def in_the_edition(keys, edition):
    with served(edition) as address, page(height=1200) as visit:
        visit.page.goto(f"{address}/notebooks/index.html?path=01_sigmoid.ipynb")
        until_ready(visit.page)
        visit.page.evaluate(RUN, CELL)
        return press_keys(visit.page, keys)


def report(times):
    """Return the results as lines of Markdown."""
    cells = [
        [name, f"{median(row):.0f}", f"{quantiles(row, n=20)[-1]:.0f}", f"{median(row) - REST:.0f}"]
        for name, row in times.items()
    ]
    keys = len(next(iter(times.values())))
    return [
        *machine("jupyterlab", "ipywidgets", "anywidget"),
        "",
        f"From the press of a key to the paint of the mark of its line, {keys} keys each in the "
        f"last of {len(LINES) + 1} lines, in headless Chromium. {REST} ms of it are the rest that "
        "the pad waits for after a key.",
        "",
        *table(["ms", "median", "95 % of keys below", "median without the rest"], cells),
    ]


def main():
    keys = sys.argv[1] if len(sys.argv) > 1 else "40"
    if not keys.isdecimal() or int(keys) < 2:
        raise SystemExit(f"KEYS is a whole number from 2, not {keys!r}")
    times = {"JupyterLab": in_jupyterlab(int(keys))}
    if len(sys.argv) > 2:
        times["in-browser edition"] = in_the_edition(int(keys), sys.argv[2])
    lines = report(times)
    record("Pad", lines)
    print("\n".join(lines))


if __name__ == "__main__":
    main()

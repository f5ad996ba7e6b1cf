"""Where the tasks of a stored explorer are done: somewhere, and not where its sliders start."""

import json
import re

import numpy as np

from tests.explorer.reading import points, unpacked

DATA = re.compile(
    r'class="activation-explorer.*?<script type="application/json">(.*?)</script>', re.S
)
OFF = 1e-9  # as in `frame.js`


def stored_data(html):
    """Return the data of the explorers in an output."""
    return [found for text in DATA.findall(html) if "goals" in (found := json.loads(text))]


def quantities(data):
    """Return each quantity over (m, parameter, z), and where the sliders start, as indices."""
    grids = [data.get("subgradient"), data["parameter"], data["z"]]
    axes = np.meshgrid(*(points(grid) if grid else [np.nan] for grid in grids), indexing="ij")
    at = dict(zip(("m", "parameter", "z"), axes, strict=True))
    if "p" in data:
        p = np.array([[unpacked(row) for row in rows] for rows in data["p"]])
        at |= {"smallest": p.min(axis=0)[None], "largest": p.max(axis=0)[None]}
    else:
        rows = {"g": data["g"], "slope": data["prime"]}
        at |= {name: np.array([*map(unpacked, each)])[None] for name, each in rows.items()}
    starts = [grid and np.abs(points(grid) - grid["start"]).argmin() for grid in grids]
    return at, tuple(start or 0 for start in starts)


def problems(html):
    """Yield the tasks that cannot be done, and those that are done before anything is moved."""
    for data in stored_data(html):
        at, start = quantities(data)
        for words, places in zip(data["tasks"], data["goals"], strict=True):
            done = [
                np.all([(low - OFF <= at[n]) & (at[n] <= high + OFF) for n, (low, high) in each], 0)
                for each in (place.items() for place in places)
            ]
            if not all(each.any() for each in done):
                yield f"cannot be done: {words}"
            if done and all(np.broadcast_to(each, at["z"].shape)[start] for each in done):
                yield f"done where the sliders start: {words}"

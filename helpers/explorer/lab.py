"""What JupyterLab does with a notebook when it saves it: explorers stay alive in the file.

A running explorer is stored twice, as a widget, which only the kernel that made it can show, and
as HTML, which lives anywhere. JupyterLab would show the first and complain when a saved notebook is
opened again. So the first is left out of the file.
"""

from typing import Any

WIDGET = "application/vnd.jupyter.widget-view+json"


def keep_what_lives(model: dict[str, Any], **_: Any) -> None:
    """Drop the widget form of every output that has an HTML form, from a notebook being saved.

    >>> data = {WIDGET: {}, "text/html": "<p>alive</p>"}
    >>> cell = {"cell_type": "code", "outputs": [{"data": data}]}
    >>> keep_what_lives({"type": "notebook", "content": {"cells": [cell]}})
    >>> data
    {'text/html': '<p>alive</p>'}
    """
    if model.get("type") != "notebook" or not model.get("content"):
        return
    for cell in model["content"].get("cells", []):
        for output in cell.get("outputs", []):
            data = output.get("data", {})
            if "text/html" in data:
                data.pop(WIDGET, None)


def _jupyter_server_extension_points() -> list[dict[str, str]]:
    return [{"module": "helpers.explorer.lab"}]


def _load_jupyter_server_extension(server: Any) -> None:
    server.contents_manager.register_pre_save_hook(keep_what_lives)

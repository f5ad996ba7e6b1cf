"""The slides of the notebook that is open in JupyterLab, made afresh whenever they are asked for.

Votes are taken from phones once the presenter opens the room to them (`book.votes`).

An extension of Jupyter's server, which `python course.py lab` switches on; *Present* in the toolbar
of a notebook (`tools/lab/extensions/activation-deck`) shows its page. Scripts of stored outputs run
there only in a notebook that Jupyter trusts, and no others do.
"""

import html
import re
import secrets
import tempfile
import threading
from pathlib import Path

from jupyter_server.base.handlers import JupyterHandler
from jupyter_server.utils import ensure_async, url_path_join
from tornado import web

from book.assets import STATIC, fetched


class Deck(JupyterHandler):
    """Answers with the slides of a notebook, as it was last saved."""

    @web.authenticated
    async def get(self, path):
        model = await ensure_async(self.contents_manager.get(path, type="notebook"))
        nonce = secrets.token_urlsafe()
        self.set_header("Content-Security-Policy", policy(nonce))
        self.set_header("Cache-Control", "no-store")
        self.finish(page(model["content"], nonce, url_path_join(self.base_url, "course/assets/")))


class Phones(JupyterHandler):
    """Opens the room to phones and closes it; opens rounds, and tells their counts."""

    room = None

    @web.authenticated
    def get(self):
        self.finish(Phones.room.told() if Phones.room else {})

    @web.authenticated
    def post(self):
        from book.votes import Room

        said = self.get_json_body() or {}
        if said.get("phones") and not Phones.room:
            Phones.room = Room(STATIC)
            threading.Thread(target=Phones.room.serve_forever, daemon=True).start()
        elif Phones.room and said.get("phones") is False:
            room, Phones.room = Phones.room, None
            threading.Thread(target=close, args=[room]).start()  # waits until it has answered
        elif Phones.room:
            try:
                Phones.room.hear(said)
            except (ValueError, TypeError) as error:
                raise web.HTTPError(400, str(error)) from None
        self.finish({})


def close(room):
    room.shutdown()
    room.server_close()


class Assets(web.StaticFileHandler):
    """Serves reveal.js, MathJax and our scripts, copied when the first deck is shown."""

    home = None

    @classmethod
    def get_absolute_path(cls, root, path):
        from book.slides import copy_assets

        if Assets.home is None:
            Assets.home = tempfile.TemporaryDirectory()
            copy_assets(Path(Assets.home.name))
        return super().get_absolute_path(Assets.home.name, path)

    def validate_absolute_path(self, root, path):
        return super().validate_absolute_path(Assets.home.name, path)


def policy(nonce):
    """Return which scripts a page may run: those that bear this number, and what they load."""
    return f"frame-ancestors 'self'; script-src 'nonce-{nonce}' 'strict-dynamic'; object-src 'none'"


def page(notebook, nonce, assets):
    """Return the deck of a notebook as a page, or a sentence on why it has none."""
    from book import slides

    for cell in notebook.cells:
        if cell.cell_type == "code" and cell.metadata.get("trusted"):
            for output in cell.outputs:
                if shown := output.get("data", {}).get("text/html"):
                    output.data["text/html"] = allowed(shown, nonce)
    try:
        if not fetched().exists():
            raise ValueError("run `python course.py slides` once: it fetches what slides need")
        found = slides.slides(notebook)
        if not found:
            raise ValueError("no cell of this notebook begins a slide")
    except ValueError as error:
        return f"<!DOCTYPE html><title>No slides</title><p>{html.escape(str(error))}</p>"
    frame = (STATIC / "deck.html").read_text(encoding="utf-8")
    poll = assets.replace("assets/", "poll")
    frame = frame.replace('<html lang="en">', f'<html lang="en" data-live data-poll="{poll}">')
    frame = allowed(frame, nonce)
    return slides.deck(found, frame.replace('="assets/', f'="{assets}'))


def allowed(text, nonce):
    """Return HTML with a number at each script, by which it may run.

    >>> allowed('<script src="x">', "n")
    '<script nonce="n" src="x">'
    """
    return re.sub(r"(?i)<script\b", f'<script nonce="{nonce}"', text)


def _jupyter_server_extension_points():
    return [{"module": "book.live"}]


def _load_jupyter_server_extension(server):
    base = server.web_app.settings["base_url"]
    places = [("course/deck/(.*)", Deck), ("course/assets/(.*)", Assets, {"path": ""})]
    places.append(("course/poll", Phones))
    server.web_app.add_handlers(
        ".*$", [(url_path_join(base, place), *how) for place, *how in places]
    )

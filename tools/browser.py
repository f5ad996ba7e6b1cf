"""A real JupyterLab and a real browser, both kept to this machine."""

import contextlib
import functools
import http.server
import json
import os
import secrets
import subprocess
import sys
import tempfile
import threading
import time
import urllib.request
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Page, expect, sync_playwright

from tools.chromium import BROWSERS, found_browser
from tools.environment import LAB, NO_NEWS

FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--font-render-hinting=none",
    "--disable-background-networking",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
]
AT_HOME = "http://127.0.0.1", "ws://127.0.0.1", "file:", "data:", "blob:", "about:"
# Of JupyterLab itself, seldom: shortcuts are asked for before their settings are there
# (jupyter/notebook#7862); they come a moment later.
RACE = "Cannot read properties of undefined (reading 'schema')"
FOLDERS = (
    *("JUPYTER_CONFIG_DIR", "JUPYTER_DATA_DIR", "JUPYTER_RUNTIME_DIR", "IPYTHONDIR"),
    *("JUPYTERLAB_SETTINGS_DIR", "JUPYTERLAB_WORKSPACES_DIR"),
)
SETTINGS = NO_NEWS | {
    "@jupyterlab/notebook-extension:tracker": {"windowingMode": "none"},  # all cells are there
    "@jupyterlab/docmanager-extension:plugin": {"autosave": False},
}


def executable():
    """Return the path of Chromium; without one skip the test, on a CI machine fail it."""
    found = found_browser()
    if found is None:
        answer = pytest.fail if os.environ.get("CI") else pytest.skip
        answer(f"expected one of {', '.join(BROWSERS)} on the PATH, found none")
    return found


@dataclass
class Visit:
    """A page and what went wrong on it."""

    page: Page
    errors: list = field(default_factory=list)  # of the console and of scripts
    strays: list = field(default_factory=list)  # requests that would have left this machine

    def listen(self):
        def request(request):
            if not request.url.startswith(AT_HOME):
                self.strays.append(request.url)

        def console(message):
            if message.type == "error":
                self.errors.append(f"{message.text} ({message.location.get('url')})")

        self.page.on("request", request)
        self.page.on("dialog", lambda dialog: dialog.accept())  # "leave without saving?"
        self.page.on("console", console)

        def failure(error):
            if RACE not in str(error):
                self.errors.append(str(error))

        self.page.on("pageerror", failure)
        return self


@contextmanager
def chromium():
    """Start a headless Chromium."""
    path = executable()
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
        try:
            yield browser
        finally:
            browser.close()


@contextmanager
def page(browser=None, *, width=1280, height=900, **context):
    """Open an empty page in a browser, a new one if none is given.

    ``context`` is that of Playwright's ``new_context``.
    """
    with contextlib.ExitStack() as stack:
        browser = browser or stack.enter_context(chromium())
        viewport = {"width": width, "height": height}
        own = stack.enter_context(browser.new_context(viewport=viewport, **context))
        yield Visit(own.new_page()).listen()


class Warm:
    """A page whose kernel stays warm for many notebooks, shown one after the other.

    ``start(page, name)`` opens the first of them in the usual way. Where something fails, page and
    kernel are thrown away and the next notebook is opened in new ones.
    """

    def __init__(self, browser, start, **context):
        self.browser, self.start = browser, start
        self.context = {"height": 1000} | context  # as `page` takes it
        self.stack, self.visit = contextlib.ExitStack(), None

    @contextmanager
    def notebook(self, name):
        """Show a notebook as if it were the first one; what goes wrong on the page is a fault."""
        try:
            if self.visit is None:
                self.visit = self.stack.enter_context(page(self.browser, **self.context))
                self.start(self.visit.page, name)
            else:
                show(self.visit.page, name)
            yield self.visit
            assert self.visit.errors == [], self.visit.errors
            assert self.visit.strays == [], self.visit.strays
        except BaseException:
            self.close()
            raise

    def close(self):
        self.stack.close()
        self.visit = None


# A kernel like a new one, but for the modules that it has imported; answers given are forgotten.
AFRESH = """
import sys
from unittest.mock import patch
from ipywidgets import Widget
patch.stopall()
Widget.close_all()
if "helpers.exercises.records" in sys.modules:
    sys.modules["helpers.exercises.records"].forget_unsaved()
get_ipython().run_line_magic("reset", "-f")
"""


def show(page, name):
    """Show another notebook in the panel that is open, with its kernel made afresh."""
    words = json.dumps([f"{name}.ipynb", AFRESH])
    awaited(
        page,
        """(async ([path, code]) => {
            const { context, sessionContext } = jupyterapp.shell.currentWidget;
            const whole = { type: "notebook", content: true };
            const { content } = await jupyterapp.serviceManager.contents.get(path, whole);
            context.model.fromJSON(content);
            while (!sessionContext.session?.kernel) // it starts, or changes
                await new Promise((soon) => setTimeout(soon, 50));
            const { kernel } = sessionContext.session;
            const { content: reply } = await kernel.requestExecute({ code, silent: true }).done;
            if (reply.status !== "ok") throw Error(`${reply.ename}: ${reply.evalue}`);
        })"""
        f"({words})",
    )


@dataclass
class Lab:
    """A running JupyterLab that shows the notebooks of ``folder``."""

    address: str
    token: str
    folder: Path

    def open(self, page, notebook, *, classic=False):
        """Open ``notebook``, or in Jupyter Notebook 7, and wait until its kernel is ready."""
        place = f"lab/workspaces/{secrets.token_hex(4)}/tree/{notebook}"
        place = f"notebooks/{notebook}" if classic else place
        page.goto(f"{self.address}/{place}?token={self.token}&reset", wait_until="domcontentloaded")
        until_ready(page)

    def shut_down(self):
        """End all kernels."""
        address = f"{self.address}/api/kernels"
        headers = {"Authorization": f"token {self.token}"}
        with urllib.request.urlopen(urllib.request.Request(address, headers=headers)) as answer:
            kernels = json.load(answer)
        for kernel in kernels:
            place = f"{address}/{kernel['id']}"
            request = urllib.request.Request(place, headers=headers, method="DELETE")
            urllib.request.urlopen(request).close()

    @staticmethod
    def run_all(page):
        """Run all cells; return what went wrong, as `faults` does."""
        page.set_default_timeout(60_000)
        awaited(page, "jupyterapp.commands.execute('notebook:run-all-cells')", seconds=600)
        return faults(page)


SAVE_AND_STOP = """(async () => {
    await jupyterapp.commands.execute("docmanager:save");
    const { session } = jupyterapp.shell.currentWidget.sessionContext;
    await jupyterapp.serviceManager.sessions.shutdown(session.id); // other pages keep their kernels
})()"""


def awaited(page, promise, seconds=300):
    """Return what a promise in the page comes to; one that is never kept is an error.

    A message that gets lost between browser and kernel would hold up a test for ever.
    """
    late = f"setTimeout(no, {1000 * seconds}, Error('no answer within {seconds} s'))"
    return page.evaluate(f"Promise.race([{promise}, new Promise((_, no) => {late})])")


def until_ready(page):
    """Wait until a notebook, in JupyterLab or in JupyterLite, is there and has a kernel."""
    page.wait_for_selector(".jp-NotebookPanel .jp-Notebook .jp-Cell", timeout=120_000)
    awaited(
        page,
        """(async () => {
            await jupyterapp.restored;
            const panel = jupyterapp.shell.currentWidget;
            await panel.context.ready;
            await panel.sessionContext.ready;
        })()""",
        seconds=120,
    )


def restart(page):
    """Restart the kernel of the notebook that is open, once it has nothing left to do.

    In the in-browser edition a kernel that is ended while it saves complains in the console.
    """
    page.wait_for_function(
        "jupyterapp.shell.currentWidget.sessionContext.session.kernel.status === 'idle'"
    )
    awaited(page, "jupyterapp.shell.currentWidget.sessionContext.session.kernel.restart()")


def choose_theme(page, name):
    """Have JupyterLab show itself in a theme, "JupyterLab Light" or "JupyterLab Dark"."""
    page.evaluate(
        "(theme) => jupyterapp.commands.execute('apputils:change-theme', { theme })", name
    )
    page.wait_for_function(
        "(light) => document.body.dataset.jpThemeLight === String(light)", arg="Light" in name
    )


def faults(page):
    """Return the errors among a notebook's outputs, and cells never run."""
    return page.evaluate(
        """() => {
            const cells = jupyterapp.shell.currentWidget.content.widgets
                .filter((cell) => cell.model.type === "code")
                .map((cell) => cell.model.sharedModel.toJSON());
            return cells.flatMap((cell) => [
                ...cell.outputs.filter((o) => o.output_type === "error")
                    .map((o) => `${o.ename}: ${o.evalue}`),
                ...(cell.source.length && cell.execution_count === null
                    ? [`never ran: ${cell.source}`] : []),
            ]);
        }"""
    )


def run_cell(page, source):
    """Run a new last cell and return what it printed, or its error."""
    return awaited(
        page,
        """(async (source) => {
            const { commands, shell } = jupyterapp, { content } = shell.currentWidget;
            content.activeCellIndex = content.widgets.length - 1;
            await commands.execute("notebook:insert-cell-below");
            content.activeCell.model.sharedModel.setSource(source);
            const { activeCell } = content;
            await commands.execute("notebook:run-cell");
            return activeCell.model.sharedModel.toJSON().outputs
                .map((o) => o.text ?? `${o.ename}: ${o.evalue}`).flat().join("");
        })"""
        f"({json.dumps(source)})",
    )


class _Quiet(http.server.SimpleHTTPRequestHandler):
    def do_GET(self):
        if self.path == "/favicon.ico":  # a browser asks every site for it
            self.send_response(204)
            self.end_headers()
        else:
            super().do_GET()

    def log_message(self, *_):
        pass


@contextmanager
def served(folder):
    """Serve ``folder`` on loopback; the address is that of its root."""
    handler = functools.partial(_Quiet, directory=str(folder))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}"
        finally:
            server.shutdown()


@contextmanager
def lab_server(folder, *words, **more):
    """Start JupyterLab on loopback with settings of its own, and stop it at the end.

    ``words`` are added to its command, ``more`` is for ``Popen``, such as ``cwd``.
    """
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as home:
        token = secrets.token_hex(16)
        (settings := Path(home, "settings")).mkdir()
        (settings / "overrides.json").write_text(json.dumps(SETTINGS))
        own = {name: str(Path(home, name.lower())) for name in FOLDERS}
        command = [sys.executable, "-m", "jupyterlab", "--no-browser", "--allow-root"]
        command += ["--ip=127.0.0.1", "--port=0"]  # one that is free
        command += [f"--IdentityProvider.token={token}", f"--ServerApp.root_dir={folder}"]
        command += [*LAB, f"--LabServerApp.app_settings_dir={settings}", "--LabApp.news_url=null"]
        command += ["--LabApp.expose_app_in_browser=True", "--LabApp.extension_manager=readonly"]
        command += ["--JupyterNotebookApp.expose_app_in_browser=True"]
        with open(Path(home, "log"), "w+") as log:
            server = subprocess.Popen(
                [*command, *words],
                env=os.environ | own,
                stdout=log,
                stderr=subprocess.STDOUT,
                **more,
            )
            try:
                told = Path(own["JUPYTER_RUNTIME_DIR"], f"jpserver-{server.pid}.json")
                yield Lab(_address_once_up(server, told, token, log), token, Path(folder))
            finally:
                stop(server)


def stop(server, seconds=20):
    """End a process, by force if it does not end when asked."""
    server.terminate()
    try:
        server.wait(seconds)
    except subprocess.TimeoutExpired:
        server.kill()
        server.wait()


def _address_once_up(server, told, token, log, seconds=90):
    """Return the address of a server, which it tells in a file, once it answers there."""
    end = time.monotonic() + seconds
    while time.monotonic() < end and server.poll() is None:
        try:
            address = f"http://127.0.0.1:{json.loads(told.read_text())['port']}"
            urllib.request.urlopen(f"{address}/api/status?token={token}", timeout=2).close()
            return address
        except (OSError, ValueError):  # not there, half written, not yet listening
            time.sleep(0.2)
    log.seek(0)
    raise RuntimeError(f"JupyterLab did not start within {seconds} s:\n{log.read()}")


def violations(page, place, but=(".widget-interact .noUi-handle",)):
    """Return the serious findings of axe within the CSS selector ``place``, ``but`` left out.

    The handles of plain ``interact`` are left out: ipywidgets gives them no name. So is MathJax's
    second copy of each formula, which nobody sees: among thousands of its nodes axe finds nothing.
    """
    context = {"include": place, "exclude": [*but, "mjx-assistive-mml"]}
    options = {"preload": False, "resultTypes": ["violations"]}  # others are not told in full
    there = page.evaluate("'axe' in window")
    axe = Axe("0") if there else Axe()  # its half a megabyte once a page
    found = axe.run(page, context=context, options=options).response["violations"]
    return [
        f"{v['id']}: {v['help']}: {node['html'][:200]}"
        for v in found
        if v["impact"] in ("serious", "critical")
        for node in v["nodes"]
    ]


# --- sliders of any kind: ipywidgets' own and native ones ---------------------------------------

# What a cell, or a slide, shows: its pictures and its text, also those in shadow roots.
LOOK = """(slider) => {
    const host = slider.getRootNode().host ?? slider;
    const cell = host.closest(".jp-Cell, .cell, section.present") ?? document.body;
    const pictures = [], text = [];
    const walk = (node) => {
        if (node.nodeName === "svg") pictures.push(node.outerHTML);
        else if (node.nodeName === "IMG" && !node.hidden) pictures.push(node.src);
        else if (node.nodeName === "CANVAS") pictures.push(node.toDataURL());
        else if (node.nodeType === Node.TEXT_NODE) text.push(node.data);
        else if (node.nodeType === Node.ELEMENT_NODE && !node.matches("style, script, [aria-live]"))
            [...(node.shadowRoot?.childNodes ?? []), ...node.childNodes].forEach(walk);
    };
    const outputs = [...cell.querySelectorAll(".jp-Cell-outputArea, .cell_output")];
    (outputs.length ? outputs : [cell]).forEach(walk);
    const hash = (all) => {  // a picture has half a megabyte
        let found = all.length;
        for (let k = 0; k < all.length; k++) found = (31 * found + all.charCodeAt(k)) | 0;
        return found;
    };
    return [pictures.join(), text.join(" ")].map(hash);
}"""

PLACE = """(slider) => {
    const number = (name) => Number(slider.getAttribute(name));
    return slider.nodeName === "INPUT"
        ? (slider.value - slider.min) / (slider.max - slider.min)
        : (number("aria-valuenow") - number("aria-valuemin"))
          / (number("aria-valuemax") - number("aria-valuemin"));
}"""


TRACK = """(slider) => {
    const box = (slider.closest(".noUi-base") ?? slider).getBoundingClientRect();
    return [box.x, box.width];
}"""


def look(slider):
    """Return hashes of the pictures and of the text of the cell in which ``slider`` stands."""
    return slider.evaluate(LOOK)


def wait_for_change(slider, before, seconds=30):
    """Wait until the pictures (if there are any) and the text differ from ``before``."""
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        pictures, text = look(slider)
        if text != before[1] and (pictures != before[0] or not before[0]):
            return
        time.sleep(0.1)
    name = slider.get_attribute("aria-label")
    what = "text" if text == before[1] else "picture"
    raise AssertionError(f"slider {name!r}: the {what} stayed as it was for {seconds} s")


def settle(slider, still=0.6, seconds=30):
    """Wait until nothing has changed for a while."""
    before, since = look(slider), time.monotonic()
    end = since + seconds
    while time.monotonic() < since + still:
        if time.monotonic() > end:
            name = slider.get_attribute("aria-label")
            raise AssertionError(f"slider {name!r}: its cell still changed after {seconds} s")
        time.sleep(0.15)
        if (now := look(slider)) != before:
            before, since = now, time.monotonic()


def press(slider, key):
    """Press ``key`` on the slider and wait until picture and numbers have followed."""
    before = look(slider)
    slider.focus()
    slider.press(key)
    wait_for_change(slider, before)


def drag(slider):
    """Drag the handle with the mouse to the farther quarter of its track."""
    slider.scroll_into_view_if_needed()
    before, place = look(slider), slider.evaluate(PLACE)
    track, width = slider.evaluate(TRACK)
    handle = slider.bounding_box()  # of an <input>, the whole track; of ipywidgets, the handle
    if handle["width"] < width:
        handle_at = handle["x"] + handle["width"] / 2
    else:
        handle_at = track + 8 + place * (width - 16)
    height = handle["y"] + handle["height"] / 2
    mouse = slider.page.mouse
    mouse.move(handle_at, height)
    mouse.down()
    mouse.move(track + (0.25 if place > 0.5 else 0.75) * width, height, steps=5)
    mouse.up()
    slider.page.evaluate("() => new Promise((done) => setTimeout(done))")  # a deck takes the focus
    wait_for_change(slider, before)
    if handle["width"] < width:  # a kernel may still draw where the mouse came past
        settle(slider)


def step(slider):
    """Move a slider a step by keyboard; picture and numbers must follow."""
    press(slider, "ArrowLeft" if slider.evaluate(PLACE) > 0.5 else "ArrowRight")


def exercise(slider):
    """Move a slider by keyboard and by mouse; picture and numbers must follow."""
    step(slider)
    drag(slider)


def wait_until_alive(page, number):
    """Wait until so many explorers, no more and no fewer, have sliders that can be moved."""
    explorers = page.locator(".activation-explorer")
    moved = explorers.filter(has=page.locator("[role=slider], input[type=range]"))
    expect(moved).to_have_count(number, timeout=30_000)


def answer_predictions(page):
    """Answer each question that keeps sliders locked."""
    locked = page.locator(".card.locked")
    for _ in range(locked.count()):
        question = locked.first  # the next one, once this is answered
        question.get_by_role("radio").first.check()
        question.get_by_role("button", name="prediction").click()

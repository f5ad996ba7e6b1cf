"""Where this machine has a Chromium, or a browser that is made of it, and a page of it."""

import os
import shutil
from contextlib import contextmanager

BROWSERS = (
    *("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome"),
    *("google-chrome-stable", "chrome", "msedge", "microsoft-edge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def found_browser():
    """Return the path of the first of `BROWSERS` that is there; None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)


@contextmanager
def opened(browser):
    """Open a page as large as a slide, in the browser at this path."""
    from playwright.sync_api import sync_playwright

    root = hasattr(os, "geteuid") and os.geteuid() == 0  # Chromium has no sandbox for root
    with sync_playwright() as playwright:
        options = {"executable_path": browser, "args": ["--no-sandbox"] * root}
        yield playwright.chromium.launch(**options).new_page(
            viewport={"width": 1280, "height": 720}
        )

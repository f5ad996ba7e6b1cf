"""Where this machine has a Chromium, or a browser that is made of it."""

import shutil

BROWSERS = (
    *("chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "chrome"),
    *("msedge", "microsoft-edge"),
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "C:/Program Files/Google/Chrome/Application/chrome.exe",
    "C:/Program Files (x86)/Microsoft/Edge/Application/msedge.exe",
)


def found_browser():
    """Return the path of the first of `BROWSERS` that is there; None without one."""
    return next(filter(None, map(shutil.which, BROWSERS)), None)

"""Finds the browser of this machine; it comes from the distribution, so nothing is downloaded for it."""

import importlib.util
import shutil

PROGRAMS = ("chromium", "chromium-browser", "google-chrome")
PACKAGES = ("playwright", "axe_playwright_python")


def program() -> str | None:
    """Where it is."""
    return next((found for name in PROGRAMS if (found := shutil.which(name))), None)


def why_not() -> str | None:
    """What the tests in a browser lack here; None where they can run."""
    if program() is None:
        return "no Chromium on this machine: apt-get install chromium, then make setup"
    missing = [name for name in PACKAGES if importlib.util.find_spec(name) is None]
    return f"{', '.join(missing)} not installed: make setup" if missing else None

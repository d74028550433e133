"""The browser of this machine starts; where there is none, one line says so for all tests in it."""

import re
import subprocess

import pytest

from tests.console.chromium import program, why_not


def test_there_is_a_browser_for_the_console() -> None:
    if reason := why_not():
        pytest.skip(reason)
    found = program()
    assert found is not None
    said = subprocess.check_output([found, "--version"], text=True, timeout=240)
    assert re.search(r"\d+\.\d+", said), said

"""One line for all tests in a browser, where there is none."""

import pytest

from tests.console.chromium import why_not


def test_there_is_a_browser_for_the_console() -> None:
    if reason := why_not():
        pytest.skip(reason)

"""A browser for the session, a served gateway with the console a file, and tabs that tell what went wrong in them."""

from pathlib import Path

import pytest
import pytest_asyncio

from tests.console.chromium import why_not

HERE = Path(__file__).parent

if why_not() is None:
    from tests.console.opened import browser, served, tab

    __all__ = ["browser", "served", "tab"]
else:
    collect_ignore_glob = ["test_[!b]*.py"]  # all but the one that says why


@pytest.hookimpl(tryfirst=True)  # before items are chosen by their marks
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """The browser speaks to one event loop, so tests with it share the session's; each plays a whole scene."""
    for item in items:
        if item.path.is_relative_to(HERE) and pytest_asyncio.is_async_test(item):
            item.add_marker(pytest.mark.asyncio(loop_scope="session"), append=False)
        if item.path.is_relative_to(HERE) and "browser" in getattr(item, "fixturenames", ()):
            item.add_marker("scene")

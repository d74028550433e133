"""What the tests share: the browser, the gateway, and a tab in which an operator is logged in."""

from collections.abc import AsyncIterator, Callable

import pytest
import pytest_asyncio
from playwright.async_api import Browser, async_playwright

from tests.console.chromium import program
from tests.console.served import Served, serve
from tests.console.tab import Tab, open_tab

SWITCHES = ["--no-sandbox", "--disable-dev-shm-usage"]


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def browser() -> AsyncIterator[Browser]:
    """Chromium, without a window."""
    async with async_playwright() as playwright:
        opened = await playwright.chromium.launch(executable_path=program(), args=SWITCHES)
        yield opened
        await opened.close()


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def served(
    new_database_url: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> AsyncIterator[Served]:
    """A gateway with flags in a file, on a database of its own."""
    async with serve(new_database_url(), tmp_path_factory.mktemp("console")) as gateway:
        yield gateway


@pytest_asyncio.fixture(loop_scope="session")
async def tab(browser: Browser, served: Served) -> AsyncIterator[Tab]:
    """A tab of an operator who is logged in. Its end fails if anything in it went wrong."""
    async with open_tab(browser, served) as opened:
        yield opened

"""Reads for one page alone, each for itself and within a second, so that one that fails leaves the rest."""

import asyncio
from collections.abc import Coroutine
from typing import Any, Final, TypeVar

from gateway.database.retry import first_line
from gateway.web.console.unread import EXPECTED, Unread

Value = TypeVar("Value")
WAIT_SECONDS: Final = 1.0  # then the rest of the page is sent


async def read_now(which: str, read: Coroutine[Any, Any, Value]) -> Value | Unread:
    """What was read, or why it is not there: it takes longer than a page waits, or it failed as reads may."""
    try:
        async with asyncio.timeout(WAIT_SECONDS):
            return await read
    except TimeoutError:
        return Unread(which, "it takes longer than usual", again=True)
    except EXPECTED as error:
        return Unread(which, first_line(error))

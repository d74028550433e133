"""What stops a process: SIGTERM, Ctrl-C, and the terminal that closes."""

import asyncio
import os
import signal
from collections.abc import Iterator

import pytest

from gateway.server.process import stop_on_signals

STOPS = (signal.SIGTERM, signal.SIGINT, signal.SIGHUP)


@pytest.fixture(autouse=True)
def _handlers_as_before() -> Iterator[None]:
    before = {number: signal.getsignal(number) for number in STOPS}
    signal.signal(signal.SIGHUP, signal.SIG_DFL)
    yield
    for number, handler in before.items():
        signal.signal(number, handler)


@pytest.mark.parametrize("number", STOPS, ids=lambda number: number.name)
async def test_each_stops_all(number: signal.Signals) -> None:
    one, other = asyncio.Event(), asyncio.Event()
    stop_on_signals(one.set, other.set)
    os.kill(os.getpid(), number)
    async with asyncio.timeout(180):
        await one.wait()
        await other.wait()
    assert one.is_set()
    assert other.is_set()


async def test_one_that_was_started_to_outlive_its_terminal_does() -> None:
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    stop_on_signals(lambda: None)
    assert signal.getsignal(signal.SIGHUP) == signal.SIG_IGN

"""Parallel work in order."""

import asyncio
from collections.abc import AsyncIterator

import pytest

from pipelines.work.parallel import AHEAD, in_order


async def numbers(count: int) -> AsyncIterator[int]:
    for n in range(count):
        yield n


@pytest.mark.parametrize("limit", [1, 3, 50])
async def test_results_come_in_the_order_of_the_input_whatever_finishes_first(limit: int) -> None:
    taken: list[int] = []
    under_way = most = 0

    async def work(n: int) -> int:
        nonlocal under_way, most
        under_way += 1
        most = max(most, under_way)
        for _ in range(20 - n):  # the later ones finish first
            await asyncio.sleep(0)
        under_way -= 1
        return n

    async def take(n: int) -> None:
        taken.append(n)

    await in_order(numbers(20), work, take, limit)
    assert taken == list(range(20))
    assert most == min(limit, 20)


async def test_the_first_failure_is_raised_as_it_is_and_stops_the_rest() -> None:
    stopped: list[int] = []

    async def work(n: int) -> int:
        if n == 1:
            raise ValueError("one")
        try:
            await asyncio.sleep(0 if n == 0 else 60)
        except asyncio.CancelledError:
            stopped.append(n)
            raise
        return n

    async def take(_: int) -> None:
        return

    with pytest.raises(ValueError, match="one"):
        await in_order(numbers(10), work, take, 3)
    assert stopped == [2]  # the only one that had begun


async def test_behind_an_item_that_takes_long_so_many_go_on_and_no_more() -> None:
    begun: list[int] = []
    taken: list[int] = []
    first, all_that_may = asyncio.Event(), asyncio.Event()

    async def work(n: int) -> int:
        begun.append(n)
        if len(begun) == AHEAD * 2:
            all_that_may.set()
        if n == 0:
            await first.wait()
        return n

    async def take(n: int) -> None:
        taken.append(n)

    whole = asyncio.ensure_future(in_order(numbers(20), work, take, 2))
    async with asyncio.timeout(60):
        await all_that_may.wait()
    for _ in range(50):
        await asyncio.sleep(0)
    assert (begun, taken) == ([*range(AHEAD * 2)], [])
    first.set()
    await whole
    assert taken == list(range(20))


async def test_nothing_begins_after_a_failure_behind_an_item_that_takes_long() -> None:
    begun: list[int] = []
    first = asyncio.Event()

    async def work(n: int) -> int:
        begun.append(n)
        if n == 0:
            await first.wait()
        if n == 1:
            raise ValueError("one")
        return n

    async def take(_: int) -> None:
        return

    whole = asyncio.ensure_future(in_order(numbers(20), work, take, 2))
    for _ in range(50):
        await asyncio.sleep(0)
    first.set()
    with pytest.raises(ValueError, match="one"):
        await whole
    assert begun == [0, 1]

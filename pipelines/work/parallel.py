"""Bounded parallel work whose results come out in the order of its input, whatever finishes first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Collection, Iterable
from typing import TypeVar

AHEAD = 2  # times the limit: so many items are worked on or wait for their turn

I = TypeVar("I")  # noqa: E741
O = TypeVar("O")  # noqa: E741


async def one_by_one(items: Iterable[I]) -> AsyncIterator[I]:
    """Items that are there already, for `in_order`."""
    for item in items:
        yield item


async def in_order(
    items: AsyncIterator[I],
    work: Callable[[I], Awaitable[O]],
    take: Callable[[O], Awaitable[None]],
    limit: int,
) -> None:
    """Run `work` on up to `limit` items at a time and `take` each result in order. The first failure stops the rest
    and is raised as it is.

    While one item takes long, those behind it go on: a few results wait for its own.
    """
    under_way: deque[asyncio.Task[O]] = deque()

    async def take_ended() -> None:
        while under_way and under_way[0].done():
            await take(await under_way.popleft())

    try:
        async for item in items:
            await take_ended()
            while _is_full(under_way, limit):
                running = [task for task in under_way if not task.done()]
                await asyncio.wait(running, return_when=asyncio.FIRST_COMPLETED)
                await take_ended()
            under_way.append(asyncio.ensure_future(work(item)))
        while under_way:
            await take(await under_way.popleft())
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)


def _is_full(under_way: Collection["asyncio.Task[O]"], limit: int) -> bool:
    """Whether nothing more is to begin: enough is worked on, or waits for what is, or has failed."""
    ended = [task for task in under_way if task.done()]
    failed = any(task.cancelled() or task.exception() is not None for task in ended)
    return failed or len(under_way) - len(ended) >= limit or len(under_way) >= AHEAD * limit

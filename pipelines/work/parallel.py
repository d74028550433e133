"""Bounded parallel work whose results come out in the order of its input, whatever finishes first."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable
from typing import TypeVar

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
    and is raised as it is."""
    under_way: deque[asyncio.Task[O]] = deque()
    try:
        async for item in items:
            if len(under_way) >= limit:
                await take(await under_way.popleft())
            under_way.append(asyncio.ensure_future(work(item)))
        while under_way:
            await take(await under_way.popleft())
    finally:
        for task in under_way:
            task.cancel()
        await asyncio.gather(*under_way, return_exceptions=True)

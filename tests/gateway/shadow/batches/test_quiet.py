"""When a comparison has nothing else to do than to wait for a batch."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from itertools import count
from typing import Any

import pytest

from gateway.shadow.sandbox.quiet import LOOK_SECONDS, QUIET_LOOKS, PutAside, until_quiet
from pipelines.language.waiting import Answer, Asked, Waiting

ASKED = Asked("key", "group", "body")


async def pay(size: int, call: Callable[[], Awaitable[Any]], usage_of: Callable[[Any], Any]) -> Any:
    raise AssertionError


async def keep(key: str, answer: Answer) -> None:
    raise AssertionError


def waiting() -> Waiting:
    return Waiting({}, pay, keep)


@asynccontextmanager
async def calls(some: Waiting, *works: Callable[[], Awaitable[Any]]) -> AsyncIterator[None]:
    """Calls of the engine, under way."""

    async def call(work: Callable[[], Awaitable[Any]]) -> None:
        with some.call():
            await work()

    tasks = [asyncio.ensure_future(call(work)) for work in works]
    await asyncio.sleep(0)
    try:
        yield
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)


async def put(some: Waiting, still: Callable[[], object] = lambda: 0.0) -> tuple[Asked, ...]:
    """What it is put aside with."""
    with pytest.raises(PutAside) as ended:
        await until_quiet(some, still)
    return tuple(ended.value.asked)


async def goes_on(some: Waiting, still: Callable[[], object] = lambda: 0.0) -> bool:
    """Whether it is not put aside for longer than it would take."""
    try:
        async with asyncio.timeout(1.5 * LOOK_SECONDS * QUIET_LOOKS):
            await until_quiet(some, still)
    except TimeoutError:
        return True
    except PutAside:
        return False


async def test_a_run_whose_calls_all_wait_is_put_aside_with_what_they_ask() -> None:
    some, other = waiting(), ASKED._replace(key="other")
    async with calls(some, lambda: some.wait(ASKED), lambda: some.wait(other)):
        assert await put(some) == (ASKED, other)


async def test_a_call_that_is_worked_on_keeps_it() -> None:
    some = waiting()
    async with calls(some, lambda: some.wait(ASKED), asyncio.Event().wait):
        assert await goes_on(some)


async def test_a_question_asked_in_the_usual_way_keeps_it() -> None:
    some = waiting()
    async with calls(some, lambda: some.wait(ASKED)):
        with some.asking():
            assert await goes_on(some)
        assert await put(some) == (ASKED,)


async def test_a_process_that_computes_or_stands_still_keeps_it() -> None:
    some, ticks = waiting(), count()
    async with calls(some, lambda: some.wait(ASKED)):
        assert await goes_on(some, lambda: next(ticks))
        assert await goes_on(some, lambda: None)
        assert await put(some) == (ASKED,)


async def test_without_a_question_it_is_never_put_aside() -> None:
    assert await goes_on(waiting())

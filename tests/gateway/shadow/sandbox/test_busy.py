"""Whether jobs of users are in a worker: told when the first one comes, and for a while after the last."""

import asyncio
from collections.abc import Awaitable
from types import SimpleNamespace
from typing import Any, cast

from gateway.shadow.attempt import ShadowContext
from gateway.shadow.run import Shadows
from gateway.shadow.sandbox.busy import CALM_SECONDS, Busy

LONG = 3600.0


class Clock:
    """Stands still until it is moved."""

    def __init__(self) -> None:
        self.at = 100.0

    def __call__(self) -> float:
        return self.at


async def is_over(waiting: "Awaitable[Any] | asyncio.Task[Any]") -> bool:
    done, _ = await asyncio.wait({asyncio.ensure_future(waiting)}, timeout=0.5)
    return bool(done)


def test_who_is_told_has_acted_before_the_first_job_begins_and_is_told_once_of_those_beside_it() -> None:
    busy, happened = Busy(), list[str]()
    with busy.told(lambda: happened.append("told")):
        with busy.job():
            happened.append("first")
            with busy.job():
                happened.append("second")
        with busy.job():
            happened.append("third")
    with busy.job():
        happened.append("nobody is told")
    assert happened == ["told", "first", "second", "told", "third", "nobody is told"]


def test_the_gap_between_two_jobs_is_theirs_too() -> None:
    clock = Clock()
    busy = Busy(clock)
    assert not busy.now
    with busy.job():
        clock.at += LONG
        assert busy.now
    clock.at += CALM_SECONDS / 2
    assert busy.now
    clock.at += 2 * CALM_SECONDS
    assert not busy.now


async def test_a_comparison_waits_for_the_calm_but_not_for_ever() -> None:
    clock = Clock()
    busy = Busy(clock)
    with busy.job():
        waiting = asyncio.create_task(busy.calm(LONG))
        assert not await is_over(waiting)
    clock.at += 2 * CALM_SECONDS
    await asyncio.wait_for(waiting, 60)
    with busy.job():
        waiting = asyncio.create_task(busy.calm(LONG))
        assert not await is_over(waiting)
        clock.at += LONG
        await asyncio.wait_for(waiting, 60)


class Store:
    """Knows whether a job waits, and how often it was asked."""

    asked = 0

    async def primary_jobs_wait(self) -> bool:
        self.asked += 1
        return False


async def test_nothing_is_done_for_a_comparison_that_waits_while_a_job_runs() -> None:
    busy, store = Busy(Clock()), Store()
    settings = SimpleNamespace(shadow_wait_seconds=LONG)
    shadows = Shadows(cast("ShadowContext", SimpleNamespace(busy=busy, store=store, settings=settings)))
    with busy.job():
        waiting = asyncio.create_task(shadows._wait_for_calm())
        assert not await is_over(waiting)
        assert store.asked == 0
        waiting.cancel()
    calm = Shadows(cast("ShadowContext", SimpleNamespace(busy=Busy(), store=store, settings=settings)))
    assert await calm._wait_for_calm() is None
    assert store.asked == 1

"""Everybody to the base, in every state: by the flags, and by the override where not all hear of those in time.

Nothing waits for what does not answer: of three ways, the first that lands is enough, and the others may still land.
The console, `/admin/rollout/off` and `gateway rollout off` all come here.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import structlog

from flags.model import Pipeline, Rollout
from gateway.database.pool import Pool
from gateway.database.retry import first_line
from gateway.rollout.all_off.flags_off import FlagsOff
from gateway.rollout.changes import Made, RolloutChanges
from gateway.rollout.history import By
from gateway.rollout.override import throw_override
from gateway.rollout.processes.live import live_processes
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import RampError
from gateway.rollout.ramp.store import latest

FLAG_SECONDS: Final = 1.5  # then the override is thrown, too
IN_FORCE_SECONDS: Final = 1.0  # for this process to follow, before the answer; it follows anyhow
LOOK_SECONDS: Final = 0.5  # for which processes can follow
PAUSE_SECONDS: Final = 0.2  # the same for a ramp
Way = Literal["flags", "override"]
Follow = Mapping[Way, Callable[[], Awaitable[object]]]  # by way: has it in force in this process
log = structlog.get_logger(__name__)


class NotOff(Exception):
    """No way has landed; the message says what each of them failed with."""


@dataclass(frozen=True, slots=True)
class AllOff:
    """Everybody gets the base, or what they had before a version."""

    ways: tuple[Way, ...]  # that had landed when it was answered
    before: Rollout | None  # the flags, where they were changed
    after: Rollout | None  # the same, afterwards
    written: bool  # False: the database was away, and the change is written down by whoever sees it


@dataclass(slots=True)
class OffSwitch:
    """One a process. Keeps the ways that go on after the answer."""

    pool: Pool
    changes: RolloutChanges
    follow: Follow
    patience: float = FLAG_SECONDS
    _going: set[asyncio.Task[Any]] = field(default_factory=set)

    async def turn_all_off(self, by: By) -> AllOff:
        """Turn the flags of all versions off that are above the base. Raises NotOff."""
        return await self.turn_off(by)

    async def turn_off(self, by: By, version: Pipeline | None = None) -> AllOff:
        """Turn one version's flag off; without one, those of all that are above the base.

        The override sends everybody to the base, whichever version was meant. Raises NotOff, and InvalidChange of a
        version whose flag is not asked.
        """
        if version is not None:
            self.changes.check(version)
        pausing = self._begin(self._pause_ramp(by, version))
        ways = await self._land(by, version)
        done = [task for task in ways if landed(task)]
        if not done:
            raise NotOff("; ".join(f"{way}: {why_not(task)}" for task, way in ways.items()))
        found = tuple(dict.fromkeys(ways[task] for task in done))
        if version is not None and "override" in found:
            pausing = self._begin(self._pause_ramp(by, None))
        await self._follow(found)
        await asyncio.wait({pausing}, timeout=PAUSE_SECONDS)
        made = [task.result() for task in done if isinstance(task.result(), Made)]
        written = "override" in found or any(one.written for one in made)
        log.info("all_turned_off", operator=by.actor, version=version or "all", ways=found, written=written)
        return AllOff(found, made[0].before if made else None, made[0].after if made else None, written)

    async def _land(self, by: By, version: Pipeline | None) -> dict[asyncio.Task[Any], Way]:
        """All ways that were begun, when one of them has landed or all have failed."""
        work = FlagsOff(version)
        flags = self._begin(self.changes.make(by, work, about=version))
        await asyncio.wait({flags}, timeout=self.patience)
        ways: dict[asyncio.Task[Any], Way] = {flags: "flags"}
        if landed(flags):
            if leaves_nobody(flags.result()) and await self._somebody_cannot_follow():
                ways[self._begin(throw_override(self.pool, by))] = "override"
                await asyncio.wait(ways, timeout=IN_FORCE_SECONDS)
        else:
            ways[self._begin(throw_override(self.pool, by))] = "override"
            if not work.begun and not flags.done():  # it waits for the database: so do not
                ways[self._begin(self.changes.make_unwritten(FlagsOff(version)))] = "flags"
            await first_landed(ways)
        return ways

    @property
    def going(self) -> tuple[asyncio.Task[Any], ...]:
        """What still goes on after the answer."""
        return tuple(self._going)

    async def close(self) -> None:
        """End what still goes on."""
        for task in self._going:
            task.cancel()
        await asyncio.gather(*self._going, return_exceptions=True)

    def _begin(self, work: Coroutine[Any, Any, Any]) -> asyncio.Task[Any]:
        task = asyncio.create_task(work)
        self._going.add(task)
        task.add_done_callback(self._ended)
        return task

    def _ended(self, task: asyncio.Task[Any]) -> None:
        self._going.discard(task)
        if not task.cancelled() and (error := task.exception()) is not None:
            log.warning("all_off_step_failed", error=first_line(error))

    async def _pause_ramp(self, by: By, version: Pipeline | None) -> None:
        """A ramp that runs would go on once the override is lifted, or the flag is on; a person is to say that."""
        ramp = await latest(self.pool)
        if ramp is not None and version in {None, ramp.plan.pipeline}:
            with suppress(RampError):
                await RampOrders(self.pool, self.changes).pause(by)

    async def _somebody_cannot_follow(self) -> bool:
        """Does a live process say that it cannot read the flags? It would go on by what it knew last.

        Not waited for by a time limit: the driver waits for a server that hangs even to be cancelled.
        """
        look = self._begin(self._read_cannot_follow())
        await asyncio.wait({look}, timeout=LOOK_SECONDS)
        return landed(look) and look.result()

    async def _read_cannot_follow(self) -> bool:
        async with self.pool.connection() as connection:
            return any(one.flags_error for one in await live_processes(connection))

    async def _follow(self, ways: Sequence[Way]) -> None:
        """Have what has landed in force in this process; what has not may hang, and is not waited for."""
        if steps := [self.follow[way] for way in ways if way in self.follow]:
            await asyncio.wait({self._begin(awaited(step)) for step in steps}, timeout=IN_FORCE_SECONDS)


async def awaited(step: Callable[[], Awaitable[object]]) -> None:
    """As a coroutine, which a task can be made of."""
    await step()


def leaves_nobody(made: Made) -> bool:
    """Has nobody a version above the base now? Then the override says the same."""
    return not any(one.dial for one in made.after.ladder)


def landed(task: asyncio.Task[Any]) -> bool:
    """Has it ended well?"""
    return task.done() and not task.cancelled() and task.exception() is None


def why_not(task: asyncio.Task[Any]) -> str:
    """What it failed with."""
    error = task.exception() if task.done() and not task.cancelled() else None
    return "no answer" if error is None else first_line(error)


async def first_landed(ways: dict[asyncio.Task[Any], Way]) -> None:
    """Until one has landed, or all have failed."""
    waiting = set(ways)
    while waiting:
        done, waiting = await asyncio.wait(waiting, return_when=asyncio.FIRST_COMPLETED)
        if any(landed(task) for task in done):
            return

"""Everybody to the base, in every state: by the flags, and by the override if those have not answered in time.

Nothing waits for what does not answer: of three ways, the first that lands is enough, and the others may still land.
"""

import asyncio
from collections.abc import Coroutine
from contextlib import suppress
from dataclasses import dataclass, field
from typing import Any, Final, Literal

import structlog

from flags.control import FlagControl
from flags.model import Pipeline, Rollout
from flags.overridable import OverridableSource
from gateway.database.pool import Pool
from gateway.database.retry import first_line
from gateway.rollout.changes import Made, RolloutChanges
from gateway.rollout.follower import Follower
from gateway.rollout.history import By
from gateway.rollout.override import throw_override
from gateway.rollout.ramp.orders import RampOrders
from gateway.rollout.ramp.plan import RampError

FLAG_SECONDS: Final = 1.5  # then the override is thrown, too
IN_FORCE_SECONDS: Final = 1.0  # for this process to follow, before the answer; it follows anyhow
PAUSE_SECONDS: Final = 0.2  # the same for a ramp
Way = Literal["flags", "override"]
log = structlog.get_logger(__name__)


class NotOff(Exception):
    """No way has landed; the message says what each of them failed with."""


@dataclass(frozen=True, slots=True)
class AllOff:
    """Everybody gets the base."""

    ways: tuple[Way, ...]  # that had landed when it was answered
    before: Rollout | None  # the flags, where they were changed
    written: bool  # False: the database was away, and the change is written down by whoever sees it


@dataclass(slots=True)
class OffSwitch:
    """One a process. Keeps the ways that go on after the answer."""

    pool: Pool
    changes: RolloutChanges
    flags: OverridableSource
    watch: Follower
    patience: float = FLAG_SECONDS
    _going: set[asyncio.Task[Any]] = field(default_factory=set)

    async def turn_all_off(self, by: By) -> AllOff:
        """Turn the flags of all versions off that are above the base. Raises NotOff."""
        pausing = self._begin(self._pause_ramp(by))
        work = FlagsOff()
        flags = self._begin(self.changes.make(by, work))
        await asyncio.wait({flags}, timeout=self.patience)
        ways: dict[asyncio.Task[Any], Way] = {flags: "flags"}
        if not landed(flags):
            ways[self._begin(throw_override(self.pool, by))] = "override"
            if not work.begun and not flags.done():  # it waits for the database: so do not
                ways[self._begin(self.changes.make_unwritten(FlagsOff()))] = "flags"
            await first_landed(ways)
        done = [task for task in ways if landed(task)]
        if not done:
            raise NotOff("; ".join(f"{way}: {why_not(task)}" for task, way in ways.items()))
        await self._follow({ways[task] for task in done})
        await asyncio.wait({pausing}, timeout=PAUSE_SECONDS)
        made = [task.result() for task in done if isinstance(task.result(), Made)]
        found = tuple(dict.fromkeys(ways[task] for task in done))
        written = "override" in found or any(one.written for one in made)
        log.info("all_turned_off", operator=by.actor, ways=found, written=written)
        return AllOff(found, made[0].before if made else None, written)

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

    async def _pause_ramp(self, by: By) -> None:
        """A ramp that runs would go on once the override is lifted; a person is to say that."""
        with suppress(RampError):
            await RampOrders(self.pool, self.changes).pause(by)

    async def _follow(self, ways: set[Way]) -> None:
        """Have what has landed in force in this process; what has not may hang, and is not waited for."""
        steps = {"flags": self.flags.refresh, "override": self.watch.look}
        await asyncio.wait({self._begin(steps[way]()) for way in ways}, timeout=IN_FORCE_SECONDS)


class FlagsOff:
    """Turns the flags of all versions off that are above the base, newest first."""

    def __init__(self) -> None:
        self.begun = False

    async def __call__(self, control: FlagControl) -> Rollout:
        """Raises a ControlError if one of them could not be turned off; those before it are off then."""
        self.begun = True
        versions: tuple[Pipeline, ...] = control.versions.ladder
        rollout: Rollout | None = None
        for version in versions:
            rollout = await control.turn_off(version)
        return await control.read() if rollout is None else rollout


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

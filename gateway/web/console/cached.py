"""What pages read is kept for some seconds by each process: of all who ask at once, one reads."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from contextlib import nullcontext
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

Value = TypeVar("Value")
FAILED_SECONDS: Final = 2.0
MOST: Final = 200  # reads that are kept: what was asked for longest ago is forgotten first
REST: Final = 15  # what is read in turn rests so many times what it took, each on its own


@dataclass(frozen=True, slots=True)
class Known(Generic[Value]):
    """What was read, and how many seconds ago."""

    value: Value
    age: float


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How old a read may be, in seconds."""

    fresh: float = 2.0  # so long nothing is read anew
    kept: float = 2.0  # so long the old value stands in while a new one is read
    wait: float = 1.0  # so long callers wait where nothing stands in, from when it began to be read
    # So long a caller waits for the new value though an old one could stand in; nobody does for what took longer than
    # that the last time.
    patience: float = 1.0
    in_turn: bool = False  # such reads go one after another: a connection stays free for quick ones


QUICK: Final = Rhythm()
SMALL: Final = Rhythm(kept=30.0, patience=0.05)  # quick, and may be some seconds old where the database is busy
DEAR: Final = Rhythm(fresh=10.0, kept=120.0, patience=0.03, in_turn=True)  # takes long, and need not be of this second


class StillReading(Exception):
    """Nothing is known yet, and the read goes on: ask again."""


@dataclass(frozen=True, slots=True)
class _Read:
    """What a read said, and the seconds that it took; its turn's waiting is no part of them."""

    value: Any
    took: float

    def fresh(self, rhythm: Rhythm) -> float:
        """So long it is not read anew, in seconds."""
        return min(max(rhythm.fresh, REST * self.took), rhythm.kept) if rhythm.in_turn else rhythm.fresh


class CachedReads:
    """One a process. Where nothing stands in for a read that failed, all hear of it at first; then it is tried anew."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds of whatever beginning."""
        self._clock = clock
        self._known = dict[Hashable, tuple[_Read, float]]()
        self._running = dict[Hashable, tuple[asyncio.Task[_Read], float]]()
        self._failed = dict[Hashable, tuple[BaseException, float]]()
        self._one_by_one = asyncio.Semaphore()

    async def get(self, key: Hashable, load: Callable[[], Awaitable[Value]], rhythm: Rhythm = QUICK) -> Known[Value]:
        """What `load` says, now or some seconds ago. Raises StillReading, and what `load` raises."""
        found, at = self._known.get(key, (None, 0.0))
        age = self._clock() - at
        if found and age <= found.fresh(rhythm):
            return Known(found.value, age)
        stands_in = found if found and age <= rhythm.kept else None
        failure, at = self._failed.get(key, (None, 0.0))
        if failure is not None and not stands_in and self._clock() - at <= FAILED_SECONDS:
            raise failure
        task, began = self._running.get(key) or self._begin(key, load, rhythm)
        if stands_in:
            wait = rhythm.patience if stands_in.took <= rhythm.patience else 0.0
        else:
            wait = max(rhythm.wait - (self._clock() - began), 0.0)
        await asyncio.wait({task}, timeout=wait)
        if task.done() and not (stands_in and task.exception()):
            return Known(task.result().value, 0.0)
        if stands_in:
            return Known(stands_in.value, age)
        raise StillReading

    def forget(self) -> None:
        """After a change was made here: nothing that was read before it is shown again."""
        self._known.clear()
        self._failed.clear()
        self._running.clear()  # what is being read began before it

    async def close(self) -> None:
        """End what is being read."""
        tasks = [task for task, _ in self._running.values()]
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(
        self, key: Hashable, load: Callable[[], Awaitable[Any]], rhythm: Rhythm
    ) -> tuple[asyncio.Task[_Read], float]:
        task = asyncio.ensure_future(self._read(load, rhythm))
        self._running[key] = task, self._clock()
        task.add_done_callback(lambda done: self._ended(key, done))
        return self._running[key]

    async def _read(self, load: Callable[[], Awaitable[Any]], rhythm: Rhythm) -> _Read:
        async with self._one_by_one if rhythm.in_turn else nullcontext():
            began = self._clock()
            return _Read(await load(), self._clock() - began)

    def _ended(self, key: Hashable, task: asyncio.Task[_Read]) -> None:
        failure = None if task.cancelled() else task.exception()  # asked for here, so that nobody misses who asks
        if key not in self._running or self._running[key][0] is not task:
            return
        del self._running[key]
        self._failed.pop(key, None)
        if failure is not None:
            self._failed[key] = failure, self._clock()
            while len(self._failed) > MOST:
                del self._failed[next(iter(self._failed))]
        if failure is not None or task.cancelled():
            return
        self._known.pop(key, None)
        self._known[key] = (task.result(), self._clock())
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]

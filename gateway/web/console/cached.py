"""What pages read is kept for some seconds by each process: of all who ask at once, one reads."""

import asyncio
from collections.abc import Awaitable, Callable, Hashable
from dataclasses import dataclass
from typing import Any, Final, Generic, TypeVar

Value = TypeVar("Value")
MOST: Final = 200  # reads that are kept: what was asked for longest ago is forgotten first


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
    wait: float = 1.0  # so long a caller waits where nothing stands in
    patience: float = 1.0  # so long a caller waits for the new value though an old one could stand in


QUICK: Final = Rhythm()
DEAR: Final = Rhythm(fresh=10.0, kept=120.0, wait=1.0, patience=0.03)  # takes long, and need not be of this second


class StillReading(Exception):
    """Nothing is known yet, and the read goes on: ask again."""


class CachedReads:
    """One a process. A failed read is not kept: whoever asks next reads again."""

    def __init__(self, clock: Callable[[], float]) -> None:
        """`clock`: seconds of whatever beginning."""
        self._clock = clock
        self._known = dict[Hashable, tuple[Any, float]]()
        self._running = dict[Hashable, asyncio.Task[Any]]()

    async def get(self, key: Hashable, load: Callable[[], Awaitable[Value]], rhythm: Rhythm = QUICK) -> Known[Value]:
        """What `load` says, now or some seconds ago. Raises StillReading, and what `load` raises."""
        found = self._known.get(key)
        age = self._clock() - found[1] if found else 0.0
        if found and age <= rhythm.fresh:
            return Known(found[0], age)
        task = self._running.get(key) or self._begin(key, load)
        stands_in = found is not None and age <= rhythm.kept
        await asyncio.wait({task}, timeout=rhythm.patience if stands_in else rhythm.wait)
        if task.done() and not (stands_in and task.exception()):
            return Known(task.result(), 0.0)
        if found and stands_in:
            return Known(found[0], age)
        raise StillReading

    def forget(self) -> None:
        """After a change was made here: nothing that was read before it is shown again."""
        self._known.clear()
        self._running.clear()  # what is being read began before it

    async def close(self) -> None:
        """End what is being read."""
        tasks = list(self._running.values())
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)

    def _begin(self, key: Hashable, load: Callable[[], Awaitable[Any]]) -> asyncio.Task[Any]:
        task = asyncio.ensure_future(load())
        self._running[key] = task
        task.add_done_callback(lambda done: self._ended(key, done))
        return task

    def _ended(self, key: Hashable, task: asyncio.Task[Any]) -> None:
        failed = task.cancelled() or task.exception() is not None  # asked for here, so that nobody misses who asks
        if self._running.get(key) is not task:
            return
        del self._running[key]
        if failed:
            return
        self._known.pop(key, None)
        self._known[key] = (task.result(), self._clock())
        while len(self._known) > MOST:
            del self._known[next(iter(self._known))]

"""Whether jobs of users are in this worker, and who is told at the very moment that one comes."""

import asyncio
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Final

CALM_SECONDS: Final = 0.3  # after the last job: where one comes after another, the gaps between them are theirs too
LOOK_SECONDS: Final = 0.1

Hear = Callable[[], None]


class Busy:
    """Of one worker. Its jobs come through `job`; comparisons ask `now`, and are `told`."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._jobs = 0
        self._left_at = float("-inf")
        self._told: list[Hear] = []

    @property
    def now(self) -> bool:
        """Is a job of a user here, or was one until a moment ago?"""
        return self._jobs > 0 or self._clock() - self._left_at < CALM_SECONDS

    @contextmanager
    def job(self) -> Iterator[None]:
        """A job is here meanwhile. All who are told have acted before anything is done for it."""
        self._jobs += 1
        try:
            if self._jobs == 1:
                for hear in tuple(self._told):
                    hear()
            yield
        finally:
            self._jobs -= 1
            self._left_at = self._clock()

    @contextmanager
    def told(self, hear: Hear) -> Iterator[None]:
        """Meanwhile it is called when a job comes and none is here. It may not raise, nor take long."""
        self._told.append(hear)
        try:
            yield
        finally:
            self._told.remove(hear)

    async def calm(self, longest: float) -> None:
        """Wait until no job is here, but no longer than so many seconds."""
        give_up_at = self._clock() + longest
        while self.now and self._clock() < give_up_at:  # noqa: ASYNC110 - nobody tells that it is calm
            await asyncio.sleep(LOOK_SECONDS)

"""A limit on the processor time that one piece of work takes: what is over it is broken off, also inside one match."""

import math
import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")

TICK = 0.25  # seconds of processor time between looks at what is under way


class OverTime(Exception):
    """The work took longer than it may."""


class Unlimited:
    """Work takes as long as it takes."""

    def run(self, work: Callable[[], T], seconds: float) -> T:  # noqa: ARG002 - the limit that it does not keep
        return work()


class ProcessorTimeLimit(Unlimited):
    """Breaks work off by a signal, so only in a process's main thread; elsewhere work takes as long as it takes.

    It counts the time that this process computes, not the time that passes: a busy machine breaks nothing off. One
    timer ticks for all pieces of work, which are many and small: to set one for each would take 3 % of reading.
    """

    def __init__(self) -> None:
        self._left: int | None = None  # ticks of the work under way

    @classmethod
    @contextmanager
    def here(cls) -> Iterator[Unlimited]:
        """The limit, with its signal taken for the length of the block."""
        limit = cls()
        try:
            before = signal.signal(signal.SIGVTALRM, limit._tick)
        except ValueError:  # not the main thread
            yield Unlimited()
            return
        signal.setitimer(signal.ITIMER_VIRTUAL, TICK, TICK)
        try:
            yield limit
        finally:
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)
            signal.signal(signal.SIGVTALRM, before)

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """What `work` returns. Raises `OverTime` once it has taken so long, and up to two ticks more."""
        self._left = math.ceil(seconds / TICK) + 1  # the first may be nearly over
        try:
            return work()
        finally:
            self._left = None  # a tick that comes later is nobody's

    def _tick(self, _signal: int, _frame: FrameType | None) -> None:
        if self._left is None:
            return
        self._left -= 1
        if self._left <= 0:
            raise OverTime

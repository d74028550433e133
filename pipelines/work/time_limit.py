"""A limit on the processor time that one piece of work takes: what is over it is broken off, also inside one match."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType
from typing import TypeVar

T = TypeVar("T")


class OverTime(Exception):
    """The work took longer than it may."""


class Unlimited:
    """Work takes as long as it takes."""

    def run(self, work: Callable[[], T], seconds: float) -> T:  # noqa: ARG002 - the limit that it does not keep
        return work()


class ProcessorTimeLimit(Unlimited):
    """Breaks work off by a signal, so only in a process's main thread; elsewhere work takes as long as it takes.

    It counts the time that this process computes, not the time that passes: a busy machine breaks nothing off.
    """

    def __init__(self) -> None:
        self._armed = False

    @classmethod
    @contextmanager
    def here(cls) -> Iterator[Unlimited]:
        """The limit, with its signal taken for the length of the block."""
        limit = cls()
        try:
            before = signal.signal(signal.SIGVTALRM, limit._break_off)
        except ValueError:  # not the main thread
            yield Unlimited()
            return
        try:
            yield limit
        finally:
            signal.signal(signal.SIGVTALRM, before)

    def run(self, work: Callable[[], T], seconds: float) -> T:
        """What `work` returns. Raises `OverTime`."""
        self._armed = True
        signal.setitimer(signal.ITIMER_VIRTUAL, seconds, seconds)
        try:
            return work()
        finally:
            self._armed = False  # a signal that arrives later is nobody's
            signal.setitimer(signal.ITIMER_VIRTUAL, 0)

    def _break_off(self, _signal: int, _frame: FrameType | None) -> None:
        if self._armed:
            raise OverTime

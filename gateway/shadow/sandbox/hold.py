"""Stops a comparison's process while jobs of users run here, from the moment that one comes, and ends it when its time
is over.

Only the process itself is stopped, and only once its life is tied to the worker's: whoever kills the worker leaves
nothing that stands still for ever.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from functools import partial
from typing import Final, Never

from gateway.shadow.sandbox.busy import Busy
from gateway.shadow.sandbox.protocol import Held, Limits, pack
from gateway.shadow.sandbox.stopped import Stopped
from gateway.shadow.sandbox.way import Way

STARTING_LOOK: Final = 0.05  # seconds, while jobs run and it cannot be held yet
STEPPED_BACK: Final = 19  # the niceness of a process that has tied its life to the worker's
OF_ALL_THREADS: Final = 2  # of a process: as the kernel numbers its clocks of processor time

Send = Callable[[signal.Signals], None]


async def hold(process: asyncio.subprocess.Process, limits: Limits, busy: Busy) -> Never:
    """Never returns: raises `Stopped` when the process had its time. That passes slowly while it makes way.

    Of one that has ended time passes on: a child of it may hold its pipe open, and then nobody hears of its end.
    """
    with signals_to(process) as send:
        holding = Holding(process, busy, send)
        with busy.told(holding.job_comes):
            while (left := limits.seconds - holding.way.counted) > 0:
                await holding.pause(left)
                holding.look()
    raise Stopped("timed_out", f"longer than {limits.seconds:g} s")


class Holding:
    """One process that makes way."""

    def __init__(self, process: asyncio.subprocess.Process, busy: Busy, send: Send) -> None:
        self._process = process
        self._busy = busy
        self._send = send
        self._came = asyncio.Event()
        self.way = Way(time.monotonic())

    def job_comes(self) -> None:
        """Stop it now, before the job is begun."""
        self.look()
        self._came.set()

    async def pause(self, left: float) -> None:
        """Until there may be something to do; `left` is of its time."""
        starting = self._busy.now and not self.way.beside_jobs
        seconds = STARTING_LOOK if starting else self.way.next_look
        with suppress(TimeoutError):
            async with asyncio.timeout(min(seconds, max(left, STARTING_LOOK))):
                await self._came.wait()
        self._came.clear()

    def look(self) -> None:
        """Stop it or let it go on, as it is to be now."""
        process, way = self._process, self.way
        was_held = way.held
        beside_jobs = process.returncode is None and self._busy.now and can_be_held(process.pid)
        way.look(time.monotonic(), processor_seconds(process.pid), beside_jobs=beside_jobs)
        if way.held != was_held:
            with suppress(OSError):  # it is gone; and whatever a kernel refuses, no job that comes may fail by it
                turn(process, way, self._send)


def turn(process: asyncio.subprocess.Process, way: Way, send: Send) -> None:
    """Stop it, or let it go on, and tell it first for how long it stood still. Raises ProcessLookupError."""
    if way.held:
        send(signal.SIGSTOP)
        return
    if process.stdin is not None and not process.stdin.is_closing():
        process.stdin.write(pack(Held(way.held_seconds)))
    send(signal.SIGCONT)


@contextmanager
def signals_to(process: asyncio.subprocess.Process) -> Iterator[Send]:
    """Sends signals to exactly this process. asyncio's own way looks first whether it has ended: where it just did, its
    exit code is lost, and a comparison that was done counts as crashed. It is left for kernels that have, or allow, no
    other."""
    with ExitStack() as closing:
        send: Send = process.send_signal
        if sys.platform == "linux":
            with suppress(OSError):
                handle = os.pidfd_open(process.pid)
                closing.callback(os.close, handle)
                signal.pidfd_send_signal(handle, 0)
                send = partial(signal.pidfd_send_signal, handle)
        yield send


def can_be_held(pid: int) -> bool:
    """Would it end with the worker, although it stands still? Not one that has ended."""
    with suppress(ProcessLookupError):
        return sys.platform == "linux" and os.getpriority(os.PRIO_PROCESS, pid) == STEPPED_BACK
    return False


def processor_seconds(pid: int) -> float:
    """Of the process, without those that it started; 0 where the system does not tell. To the microsecond: its share
    beside jobs is too small for the hundredths of a second that /proc counts in."""
    try:
        return time.clock_gettime(~pid << 3 | OF_ALL_THREADS)
    except OSError:
        return 0.0

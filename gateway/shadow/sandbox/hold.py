"""Stops a comparison's process while jobs of users run here, and ends it when its time is over.

Only the process itself is stopped, and only once its life is tied to the worker's: whoever kills the worker leaves
nothing that stands still for ever.
"""

import asyncio
import os
import signal
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Final, Never

from gateway.jobs.run.isolated.usage import TICKS
from gateway.shadow.sandbox.protocol import Held, Limits, pack
from gateway.shadow.sandbox.stopped import Stopped
from gateway.shadow.sandbox.way import Way

LOOK_SECONDS: Final = 0.05
STEPPED_BACK: Final = 19  # the niceness of a process that has tied its life to the worker's
UTIME, STIME = 11, 12  # fields of /proc/<pid>/stat after the name

Busy = Callable[[], bool]  # does a job of a user run here?


async def hold(process: asyncio.subprocess.Process, limits: Limits, busy: Busy) -> Never:
    """Never returns: raises `Stopped` when the process had its time. That passes slowly while it makes way.

    Of one that has ended time passes on: a child of it may hold its pipe open, and then nobody hears of its end.
    """
    way = Way(time.monotonic())
    with signals_to(process) as send:
        while way.counted < limits.seconds:
            await asyncio.sleep(LOOK_SECONDS)
            was_held = way.held
            beside_jobs = process.returncode is None and busy() and can_be_held(process.pid)
            way.look(time.monotonic(), processor_seconds(process.pid), beside_jobs=beside_jobs)
            if way.held != was_held:
                with suppress(ProcessLookupError):
                    turn(process, way, send)
    raise Stopped("timed_out", f"longer than {limits.seconds:g} s")


def turn(process: asyncio.subprocess.Process, way: Way, send: Callable[[signal.Signals], None]) -> None:
    """Stop it, or let it go on, and tell it first for how long it stood still. Raises ProcessLookupError."""
    if way.held:
        send(signal.SIGSTOP)
        return
    if process.stdin is not None and not process.stdin.is_closing():
        process.stdin.write(pack(Held(way.held_seconds)))
    send(signal.SIGCONT)


@contextmanager
def signals_to(process: asyncio.subprocess.Process) -> Iterator[Callable[[signal.Signals], None]]:
    """Sends signals to exactly this process. asyncio's own way looks first whether it has ended: where it just did, its
    exit code is lost, and a comparison that was done counts as crashed. It is left for kernels without another."""
    handle = None
    if sys.platform == "linux":
        with suppress(OSError):
            handle = os.pidfd_open(process.pid)

    def send(number: signal.Signals) -> None:
        if sys.platform == "linux" and handle is not None:
            signal.pidfd_send_signal(handle, number)
        else:
            process.send_signal(number)

    try:
        yield send
    finally:
        if handle is not None:
            os.close(handle)


def can_be_held(pid: int) -> bool:
    """Would it end with the worker, although it stands still? Not one that has ended."""
    with suppress(ProcessLookupError):
        return sys.platform == "linux" and os.getpriority(os.PRIO_PROCESS, pid) == STEPPED_BACK
    return False


def processor_seconds(pid: int) -> float:
    """Of the process, without those that it started; 0 where the system does not tell."""
    try:
        fields = Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()
        return (int(fields[UTIME]) + int(fields[STIME])) / TICKS
    except (OSError, IndexError, ValueError):
        return 0.0

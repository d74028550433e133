"""Tells when a comparison has nothing else to do than to wait for answers that come with a batch."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Final, Never

from gateway.shadow.sandbox.hold import processor_seconds
from pipelines.language.waiting import Asked, Waiting

LOOK_SECONDS: Final = 0.1
QUIET_LOOKS: Final = 10  # in a row
COMPUTED: Final = 0.01  # seconds of processor time; what is less is only that it goes on after it stood still

Still = Callable[[], object]  # the same as long as nothing is computed; None while that cannot be told


class PutAside(Exception):
    """The comparison waits for these questions, and for nothing else."""

    def __init__(self, asked: Sequence[Asked], cpu_seconds: float = 0.0) -> None:
        super().__init__(f"{len(asked)} questions")
        self.asked = asked
        self.cpu_seconds = cpu_seconds


async def until_quiet(waiting: Waiting, still: Still = lambda: 0.0) -> Never:
    """Never returns: raises `PutAside`."""
    quiet, before = 0, None
    while quiet < QUIET_LOOKS:
        await asyncio.sleep(LOOK_SECONDS)
        seen = still()
        if seen is None:  # it stands still, and would go on
            continue
        now = (seen, waiting.moves)
        quiet = quiet + 1 if waiting.nothing_else and now == before else 0
        before = now
    raise PutAside(tuple(waiting.asked.values()))


async def until_process_quiet(waiting: Waiting, pid: int) -> Never:
    """The same of a process: one that makes way for jobs of users, or computes, is not quiet. Raises `PutAside`."""
    try:
        await until_quiet(waiting, lambda: None if stopped(pid) else processor_seconds(pid) // COMPUTED)
    except PutAside as put:
        raise PutAside(put.asked, processor_seconds(pid)) from None


def stopped(pid: int) -> bool:
    """Whether the process stands still; False where the system does not tell."""
    try:
        return Path(f"/proc/{pid}/stat").read_bytes().rpartition(b")")[2].split()[0] == b"T"
    except (OSError, IndexError):
        return False

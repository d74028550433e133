"""What the gateway asks of a job queue. Whatever fills this can deliver its jobs: `procrastinate_queue.py` does.

An entry only delivers an id; our own row is the truth. So a queue may deliver twice, and one that loses an entry is
given it again by a sweep; what it may not do is keep one back, or let a user's entries pass each other.
"""

import asyncio
from collections.abc import Awaitable, Callable, Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Protocol, TypeVar

C_contra = TypeVar("C_contra", contravariant=True)  # a connection, on which the caller's transaction is open


class Redeliver(Exception):
    """Put the entry back and deliver it again, not before `seconds` from now; in another queue if one is named."""

    def __init__(self, seconds: float = 0.0, queue: str | None = None) -> None:
        super().__init__(f"deliver again in {seconds:g} s")
        self.seconds = seconds
        self.queue = queue


@dataclass(frozen=True, slots=True)
class Entry:
    """What is to be delivered. Entries with one `lock` run one at a time: first the oldest of the highest priority."""

    queue: str
    task: str
    args: Mapping[str, str]
    lock: str | None = None
    priority: int = 0


@dataclass(frozen=True, slots=True)
class QueueOptions:
    """One queue as a worker takes from it: `size` entries of `task` at once."""

    queue: str
    task: str
    worker: str
    size: int


Run = Callable[[Entry], Awaitable[None]]  # raises Redeliver to have it again; after anything else the entry is gone


class JobQueue(Protocol[C_contra]):
    """Raises the database's errors where it says that it may."""

    async def enqueue(self, connection: C_contra, entries: Sequence[Entry]) -> None:
        """Add entries in the caller's transaction: there when it commits, and only then. Raises its errors."""
        ...

    async def tell(self, queues: Collection[str]) -> None:
        """After a commit: something waits in these queues. Only hastens what workers find by themselves; never raises,
        and waits for nothing that others hold."""
        ...

    async def take(self, options: QueueOptions, run: Run, stopping: asyncio.Event) -> None:
        """Deliver entries of a queue to `run` until `stopping`, and return when those that run have ended."""
        ...

    async def keep_alive(self, connection: C_contra | None = None) -> None:
        """A sign of life for all that is taken here, on an open connection if one is given. Raises the database's
        errors."""
        ...

    async def recover(self, silent_seconds: float) -> int:
        """Put back what takers hold that gave no sign of life for so long; how many. Raises the database's errors."""
        ...

    async def wake(self, connection: C_contra, entries: Sequence[Entry]) -> list[str]:
        """Let entries that were put back for later be delivered now; the queue of each that was."""
        ...

    async def move(self, connection: C_contra, entries: Sequence[Entry], to: str) -> None:
        """Let waiting entries wait in another queue; each keeps its place."""
        ...

    async def lost(self, connection: C_contra, entries: Sequence[Entry]) -> list[Entry]:
        """Those of the entries that neither wait nor run."""
        ...

    async def waiting(self, queue: str, limit: int) -> list[Entry]:
        """What waits in a queue and is due, in the order of its delivery."""
        ...

    async def count(self, queue: str) -> int:
        """How many entries wait in a queue and are due."""
        ...

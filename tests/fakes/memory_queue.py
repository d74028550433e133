"""A job queue in the memory of one process, beside the real one: what the behaviour suite holds both to."""

import asyncio
import itertools
import time
from collections.abc import AsyncIterator, Collection, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace

from gateway.jobs.queue.job_queue import Entry, QueueOptions, Redeliver, Run


@dataclass(slots=True)
class Held:
    """An entry that is in the queue. `taker`: who runs it."""

    n: int
    entry: Entry
    due: float = 0.0
    taker: "MemoryQueue | None" = None


@dataclass(slots=True)
class Broker:
    """What the processes share: entries, and when each process gave its last sign of life."""

    entries: dict[int, Held] = field(default_factory=dict)
    numbers: "itertools.count[int]" = field(default_factory=itertools.count)
    seen: "dict[MemoryQueue, float]" = field(default_factory=dict)
    told: asyncio.Event = field(default_factory=asyncio.Event)


@dataclass(slots=True)
class Transaction:
    """Entries that are there when it ends well."""

    entries: list[Entry] = field(default_factory=list)


@dataclass(eq=False, slots=True)
class MemoryQueue:
    """One process's view of a broker: a `JobQueue[Transaction]`."""

    broker: Broker

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[Transaction]:
        """What is enqueued in it is there afterwards, or, after an error, is not."""
        transaction = Transaction()
        yield transaction
        for entry in transaction.entries:
            n = next(self.broker.numbers)
            self.broker.entries[n] = Held(n, entry)

    async def enqueue(self, connection: Transaction, entries: Sequence[Entry]) -> None:
        connection.entries += entries

    async def tell(self, queues: Collection[str]) -> None:
        self.broker.told.set()

    async def take(self, options: QueueOptions, run: Run, stopping: asyncio.Event) -> None:
        self.broker.seen[self] = time.monotonic()
        running: set[asyncio.Task[None]] = set()
        while not stopping.is_set():
            held = self._next(options.queue) if len(running) < options.size else None
            if held is None:
                self.broker.told.clear()
                await asyncio.sleep(0.01)
                continue
            held.taker = self
            task = asyncio.create_task(self._run(held, run))
            running.add(task)
            task.add_done_callback(running.discard)
        if running:
            await asyncio.wait(running)

    def _next(self, queue: str) -> Held | None:
        now = time.monotonic()
        waiting = [held for held in self._ordered() if held.entry.queue == queue and held.due <= now]
        return next((held for held in waiting if held.taker is None and self._first_of_its_lock(held)), None)

    def _ordered(self) -> list[Held]:
        return sorted(self.broker.entries.values(), key=lambda held: (-held.entry.priority, held.n))

    def _first_of_its_lock(self, held: Held) -> bool:
        same = [one for one in self._ordered() if one.entry.lock == held.entry.lock]
        return held.entry.lock is None or (same[0] is held and not any(one.taker for one in same))

    async def _run(self, held: Held, run: Run) -> None:
        try:
            await run(held.entry)
        except Redeliver as again:
            if held.taker is self:
                held.entry = replace(held.entry, queue=again.queue or held.entry.queue)
                held.due, held.taker = time.monotonic() + again.seconds, None
            return
        except Exception:  # noqa: BLE001 - as with any failure, our own row knows
            pass
        if held.taker is self:
            del self.broker.entries[held.n]

    async def keep_alive(self, _connection: object = None) -> None:
        self.broker.seen[self] = time.monotonic()

    async def recover(self, silent_seconds: float) -> int:
        silent = {taker for taker, seen in self.broker.seen.items() if time.monotonic() - seen >= silent_seconds}
        found = [held for held in self.broker.entries.values() if held.taker in silent]
        for held in found:
            held.taker = None
        return len(found)

    async def wake(self, connection: Transaction, entries: Sequence[Entry]) -> list[str]:
        put_off = [held for held in self._same(entries) if held.taker is None and held.due > time.monotonic()]
        for held in put_off:
            held.due = 0.0
        return [held.entry.queue for held in put_off]

    async def move(self, connection: Transaction, entries: Sequence[Entry], to: str) -> None:
        for held in self._same(entries):
            if held.taker is None:
                held.entry = replace(held.entry, queue=to)

    async def lost(self, connection: Transaction, entries: Sequence[Entry]) -> list[Entry]:
        return [entry for entry in entries if not self._same([entry])]

    def _same(self, entries: Sequence[Entry]) -> list[Held]:
        keys = [(entry.lock, dict(entry.args)) for entry in entries]
        return [held for held in self.broker.entries.values() if (held.entry.lock, dict(held.entry.args)) in keys]

    async def waiting(self, queue: str, limit: int) -> list[Entry]:
        now = time.monotonic()
        return [
            held.entry
            for held in self._ordered()
            if held.entry.queue == queue and held.taker is None and held.due <= now
        ][:limit]

    async def count(self, queue: str) -> int:
        return len(await self.waiting(queue, len(self.broker.entries)))

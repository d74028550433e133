"""What a job queue does, whichever it is: Procrastinate on Postgres, and one in memory."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from gateway.config.settings import Settings
from gateway.database.pool import Connection, build_pool
from gateway.database.shared_line.line import Line
from gateway.jobs.queue.job_queue import Entry, JobQueue, QueueOptions, Redeliver
from gateway.jobs.queue.names import CANDIDATE, PRIMARY, RUN_JOB
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.queue.teller import Teller
from tests.fakes.memory_queue import Broker, MemoryQueue
from tests.gateway.jobs.conftest import until

Open = Callable[[], JobQueue[Any]]


@dataclass
class Scene:
    """Queues of several processes over one store, and what was delivered."""

    open_one: Open  # as another process has it
    transaction: Callable[[], AbstractAsyncContextManager[Any]]
    stopping: asyncio.Event = field(default_factory=asyncio.Event)
    tasks: "list[asyncio.Task[None]]" = field(default_factory=list)
    delivered: list[str] = field(default_factory=list)
    again: dict[str, list[Redeliver]] = field(default_factory=dict)  # to be raised, once each
    hold: dict[str, asyncio.Event] = field(default_factory=dict)

    async def put(self, *entries: Entry) -> None:
        queue = self.open_one()
        async with self.transaction() as connection:
            await queue.enqueue(connection, entries)
        await queue.tell({entry.queue for entry in entries})

    def take(self, queue: JobQueue[Any] | None = None, of: str = PRIMARY, size: int = 2) -> JobQueue[Any]:
        taking = queue or self.open_one()
        work = taking.take(QueueOptions(of, RUN_JOB, f"taker {len(self.tasks)}", size), self.run, self.stopping)
        self.tasks.append(asyncio.create_task(work))
        return taking

    async def run(self, entry: Entry) -> None:
        name = entry.args["job_id"]
        self.delivered.append(name)
        if (held := self.hold.get(name)) is not None:
            await held.wait()
        if self.again.get(name):
            raise self.again[name].pop(0)

    async def saw(self, *names: str) -> None:
        async def all_delivered() -> bool:
            return len(self.delivered) >= len(names)

        await until(all_delivered)
        assert self.delivered == list(names)

    async def is_empty(self, of: str = PRIMARY) -> None:
        entries = [one(name) for name in set(self.delivered)]

        async def none_left() -> bool:
            async with self.transaction() as connection:
                return len(await self.open_one().lost(connection, entries)) == len(entries)

        await until(none_left)
        assert await self.open_one().count(of) == 0


def one(name: str, queue: str = PRIMARY, priority: int = 0, user: str | None = None) -> Entry:
    return Entry(queue, RUN_JOB, {"job_id": name}, lock=user or name.rstrip("0123456789"), priority=priority)


@asynccontextmanager
async def on_postgres(settings: Settings) -> AsyncIterator[Scene]:
    pool = build_pool(settings.database_url.get_secret_value() if settings.database_url else "", settings)
    await pool.open()

    async def connect() -> Connection:
        return await Connection.connect(str(pool.conninfo), autocommit=True)

    teller = Teller(connect)

    @asynccontextmanager
    async def transaction() -> AsyncIterator[Connection]:
        async with pool.connection() as connection, connection.transaction():
            yield connection

    lines: list[Line] = []

    def open_one() -> ProcrastinateQueue:
        lines.append(Line(str(pool.conninfo)))
        lines[-1].start()
        return ProcrastinateQueue(pool, teller, lines[-1])

    try:
        yield Scene(open_one, transaction)
    finally:
        for line in lines:
            await line.stop()
        await teller.close()
        await pool.close()


@asynccontextmanager
async def in_memory(_settings: Settings) -> AsyncIterator[Scene]:
    broker = Broker()
    yield Scene(lambda: MemoryQueue(broker), MemoryQueue(broker).transaction)


@pytest.fixture(params=[on_postgres, in_memory], ids=["procrastinate", "memory"])
async def scene(request: pytest.FixtureRequest, settings: Settings) -> AsyncIterator[Scene]:
    async with request.param(settings) as opened:
        yield opened
        opened.stopping.set()
        for held in opened.hold.values():
            held.set()
        await asyncio.gather(*opened.tasks)


async def test_what_commits_is_delivered_once_and_what_does_not_never_was(scene: Scene) -> None:
    queue = scene.open_one()
    with contextlib.suppress(ZeroDivisionError):
        async with scene.transaction() as connection:
            await queue.enqueue(connection, [one("never")])
            raise ZeroDivisionError
    async with scene.transaction() as connection:  # and nobody is told
        await queue.enqueue(connection, [one("ann1"), one("bob1")])
    assert await queue.count(PRIMARY) == 2
    assert [entry.args["job_id"] for entry in await queue.waiting(PRIMARY, 9)] == ["ann1", "bob1"]
    scene.take(queue, size=1)
    await scene.saw("ann1", "bob1")
    await scene.is_empty()


async def test_one_users_entries_run_one_by_one_in_their_order_while_others_pass(scene: Scene) -> None:
    scene.hold["ann1"] = asyncio.Event()
    await scene.put(one("ann1"), one("ann2"), one("ann3", CANDIDATE), one("bob1"))
    queue = scene.take(scene.take(), CANDIDATE)
    await scene.saw("ann1", "bob1")
    assert await queue.count(PRIMARY) == 1
    scene.hold["ann1"].set()
    await scene.saw("ann1", "bob1", "ann2", "ann3")


async def test_the_highest_priority_comes_first(scene: Scene) -> None:
    await scene.put(one("low", priority=-5), one("b"), one("high", priority=5), one("c"))
    scene.take(size=1)
    await scene.saw("high", "b", "c", "low")


async def test_an_entry_is_put_back_as_its_run_asks(scene: Scene) -> None:
    """At once, in another queue, or for later: then it holds up its user, until it is woken."""
    scene.again = {"ann1": [Redeliver(), Redeliver(queue=CANDIDATE), Redeliver(3600.0)]}
    await scene.put(one("ann1"), one("ann2", CANDIDATE))
    queue = scene.take(scene.take(), CANDIDATE)
    await scene.saw("ann1", "ann1", "ann1")

    async def woken() -> list[str]:
        async with scene.transaction() as connection:
            return await queue.wake(connection, [one("ann1"), one("nobody")])

    assert await until(woken) == [CANDIDATE]
    await queue.tell([CANDIDATE])
    await scene.saw("ann1", "ann1", "ann1", "ann1", "ann2")
    await scene.is_empty(CANDIDATE)


async def test_what_was_put_off_comes_back_when_it_is_due(scene: Scene) -> None:
    scene.again = {"ann1": [Redeliver(0.3)]}
    await scene.put(one("ann1"))
    scene.take()
    await scene.saw("ann1", "ann1")


async def test_an_entry_that_moves_keeps_its_place(scene: Scene) -> None:
    await scene.put(one("ann1", CANDIDATE), one("bob1"))
    queue = scene.open_one()
    async with scene.transaction() as connection:
        await queue.move(connection, [one("ann1"), one("nobody")], PRIMARY)
    assert [entry.args["job_id"] for entry in await queue.waiting(PRIMARY, 9)] == ["ann1", "bob1"]
    assert await queue.waiting(CANDIDATE, 9) == []
    scene.take(queue, size=1)
    await scene.saw("ann1", "bob1")


async def test_what_a_silent_taker_held_is_delivered_to_another(scene: Scene) -> None:
    """And the first, when it goes on, does not end it for the second."""
    scene.hold["ann1"] = asyncio.Event()
    await scene.put(one("ann1"))
    first = scene.take()
    await scene.saw("ann1")
    second = scene.open_one()
    await first.keep_alive()
    assert await second.recover(60.0) == 0
    assert await second.recover(0.0) == 1
    scene.take(second)
    await scene.saw("ann1", "ann1")
    scene.hold["ann1"].set()
    await scene.is_empty()


async def test_entries_that_neither_wait_nor_run_are_lost(scene: Scene) -> None:
    scene.hold["ann1"] = asyncio.Event()
    await scene.put(one("ann1"), one("ann2"))
    queue = scene.take()
    await scene.saw("ann1")
    async with scene.transaction() as connection:
        gone = await queue.lost(connection, [one("ann1"), one("ann7"), one("ann2"), one("bob1")])
    assert gone == [one("ann7"), one("bob1")]


async def test_a_run_that_breaks_is_not_repeated(scene: Scene) -> None:
    scene.again = {"ann1": [ValueError("a bug")]}  # type: ignore[list-item]
    await scene.put(one("ann1"), one("ann2"))
    scene.take()
    await scene.saw("ann1", "ann2")
    await scene.is_empty()

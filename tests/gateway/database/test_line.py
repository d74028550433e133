"""A process's line: what rides on it is asked in one transaction, told at once, and outlives a server that hangs."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest
import structlog

from gateway.database.lead import Lead
from gateway.database.pool import Connection, Database
from gateway.database.shared_line.leaders import Leaders
from gateway.database.shared_line.line import Heed, Line
from tests.gateway.jobs.conftest import until

NEVER = 3600.0
OFTEN = 0.02


@dataclass
class Asking:
    """Asks one thing, and keeps the answers and what it was told."""

    statement: Callable[[], str] = lambda: "select 1"
    channels: tuple[str, ...] = ()
    at_once: bool = False
    answers: list[Any] = field(default_factory=list)
    told: list[str] = field(default_factory=list)

    def heard(self, channel: str) -> bool:
        self.told.append(channel)
        return self.at_once

    async def ask(self, connection: Connection) -> Heed:
        cursor = await connection.execute(self.statement())

        async def heed(_connection: Connection) -> None:
            ((answer,),) = await cursor.fetchall()
            self.answers.append(answer)

        return heed


@asynccontextmanager
async def open_line(database: Database, *riders: Any, **options: Any) -> AsyncIterator[Line]:
    line = Line(database.url, **options)
    for rider in riders:
        line.join(rider)
    line.start()
    try:
        yield line
    finally:
        await line.stop()


async def tell(database: Database, channel: str) -> None:
    async with database.pool.connection() as connection:
        await connection.execute("select pg_notify(%s, '')", (channel,))


@pytest.mark.parametrize("listens", [True, False])
async def test_all_who_ride_are_asked_one_trip_after_another(database: Database, listens: bool) -> None:
    one, other = Asking(), Asking(lambda: "select 2")
    async with open_line(database, one, other, listens=listens, seconds=OFTEN) as line:
        await until(lambda: asyncio.sleep(0, len(other.answers) >= 3))
        await until(lambda: asyncio.sleep(0, line.fresh))  # for 30 ms after each trip: a busy machine may miss some
        line.leave(other)
        asked = len(other.answers) + 1  # a trip that has begun takes it along
        before = len(one.answers)
        await until(lambda: asyncio.sleep(0, len(one.answers) >= before + 3))
    assert set(one.answers) == {1}
    assert set(other.answers) == {2}
    assert len(other.answers) <= asked


async def test_what_they_ask_is_one_transaction(database: Database) -> None:
    riders = [Asking(lambda: "select pg_current_xact_id()::text") for _ in range(3)]
    async with open_line(database, *riders, seconds=NEVER):
        await until(lambda: asyncio.sleep(0, all(one.answers for one in riders)))
    assert len({answer for one in riders for answer in one.answers}) == 1


async def test_who_is_told_is_asked_at_once_if_it_wants_to(database: Database) -> None:
    eager, calm = Asking(channels=("line_eager",), at_once=True), Asking(channels=("line_calm",))
    async with open_line(database, eager, calm, seconds=NEVER):
        await until(lambda: asyncio.sleep(0, eager.answers))
        await tell(database, "line_calm")
        await until(lambda: asyncio.sleep(0, calm.told))
        await tell(database, "line_eager")
        await until(lambda: asyncio.sleep(0, len(eager.answers) == 2))
    assert (eager.told, calm.told) == (["line_eager"], ["line_calm"])


async def test_a_server_that_hangs_is_left_behind(database: Database) -> None:
    statements = ["select 1::text from pg_sleep(60)", "select pg_backend_pid()::text"]
    rider = Asking(lambda: statements.pop(0) if len(statements) > 1 else statements[0])
    async with open_line(database, rider, seconds=OFTEN, answer_seconds=0.2) as line:
        assert not line.fresh
        await until(lambda: asyncio.sleep(0, rider.answers))
        assert line.up


async def test_an_error_of_one_ends_nothing(database: Database) -> None:
    statements = ["select 1/0", "select nonsense", "select 3"]
    rider = Asking(lambda: statements.pop(0) if len(statements) > 1 else statements[0])
    async with open_line(database, rider, seconds=OFTEN):
        await until(lambda: asyncio.sleep(0, rider.answers))
    assert rider.answers[0] == 3


async def test_who_rides_knows_who_leads_until_the_term_is_over(database: Database) -> None:
    lasting, short = (Lead(database.pool, work, "other", term) for work, term in (("upkeep", 60.0), ("flags", 0.5)))
    assert await lasting.ask()
    assert await short.ask()
    leaders = Leaders()
    assert not leaders.elsewhere("upkeep", "mine")
    async with open_line(database, leaders, seconds=OFTEN):
        await until(lambda: asyncio.sleep(0, leaders.elsewhere("upkeep", "mine")))
        assert not leaders.elsewhere("upkeep", "other")
        assert not leaders.elsewhere("guard", "mine")
        await until(lambda: asyncio.sleep(0, not leaders.elsewhere("flags", "mine")))
        await lasting.leave()
        await until(lambda: asyncio.sleep(0, not leaders.elsewhere("upkeep", "mine")))


@pytest.mark.parametrize("listens", [True, False])
async def test_one_whose_question_fails_stops_no_other(database: Database, listens: bool) -> None:
    one, broken = Asking(channels=("news",), at_once=True), Asking(lambda: "select 1 / 0")
    with structlog.testing.capture_logs() as logs:
        async with open_line(database, broken, one, listens=listens, seconds=OFTEN) as line:
            await until(lambda: asyncio.sleep(0, len(one.answers) >= 3))
    assert [log["rider"] for log in logs if log["event"] == "line_rider_failed"] == ["Asking"]  # once
    async with open_line(database, broken, one, listens=listens, seconds=OFTEN) as line:
        one.answers.clear()
        await until(lambda: asyncio.sleep(0, len(one.answers) >= 3))
        assert line.up
        assert not line.fresh  # who rides asks over the pool, too
        broken.statement = lambda: "select 3"
        await until(lambda: asyncio.sleep(0, bool(broken.answers)))
        await until(lambda: asyncio.sleep(0, line.fresh))


async def test_one_who_joins_a_line_that_waits_is_told_soon(database: Database) -> None:
    first, late = Asking(), Asking(channels=("news",), at_once=True)
    async with open_line(database, first, seconds=NEVER) as line:
        await until(lambda: asyncio.sleep(0, bool(first.answers)))
        line.join(late)
        await until(lambda: asyncio.sleep(0, bool(late.answers)))
        await tell(database, "news")
        await until(lambda: asyncio.sleep(0, len(late.answers) > 1))
        assert late.told == ["news"]

"""A prepared statement run by libpq alone: what succeeded, what failed, much at once, and a connection that is lost."""

import asyncio
from collections.abc import AsyncIterator

import psycopg
import pytest

from gateway.database.pool import Connection, Database
from gateway.database.retry import AWAY
from gateway.jobs.accept.prepared import Prepared, numbered

INSERT = "insert into kept select one, %(why)s::text from unnest(%(texts)s::text[]) as one where %(why)s::text is null"


@pytest.fixture
async def own(database: Database) -> AsyncIterator[Connection]:
    async with await psycopg.AsyncConnection.connect(database.url, autocommit=True) as connection:
        await connection.execute("create temporary table kept (one text primary key, why text)")
        yield connection


async def kept(connection: Connection) -> list[str]:
    return [row[0] for row in await (await connection.execute("select one from kept order by one")).fetchall()]


async def test_it_runs_again_and_again_beside_the_usual_way(own: Connection) -> None:
    statement = Prepared(own, "keep", INSERT)
    for text in ("a", "b", "ü"):
        assert await statement.run({"texts": f"{{{text}}}", "why": None})
    assert await kept(own) == ["a", "b", "ü"]


async def test_what_fails_writes_nothing_and_the_connection_goes_on(own: Connection) -> None:
    statement = Prepared(own, "keep", INSERT)
    assert await statement.run({"texts": "{a}", "why": None})
    assert not await statement.run({"texts": "{b,a}", "why": None}), "a repeats"
    assert await statement.run({"texts": "{c}", "why": None})
    assert await kept(own) == ["a", "c"]


async def test_more_than_the_connection_takes_at_once(own: Connection) -> None:
    texts = [f"{n:07d}" + "x" * 1000 for n in range(20_000)]
    assert await Prepared(own, "keep", INSERT).run({"texts": f"{{{','.join(texts)}}}", "why": None})
    assert await kept(own) == texts


async def test_a_lost_connection_is_the_database_that_is_away(own: Connection, database: Database) -> None:
    slow = Prepared(own, "slow", "insert into kept select pg_sleep(%(seconds)s::float8)::text")
    assert await slow.run({"seconds": "0"})
    running = asyncio.create_task(slow.run({"seconds": "30"}))
    await asyncio.sleep(0.1)
    async with database.pool.connection() as other:
        await other.execute("select pg_terminate_backend(%s)", (own.pgconn.backend_pid,))
    try:
        ended = await running
    except AWAY:
        return
    assert not ended
    with pytest.raises(AWAY):
        await own.execute("select 1")


AT_COMMIT = """
create function pg_temp.at_commit() returns trigger language plpgsql as $$ begin {} return null; end $$;
create constraint trigger at_commit after insert on kept deferrable initially deferred
    for each row execute function pg_temp.at_commit()
"""


async def test_while_the_server_commits_others_run(own: Connection) -> None:
    await own.execute(AT_COMMIT.format("perform pg_sleep(1);"))
    running = asyncio.create_task(Prepared(own, "keep", INSERT).run({"texts": "{a}", "why": None}))
    turns = 0
    while not running.done():
        await asyncio.sleep(0.01)
        turns += 1
    assert running.result()
    assert turns > 10


async def test_what_fails_at_commit_is_not_taken_for_done(own: Connection) -> None:
    await own.execute(AT_COMMIT.format("raise exception 'not now';"))
    assert not await Prepared(own, "keep", INSERT).run({"texts": "{a}", "why": None})
    assert await kept(own) == []


async def test_cancelled_it_leaves_nothing_on_the_loop(own: Connection) -> None:
    slow = Prepared(own, "slow", "insert into kept select pg_sleep(%(seconds)s::float8)::text")
    running = asyncio.create_task(slow.run({"seconds": "30"}))
    await asyncio.sleep(0.1)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not asyncio.get_running_loop().remove_reader(own.pgconn.socket)
    await own.close()


def test_parameters_are_numbered_once_each() -> None:
    assert numbered("select %(a)s::int, %(b)s::int, %(a)s::int") == ("select $1::int, $2::int, $1::int", ("a", "b"))

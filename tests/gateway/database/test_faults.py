"""A database that goes away: what is in work waits for it, and pools recover by themselves."""

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import psycopg
import pytest

from gateway.database.embedded_postgres import EmbeddedPostgres
from gateway.database.pool import Database, load_sql, open_database
from gateway.database.retry import retry_while_away
from tests.conftest import settings_for


@pytest.fixture(scope="module")
def server() -> Iterator[EmbeddedPostgres]:
    """A server of its own: other tests would not like what happens to it."""
    with tempfile.TemporaryDirectory(prefix="soulprint-pg-", ignore_cleanup_errors=True) as folder:
        own = EmbeddedPostgres(Path(folder) / "pg", {"fsync": "off"})
        own.start()
        yield own
        own.close()


@pytest.fixture
async def own_database(server: EmbeddedPostgres) -> AsyncIterator[Database]:
    database = await open_database(settings_for(server.url, database_timeout_seconds=2.0))
    yield database
    await database.close()


async def ask(database: Database) -> int:
    async with database.pool.connection() as connection:
        row = await (await connection.execute("select 1")).fetchone()
    return int(row[0]) if row else 0


@pytest.mark.parametrize("mode", ["fast", "immediate"])
async def test_after_a_restart_the_pool_works_as_before(
    own_database: Database, server: EmbeddedPostgres, mode: str
) -> None:
    assert await ask(own_database) == 1
    await asyncio.to_thread(server.stop_server, mode)
    await asyncio.to_thread(server.start_server)
    assert await ask(own_database) == 1


async def test_while_it_is_away_asking_fails_and_patience_waits(
    own_database: Database, server: EmbeddedPostgres
) -> None:
    await asyncio.to_thread(server.stop_server)
    try:
        with pytest.raises(psycopg.OperationalError):
            await ask(own_database)
        waiting = asyncio.create_task(retry_while_away(lambda: ask(own_database)))
        await asyncio.sleep(0)
        assert not waiting.done()
    finally:
        await asyncio.to_thread(server.start_server)
    assert await waiting == 1


async def test_an_error_of_the_statement_is_not_waited_out(own_database: Database) -> None:
    async def broken() -> None:
        async with own_database.pool.connection() as connection:
            await connection.execute("select 1/0")

    with pytest.raises(psycopg.errors.DivisionByZero):
        await retry_while_away(broken)


def test_named_statements_are_read_and_a_name_given_twice_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.sql"
    path.write_text("-- about\n-- name: one\nselect 1;\n\n-- name: two\n-- why\nselect 2;\n")
    assert dict(load_sql(path)) == {"one": "select 1;", "two": "-- why\nselect 2;"}
    path.write_text("-- name: one\nselect 1;\n-- name: one\nselect 2;\n")
    with pytest.raises(ValueError, match="twice"):
        load_sql(path)

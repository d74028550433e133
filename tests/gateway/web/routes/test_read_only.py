"""A demoted primary takes no writes: callers come again, and no connection that it answered so is used again."""

import asyncio

import psycopg
import pytest

from gateway.database.pool import Connection, Database
from tests.live_gateway import LiveGateway

INLINE = {"storage_path": None, "conversations": [{"id": "c"}]}


async def demote(database: Database, *, cut: bool) -> None:
    """New sessions are read-only from now on; `cut`: those that are open end, as when a primary is demoted."""
    async with database.pool.connection() as connection:
        await connection.execute(await alter(connection, "on"))
        if cut:
            await connection.execute(
                "select pg_terminate_backend(pid, 10000) from pg_stat_activity "
                "where datname = current_database() and pid <> pg_backend_pid()"
            )
        await connection.execute("set default_transaction_read_only = on")


async def promote(database: Database) -> None:
    """New sessions can write again; open ones stay read-only."""
    async with database.pool.connection() as connection:
        await connection.execute("set default_transaction_read_only = off")
        await connection.execute(await alter(connection, "off"))
        await connection.execute("set default_transaction_read_only = on")


async def alter(connection: Connection, to: str) -> str:
    row = await (await connection.execute("select current_database()")).fetchone()
    assert row is not None
    return f'alter database "{row[0]}" set default_transaction_read_only = {to}'


async def post(gateway: LiveGateway, user: str, more: dict[str, object]) -> tuple[int, dict[str, str], int]:
    body = {"user_id": user, "storage_path": f"user-imports/{user}/raw.json", **more}
    answer = await gateway.post(body)
    return answer.status_code, answer.json(), int(answer.headers.get("retry-after", 0))


@pytest.mark.parametrize("more", [{}, INLINE])
async def test_a_read_only_database_means_503_and_never_422(gateway: LiveGateway, more: dict[str, object]) -> None:
    database = gateway.services.database
    await asyncio.gather(*(post(gateway, f"before-{n}", more) for n in range(20)))  # several idle connections
    accepted = len(await gateway.jobs())
    await demote(database, cut=True)
    answers = await asyncio.gather(*(post(gateway, f"during-{n}", more) for n in range(20)))
    assert {status for status, _, _ in answers} == {503}
    details = {body["detail"] for _, body, _ in answers}
    assert details <= {"the database is not available", "the database does not answer"}  # the second: time was up
    assert all(seconds > 0 for _, _, seconds in answers)
    assert len(await gateway.jobs()) == accepted
    assert gateway.counted("gateway_accepts_refused_total", reason="refused") == 0
    await promote(database)
    answers = await asyncio.gather(*(post(gateway, f"after-{n}", more) for n in range(20)))
    assert {status for status, _, _ in answers} == {200}


async def test_the_pool_replaces_what_was_read_only(database: Database) -> None:
    async def write() -> None:
        async with database.pool.connection() as connection:
            await connection.execute("create table if not exists once (n int)")

    await hold_many(database, 4)  # idle ones
    await demote(database, cut=True)
    await hold_many(database, 4)
    with pytest.raises(psycopg.errors.ReadOnlySqlTransaction):
        await write()
    await promote(database)
    failed = 0
    for _ in range(8):
        try:
            await write()
        except psycopg.errors.ReadOnlySqlTransaction:
            failed += 1
    assert 1 <= failed <= 2  # the first tells; a second if a connection was being opened while the first failed


async def hold_many(database: Database, size: int) -> None:
    """The pool has at least so many open connections afterwards."""
    held = asyncio.Barrier(size)

    async def hold() -> None:
        async with database.pool.connection() as connection:
            await connection.execute("select 1")
            await held.wait()

    await asyncio.gather(*(hold() for _ in range(size)))

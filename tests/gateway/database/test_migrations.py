"""Migrations: applied once, by whoever comes first; a changed file is refused; the engine's tables are closed."""

import asyncio

import pytest

from gateway.database.migrations import MigrationError, check, migrate, own_migrations
from gateway.database.pool import Database, open_database
from tests.conftest import settings_for


async def test_an_empty_database_is_migrated_once_whoever_tries(empty_database_url: str) -> None:
    one, other = [await open_database(settings_for(empty_database_url)) for _ in range(2)]
    try:
        assert (await check(one)).now
        first, second = await asyncio.gather(migrate(one), migrate(other))
        names = [migration.name for migration in own_migrations()]
        assert sorted([name for name in first + second if not name.startswith("procrastinate/")]) == names
        assert (await check(other)).now == ()
        assert await migrate(one) == ()
    finally:
        await one.close()
        await other.close()


async def test_a_role_without_the_right_is_told_so(empty_database_url: str) -> None:
    owner = await open_database(settings_for(empty_database_url))
    async with owner.pool.connection() as connection:
        await connection.execute("drop role if exists powerless")
        await connection.execute("create role powerless login")
    user, _, rest = empty_database_url.removeprefix("postgresql://").partition("@")
    powerless = await open_database(settings_for(f"postgresql://{user.replace('postgres', 'powerless', 1)}@{rest}"))
    try:
        with pytest.raises(MigrationError, match="DATABASE_URL: the role powerless may not make the gateway's tables"):
            await migrate(powerless)
    finally:
        await powerless.close()
        async with owner.pool.connection() as connection:
            await connection.execute("drop role powerless")
        await owner.close()


async def test_a_file_that_changed_after_it_was_applied_is_refused(database: Database) -> None:
    name = own_migrations()[0].name
    async with database.pool.connection() as connection:
        await connection.execute("update gateway.schema_migrations set checksum = 'other' where name = %s", (name,))
    with pytest.raises(MigrationError, match=name):
        await migrate(database)


async def test_strangers_can_neither_read_nor_enqueue(database: Database) -> None:
    async with database.pool.connection() as connection:
        await connection.execute("drop role if exists stranger")
        await connection.execute("create role stranger")
        queries = {
            "queue": "select has_table_privilege('stranger', 'procrastinate_jobs', 'select')",
            "enqueue": "select bool_or(has_function_privilege('stranger', p.oid, 'execute')) "
            "from pg_proc p where proname like 'procrastinate\\_%'",
            "gateway": "select has_schema_privilege('stranger', 'gateway', 'usage')",
            "unprotected": "select bool_or(not relrowsecurity) from pg_class "
            "where relname like 'procrastinate\\_%' and relkind = 'r'",
        }
        answers = {}
        for name, query in queries.items():
            row = await (await connection.execute(query)).fetchone()
            answers[name] = row and row[0]
        await connection.execute("drop role stranger")
    assert answers == dict.fromkeys(queries, False)


async def test_entries_are_told_of_by_no_commit_that_makes_them(database: Database) -> None:
    """A notification in it would make commits wait for each other. The engine's triggers and events are off, too."""
    async with database.pool.connection() as connection:
        await connection.execute('listen "procrastinate_queue_v1#primary"')
        await connection.execute(
            "insert into procrastinate_jobs (queue_name, task_name, lock) "
            "select 'primary', 'nothing', n::text from generate_series(1, 20) n"
        )
        assert [notify.payload async for notify in connection.notifies(timeout=0.2)] == []
        events = await (await connection.execute("select count(*) from procrastinate_events")).fetchone()
        assert events == (0,)
        await connection.execute("unlisten *")

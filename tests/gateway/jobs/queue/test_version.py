"""A database whose job engine has other tables than those that were tested is refused, by name."""

import pytest

from gateway.database.pool import Database
from gateway.jobs.queue.version import TESTED, UnknownEngineError, check_engine


async def test_the_engines_tables_are_those_that_were_tested(database: Database) -> None:
    async with database.pool.connection() as connection:
        await check_engine(connection)
        await connection.execute("alter table procrastinate_jobs add column rank integer")  # no harm
        await check_engine(connection)
        await connection.execute("alter table procrastinate_jobs rename column scheduled_at to due_at")
        await connection.execute("alter table procrastinate_workers alter column id type integer")
        with pytest.raises(UnknownEngineError, match=rf"{TESTED}.*scheduled_at is missing.*workers.id is integer"):
            await check_engine(connection)

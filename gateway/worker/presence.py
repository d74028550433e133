"""A worker's sign of life, by which other processes count workers. Not the queue's: that has a row for each queue."""

import contextlib
from pathlib import Path

from gateway.database.end_tasks import wait_at_most
from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import DATABASE_ERRORS

SQL = load_sql(Path(__file__).with_name("presence.sql"))
LEAVE_SECONDS = 1.0


class Presence:
    """One worker's row."""

    def __init__(self, pool: Pool, name: str) -> None:
        self._pool = pool
        self._name = name
        self._left = False

    async def beat(self, connection: Connection | None = None) -> None:
        """Say that it lives, on an open connection if one is given. Raises psycopg's errors."""
        if self._left:
            return
        async with contextlib.nullcontext(connection) if connection else self._pool.connection() as used:
            await used.execute(SQL["beat"], {"name": self._name})

    async def forget_silent(self, seconds: float) -> None:
        """Remove the rows of workers that said nothing for so long."""
        async with self._pool.connection() as connection:
            await connection.execute(SQL["forget_silent"], {"seconds": seconds})

    async def leave(self) -> None:
        """Say that it takes no more jobs. A database that is away is not waited for: the row goes silent, then away."""
        self._left = True
        await wait_at_most(LEAVE_SECONDS, self._leave())

    async def _leave(self) -> None:
        with contextlib.suppress(*DATABASE_ERRORS):
            async with self._pool.connection(timeout=LEAVE_SECONDS) as connection:
                await connection.execute(SQL["leave"], {"name": self._name})

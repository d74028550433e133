"""What a process asks its database about itself: whether it answers, and how many workers are alive."""

from pathlib import Path
from typing import Any, Final

from gateway.database.pool import Connection, Pool, load_sql

SQL: Final = load_sql(Path(__file__).with_name("probe.sql"))


async def ping(pool: Pool, limit_seconds: float) -> None:
    """One round trip; no connection is waited for longer than the limit. Raises one of `DATABASE_ERRORS`."""
    async with pool.connection(timeout=limit_seconds) as connection:
        await connection.execute("select 1")


async def count_workers(connection: Connection, fresh_seconds: float) -> int:
    """How many workers there are, in whichever process, whose heartbeat is not older."""
    values: dict[str, Any] = {"seconds": fresh_seconds}
    row = await (await connection.execute(SQL["workers"], values)).fetchone()
    return 0 if row is None else int(row[0])

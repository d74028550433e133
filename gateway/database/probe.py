"""What a process asks its database about itself: whether it can be written to, and how many workers are alive."""

import shutil
from pathlib import Path
from typing import Any, Final

from gateway.database.pool import Connection, Database, load_sql

SQL: Final = load_sql(Path(__file__).with_name("probe.sql"))
LEAST_FREE_BYTES: Final = 64 * 1024 * 1024  # four segments of Postgres' log; without one it stops


class NotWritableError(Exception):
    """The database answers, and cannot be written to; the message says why."""


async def check_writable(database: Database, limit_seconds: float) -> None:
    """One round trip; no connection is waited for longer than the limit. Read-only sessions leave the pool.

    Room on the disk is looked at where the disk is ours: that of another server cannot be seen from here. Raises
    `NotWritableError`, or one of `DATABASE_ERRORS`.
    """
    server = database.server
    if server is not None and (free := shutil.disk_usage(server.root).free) < LEAST_FREE_BYTES:
        raise NotWritableError(f"{free // 2**20} MiB are free on the disk, fewer than {LEAST_FREE_BYTES // 2**20}")
    async with database.pool.connection(timeout=limit_seconds) as connection:
        row = await (await connection.execute(SQL["is_read_only"])).fetchone()
    if row is None or row[0]:
        await database.pool.drain()  # a database that can be written to again keeps its old sessions read-only
        raise NotWritableError("the database is read-only")


async def count_workers(connection: Connection, fresh_seconds: float) -> int:
    """How many workers there are, in whichever process, whose heartbeat is not older."""
    values: dict[str, Any] = {"seconds": fresh_seconds}
    row = await (await connection.execute(SQL["workers"], values)).fetchone()
    return 0 if row is None else int(row[0])

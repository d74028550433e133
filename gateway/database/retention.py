"""What is kept for how long, and removing one user altogether."""

import re
from pathlib import Path

from gateway.config.settings import Settings
from gateway.database.pool import Pool, load_sql

SQL = load_sql(Path(__file__).with_name("retention.sql"))
BATCH = 1000  # rows a statement: short locks


class Retention:
    """Removes what is older than the settings allow. Any number of workers may do it at once."""

    def __init__(self, pool: Pool, settings: Settings) -> None:
        self._pool = pool
        self._values = {
            "days": settings.retention_days,
            "shadow_days": settings.shadow_retention_days,
            "batch": BATCH,
        }

    async def apply(self) -> dict[str, int]:
        """Remove everything that is old; how many rows of each kind."""
        return {name: await self._remove(name) for name in SQL if name.startswith("old_")}

    async def _remove(self, name: str) -> int:
        removed = 0
        while True:
            async with self._pool.connection() as connection:
                cursor = await connection.execute(SQL[name], self._values)
            removed += cursor.rowcount
            if cursor.rowcount < BATCH:
                return removed


class UserIsBusyError(Exception):
    """A job of the user is running; cancel it first."""


async def erase_user(pool: Pool, user_id: str) -> dict[str, int]:
    """Remove all data of one user from every table, in one transaction; how many rows of each.

    Waiting jobs are removed too. Tables that other parts add to the schema `gateway` are found by their `user_id`
    column. Raises `UserIsBusyError` while a job of the user runs.
    """
    removed: dict[str, int] = {}
    async with pool.connection() as connection, connection.transaction():
        jobs = await (await connection.execute(SQL["lock_jobs"], {"user": user_id})).fetchall()
        if any(running for _, running in jobs):
            raise UserIsBusyError("a job of this user is running: cancel it first")
        values = {"user": user_id, "jobs": [job_id for job_id, _ in jobs]}
        await connection.execute(SQL["erase_entries"], values)
        for (table,) in await (await connection.execute(SQL["tables_by_user"])).fetchall():
            if re.fullmatch(r"[a-z_.]+", table):
                cursor = await connection.execute(f"delete from {table} where user_id = %(user)s", values)  # noqa: S608
                removed[table] = cursor.rowcount
        for name in ("conversation_chunks", "user_profiles", "processing_jobs"):
            removed[name] = (await connection.execute(SQL[f"erase_{name}"], values)).rowcount
    return removed

"""What is kept for how long."""

import asyncio
from pathlib import Path

from gateway.config.settings import Settings
from gateway.database.pool import Pool, load_sql

SQL = load_sql(Path(__file__).with_name("retention.sql"))
BATCH = 1000  # rows a statement: short locks
PAUSE_SECONDS = 0.05  # between them, for everybody else


class Retention:
    """Removes what is older than the settings allow. Any number of processes may do it at once; one does."""

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
            await asyncio.sleep(PAUSE_SECONDS)

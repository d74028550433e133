"""What one process does for all: it leads for some seconds at a time, and is replaced when it stays silent.

What is led is safe to be done twice: a process that was paused goes on with what it had begun, beside its successor.
"""

import contextlib
import time
from pathlib import Path
from typing import Any, Final

from gateway.database.end_tasks import wait_at_most
from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import DATABASE_ERRORS

SQL: Final = load_sql(Path(__file__).with_name("lead.sql"))
LEAVE_SECONDS: Final = 1.0
ASKED: Final = 3  # times within a term: one answer that is late loses nothing


class Lead:
    """One process, one kind of work. `seconds`: a term, within which it has to ask again."""

    def __init__(self, pool: Pool, work: str, name: str, seconds: float) -> None:
        self._pool = pool
        self.work = work
        self.name = name
        self._values: dict[str, Any] = {"work": work, "name": name, "seconds": seconds}
        self._seconds = seconds
        self._until = 0.0
        self.seen: str | None = None  # by the process that led when this one asked last, if another did

    @property
    def every_seconds(self) -> float:
        """How often to ask."""
        return self._seconds / ASKED

    @property
    def held(self) -> bool:
        """Does this process lead, as far as it knows? A term that it could not renew is over here first."""
        return time.monotonic() < self._until

    async def ask(self, seen: str = "") -> bool:
        """Take the lead if nobody has it, or keep it; leave what was seen for the others. Raises psycopg's errors."""
        began = time.monotonic()
        async with self._pool.connection() as connection:
            leads, self.seen = await lead(connection, **self._values, seen=seen)
        self._until = began + self._seconds if leads else 0.0
        return leads

    async def leave(self) -> None:
        """Let somebody else lead at once. A database that is away is not waited for: the term runs out."""
        if self.held:
            self._until = 0.0
            await wait_at_most(LEAVE_SECONDS, self._leave())

    async def _leave(self) -> None:
        with contextlib.suppress(*DATABASE_ERRORS):
            async with self._pool.connection(timeout=LEAVE_SECONDS) as connection:
                await connection.execute(SQL["leave"], self._values)


async def lead(connection: Connection, work: str, name: str, seconds: float, seen: str = "") -> tuple[bool, str | None]:
    """Take or keep the lead for so long: whether that is given, and what another leader saw. Raises psycopg.Error."""
    values = {"work": work, "name": name, "seconds": seconds, "seen": seen}
    row = await (await connection.execute(SQL["lead"], values)).fetchone()
    return (False, None) if row is None else (bool(row[0]), row[1])

"""Whom a data rollback would find, user by user, before it is begun."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from psycopg.rows import class_row

from gateway.database.pool import Connection, load_sql
from gateway.database.reads import Reads
from pipelines.versions import age_of, oldest_first

SQL: Final = load_sql(Path(__file__).with_name("restore.sql"))


@dataclass(frozen=True, slots=True)
class RestoreUser:
    """One user whose live result would be replaced."""

    user_id: str
    live: str  # the version that made what they have
    back_to: str | None  # the version whose last result they would get; None: nothing is kept, they keep what they have
    made_at: datetime | None  # when that result was made
    under_way: bool  # a job of theirs still runs or waits, and will publish after the rollback


@dataclass(frozen=True, slots=True)
class Meant:
    """What would be put back, and to whom; as `gateway rollback --to --from`."""

    to: str | None
    source: str | None
    base: str


async def list_restore(reads: Reads, meant: Meant, *, after: str | None = None, limit: int = 1000) -> list[RestoreUser]:
    """In the order of the users' ids; `after`: those behind this user."""
    async with reads.connection() as connection:
        targets = [meant.to or meant.base]
        if meant.source is not None and meant.to is None:
            targets = await _older_kept(connection, meant.source)
        values = {"targets": targets, "source": meant.source, "after": after, "limit": limit}
        cursor = connection.cursor(row_factory=class_row(RestoreUser))
        return await (await cursor.execute(SQL["listed"], values, prepare=False)).fetchall()


async def _older_kept(connection: Connection, source: str) -> list[str]:
    """The versions older than this one of which results are kept, the newest first."""
    kept = [str(row[0]) for row in await (await connection.execute(SQL["kept"])).fetchall()]
    return [name for name in reversed(oldest_first(kept)) if age_of(name) < age_of(source)]

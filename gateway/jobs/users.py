"""Users by the version that served them since a time: how many, and who."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from psycopg.rows import class_row

from gateway.database.pool import load_sql
from gateway.database.reads import Reads

SQL: Final = load_sql(Path(__file__).with_name("users.sql"))
MOST_JOBS: Final = 50_000  # that are looked at to count users


@dataclass(frozen=True, slots=True)
class VersionUsers:
    """Users who had a job of a version."""

    pipeline: str
    users: int
    failed: int  # of those: with a job that failed
    live: int  # of those: the version made the result that they have now
    jobs: int
    reasons: dict[str, int]  # why the version was theirs -> users
    only_since: datetime | None  # there were more jobs than are looked at: what is said holds since then


@dataclass(frozen=True, slots=True)
class VersionUser:
    """One user who had a job of a version."""

    user_id: str
    jobs: int
    failed: int
    first_at: datetime
    last_at: datetime
    last_status: str
    live: str | None  # the version that made the result that they have now


async def count_users(reads: Reads, since: datetime, until: datetime | None = None) -> list[VersionUsers]:
    """Users since then, and before `until`, by version, the newest version first."""
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(VersionUsers))
        values = {"since": since, "until": until, "most": MOST_JOBS}
        return await (await cursor.execute(SQL["by_version"], values)).fetchall()


async def list_users(  # noqa: PLR0913 (one keyword a fact)
    reads: Reads,
    pipeline: str,
    since: datetime,
    *,
    until: datetime | None = None,
    after: str | None = None,
    limit: int = 1000,
) -> list[VersionUser]:
    """Users of one version since then, in the order of their ids; `after`: those behind this one."""
    values = {"pipeline": pipeline, "since": since, "until": until, "after": after, "limit": limit}
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(VersionUser))
        return await (await cursor.execute(SQL["of_version"], values, prepare=False)).fetchall()

"""Lists of jobs for operators: the newest first, page by page, and how many there are of each status."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, Literal, get_args
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from gateway.database.pool import Connection, load_sql
from gateway.database.reads import Reads

SQL: Final = load_sql(Path(__file__).with_name("listing.sql"))
COUNTED: Final = 1000  # more are "1,000+"
Status = Literal["pending", "processing", "complete", "failed", "cancelled"]
Whose = Literal["input", "pipeline", "dependency", "operator"]


class NoSuchJob(Exception):
    """A page was to begin behind a job that is not there."""


@dataclass(frozen=True, slots=True)
class WantedJobs:
    """Which jobs; None: all."""

    status: Status | None = None
    user: str | None = None
    pipeline: str | None = None
    cause: Whose | None = None
    since: datetime | None = None
    step: str | None = None  # where it is, or where it failed
    until: datetime | None = None  # before then


@dataclass(frozen=True, slots=True)
class ListedJob:
    """One job in a list. What an older service left open is None."""

    id: str
    user_id: str
    status: Status
    pipeline: str | None
    reason: str | None
    step: str | None
    progress: int | None
    attempts: int | None
    created_at: datetime
    started_at: datetime | None
    completed_at: datetime | None
    error: str | None
    cause: str | None
    waiting_for: str | None
    pinned: bool


@dataclass(frozen=True, slots=True)
class JobCount:
    """How many jobs have a status; `more`: counting stopped there."""

    status: Status
    jobs: int
    more: bool


async def list_jobs(reads: Reads, wanted: WantedJobs, *, after: UUID | None = None, limit: int = 50) -> list[ListedJob]:
    """The newest jobs; `after`: those that come behind this one. Raises NoSuchJob."""
    async with reads.connection() as connection:
        values = {**values_of(wanted, wanted.status), "after": after, "limit": limit}
        values["after_at"] = None if after is None else await _place(connection, after)
        cursor = connection.cursor(row_factory=class_row(ListedJob))
        try:
            # Not prepared: the plan is for what was asked, not for whatever may be.
            return await (await cursor.execute(SQL["listed"], values, prepare=False)).fetchall()
        except psycopg.errors.InvalidTextRepresentation:
            return []  # users are UUIDs here, and this is none


async def read_jobs(reads: Reads, ids: Sequence[UUID]) -> list[ListedJob]:
    """These jobs as they are now, in the order given; those that are gone are left out."""
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(ListedJob))
        found = {job.id: job for job in await (await cursor.execute(SQL["named"], {"ids": list(ids)})).fetchall()}
    return [found[str(one)] for one in ids if str(one) in found]


async def count_jobs(reads: Reads, wanted: WantedJobs) -> list[JobCount]:
    """How many jobs there are of each status, or of the one that is wanted; at most `COUNTED` are counted."""
    counts = []
    asked: tuple[Status, ...] = get_args(Status) if wanted.status is None else (wanted.status,)
    async with reads.connection() as connection:
        for status in asked:
            values = {**values_of(wanted, status), "limit": COUNTED + 1}
            try:
                row = await (await connection.execute(SQL["counted"], values, prepare=False)).fetchone()
            except psycopg.errors.InvalidTextRepresentation:
                return [JobCount(name, 0, more=False) for name in asked]  # as above
            found = int(row[0]) if row else 0
            counts.append(JobCount(status, min(found, COUNTED), found > COUNTED))
    return counts


def values_of(wanted: WantedJobs, status: Status | None) -> dict[str, Any]:
    """What the statements ask for. Clients know no word for a cancelled job but `failed`."""
    cancelled = status == "cancelled"
    return {**asdict(wanted), "status": "failed" if cancelled else status, "cancelled": cancelled}


async def _place(connection: Connection, after: UUID) -> datetime:
    row = await (await connection.execute(SQL["place"], {"after": after})).fetchone()
    if row is None or row[0] is None:
        raise NoSuchJob(f"no job {after}")
    found: datetime = row[0]
    return found

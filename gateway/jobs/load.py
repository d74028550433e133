"""What a version's share of users means for the workers and for the bill, by the last day."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg.rows import class_row

from gateway.database.pool import Pool, load_sql
from gateway.database.reads import Reads

SQL: Final = load_sql(Path(__file__).with_name("load.sql"))
MOST_JOBS: Final = 50_000  # that are looked at


@dataclass(frozen=True, slots=True)
class LastDay:
    """What was measured. None: nothing of it ended, or was compared."""

    jobs: int
    hours: float
    own_seconds: float | None  # a run of the version
    seconds: float | None  # a run of whatever version
    usd: float | None  # a run of the version for a comparison: what users' own runs cost is not kept


@dataclass(frozen=True, slots=True)
class Load:
    """Of one version at a share of all users. None where nobody can tell."""

    pipeline: str
    share: float  # percent of all users
    jobs_an_hour: float
    slots: float | None  # of workers, busy on average
    usd_an_hour: float | None
    message: str


async def read_load(reads: Pool | Reads, pipeline: str, share: float) -> Load:
    """By the last day's traffic. Raises psycopg's errors, and ReadTooLong."""
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(LastDay))
        day = await (await cursor.execute(SQL["last_day"], {"pipeline": pipeline, "most": MOST_JOBS})).fetchone()
    assert day is not None  # noqa: S101 - an aggregate answers one row
    return weigh(day, pipeline, share)


def weigh(day: LastDay, pipeline: str, share: float) -> Load:
    """The same traffic, with that share of it."""
    jobs = day.jobs / day.hours * share / 100 if day.hours else 0.0
    seconds = day.seconds if day.own_seconds is None else day.own_seconds
    slots = None if seconds is None else jobs * seconds / 3600
    usd = None if day.usd is None else jobs * day.usd
    if seconds is None:
        told = "how many slots it keeps busy is not known: no job ended in the last day"
    elif day.own_seconds is None:
        told = f"{slots:.2g} slots busy, if it takes as long as other versions: none of its jobs ended in the last day"
    else:
        told = f"{slots:.2g} slots busy at {seconds:.2g} s a job"
    cost = "" if usd is None else f", about ${usd:.2f} an hour for the provider, by its comparisons"
    return Load(pipeline, share, jobs, slots, usd, f"{pipeline} would get {jobs:.3g} jobs an hour: {told}{cost}")

"""What a version's share of users means for the workers and for the bill, by the last day, or by the time there is."""

from dataclasses import dataclass
from pathlib import Path
from typing import Final

from psycopg.rows import class_row

from gateway.database.pool import Pool, load_sql
from gateway.database.reads import Reads
from gateway.rollout.guard.price import DAY_HOURS, span_words

SQL: Final = load_sql(Path(__file__).with_name("load.sql"))
MOST_JOBS: Final = 50_000  # that are looked at


@dataclass(frozen=True, slots=True)
class LastDay:
    """What was measured. None: nothing of it ended, or was compared."""

    jobs: int
    hours: float  # in which they came: fewer than 24 where the first came later, or where there were very many
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
    hours: float = DAY_HOURS  # of which traffic


async def read_load(reads: Pool | Reads, pipeline: str, share: float) -> Load:
    """By the last day's traffic, or of the hours since the first job. Raises psycopg's errors, and ReadTooLong."""
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
    span = span_words(day.hours)
    if seconds is None:
        told = f"how many slots it keeps busy is not known: no job ended in the last {span}"
    elif day.own_seconds is None:
        told = f"{slots:.2g} slots busy, if it takes as long as other versions: none of its jobs ended in the last "
        told += span
    else:
        told = f"{slots:.2g} slots busy at {seconds:.2g} s a job"
    cost = "" if usd is None else f", about ${usd:.2f} an hour for the provider, by its comparisons"
    by = "" if day.hours >= DAY_HOURS else f" by the last {span}"
    message = f"{pipeline} would get {jobs:.3g} jobs an hour{by}: {told}{cost}"
    return Load(pipeline, share, jobs, slots, usd, message, day.hours)

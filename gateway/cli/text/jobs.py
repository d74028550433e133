"""What `gateway jobs` prints: as much of each job as the terminal has room for, a line each."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any, Final

from gateway.cli.output import cell, print_table, screen_width
from gateway.cli.table import GAP
from gateway.jobs.listing import ListedJob

SHORT: Final = 8  # characters of a user's id, where there is no room for more
Row = Callable[[ListedJob, datetime], tuple[Any, ...]]


def print_jobs(jobs: Sequence[ListedJob], now: datetime) -> None:
    """A line each."""
    print_table(*job_table(jobs, now, screen_width()))


def job_table(jobs: Sequence[ListedJob], now: datetime, width: int) -> tuple[tuple[str, ...], list[list[str]]]:
    """All columns where they fit side by side, else fewer. A job's id is never cut: commands ask for it."""
    tables = [(columns, [[cell(value) for value in row(job, now)] for job in jobs]) for columns, row in LAYOUTS]
    return next((table for table in tables if width_of(*table) <= width), tables[-1])


def width_of(columns: Sequence[str], rows: Iterable[Sequence[str]]) -> int:
    """Of the widest line."""
    widths = [max(map(len, column)) for column in zip(columns, *rows, strict=True)]
    return sum(widths) + len(GAP) * (len(widths) - 1)


def shorten(user: str) -> str:
    """Enough of an id to tell users of one list apart."""
    return user if len(user) <= SHORT else user[: SHORT - 1] + "…"


def age_of(then: datetime, now: datetime) -> str:
    """`12 s`, `5 min`, `3 h`, `2 d`."""
    seconds = max(0, round((now - then).total_seconds()))
    for unit, size in (("d", 86_400), ("h", 3600), ("min", 60)):
        if seconds >= 2 * size:
            return f"{seconds // size} {unit}"
    return f"{seconds} s"


def _whole(job: ListedJob, _now: datetime) -> tuple[Any, ...]:
    return (
        job.id, job.user_id, job.status, job.pipeline, job.reason, job.step, job.progress, job.cause, job.created_at
    )  # fmt: skip


def _in_short(job: ListedJob, now: datetime) -> tuple[Any, ...]:
    return (*_shortest(job, now), job.step, job.cause)


def _shortest(job: ListedJob, now: datetime) -> tuple[Any, ...]:
    return job.id, shorten(job.user_id), job.status, job.pipeline, age_of(job.created_at, now)


LAYOUTS: Final[tuple[tuple[tuple[str, ...], Row], ...]] = (
    (("id", "user_id", "status", "pipeline", "reason", "step", "progress", "cause", "created_at"), _whole),
    (("id", "user", "status", "pipeline", "age", "step", "cause"), _in_short),
    (("id", "user", "status", "pipeline", "age"), _shortest),
)

"""How users' first job of each version ended, over time: a series of a few points, with what chance allows."""

import asyncio
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from pathlib import Path
from typing import Final, NamedTuple

from gateway.database.pool import load_sql
from gateway.database.reads import Reads
from gateway.statistics.confidence import Rate, rate_interval
from pipelines.versions import age_of

SQL: Final = load_sql(Path(__file__).with_name("outcomes.sql"))
POINTS: Final = 140
MOST_JOBS: Final = 50_000  # of either outcome that are looked at


@dataclass(frozen=True, slots=True)
class Point:
    """Until `at`: users whose first job ended, those of them for whom it failed, and between what the share is."""

    at: datetime
    users: int
    failed: int
    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Outcomes:
    """One version's series. Callers who chose the version themselves, and cancelled jobs, are left out."""

    pipeline: str
    points: list[Point]
    only_since: datetime | None  # there were more jobs than are looked at: this is of those since then


class Span(NamedTuple):
    """What one span added."""

    pipeline: str
    at: datetime
    users: int
    failed: int
    only_since: datetime | None


async def read_outcomes(
    reads: Reads, since: datetime, points: int = POINTS, *, until: datetime | None = None
) -> list[Outcomes]:
    """Since then, and before `until`: the newest version first, at most so many points each."""
    values = {"since": since, "until": until, "points": points, "most": MOST_JOBS}
    async with reads.connection() as connection:
        rows = await (await connection.execute(SQL["first_outcomes"], values, prepare=False)).fetchall()
    return await asyncio.to_thread(add_up, [Span(*row) for row in rows])  # an interval a point takes its time


def add_up(spans: Iterable[Span]) -> list[Outcomes]:
    """Spans in the order of versions and time, as running sums."""
    series = []
    for pipeline, own in groupby(spans, lambda span: span.pipeline):
        points, users, failed, only_since = [], 0, 0, None
        for span in own:
            users, failed, only_since = users + span.users, failed + span.failed, span.only_since
            held = rate_interval(Rate(failed, users))
            points.append(Point(span.at, users, failed, round(held.low, 6), round(held.high, 6)))
        series.append(Outcomes(pipeline, points, only_since))
    return sorted(series, key=lambda one: age_of(one.pipeline), reverse=True)

"""Reads both sides of a rollout as they became over time, for people: who judges has reads of its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from flags.model import Pipeline
from gateway.database.pool import load_sql
from gateway.database.reads import Reads

SQL: Final = load_sql(Path(__file__).with_name("sides.sql"))
POINTS: Final = 48
MOST_JOBS: Final = 20_000  # of either side that are looked at, the newest
MOST_TIMES: Final = 5_000  # the same, of which times are kept one by one


@dataclass(frozen=True, slots=True)
class TwoSides:
    """Whose users are asked for, and accepted when. `named`: users whom the flag calls by name are left out."""

    pipeline: Pipeline
    against: Pipeline
    since: datetime
    until: datetime
    named: Sequence[str] = ()

    def end_of(self, span: int) -> datetime:
        """When one of `POINTS` spans of equal length ends; they count from 1."""
        return end_of_span(self.since, self.until, span)

    @property
    def values(self) -> dict[str, Any]:
        """The parameters of the statements."""
        return {
            "pipeline": self.pipeline, "against": self.against, "since": self.since, "until": self.until,
            "named": list(self.named), "points": POINTS, "most": MOST_JOBS, "most_times": MOST_TIMES,
        }  # fmt: skip


def end_of_span(since: datetime, until: datetime, span: int) -> datetime:
    return since + (until - since) * min(max(span, 0), POINTS) / POINTS


class Added(NamedTuple):
    """What one span added on one side."""

    pipeline: Pipeline
    span: int
    users: int
    hits: int
    only_since: datetime | None = None  # there were more jobs than are looked at: this is of those since then


class Took(NamedTuple):
    """How long a user's first job took."""

    pipeline: Pipeline
    at: datetime
    seconds: float


class LeftOut(NamedTuple):
    """Of one side, what no rate holds."""

    pipeline: Pipeline
    why: str
    jobs: int


async def read_failures(reads: Reads, sides: TwoSides) -> list[Added]:
    """Users and those whose job failed, in the order of time. Raises psycopg.Error and ReadTooLong, as all here do."""
    return [Added(*row) for row in await _rows(reads, "failures", sides.values)]


async def read_times(reads: Reads, sides: TwoSides) -> list[Took]:
    """In no order."""
    return [Took(*row) for row in await _rows(reads, "times", sides.values)]


async def read_split(reads: Reads, sides: TwoSides, dial: float, dial_since: datetime) -> list[Added]:
    """Users who came since the dial was set so, and those whom the flag gave the version, in spans since then."""
    return [
        Added(*row)
        for row in await _rows(reads, "split", {**sides.values, "dial": dial, "dial_since": dial_since})
    ]  # fmt: skip


async def read_left_out(reads: Reads, sides: TwoSides) -> list[LeftOut]:
    return [LeftOut(*row) for row in await _rows(reads, "left_out", sides.values)]


async def _rows(reads: Reads, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    async with reads.connection() as connection:
        return await (await connection.execute(SQL[statement], values, prepare=False)).fetchall()

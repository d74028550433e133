"""Reads how comparisons of two versions became what they are: whom they harm, and which gave no pair."""

from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

from gateway.database.pool import load_sql
from gateway.database.reads import Reads
from gateway.shadow.compare.model import Harm

SQL: Final = load_sql(Path(__file__).with_name("course.sql"))
LOSSES: Final[tuple[Harm, ...]] = ("wrong_person", "lost")  # harms by which facts are lost or contradicted


class Compared(NamedTuple):
    """What one span added: users by their first pair, of two versions or of one with itself."""

    mode: str
    span: int
    users: int
    hits: int


class Ended(NamedTuple):
    """So many comparisons whose run of one version ended so."""

    pipeline: str
    outcome: str
    runs: int


async def read_losses(
    reads: Reads, versions: tuple[str, str], since: datetime, until: datetime, points: int
) -> list[Compared]:
    """In the order of time. Raises psycopg.Error and ReadTooLong."""
    values = {**_values(versions, since, until), "points": points, "harms": list(LOSSES)}
    return [Compared(*row) for row in await _rows(reads, "harms", values)]


async def read_endings(reads: Reads, versions: tuple[str, str], since: datetime, until: datetime) -> list[Ended]:
    """Those that gave a pair too. Raises psycopg.Error and ReadTooLong."""
    return [Ended(*row) for row in await _rows(reads, "endings", _values(versions, since, until))]


async def read_first_pair(reads: Reads, since: datetime) -> datetime | None:
    """When comparisons began, since then. Raises psycopg.Error and ReadTooLong."""
    return (await _rows(reads, "first_pair", {"since": since}))[0][0]  # type: ignore[no-any-return]


def _values(versions: tuple[str, str], since: datetime, until: datetime) -> dict[str, Any]:
    return {"one": versions[0], "other": versions[1], "since": since, "until": until}


async def _rows(reads: Reads, statement: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    async with reads.connection() as connection:
        return await (await connection.execute(SQL[statement], values, prepare=False)).fetchall()

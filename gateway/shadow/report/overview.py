"""Reads what comparisons of two versions say in short: whom they harm, kinds of difference, what was spent today."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from gateway.database.reads import Reads
from gateway.shadow.report.course import SQL as COURSE
from gateway.shadow.report.harms import SIZES, EffectCount
from gateway.shadow.report.queries import KINDS, SQL, columns_of, read_goal
from gateway.shadow.report.report import Goal, Kind, PairCount, pair_to_show


@dataclass(frozen=True, slots=True)
class Overview:
    """Of the comparisons since a moment; users count once, with their first pair."""

    shown: PairCount | None
    compared: tuple[PairCount, ...]  # the latest first
    effects: tuple[EffectCount, ...] = ()
    kinds: tuple[Kind, ...] = ()
    first_pairs: dict[str, int] | None = None  # mode -> users


@dataclass(frozen=True, slots=True)
class Spending:
    """Until when sampling goes on, and what today's comparisons spent at a provider."""

    goal: Goal | None
    tokens: int = 0
    cost_usd: float = 0.0


async def read_overview(reads: Reads, since: datetime, pair: tuple[str, str] | None = None) -> Overview:
    """Raises psycopg.Error and ReadTooLong."""
    async with reads.connection() as connection:
        rows = await (await connection.execute(SQL["compared"], {"since": since, "until": None})).fetchall()
    compared = tuple(PairCount(*row) for row in rows)
    shown = pair_to_show(compared, pair)
    if shown is None:
        return Overview(None, compared)
    values = {"since": since, "until": None, "field": None, "kinds": KINDS, "sizes": list(SIZES), **columns_of(shown)}

    async def rows_of(name: str) -> list[tuple[Any, ...]]:
        async with reads.connection() as connection:
            return await (await connection.execute(SQL[name], values, prepare=False)).fetchall()

    first: dict[str, int] = {}
    for mode, _, count in await rows_of("classes"):
        first[mode] = first.get(mode, 0) + count
    effects = tuple(EffectCount(*row) for row in await rows_of("effects"))
    kinds = tuple(Kind(*row) for row in await rows_of("kinds"))
    return Overview(shown, compared, effects, kinds, first)


async def read_spending(reads: Reads) -> Spending:
    """Raises psycopg.Error and ReadTooLong."""
    async with reads.connection() as connection:
        spent = await (await connection.execute(COURSE["spent_today"])).fetchone()
    tokens, cost = spent or (0, 0.0)
    return Spending(await read_goal(reads), tokens, cost)

"""Reads reports, pairs and the goal from the database."""

import re
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from datetime import datetime
from pathlib import Path
from typing import Any, Literal
from uuid import UUID

import msgspec

from gateway.config.moments import EVER, Span
from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.reads import Reads
from gateway.shadow.compare.model import HARMS, Comparison
from gateway.shadow.report.harms import SIZES, EffectCount, HarmReport, harm_report
from gateway.shadow.report.report import (
    Counts,
    Goal,
    Kind,
    PairCount,
    Report,
    build_report,
    pair_to_show,
)
from gateway.statistics.confidence import Rate
from pipelines.capabilities import Capabilities

SQL = load_sql(Path(__file__).with_name("queries.sql"))
KINDS = 30
MOST_PAIRS = 20_000  # whose fields are looked at one by one


class ShownPair(msgspec.Struct, frozen=True):
    """One pair, to look at. The samples are users' words, bounded."""

    job_id: str
    user_id: str
    mode: Literal["shadow", "noise"]
    one: str
    other: str
    primary_side: Literal["one", "other"]
    judgement: str | None
    created_at: datetime
    comparison: Comparison
    seconds: float | None  # of the shadow run
    cpu_seconds: float | None
    tokens: int | None
    cost_usd: float | None
    served: str  # the version that served the user: neither of the two where one that did not serve them ran twice


class Wanted(msgspec.Struct, frozen=True):
    """Which pairs to list."""

    class_: str | None = None
    kind: str | None = None  # of difference
    harmed: bool = False  # only those that harm their user
    mode: str | None = None  # shadow: of two versions; noise: of one with itself
    until: datetime | None = None  # compared before then


EVERY_PAIR = Wanted()


class ListedPair(msgspec.Struct, frozen=True):
    """One pair in a list, without anybody's words."""

    job_id: str
    mode: str
    one: str
    other: str
    class_: str = msgspec.field(name="class")
    score: float
    created_at: datetime
    harms: list[str] = []  # the worst first


async def read_report(  # noqa: PLR0913 - each narrows what is counted
    pool: Pool | Reads,
    since: datetime = EVER,
    field: str | None = None,
    *,
    until: datetime | None = None,
    pair: tuple[str, str] | None = None,
    declared: Mapping[str, Capabilities] | None = None,
) -> Report:
    """The report on two versions over the comparisons since then, and before `until`; `field` narrows fields and kinds
    to those that begin like it. Without a `pair`, `pair_to_show` chooses it."""
    span = (since, until)
    return build_report(await read_counts(pool, span, field, pair), span, await read_goal(pool), declared)


async def read_counts(
    pool: Pool | Reads, span: Span, field: str | None = None, pair: tuple[str, str] | None = None
) -> Counts:
    """All counts, read at one moment."""
    values: dict[str, Any] = {
        "since": span[0], "until": span[1], "field": field, "kinds": KINDS, "sizes": list(SIZES), "most": MOST_PAIRS
    }  # fmt: skip
    async with at_one_moment(pool) as connection:

        async def rows(name: str) -> list[tuple[Any, ...]]:
            return await (await connection.execute(SQL[name], values)).fetchall()

        compared = tuple(PairCount(*row) for row in await rows("compared"))
        shown = pair_to_show(compared, pair)
        values |= columns_of(shown)
        outcomes: dict[str, dict[str, int]] = {}
        for mode, outcome, count in await rows("outcomes"):
            outcomes.setdefault(mode, {})[outcome] = count
        return Counts(
            classes={(mode, name): count for mode, name, count in await rows("classes")},
            fields={(mode, name): Rate(hits, pairs) for mode, name, pairs, hits in await rows("fields")},
            kinds=tuple(Kind(*row) for row in await rows("kinds")),
            outcomes=outcomes,
            costs=await rows("costs"),
            judgements=dict(await rows("judgements")),
            effects=tuple(EffectCount(*row) for row in await rows("effects")),
            shown=shown,
            compared=compared,
        )


@asynccontextmanager
async def at_one_moment(pool: Pool | Reads) -> AsyncIterator[Connection]:
    """A transaction whose statements all see the same."""
    if isinstance(pool, Reads):
        async with pool.connection(one_moment=True) as connection:
            yield connection
        return
    async with pool.connection() as connection, connection.transaction():
        await connection.execute("set transaction isolation level repeatable read read only")
        yield connection


def columns_of(shown: PairCount | None) -> dict[str, str | None]:
    """What the statements are narrowed to."""
    return {"one": shown.one if shown else None, "other": shown.other if shown else None}


async def read_harm(pool: Pool | Reads, since: datetime) -> HarmReport:
    """How many users the version in question harms: cheap enough to ask again and again."""
    async with pool.connection() as connection:
        compared = await (await connection.execute(SQL["compared"], {"since": since, "until": None})).fetchall()
        shown = pair_to_show([PairCount(*row) for row in compared])
        values = {"since": since, "until": None, "sizes": list(SIZES), **columns_of(shown)}
        rows = await (await connection.execute(SQL["effects"], values)).fetchall()
    return harm_report([EffectCount(*row) for row in rows], columns_of(shown)["one"], columns_of(shown)["other"])


async def read_pair(pool: Pool | Reads, job_id: str) -> ShownPair | None:
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["pair"], {"id": job_id})).fetchone()
    if row is None:
        return None
    values = dict(zip(ShownPair.__struct_fields__, row, strict=True))
    return ShownPair(**values | {"comparison": msgspec.json.decode(row[8], type=Comparison)})


async def list_pairs(
    pool: Pool | Reads,
    since: datetime = EVER,
    wanted: Wanted = EVERY_PAIR,
    *,
    after: UUID | None = None,
    limit: int = 50,
) -> list[ListedPair]:
    """The latest pairs, newest first; of those that harm, the worst first. `after`: those behind this pair."""
    values = {
        "since": since, "until": wanted.until, "class": wanted.class_, "kind": wanted.kind, "harmed": wanted.harmed,
        "mode": wanted.mode, "severity": list(HARMS), "after": after, "limit": limit,
    }  # fmt: skip
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["pairs"], values, prepare=False)).fetchall()
    return [ListedPair(*row) for row in rows]


async def read_goal(pool: Pool | Reads) -> Goal | None:
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["goal"])).fetchone()
    return None if row is None else Goal(*row)


def parse_pair(text: str) -> tuple[str, str]:
    """Two versions, in any order: "v2:v3". Raises ValueError."""
    found = re.fullmatch(r"(v[1-9]\d*):(v[1-9]\d*)", text)
    if found is None:
        raise ValueError(f"{text!r} does not name two versions like v2:v3")
    return found[1], found[2]

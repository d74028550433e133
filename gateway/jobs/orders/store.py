"""Orders in the database: begun, looked at, stopped, and carried out a batch at a time."""

from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import Any, Final, NamedTuple

import psycopg
from psycopg.rows import class_row, namedtuple_row
from psycopg.types.json import Jsonb

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.reads import Reads
from gateway.jobs.listing import WantedJobs, values_of
from gateway.jobs.orders.model import JobOrder, Kind, check_order
from gateway.rollout.history import By

SQL: Final = load_sql(Path(__file__).with_name("orders.sql"))


class Place(NamedTuple):
    """The last job that was looked at."""

    at: datetime | None = None
    id: str | None = None


async def begin_order(pool: Pool, kind: Kind, wanted: WantedJobs, by: By, *, expected: int) -> int | None:
    """The order's id; None: the same one is under way. Raises OrderRefused."""
    check_order(kind, wanted)
    values = {"kind": kind, "wanted": Jsonb(stored(wanted)), "expected": expected}
    async with pool.connection() as connection:
        signed = {"actor": by.actor, "via": by.via, "why": by.why}
        row = await (await connection.execute(SQL["begin"], {**values, **signed})).fetchone()
    return None if row is None else int(row[0])


def stored(wanted: WantedJobs) -> dict[str, Any]:
    """As JSON; without an end where there is none, which workers of the previous release do not know."""
    said = {name: None if time is None else time.isoformat() for name, time in moments(wanted)}
    return {name: said.get(name, value) for name, value in asdict(wanted).items() if name != "until" or value}


def moments(wanted: WantedJobs) -> tuple[tuple[str, datetime | None], ...]:
    return ("since", wanted.since), ("until", wanted.until)


async def latest_orders(pool: Pool | Reads, limit: int = 5) -> list[JobOrder]:
    """The newest first."""
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(JobOrder))
        return await (await cursor.execute(SQL["latest"], {"limit": limit})).fetchall()


async def read_order(pool: Pool | Reads, order_id: int) -> JobOrder | None:
    """One order."""
    async with pool.connection() as connection:
        return await _one(connection, "order", order_id)


async def hold_order(connection: Connection, order_id: int) -> JobOrder | None:
    """One that is under way, held until the transaction ends; None: it is over, or somebody else carries it out."""
    return await _one(connection, "hold", order_id)


async def stop_order(pool: Pool, order_id: int) -> bool:
    """Leave the rest as it is; False: it is over."""
    async with pool.connection() as connection:
        return (await connection.execute(SQL["stop"], {"id": order_id})).rowcount > 0


async def order_under_way(pool: Pool) -> int | None:
    """The oldest."""
    async with pool.connection() as connection:
        row = await (await connection.execute(SQL["under_way"])).fetchone()
    return None if row is None else int(row[0])


async def pick_jobs(  # noqa: PLR0913 (one keyword a fact)
    connection: Connection,
    kind: Kind,
    wanted: WantedJobs,
    *,
    limit: int,
    place: Place = Place(),  # noqa: B008 - a value
    begun: datetime | None = None,
) -> list[Any]:
    """The next jobs that are meant, behind the place; named rows."""
    values = {**values_of(wanted, wanted.status), "kind": kind, "begun": begun, "limit": limit}
    values |= {"place_at": place.at, "place_id": place.id}
    cursor = connection.cursor(row_factory=namedtuple_row)
    try:
        return await (await cursor.execute(SQL["pick"], values, prepare=False)).fetchall()
    except psycopg.errors.InvalidTextRepresentation:
        return []  # users are UUIDs here, and this is none


async def _one(connection: Connection, statement: str, order_id: int) -> JobOrder | None:
    cursor = connection.cursor(row_factory=class_row(JobOrder))
    return await (await cursor.execute(SQL[statement], {"id": order_id})).fetchone()

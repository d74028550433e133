"""Rows that are read in milliseconds, over one connection; should one of them fail, each on its own."""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import Any, Final

import psycopg
from psycopg.rows import class_row

from gateway.database.pool import Connection, load_sql
from gateway.database.reads import Reads, ReadTooLong
from gateway.database.retry import first_line
from gateway.restore.model import Run
from gateway.restore.store import SQL as RESTORE
from gateway.rollout.guard.store import all_latest
from gateway.rollout.history import SQL as HISTORY
from gateway.rollout.history import Entry
from gateway.rollout.processes.live import SQL as PROCESSES
from gateway.rollout.processes.live import LiveProcess
from gateway.rollout.ramp.plan import Ramp
from gateway.rollout.ramp.store import find_latest
from gateway.telemetry.metrics.readings import count_open, count_waiting
from gateway.web.console.pages.now.seen import DialRow, Held, OpenJobs

SQL: Final = load_sql(Path(__file__).with_name("rows.sql"))
LOG_ROWS: Final = 4
EVERY_ROW: Final = dict.fromkeys(("what", "actor", "via", "since", "until", "before_id"))
EXPECTED: Final = (psycopg.Error, ReadTooLong, TimeoutError)


async def processes(connection: Connection) -> list[LiveProcess]:
    """All that are heard of, or were lately."""
    cursor = connection.cursor(row_factory=class_row(LiveProcess))
    return await (await cursor.execute(PROCESSES["live"], {"silent": True})).fetchall()


async def dials(connection: Connection) -> list[DialRow]:
    cursor = connection.cursor(row_factory=class_row(DialRow))
    return await (await cursor.execute(SQL["dials"])).fetchall()


async def ramps(connection: Connection) -> list[Ramp]:
    """The newest, if there was one."""
    ramp = await find_latest(connection)
    return [] if ramp is None else [ramp]


async def last_entries(connection: Connection) -> list[Entry]:
    cursor = connection.cursor(row_factory=class_row(Entry))
    return await (await cursor.execute(HISTORY["history"], {**EVERY_ROW, "limit": LOG_ROWS})).fetchall()


async def restores(connection: Connection) -> list[Run]:
    """The newest, if there was one."""
    cursor = connection.cursor(row_factory=class_row(Run))
    return await (await cursor.execute(RESTORE["latest"])).fetchall()


async def open_jobs(connection: Connection) -> OpenJobs:
    """What is not over, counted as scrapes count it."""
    opened, depth, oldest = await count_open(connection)
    services = await count_waiting(connection)
    return OpenJobs(opened, depth, oldest, list(services.items()))


PARTS: Final[Mapping[str, Callable[[Connection], Awaitable[Any]]]] = {
    "processes": processes,
    "dials": dials,
    "ramp": ramps,
    "guarded": all_latest,
    "history": last_entries,
    "jobs": open_jobs,
    "restores": restores,
}


async def read_rows(reads: Reads) -> dict[str, Held[Any]]:
    """Every part, or why it could not be read."""
    try:
        async with reads.connection() as connection:
            return {name: Held(await read(connection)) for name, read in PARTS.items()}
    except EXPECTED:
        found = await asyncio.gather(*(alone(reads, read) for read in PARTS.values()))
        return dict(zip(PARTS, found, strict=True))


async def alone(reads: Reads, read: Callable[[Connection], Awaitable[Any]]) -> Held[Any]:
    """One part over a connection of its own."""
    try:
        async with reads.connection() as connection:
            return Held(await read(connection))
    except EXPECTED as error:
        return Held(problem=first_line(error))

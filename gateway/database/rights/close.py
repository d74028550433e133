"""Looking for what is open in a database, and closing it."""

from pathlib import Path
from typing import Any, Final

import psycopg
import structlog

from gateway.database.pool import Connection, load_sql
from gateway.database.retry import first_line
from gateway.database.rights.judge import Catalogue, Finding, Relation, Thing, judge

SQL: Final = load_sql(Path(__file__).with_name("catalogue.sql"))
ROUNDS: Final = 2  # what is revoked may show what is to be granted
log = structlog.get_logger(__name__)


async def find_open(connection: Connection) -> tuple[Finding, ...]:
    """What is open in a migrated database, or protects less than it should. Changes nothing."""
    return judge(await read_catalogue(connection))


async def close(connection: Connection) -> None:
    """Close what is the gateway's own, inside the caller's transaction; what this role may not change stays open."""
    refused: set[str] = set()
    for _ in range(ROUNDS):
        for found in await find_open(connection):
            if not found.mine or found.statement in refused:
                continue
            try:
                async with connection.transaction():
                    await connection.execute("set local lock_timeout = '5s'")
                    await connection.execute(found.statement)
            except (psycopg.errors.InsufficientPrivilege, psycopg.errors.LockNotAvailable) as error:
                refused.add(found.statement)
                log.warning("not_closed", what=found.what, error=first_line(error))


async def read_catalogue(connection: Connection) -> Catalogue:
    """What Postgres knows of it."""

    async def rows(name: str) -> list[tuple[Any, ...]]:
        return await (await connection.execute(SQL[name])).fetchall()

    (me,) = await rows("me")
    departures = await rows("departures")
    return Catalogue(
        role=me[0],
        is_whole=me[1],
        has_users=me[2],
        clients=me[3],
        relations=[Relation(*row) for row in await rows("relations")],
        routines=[Thing(*row) for row in await rows("routines")],
        schemas=[Thing(*row) for row in await rows("schemas")],
        guards=dict(await rows("guards")),
        writers=[row[0] for row in await rows("writers")],
        departures=departures[0] if departures else None,
    )

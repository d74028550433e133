"""`rollout off --local`: a row in Postgres that sends everybody to v1; a rollback never needs the flag server."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any

from flags.model import Override
from gateway.db import Pool, load_sql
from gateway.rollout.audit import By, Connection, write

SQL = load_sql(Path(__file__).with_name("override.sql"))


@dataclass(frozen=True, slots=True)
class Glance:
    """What a process looks at again and again."""

    last_change: int  # id of the history's newest row, 0 when there is none
    override: Override | None


async def throw_override(pool: Pool, by: By) -> bool:
    """Send everybody to v1 until it is lifted; whether that is new. Every process is told when it commits."""
    async with pool.connection() as connection, connection.transaction():
        thrown = await _one(connection, "throw", actor=by.actor, why=by.why)
        if thrown is None:
            return False
        await write(connection, by, what="override", before={"override": False}, after={"override": True})
        return True


async def lift_override(pool: Pool, by: By) -> bool:
    """Let the flags decide again; whether there was an override."""
    async with pool.connection() as connection, connection.transaction():
        lifted = await _one(connection, "lift")
        if lifted is None:
            return False
        await write(connection, by, what="override", before={"override": True}, after={"override": False})
        return True


async def look(connection: Connection) -> Glance:
    """The override in force, and the history's newest row."""
    row = await _one(connection, "look")
    assert row is not None  # noqa: S101 - the statement always answers one row
    last_change, actor, why, since = row
    return Glance(int(last_change), None if actor is None else Override(actor, why, since))


async def _one(connection: Connection, statement: str, **values: Any) -> tuple[Any, ...] | None:
    return await (await connection.execute(SQL[statement], values)).fetchone()

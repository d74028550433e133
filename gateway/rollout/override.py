"""`rollout off --local`: a row in Postgres that sends everybody to v1; a rollback never needs the flag server."""

from pathlib import Path
from typing import Any

from flags.model import Override
from gateway.database.pool import Connection, Pool, load_sql
from gateway.rollout.history import By, append_entry
from gateway.rollout.rows import Json

SQL = load_sql(Path(__file__).with_name("override.sql"))


async def throw_override(pool: Pool, by: By, *, verdict: Json | None = None) -> bool:
    """Send everybody to the base until it is lifted; whether that is new. Every process is told when it commits.

    `verdict`: the findings that it acts on, kept in its row.
    """
    async with pool.connection() as connection, connection.transaction():
        thrown = await _one(connection, "throw", actor=by.actor, why=by.why)
        if thrown is None:
            return False
        after: Json = {"override": True} if verdict is None else {"override": True, "verdict": verdict}
        await append_entry(connection, by, what="override", before={"override": False}, after=after)
        return True


async def lift_override(pool: Pool, by: By) -> bool:
    """Let the flags decide again; whether there was an override."""
    async with pool.connection() as connection, connection.transaction():
        lifted = await _one(connection, "lift")
        if lifted is None:
            return False
        await append_entry(connection, by, what="override", before={"override": True}, after={"override": False})
        return True


async def read_override(connection: Connection) -> Override | None:
    """The override in force."""
    row = await _one(connection, "look")
    return None if row is None else Override(*row)


async def _one(connection: Connection, statement: str, **values: Any) -> tuple[Any, ...] | None:
    return await (await connection.execute(SQL[statement], values)).fetchone()

"""Ramps in the database."""

from pathlib import Path
from typing import Any

from psycopg.rows import dict_row

from gateway.database.pool import Connection, Pool, load_sql
from gateway.rollout.history import By, append_entry
from gateway.rollout.ramp.plan import Plan, Ramp, RampError

SQL = load_sql(Path(__file__).with_name("store.sql"))
PLAN = ("hold_seconds", "min_jobs", "auto_rollback", "pipeline", "margin")


async def insert(connection: Connection, plan: Plan, by: By, *, step: int, dial: float) -> Ramp:
    """Store a new ramp. Raises RampError while another one is active."""
    values = {name: getattr(plan, name) for name in PLAN}
    values |= {"steps": list(plan.steps), "step": step, "dial_before": dial, "actor": by.actor, "why": by.why}
    ramp = await _read(connection, "insert", **values)
    if ramp is None:
        raise RampError("a ramp is active already: abort it first")
    return ramp


async def latest(pool: Pool) -> Ramp | None:
    """The newest ramp, active or over."""
    async with pool.connection() as connection:
        return await find_latest(connection)


async def find_latest(connection: Connection) -> Ramp | None:
    """The newest ramp, active or over."""
    return await _read(connection, "latest")


async def hold(connection: Connection, *, wait: bool = True) -> Ramp | None:
    """The active ramp, held until the transaction ends; None without one, or if somebody acts and we do not wait."""
    return await _read(connection, "hold" if wait else "hold_if_free")


async def change(connection: Connection, statement: str, ramp: Ramp, **values: Any) -> bool:
    """Run a guarded statement on a ramp; whether its guard held."""
    cursor = await connection.execute(SQL[statement], {"id": ramp.id, **values})
    return cursor.rowcount == 1


async def note_change(connection: Connection, by: By, ramp: Ramp, state: str, **more: Any) -> None:
    """Write into the rollout's history what became of a ramp."""
    before = {"ramp": ramp.state, "step": ramp.step + 1}
    after = {"ramp": state, "step": ramp.step + 1, **more}
    await append_entry(connection, by, what="ramp", before=before, after=after)


async def clock(connection: Connection) -> Any:
    """What the database's clock says."""
    row = await (await connection.execute(SQL["clock"])).fetchone()
    assert row is not None  # noqa: S101 - it always answers
    return row[0]


async def _read(connection: Connection, statement: str, **values: Any) -> Ramp | None:
    cursor = connection.cursor(row_factory=dict_row)
    row = await (await cursor.execute(SQL[statement].encode(), values)).fetchone()
    if row is None:
        return None
    plan = Plan(tuple(row["steps"]), **{name: row[name] for name in PLAN})
    return Ramp(plan=plan, **{name: row[name] for name in Ramp.__dataclass_fields__ if name != "plan"})

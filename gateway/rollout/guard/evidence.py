"""Reads the guard's evidence from the jobs themselves."""

from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg.rows import class_row

from gateway.database.pool import Connection, load_sql
from gateway.rollout.guard.verdict import Evidence, Gates, Sample

SQL = load_sql(Path(__file__).with_name("evidence.sql"))


@dataclass(frozen=True, slots=True)
class Span:
    """From when on jobs count, by the time of their accept."""

    step: datetime  # the step in force began
    ramp: datetime  # the ramp began


async def read_evidence(connection: Connection, span: Span, gates: Gates, *, candidate: str, baseline: str) -> Evidence:
    """Raises psycopg.Error."""
    values = {"pipeline": candidate, "seconds": gates.overdue_seconds}
    overdue = await (await connection.execute(SQL["overdue"], values)).fetchone()
    return Evidence(
        candidate=await _sample(connection, candidate, span.step),
        baseline=await _sample(connection, baseline, span.step),
        earlier=await _sample(connection, baseline, span.ramp),
        overdue=int(overdue[0]) if overdue else 0,
    )


async def _sample(connection: Connection, pipeline: str, since: datetime) -> Sample:
    cursor = connection.cursor(row_factory=class_row(Sample))
    row = await (await cursor.execute(SQL["sample"], {"pipeline": pipeline, "since": since})).fetchone()
    return row or Sample()

"""Reads a step's evidence from the jobs themselves."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from psycopg.rows import class_row

from gateway.database.pool import Connection, load_sql
from gateway.rollout.guard.store import read_lately
from gateway.rollout.ramp.gates import Evidence, Gates, Sample

SQL = load_sql(Path(__file__).with_name("evidence.sql"))


@dataclass(frozen=True, slots=True)
class Span:
    """From when on jobs count, by the time of their accept."""

    step: datetime  # the step in force began
    ramp: datetime  # the ramp began


@dataclass(frozen=True, slots=True)
class Question:
    """Whose jobs are compared. Users whom the flag calls in or out by name are left out."""

    candidate: str
    baseline: str
    named: Sequence[str] = ()


async def read_evidence(connection: Connection, span: Span, gates: Gates, question: Question) -> Evidence:
    """Raises psycopg.Error."""
    values = {"pipeline": question.candidate, "named": list(question.named), "seconds": gates.overdue_seconds}
    overdue = await (await connection.execute(SQL["overdue"], values)).fetchone()
    return Evidence(
        candidate=await _sample(connection, question, question.candidate, span.step),
        baseline=await _sample(connection, question, question.baseline, span.step),
        earlier=await _sample(connection, question, question.baseline, span.ramp),
        overdue=int(overdue[0]) if overdue else 0,
        lately=await read_lately(connection),
    )


async def _sample(connection: Connection, question: Question, pipeline: str, since: datetime) -> Sample:
    cursor = connection.cursor(row_factory=class_row(Sample))
    values = {"pipeline": pipeline, "since": since, "named": list(question.named)}
    row = await (await cursor.execute(SQL["sample"], values)).fetchone()
    return row or Sample()

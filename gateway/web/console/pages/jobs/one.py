"""One job as a page shows it: its steps as bars on one time axis, tries, worker, why that pipeline."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Final
from uuid import UUID

from psycopg.rows import namedtuple_row

from flags.explain import chain_text, reason_text
from flags.model import Asked, Pipeline
from gateway.database.pool import load_sql
from gateway.database.reads import Reads
from gateway.jobs.orders.model import STATUSES
from gateway.services import Services
from gateway.web.console.draw.bars import Bar, draw_bars
from gateway.web.console.draw.svg import Chart
from gateway.web.console.pages.jobs.view import OPEN, WAITS
from gateway.web.console.pages.jobs.wanted import PATH
from gateway.web.console.pages.reading import read_now
from gateway.web.console.unread import Unread
from gateway.web.console.wording import count_text, day_text, percent_text, span_text

SQL: Final = load_sql(Path(__file__).with_name("jobs.sql"))


@dataclass(frozen=True, slots=True)
class Facts:
    """What is known of it, ready to print."""

    id: str
    user_id: str
    status: str
    pipeline: Pipeline | None
    facts: tuple[tuple[str, str], ...]
    chart: Chart | None
    action: str
    done_by: str
    back: str


@dataclass(frozen=True, slots=True)
class JobView:
    """The page."""

    job: Facts | Unread


async def read_one(services: Services, job_id: UUID, now: datetime) -> JobView | None:
    """None: there is no such job."""
    row, steps = await asyncio.gather(
        read_now("The job", read_row(services.reads, job_id)),
        read_now("Its steps", read_steps(services.reads, job_id)),
    )
    if row is None or isinstance(row, Unread):
        return None if row is None else JobView(row)
    versions = services.flags.versions.all
    return JobView(facts_of(row, () if isinstance(steps, Unread) else steps, versions, now))


async def read_row(reads: Reads, job_id: UUID) -> Any:
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=namedtuple_row)
        return await (await cursor.execute(SQL["job"], {"id": job_id})).fetchone()


async def read_steps(reads: Reads, job_id: UUID) -> Sequence[Any]:
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=namedtuple_row)
        return await (await cursor.execute(SQL["steps"], {"id": job_id})).fetchall()


def facts_of(row: Any, steps: Sequence[Any], versions: Sequence[Pipeline], now: datetime) -> Facts:
    """What is known of a job. Nobody's words are in it: no text of an error either, which may quote a file."""
    action = "Cancel job" if row.status in OPEN else "Retry job" if row.status in STATUSES["retry"] else ""
    order = versions.index(row.pipeline) if row.pipeline in versions else 0
    bars = bars_of(row, steps, order)
    return Facts(
        id=row.id,
        user_id=row.user_id,
        status=row.status,
        pipeline=row.pipeline,
        facts=tuple((name, text) for name, text in told(row, now) if text),
        chart=draw_bars("steps", f"Steps of job {row.id[:8]}", bars, now) if bars else None,
        action=action if row.pipeline or action == "Cancel job" else "",
        done_by=f"{PATH}/cancel" if row.status in OPEN else f"{PATH}/retry",
        back=f"{PATH}/{row.id}",
    )


def told(row: Any, now: datetime) -> list[tuple[str, str]]:
    """Name and text of each fact; empty texts are left out."""
    failed = row.status in STATUSES["retry"]
    ran = None if row.started_at is None else ((row.completed_at or now) - row.started_at).total_seconds()
    waited = ((row.started_at or row.completed_at or now) - row.created_at).total_seconds() if row.created_at else None
    sent = [(row.conversation_count, "conversations"), (row.message_count, "messages")]
    return [
        ("Why this version", why_text(row)),
        ("Accepted", day_text(row.created_at) if row.created_at else ""),
        ("Waited", "" if waited is None else span_text(max(waited, 0.0))),
        ("Ran", "" if ran is None else span_text(max(ran, 0.0))),
        ("Where", WAITS.get(row.waiting_for or "", f"{row.step or ''}{f', {row.progress} %' if row.progress else ''}")),
        ("Tries", str(row.attempts) if row.attempts else ""),
        ("Put off", f"{row.waits} times" if row.waits else ""),
        ("Whose fault", (row.cause or "").replace(":", ": ") if failed or row.status == "processing" else ""),
        ("Worker", row.worker or ""),
        (
            "Compared",
            {"other": "with another version", "same": "with itself, to measure noise"}.get(row.shadow or "", ""),
        ),
        ("Sent", ", ".join(f"{count_text(count)} {what}" for count, what in sent if count is not None)),
        ("Left out", " ".join(row.warnings)),
        ("Parked", f"its end was refused ({row.refused}): retry or cancel it" if row.refused else ""),
        ("The error's text", f"gateway jobs show {row.id}" if failed else ""),
    ]


def why_text(row: Any) -> str:
    """The reason, and what the flags said then."""
    if row.pipeline is None:
        return "another program's: it is not run here"
    asked = ((Asked(version, dial, on, ""), place) for version, dial, on, place in row.dials or ())
    chain = chain_text(asked)
    dial = "" if row.dial is None else f"; the dial was at {percent_text(row.dial)}"
    pinned = "; the caller chose it" if row.pinned else ""
    return f"{reason_text(row.reason or '', row.pipeline)}{f' ({chain})' if chain else ''}{dial}{pinned}"


def bars_of(row: Any, steps: Sequence[Any], order: int) -> list[Bar]:
    """The wait, each finished step, and what is under way or failed."""
    if row.created_at is None:
        return []
    begun = row.started_at or row.completed_at
    bars = [Bar("waiting", row.created_at, begun, state="done" if begun else "running", order=order)]
    last = row.started_at
    for one in steps:
        begin = one.created_at - timedelta(seconds=max(one.seconds, 0.0))
        bars.append(Bar(one.step, max(begin, row.created_at), one.created_at, order=order))
        last = one.created_at
    if last is not None and row.status in ("processing", "failed", "cancelled"):
        state = "running" if row.status == "processing" else "failed"
        tries = f"{row.attempts} tries" if row.attempts > 1 else ""
        bars.append(Bar(row.step or row.status, last, row.completed_at, tries, state, order))
    return bars

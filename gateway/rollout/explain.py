"""What the rollout means for users: who would move, and why one user, or one job, has the pipeline that it has."""

import asyncio
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import psycopg
from psycopg.rows import class_row

from flags.change.preview import Preview, preview
from flags.change.rebuild import document_of
from flags.evaluate.decider import decide_by
from flags.explain import Explanation, chain_text, describe, describe_override, explain, reason_text
from flags.model import Asked, Override, Pipeline, Rollout, Versions
from flags.source import FlagSource
from gateway.database.pool import Pool, load_sql
from gateway.database.reads import Reads

SQL = load_sql(Path(__file__).with_name("explain.sql"))
KNOWN_USERS = 100_000
Dial = tuple[str, float, bool, int | None]  # version, dial, on, bucket


@dataclass(frozen=True, slots=True)
class JobDecision:
    """What a job was given when it was accepted, or by a rollback since."""

    job_id: str
    user_id: str
    pipeline: str
    reason: str
    dial: float | None
    revision: str | None
    pinned: bool
    shadow: str | None
    status: str
    accepted_at: datetime
    dials: list[Dial] | None = None  # the flags that were asked when it was accepted, newest version first

    @property
    def chain(self) -> str:
        """What each flag answered then."""
        told = ((Asked(version, dial, on, ""), place) for version, dial, on, place in self.dials or ())
        return chain_text(told)

    @property
    def line(self) -> str:
        """In one line."""
        several = f" [{self.chain}]" if ";" in self.chain else ""
        return (
            f"job {self.job_id}: {self.pipeline} ({self.reason}): {reason_text(self.reason, self.pipeline)}{several}; "
            f"dial {self.dial or 0:g} %, flags {self.revision or 'none'}{', pinned' if self.pinned else ''}; "
            f"{f'shadow: {self.shadow}' if self.shadow else 'no shadow'}; {self.status}"
        )


@dataclass(frozen=True, slots=True)
class Answer:
    """Why: what would be decided now, and what the job got."""

    now: Explanation
    job: JobDecision | None
    override: Override | None
    unread: str | None = None  # why the flags could not be read now, and by what is answered instead

    @property
    def lines(self) -> list[str]:
        """For people: a line each."""
        warning = [] if self.override is None else [describe_override(self.override, self.now.pipeline)]
        unread = [] if self.unread is None else [self.unread]
        said = [*unread, *warning, describe(self.now)]
        return said if self.job is None else [*said, self.job.line]

    @property
    def json(self) -> dict[str, Any]:
        """For programs."""
        return {
            "line": describe(self.now),
            "now": asdict(self.now),
            "override": None if self.override is None else asdict(self.override),
            "job": None if self.job is None else {**asdict(self.job), "line": self.job.line},
            "unread": self.unread,
        }


async def explain_user(flags: FlagSource, pool: Pool | Reads, user_id: str) -> Answer:
    """Why this user gets what, and what the last job got."""
    return answer(flags, user_id, await _find(pool, "last_job", user=user_id))


async def explain_subject(flags: FlagSource, pool: Pool | Reads, subject: str) -> Answer:
    """Of a job: what it got, and what its user would get now; anything else is taken for a user."""
    with suppress(ValueError):
        if (job := await _find(pool, "job", id=UUID(subject))) is not None:
            return answer(flags, job.user_id, job)
    return await explain_user(flags, pool, subject)


def answer(flags: FlagSource, user_id: str, job: JobDecision | None) -> Answer:
    """From the flags in memory."""
    state = flags.state()
    unread = None if state.usable else f"the flags cannot be read ({state.error})"
    if unread and state.known:
        unread += f": answered by those of {state.age_seconds:.0f} s ago, which are still in force here"
    return Answer(explain(user_id, flags.decide(user_id), state.rollout), job, state.override, unread)


def answer_by(rollout: Rollout, versions: Versions, found: Answer) -> Answer:
    """The same by what the database knew last, for whoever cannot read the flags and knows none, or older ones."""
    if found.override is not None:
        return found
    decision = decide_by(document_of(rollout, versions), versions=versions).decide(found.now.user_id)
    said = f"{(found.unread or '').partition(': answered by')[0]}: answered by what the database knew last of them"
    return replace(found, now=explain(found.now.user_id, decision, rollout), unread=said)


async def preview_users(
    pool: Pool | Reads | None, before: Rollout, after: Rollout, pipeline: Pipeline | None = None
) -> Preview:
    """Who of the known users would move; off the loop, since there may be many."""
    known = [] if pool is None else await known_users(pool)
    return await asyncio.to_thread(preview, before, after, known, pipeline)


async def known_users(pool: Pool | Reads) -> list[str]:
    """Users who ever sent an import, at most so many as one may wait for."""
    async with pool.connection() as connection:
        rows = await (await connection.execute(SQL["known_users"], {"limit": KNOWN_USERS})).fetchall()
    return [user for (user,) in rows]


async def _find(pool: Pool | Reads, statement: str, **values: Any) -> JobDecision | None:
    async with pool.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(JobDecision))
        try:
            return await (await cursor.execute(SQL[statement], values)).fetchone()
        except psycopg.errors.InvalidTextRepresentation:
            return None  # users are UUIDs here, and this is none

"""What the guard found at each look: kept where an answer changed, and once a minute while none does."""

from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from psycopg.rows import class_row
from psycopg.types.json import Jsonb

from flags.model import Pipeline
from gateway.database.pool import Connection, load_sql
from gateway.database.reads import Reads
from gateway.rollout.guard.store import GuardedRollout
from gateway.rollout.guard.verdict import Phase, Verdict

SQL: Final = load_sql(Path(__file__).with_name("looks.sql"))
EVERY_SECONDS: Final = 60.0  # a look is kept, though nothing changed


@dataclass(frozen=True, slots=True)
class GuardLook:
    """One look at one version."""

    id: int
    at: datetime
    pipeline: Pipeline
    against: Pipeline
    phase: Phase  # the worst of the findings
    findings: list[dict[str, str]]  # check, phase and message of each


async def keep_look(connection: Connection, rollout: GuardedRollout, verdict: Verdict) -> None:
    """Write a look down, if it says something else than the last one that was kept, or that is old."""
    findings = Jsonb([asdict(finding) for finding in verdict.findings])
    values = {"rollout": rollout.id, "phase": verdict.phase, "findings": findings, "seconds": EVERY_SECONDS}
    await connection.execute(SQL["keep"], values)


async def list_looks(  # noqa: PLR0913 - each narrows what is listed
    reads: Reads,
    since: datetime,
    pipeline: Pipeline | None = None,
    *,
    until: datetime | None = None,
    before_id: int | None = None,
    limit: int = 50,
) -> list[GuardLook]:
    """The looks that were kept since then, and before `until`, newest first; `before_id` pages on to older ones."""
    values = {"since": since, "until": until, "pipeline": pipeline, "before_id": before_id, "limit": limit}
    async with reads.connection() as connection:
        cursor = connection.cursor(row_factory=class_row(GuardLook))
        return await (await cursor.execute(SQL["looks"], values, prepare=False)).fetchall()

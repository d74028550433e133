"""What an order for many jobs would do, said before it is given."""

import asyncio
from collections import Counter
from dataclasses import dataclass
from typing import Any, Final

from gateway.database.pool import Pool
from gateway.database.reads import Reads
from gateway.jobs.listing import WantedJobs
from gateway.jobs.model import Job
from gateway.jobs.orders.model import LARGEST, Kind, check_order
from gateway.jobs.orders.store import pick_jobs
from gateway.jobs.run.given_now import GivenNow

AT_ONCE: Final = 500  # jobs that are decided before others have a turn


@dataclass(frozen=True, slots=True)
class OrderPreview:
    """How many jobs are meant, and as which pipeline each would run."""

    kind: Kind
    jobs: int
    more: bool  # there are more than one order takes
    by_pipeline: dict[str, int]  # of a retry: the pipeline that each would get now; of a cancel: the one that it has
    moved: int  # of a retry: jobs that would run as another version than before, since that was rolled back

    @property
    def line(self) -> str:
        """In one sentence."""
        told = ", ".join(f"{count:,} {pipeline}" for pipeline, count in sorted(self.by_pipeline.items()))
        verb = "begin anew" if self.kind == "retry" else "be cancelled"
        moved = f"; {self.moved:,} of them had another version before" if self.moved else ""
        more = f" There are more: one order takes {LARGEST:,}." if self.more else ""
        return f"{self.jobs:,} jobs would {verb}{f': {told}' if told else ''}{moved}.{more}"


async def preview_order(pool: Pool | Reads, kind: Kind, wanted: WantedJobs, given: GivenNow) -> OrderPreview:
    """Counts at most one more than an order takes. Raises OrderRefused, psycopg's errors and ReadTooLong."""
    check_order(kind, wanted)
    async with pool.connection() as connection:
        rows = await pick_jobs(connection, kind, wanted, limit=LARGEST + 1)
    meant, more = rows[:LARGEST], len(rows) > LARGEST
    counts: Counter[str] = Counter()
    moved = 0
    for start in range(0, len(meant), AT_ONCE):
        for row in meant[start : start + AT_ONCE]:
            now = given.of(reopened(row))[0] if kind == "retry" else row.pipeline or "another program's"
            counts[now] += 1
            moved += kind == "retry" and now != row.pipeline
        await asyncio.sleep(0)
    return OrderPreview(kind, len(meant), more, dict(counts), moved)


def reopened(row: Any) -> Job:
    """The job as it would wait after a retry."""
    return Job(
        id=row.id, user_id=row.user_id, status="pending", pipeline=row.pipeline, reason=row.reason or "",
        pinned=row.pinned, storage_path=row.storage_path, inline=row.inline, conversation_count=None,
        message_count=None, created_at=row.created_at, attempts=0, fence=0, worker=None, shadow=None, started_at=None,
        cancel_requested=False, dial=row.dial, revision=row.revision, age_seconds=row.age_seconds,
    )  # fmt: skip

"""Open jobs that nothing delivers: an entry that was lost is made again.

Looked for in pages: what a turn costs does not grow with what waits. A short queue is one page; of a million waiting
jobs each is looked at within an hour.
"""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

import msgspec

from flags.model import BASELINE
from gateway.database.pool import Connection, Pool, load_sql
from gateway.jobs.queue.entries import job_entry
from gateway.jobs.queue.job_queue import Entry, JobQueue
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue

SQL: Final = load_sql(Path(__file__).with_name("lost.sql"))
PAGE: Final = 2000
STATUSES: Final = ("pending", "processing")


class OpenJob(msgspec.Struct, frozen=True):
    """One row of `open_jobs`."""

    id: str
    user_id: str
    pipeline: str | None
    status: str
    created_at: str
    silent: bool


@dataclass(frozen=True, slots=True)
class Place:
    """How far a look came."""

    at: str = "-infinity"
    id: str = "00000000-0000-0000-0000-000000000000"


class LostJobs:
    """Goes through open jobs, a page a turn, and begins again at the end. Raises psycopg's errors."""

    def __init__(
        self,
        pool: Pool,
        base: Callable[[], str] = lambda: BASELINE,
        queue: JobQueue[Connection] | None = None,
        page: int = PAGE,
    ) -> None:
        self._pool = pool
        self._base = base
        self._queue = queue or ProcrastinateQueue(pool)
        self._page = page
        self._places = dict.fromkeys(STATUSES, Place())

    async def sweep(self, older_than_seconds: float) -> int:
        """Enqueue those of the next page that have no live entry; how many. One process at a time does it."""
        async with self._pool.connection() as connection, connection.transaction():
            turn = await (await connection.execute(SQL["take_turn"])).fetchone()
            if turn is None or not turn[0]:
                return 0
            page = await self._read(connection, older_than_seconds)
            found = [self._entry(job) for job in page if job.silent]
            lost = await self._queue.lost(connection, found) if found else []
            await self._queue.enqueue(connection, lost)
        for status in STATUSES:
            self._places[status] = next_place([job for job in page if job.status == status], self._page)
        await self._queue.tell({entry.queue for entry in lost})
        return len(lost)

    def _entry(self, job: OpenJob) -> Entry:
        return job_entry(job.id, job.user_id, job.pipeline or BASELINE, self._base())

    async def _read(self, connection: Connection, older_than_seconds: float) -> list[OpenJob]:
        values: dict[str, Any] = {"seconds": older_than_seconds, "page": self._page}
        for status, place in self._places.items():
            values |= {status: place.id, f"{status}_at": place.at}
        return [OpenJob(*row) for row in await (await connection.execute(SQL["open_jobs"], values)).fetchall()]


def next_place(page: list[OpenJob], size: int) -> Place:
    """Behind a full page; from the beginning after the last one."""
    return Place(page[-1].created_at, page[-1].id) if len(page) == size else Place()

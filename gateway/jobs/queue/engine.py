"""The job engine, Procrastinate, over a database that may go away: its workers wait instead of stopping.

Procrastinate stops a worker whose heartbeat fails once, and lets a worker that lost an entry finish it for the one
that runs it now. Both are mended here, at its job manager, which is the one place that talks to its tables.
"""

import asyncio
import contextlib
import random
from collections.abc import Callable, Collection, Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import procrastinate
import structlog
from procrastinate import exceptions, jobs
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg_pool import PoolClosed

from gateway.database.pool import Connection, Pool, load_sql
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.jobs.queue.hearing import CHANNEL, Hearing, Taker
from gateway.jobs.queue.job_queue import Redeliver

SQL = load_sql(Path(__file__).with_name("engine.sql"))
QUEUE_ERRORS = (exceptions.ConnectorException, *DATABASE_ERRORS)  # the engine wraps what its own statements raise
FETCHED = (
    "id", "status", "task_name", "priority", "lock", "queueing_lock", "args", "scheduled_at", "queue_name", "attempts",
    "worker_id",
)  # fmt: skip
log = structlog.get_logger(__name__)


class RedeliverWhenAsked(BaseRetryStrategy):
    """The engine's retry strategy: our own row decides, and says so by raising `Redeliver`."""

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> RetryDecision | None:  # noqa: ARG002
        if not isinstance(exception, Redeliver):
            return None
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=exception.seconds), queue=exception.queue)


class PatientJobManager(JobManager):
    """Procrastinate's job manager that outlives the database, and touches only entries that its worker holds."""

    def __init__(
        self,
        connector: procrastinate.PsycopgConnector,
        pool: Pool,
        hearing: Hearing,
        tell: Callable[[Collection[str]], None],
    ) -> None:
        super().__init__(connector)
        self._pool = pool
        self._hearing = hearing
        self._tell = tell
        self._workers: set[int] = set()  # registered here, one a queue
        self.busy: dict[str, Callable[[], float]] = {}  # by queue: the share of its slots that are taken

    async def register_worker(self) -> int:
        worker = int(await super().register_worker())
        self._workers.add(worker)
        return worker

    async def unregister_worker(self, worker_id: int) -> None:
        self._workers.discard(worker_id)
        with contextlib.suppress(*QUEUE_ERRORS):  # a row that is left over is removed once its heartbeat is old
            await super().unregister_worker(worker_id)

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        (queue,) = queues or ()
        try:
            rows = await self._execute("fetch", queue=queue, worker=worker_id)
        except QUEUE_ERRORS as error:
            log.warning("database_away", during="fetch", error=first_line(error))
            await asyncio.sleep(random.uniform(0.2, 0.6))  # noqa: S311 - not all workers at the same moment
            return None
        if not rows:
            return None
        self._hearing.found()
        return jobs.Job.from_row(dict(zip(FETCHED, rows[0], strict=True)))

    async def update_heartbeat(self, worker_id: int) -> None:
        """Nothing: `beat` writes those of all queues together."""

    async def beat(self, connection: Connection | None = None) -> None:
        """A sign of life for all queues that are taken from here. Raises psycopg's errors."""
        if not self._workers:
            return
        async with contextlib.nullcontext(connection) if connection else self._pool.connection() as used:
            await used.execute(SQL["beat"], {"workers": sorted(self._workers)})

    async def finish_job(self, job: jobs.Job, status: jobs.Status, delete_job: bool) -> None:  # noqa: ARG002, FBT001
        await self._until_done("finish", id=job.id, worker=job.worker_id)

    async def retry_job(
        self,
        job: jobs.Job,
        retry_at: datetime | None = None,
        priority: int | None = None,  # noqa: ARG002
        queue: str | None = None,
        lock: str | None = None,  # noqa: ARG002
    ) -> None:
        seconds = max(0.0, (retry_at - datetime.now(UTC)).total_seconds()) if retry_at else 0.0
        await self._until_done("put_back", id=job.id, worker=job.worker_id, seconds=seconds, queue=queue)

    async def listen_for_jobs(self, *, on_notification: Any, queues: Iterable[str] | None = None) -> None:
        """Wakes the engine's worker when this process hears, or sees, that something waits."""
        (queue,) = queues or ()

        async def wake() -> None:
            await on_notification(channel=CHANNEL + queue, notification={"type": "job_inserted", "job_id": 0})

        async with self._hearing.subscribed(queue, Taker(wake, self.busy.get(queue, lambda: 0.0))):
            await asyncio.Event().wait()

    async def _until_done(self, name: str, **parameters: Any) -> None:
        """Repeat while the database is away. Both statements are safe to repeat: they are guarded by the holder.

        Each answers the queue in which something waits now, which is told after it.
        """
        while True:
            try:
                rows = await self._execute(name, **parameters)
            except PoolClosed:
                log.warning("entry_left_to_others", detail="the worker stopped waiting for the database")
                return
            except QUEUE_ERRORS as error:
                log.warning("database_away", during=name, error=first_line(error))
                await asyncio.sleep(0.5)
            else:
                self._tell({queue for (queue,) in rows if queue is not None})
                return

    async def _execute(self, name: str, **parameters: Any) -> list[tuple[Any, ...]]:
        async with self._pool.connection() as connection:
            return await (await connection.execute(SQL[name], parameters)).fetchall()

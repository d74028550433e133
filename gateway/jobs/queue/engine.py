"""The job engine, Procrastinate, over a database that may go away: its workers wait instead of stopping.

Procrastinate stops a worker whose heartbeat fails once, and lets a worker that lost an entry finish it for the one
that runs it now. Both are mended here, at its job manager, which is the one place that talks to its tables.
"""

import asyncio
import contextlib
import random
from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import procrastinate
import structlog
from procrastinate import exceptions, jobs
from procrastinate.manager import JobManager
from procrastinate.retry import BaseRetryStrategy, RetryDecision
from psycopg_pool import PoolClosed

from gateway.database.pool import Pool, load_sql
from gateway.database.retry import DATABASE_ERRORS, first_line

SQL = load_sql(Path(__file__).with_name("engine.sql"))
QUEUE_ERRORS = (exceptions.ConnectorException, *DATABASE_ERRORS)  # the engine wraps what its own statements raise
log = structlog.get_logger(__name__)


class Redeliver(Exception):
    """Put the entry back and deliver it again, not before `seconds` from now; in another queue if one is named."""

    def __init__(self, seconds: float = 0.0, queue: str | None = None) -> None:
        super().__init__(f"deliver again in {seconds:g} s")
        self.seconds = seconds
        self.queue = queue


class RedeliverWhenAsked(BaseRetryStrategy):
    """The engine's retry strategy: our own row decides, and says so by raising `Redeliver`."""

    def get_retry_decision(self, *, exception: BaseException, job: jobs.Job) -> RetryDecision | None:  # noqa: ARG002
        if not isinstance(exception, Redeliver):
            return None
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=exception.seconds), queue=exception.queue)


class PatientJobManager(JobManager):
    """Procrastinate's job manager that outlives the database, and touches only entries that its worker holds."""

    def __init__(self, connector: procrastinate.PsycopgConnector, pool: Pool) -> None:
        super().__init__(connector)
        self._pool = pool
        self.beats = 0  # heartbeats written: a sign of life for readiness

    async def fetch_job(self, queues: Iterable[str] | None, worker_id: int) -> jobs.Job | None:
        try:
            return await super().fetch_job(queues, worker_id)
        except QUEUE_ERRORS as error:
            log.warning("database_away", during="fetch", error=first_line(error))
            await asyncio.sleep(random.uniform(0.2, 0.6))  # noqa: S311 - not all workers at the same moment
            return None

    async def update_heartbeat(self, worker_id: int) -> None:
        try:
            await self._execute("beat", worker=worker_id)
            self.beats += 1
        except QUEUE_ERRORS as error:
            log.warning("database_away", during="heartbeat", error=first_line(error))

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
        while True:
            with contextlib.suppress(*QUEUE_ERRORS):
                await super().listen_for_jobs(on_notification=on_notification, queues=queues)
            await asyncio.sleep(1)

    async def unregister_worker(self, worker_id: int) -> None:
        with contextlib.suppress(*QUEUE_ERRORS):  # a row that is left over is removed once its heartbeat is old
            await super().unregister_worker(worker_id)

    async def recover(self, stalled_after_seconds: float) -> int:
        """Put back the entries of workers that have been silent for that long; how many there were."""
        return await self._execute("recover", seconds=stalled_after_seconds)

    async def _until_done(self, name: str, **parameters: Any) -> None:
        """Repeat while the database is away. Both statements are safe to repeat: they are guarded by the holder."""
        while True:
            try:
                await self._execute(name, **parameters)
            except PoolClosed:
                log.warning("entry_left_to_others", detail="the worker stopped waiting for the database")
                return
            except QUEUE_ERRORS as error:
                log.warning("database_away", during=name, error=first_line(error))
                await asyncio.sleep(0.5)
            else:
                return

    async def _execute(self, name: str, **parameters: Any) -> int:
        async with self._pool.connection() as connection:
            return (await connection.execute(SQL[name], parameters)).rowcount


async def open_engine(pool: Pool) -> procrastinate.App:
    """The engine over an open pool, without tasks yet."""
    connector = procrastinate.PsycopgConnector()
    app = procrastinate.App(connector=connector)
    app.job_manager = PatientJobManager(connector, pool)
    await app.open_async(pool)
    return app

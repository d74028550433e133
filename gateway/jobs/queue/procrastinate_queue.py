"""The job queue on Procrastinate: its tables beside ours in one Postgres, entries made in our transactions."""

import asyncio
from collections.abc import Collection, Sequence
from typing import Any

import procrastinate
import structlog
from procrastinate import exceptions, jobs
from procrastinate.manager import JobManager
from procrastinate.worker import Worker as QueueWorker
from psycopg import AsyncCursor
from psycopg.types.json import Jsonb

from gateway.database.pool import Connection, Pool
from gateway.database.retry import DATABASE_ERRORS, first_line
from gateway.database.shared_line.line import Line
from gateway.jobs.queue.engine import QUEUE_ERRORS, SQL, PatientJobManager, RedeliverWhenAsked
from gateway.jobs.queue.hearing import Found, Hearing
from gateway.jobs.queue.job_queue import Entry, QueueOptions, Run
from gateway.jobs.queue.teller import TOLD, Teller

LOOK_AGAIN_SECONDS = 120.0  # the engine's own looking, beside what wakes it
NEVER_SECONDS = 86_400.0
log = structlog.get_logger(__name__)


class ProcrastinateQueue:
    """A `JobQueue` over an open pool. Without a `teller` each tell is a statement of its own over the pool."""

    def __init__(self, pool: Pool, teller: Teller | None = None, line: Line | None = None) -> None:
        """`line`: on which takers hear of entries; without one, or on one that cannot listen, they look."""
        self._pool = pool
        self._teller = teller
        self._line = line
        self._deferring = JobManager(procrastinate.PsycopgConnector())
        self._taking: Taking | None = None

    async def enqueue(self, connection: Connection, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        try:
            await self._deferring.batch_defer_jobs_async([job_of(entry) for entry in entries], connection=connection)
        except exceptions.ConnectorException as error:
            raise (error.__cause__ or error) from None  # callers know the driver's errors, not the engine's

    async def tell(self, queues: Collection[str]) -> None:
        if self._teller is not None:
            self._teller.tell(queues)
        elif queues:
            try:
                async with self._pool.connection() as connection:
                    await connection.execute(SQL["tell"], {"queues": sorted(queues), "told": TOLD})
            except DATABASE_ERRORS as error:
                log.debug("database_away", during="tell", error=first_line(error))

    async def take(self, options: QueueOptions, run: Run, stopping: asyncio.Event) -> None:
        """Begin again should the engine's worker end by itself."""
        if self._taking is None:
            self._taking = Taking(self._pool, self._teller, self._line)
        app = await self._taking.open(options, run)
        while not stopping.is_set():
            worker = build_worker(app, options)
            stopper = asyncio.create_task(stop_with(worker, stopping))
            try:
                await worker.run()  # type: ignore[no-untyped-call]
            except QUEUE_ERRORS as error:
                log.warning("queue_worker_ended", queue=options.queue, error=first_line(error))
            finally:
                stopper.cancel()
            if not stopping.is_set():
                await asyncio.sleep(1)

    async def keep_alive(self, connection: Connection | None = None) -> None:
        if self._taking is not None:
            await self._taking.manager.beat(connection)

    async def recover(self, silent_seconds: float) -> int:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL["recover"], {"seconds": silent_seconds})
            found = [queue for (queue,) in await cursor.fetchall()]
            await connection.execute(SQL["forget_silent"])
        await self.tell(set(found))
        return len(found)

    async def wake(self, connection: Connection, entries: Sequence[Entry]) -> list[str]:
        cursor = await connection.execute(SQL["wake"], keys_of(entries))
        return [queue for (queue,) in await cursor.fetchall()]

    async def move(self, connection: Connection, entries: Sequence[Entry], to: str) -> None:
        await connection.execute(SQL["move"], {**keys_of(entries), "to": to})

    async def lost(self, connection: Connection, entries: Sequence[Entry]) -> list[Entry]:
        cursor = await connection.execute(SQL["lost"], keys_of(entries))
        return [entries[n - 1] for (n,) in await cursor.fetchall()]

    async def waiting(self, queue: str, limit: int) -> list[Entry]:
        async with self._pool.connection() as connection:
            cursor = await connection.execute(SQL["waiting"], {"queue": queue, "limit": limit})
            return [Entry(*row) for row in await cursor.fetchall()]

    async def count(self, queue: str) -> int:
        async with self._pool.connection() as connection:
            row = await (await connection.execute(SQL["count"], {"queue": queue})).fetchone()
        return 0 if row is None else int(row[0])


class Taking:
    """What takes entries here: the engine's application, and what wakes its workers, one a queue."""

    def __init__(self, pool: Pool, teller: Teller | None, line: Line | None) -> None:
        self._pool = pool
        self._runs: dict[str, Run] = {}
        self._running: dict[str, int] = {}  # by queue
        connector = procrastinate.PsycopgConnector()
        self.app = procrastinate.App(connector=connector)
        hearing = Hearing(self._look, ask_what_waits, line or Line("", listens=False))
        tell = (lambda _queues: None) if teller is None else teller.tell
        self.manager = PatientJobManager(connector, pool, hearing, tell)
        self.app.job_manager = self.manager
        if teller is not None:
            teller.here.append(hearing.told)

    async def open(self, options: QueueOptions, run: Run) -> procrastinate.App:
        """The application, which delivers entries of that queue to `run`."""
        queue, size = options.queue, options.size
        self._runs[queue] = run
        self._running[queue] = 0
        self.manager.busy[queue] = lambda: self._running[queue] / size
        if options.task not in self.app.tasks:
            task = self.app.task(name=options.task, queue=queue, retry=RedeliverWhenAsked(), pass_context=True)
            task(self._deliver)
        await self.app.open_async(self._pool)
        return self.app

    async def _deliver(self, context: procrastinate.JobContext, /, **args: str) -> None:
        job = context.job
        self._running[job.queue] += 1
        try:
            await self._runs[job.queue](Entry(job.queue, job.task_name, args, job.lock, job.priority))
        finally:
            self._running[job.queue] -= 1

    async def _look(self, queues: Collection[str]) -> Found:
        async with self._pool.connection() as connection:
            newest, found = await (await ask_what_waits(connection, queues)).fetchone() or (0, ())
        return newest, found


async def ask_what_waits(connection: Connection, queues: Collection[str]) -> AsyncCursor[Any]:
    """Of these queues; the answer is a `Found`. What is due becomes ready."""
    return await connection.execute(SQL["look"], {"queues": list(queues)})


def job_of(entry: Entry) -> jobs.Job:
    """An entry as the engine takes it."""
    return jobs.Job(
        id=None,
        queue=entry.queue,
        task_name=entry.task,
        task_kwargs=dict(entry.args),
        lock=entry.lock,
        queueing_lock=None,
        priority=entry.priority,
    )


def keys_of(entries: Sequence[Entry]) -> dict[str, Any]:
    """By what entries are found: their locks, and what they carry."""
    return {"locks": [entry.lock for entry in entries], "args": [Jsonb(dict(entry.args)) for entry in entries]}


def build_worker(app: procrastinate.App, options: QueueOptions) -> QueueWorker:
    """The engine's worker for one queue."""
    return QueueWorker(
        app,
        queues=[options.queue],
        name=options.worker,
        concurrency=options.size,
        fetch_job_polling_interval=LOOK_AGAIN_SECONDS,
        abort_job_polling_interval=NEVER_SECONDS,  # cancelling goes by our own row
        listen_notify=True,
        delete_jobs="always",
        install_signal_handlers=False,
        update_heartbeat_interval=NEVER_SECONDS,  # `keep_alive` writes it for all queues at once
        stalled_worker_timeout=NEVER_SECONDS,  # whoever leads removes old registrations
    )


async def stop_with(worker: QueueWorker, stopping: asyncio.Event) -> None:
    """Stop the engine's worker when the gateway's is told to."""
    await stopping.wait()
    worker.stop()  # type: ignore[no-untyped-call]

"""The worker: takes jobs from the queues, watches the ones that run here, and picks up what dead workers left."""

import asyncio
import os
import socket
import time
import uuid
from collections.abc import Awaitable, Callable, Iterable, Iterator
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import httpx
import structlog

from gateway.config.settings import Settings
from gateway.database.pool import Connection, Pool, build_pool
from gateway.database.shared_line.line import Line
from gateway.exports.gate import StorageGate
from gateway.jobs.closing import log_refused
from gateway.jobs.orders.drive import OrderDriver
from gateway.jobs.outbox import Outbox
from gateway.jobs.queue.job_queue import Entry, JobQueue, QueueOptions, Redeliver, Run
from gateway.jobs.queue.lost import LostJobs
from gateway.jobs.queue.names import (
    CANDIDATE,
    DELIVER,
    EMBED,
    EMBED_CHUNKS,
    OUTBOX,
    PRIMARY,
    RUN_JOB,
    RUN_SHADOW,
    SHADOW,
)
from gateway.jobs.queue.procrastinate_queue import ProcrastinateQueue
from gateway.jobs.run.attempt import JobContext
from gateway.jobs.run.interrupt import Interrupt, Running
from gateway.jobs.run.isolated.opening import Isolate, open_isolation, share_process
from gateway.jobs.run.metrics import show_running
from gateway.jobs.run.runner import Runner
from gateway.jobs.run.workdir import Workdir
from gateway.jobs.store import JobStore
from gateway.jobs.waiting import Patience, WaitingJobs
from gateway.retrieval.embedding import Embedder
from gateway.retrieval.embedding_store import EmbeddingStore
from gateway.services import Services
from gateway.shadow.run import Shadows
from gateway.shadow.sandbox.busy import Busy
from gateway.shadow.stop_sampling import StopSampling
from gateway.telemetry.metrics.initial_series import begin_jobs
from gateway.worker.batches import build_batch_watch
from gateway.worker.periodic import run_every
from gateway.worker.presence import Presence
from gateway.worker.recovery import Recovery
from gateway.worker.signs import SignsOfLife
from gateway.worker.steering import steering_tasks
from gateway.worker.storage_watch import StorageWatch
from gateway.worker.upkeep import Periodic, Upkeep, open_lead

HAND_BACK_SECONDS = 5.0
WATCH_SECONDS = 1.0  # a cancelled job stops within this and a little
CANDIDATE_CONNECTIONS = 2  # of their own: whatever their runs read and write, they wait for each other only
ENGINE_CONNECTIONS = 3  # of their own: heartbeats never wait behind a job that publishes
OUTBOX_CONCURRENCY = 4
EMBED_CONCURRENCY = 2
ORDER_SECONDS = 1.0  # whoever ordered many jobs to run again watches

SHADOW_CONNECTIONS = 2
SHADOW_GOAL_SECONDS = 15.0
LEFT_BATCHES_SECONDS = 60.0  # without LANGUAGE_BATCH, for batches that were sent before it was taken back

OpenShadows = Callable[[Services, Pool, Path, Busy], Shadows]
log = structlog.get_logger(__name__)


class Worker:
    """One worker. `run` returns when `stop` was called and everything that ran has ended or been handed back."""

    def __init__(self, services: Services, *, open_shadows: OpenShadows | None = None) -> None:
        self._services = services
        self._settings = services.settings
        self._open_shadows = open_shadows if services.settings.shadow_concurrency else None
        self._shadows: Shadows | None = None
        self._busy = Busy()
        self._embedder = open_embedder(services)
        self._stopping = asyncio.Event()
        self._seen_alive = float("-inf")
        self._note_fault: Callable[[], None] = lambda: None
        self._gate = StorageGate(services.exports)
        self._name = f"{socket.gethostname()}:{os.getpid()}:{uuid.uuid4().hex[:6]}"

    def stop(self) -> None:
        """Take no new jobs; running steps may end, then their jobs are handed back. Returns at once."""
        self._stopping.set()

    def alive(self) -> bool:
        """Does it take jobs: has it reached its queue lately, and is it not stopping?"""
        fresh = time.monotonic() - self._seen_alive < self._settings.stalled_after_seconds
        return fresh and not self._stopping.is_set()

    async def run(self) -> None:
        """Work until `stop`. A database that is away is waited for."""
        async with AsyncExitStack() as stack:
            pool = await self._open_pool(stack, ENGINE_CONNECTIONS, least=1)
            http = await stack.enter_async_context(httpx.AsyncClient(timeout=10.0))
            workdir = stack.enter_context(Workdir(self._settings.data_dir / "work"))
            queue = self._queue_over(pool, self._services.steering.line)
            store = self._open_store(self._services.database.pool)
            begin_jobs(self._services.metrics, self._services.registry.usable)
            candidates = self._open_store(await self._open_pool(stack, CANDIDATE_CONNECTIONS))
            isolate = stack.enter_context(open_isolation(self._settings))
            runner = Runner(self._run_context(store, workdir, isolate, candidates), self._name)
            outbox = Outbox(self._services.database.pool, self._settings, http, self._services.metrics.deliveries)
            if self._open_shadows is not None:
                shadow_pool = await self._open_pool(stack, SHADOW_CONNECTIONS)
                self._shadows = self._open_shadows(self._services, shadow_pool, workdir, self._busy)
            await self._work(queue, self._open_store(pool), runner, outbox)

    async def _open_pool(self, stack: AsyncExitStack, size: int, least: int = 0) -> Pool:
        """Connections for one purpose, opened when they are needed, closed with the worker."""
        pool = build_pool(self._services.database.url, self._settings, size=size, least=least)
        await pool.open(wait=False)
        stack.push_async_callback(pool.close)
        return pool

    def _open_store(self, pool: Pool) -> JobStore:
        return JobStore(pool, lambda: self._services.base, self._note_refused, self._queue_over(pool))

    def _queue_over(self, pool: Pool, line: Line | None = None) -> ProcrastinateQueue:
        return ProcrastinateQueue(pool, self._services.teller, line)

    def _note_refused(self, job_id: str, what: str, refusal: str) -> None:
        self._services.metrics.writes_refused.labels(what).inc()
        log_refused(job_id, what, refusal)

    def _run_context(
        self, store: JobStore, workdir: Path, isolate: Isolate = share_process, candidates: JobStore | None = None
    ) -> JobContext:
        services = self._services
        return JobContext(
            store=store,
            settings=self._settings,
            registry=services.registry,
            exports=self._gate,
            language=services.engines.language,
            prices=services.engines.prices,
            compute=services.compute,
            flags=services.flags,
            metrics=services.metrics,
            workdir=workdir,
            flips=services.steering.flips,
            tracing=services.tracing,
            embeds=services.engines.embeddings is not None,
            isolate=isolate,
            waiting=WaitingJobs(store.pool, self._note_refused, store.queue),
            patience=patience_of(self._settings),
            candidates=candidates,
        )

    def _taken(self, runner: Runner, outbox: Outbox) -> Iterator[tuple[QueueOptions, Run]]:
        """The queues that this worker takes from, and what runs their entries."""

        async def run_job(entry: Entry) -> None:
            with self._busy.job():
                await runner.run(entry.args["job_id"], entry.queue)

        async def deliver(entry: Entry) -> None:
            wait = await outbox.deliver(entry.args["message_id"])
            if wait is not None:
                raise Redeliver(wait)

        yield self._options_of(PRIMARY, RUN_JOB, self._settings.worker_concurrency), run_job
        yield self._options_of(CANDIDATE, RUN_JOB, self._candidate_slots), run_job
        yield self._options_of(OUTBOX, DELIVER, OUTBOX_CONCURRENCY), deliver
        if (shadows := self._shadows) is not None:
            options = self._options_of(SHADOW, RUN_SHADOW, self._settings.shadow_concurrency)
            yield options, lambda entry: shadows.run(entry.args["job_id"])
        if (embedder := self._embedder) is not None:
            options = self._options_of(EMBED, EMBED_CHUNKS, EMBED_CONCURRENCY)
            yield options, lambda entry: embedder.run(entry.args["user_id"])

    async def _work(self, queue: JobQueue[Connection], store: JobStore, runner: Runner, outbox: Outbox) -> None:
        queues = [
            asyncio.create_task(queue.take(options, run, self._stopping))
            for options, run in self._taken(runner, outbox)
        ]
        seconds = self._settings.heartbeat_seconds
        embeds = self._embedder is not None
        lost = LostJobs(store.pool, lambda: self._services.base, queue)
        recovery = Recovery(queue, store, lost, outbox, self._services.metrics, self._settings, embeds)
        self._note_fault = recovery.note_fault
        presence = Presence(store.pool, self._name)
        lead, steering = open_lead(store.pool, self._name, self._settings), self._services.steering
        upkeep = Upkeep(lead, steering.leaders, store.pool, self._settings, recovery, presence)
        waiting = WaitingJobs(store.pool, queue=queue)
        storage = StorageWatch(self._gate, waiting, self._services.metrics, lambda: lead.held)
        signs = SignsOfLife(queue, presence, seconds)
        keepers = [
            asyncio.create_task(self._every("watch", WATCH_SECONDS, lambda: self._watch(store, runner))),
            asyncio.create_task(self._every("storage", self._settings.storage_look_seconds, storage.look)),
            asyncio.create_task(self._every("heartbeat", seconds, signs.give)),
            asyncio.create_task(self._every("job_orders", ORDER_SECONDS, upkeep.led(self._open_orders().look))),
            *self._repeat(upkeep.tasks()),
            *self._repeat(steering_tasks(self._services, self._name, self.alive, upkeep)),
        ]
        if self._shadows is not None:
            goal = StopSampling(self._services.database.pool, steering.changes)
            keepers.append(asyncio.create_task(self._every("shadow_goal", SHADOW_GOAL_SECONDS, upkeep.led(goal.look))))
            batches = build_batch_watch(self._services, self._shadows, queue)
            pause = seconds if self._services.shadow_batches is not None else LEFT_BATCHES_SECONDS
            keepers.append(asyncio.create_task(self._every("shadow_batches", pause, batches.look)))
        steering.line.join(signs)
        try:
            await self._stopping.wait()
            runner.drain()  # no step begins any more, however long it takes to say good-bye
            await asyncio.gather(presence.leave(), upkeep.leave())
            await self._drain(runner, queues)
        finally:
            steering.line.leave(signs)
            self._stopping.set()  # also when cancelled: then runs are handed back at once
            self._stop_shadows()
            runner.stop_all(Interrupt.DRAIN)
            for task in keepers:
                task.cancel()
            await self._wait_for([*queues, *keepers])

    def _open_orders(self) -> OrderDriver:
        return OrderDriver(self._services.database.pool, lambda: self._services.base)

    def _repeat(self, tasks: Iterable[Periodic]) -> list["asyncio.Task[None]"]:
        return [asyncio.create_task(self._every(name, seconds, turn)) for name, seconds, turn in tasks]

    @property
    def _candidate_slots(self) -> int:
        return self._settings.candidate_concurrency or self._settings.worker_concurrency

    def _options_of(self, queue: str, task: str, size: int) -> QueueOptions:
        return QueueOptions(queue, task, worker=f"{self._name} {queue}", size=size)

    async def _drain(self, runner: Runner, queues: list["asyncio.Task[None]"]) -> None:
        """Let running steps end; after `drain_seconds` hand back whatever still runs."""
        runner.drain()
        self._stop_shadows()
        _, late = await asyncio.wait(queues, timeout=self._settings.drain_seconds)
        if late:
            runner.stop_all(Interrupt.DRAIN)
            await self._wait_for(late)

    async def _wait_for(self, tasks: Iterable["asyncio.Task[None]"]) -> None:
        """Give them time to write down where they are. Without a database they never could: others recover the jobs."""
        done, stuck = await asyncio.wait(set(tasks), timeout=HAND_BACK_SECONDS)
        if stuck:
            log.warning("jobs_not_handed_back", detail="the database does not answer; their heartbeats end now")
        for task in done:
            if not task.cancelled() and (error := task.exception()) is not None:
                log.error("worker_task_broke", exc_info=error)

    def _stop_shadows(self) -> None:
        """Stop shadows and embedding at once: they are delivered again to another worker."""
        if self._shadows is not None:
            self._shadows.stop()
        if self._embedder is not None:
            self._embedder.stop()

    async def _watch(self, store: JobStore, runner: Runner) -> None:
        """Stop runs that were cancelled, or whose claim somebody else took."""
        runs = dict(runner.running)
        show_running(self._services.metrics, self._services.registry.usable, runs.values(), time.monotonic())
        # Where nothing runs, only whether the database answers: the line knows that already.
        self._seen_alive = max(self._seen_alive, self._services.steering.line.answered_at)
        if runs or time.monotonic() - self._seen_alive > self._settings.stalled_after_seconds / 3:
            await self._look_at_claims(store, runs)
        if self._settings.in_flight == "restart":
            runner.end_rolled_back(self._settings.rollback_grace_seconds)
        if runner.candidates() >= self._candidate_slots:
            await runner.move_rolled_back()

    async def _look_at_claims(self, store: JobStore, runs: dict[str, Running]) -> None:
        answers = await store.watch([run.claim for run in runs.values()])
        self._seen_alive = time.monotonic()
        for job_id, lost, cancelled in answers:
            if lost or cancelled:
                runs[job_id].stop(Interrupt.LOST if lost else Interrupt.CANCEL)

    async def _every(self, name: str, seconds: float, work: Callable[[], Awaitable[Any]]) -> None:
        await run_every(name, seconds, work, self._services.metrics, on_fault=self._note_fault)


def patience_of(settings: Settings) -> Patience:
    """How long services that are away are waited for."""
    return Patience(settings.wait_first_seconds, settings.wait_longest_seconds, settings.wait_in_all_seconds)


def open_embedder(services: Services) -> Embedder | None:
    """What embeds chunks, where an embedding model is configured."""
    embeddings = services.engines.embeddings
    if embeddings is None:
        return None
    return Embedder(EmbeddingStore(services.database.pool), embeddings, services.metrics)

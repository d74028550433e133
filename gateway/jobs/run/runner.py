"""Running one job: claim it, let its pipeline run, then close it, try it again, or hand it back."""

import asyncio
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import psycopg
import structlog

from gateway.database.refusal import is_of_server
from gateway.database.retry import retry_while_away
from gateway.jobs.model import Claim, Job
from gateway.jobs.queue.job_queue import Redeliver
from gateway.jobs.queue.names import CANDIDATE, PRIMARY, queue_of
from gateway.jobs.roles import is_candidate
from gateway.jobs.run.attempt import JobContext, attempt
from gateway.jobs.run.given_now import GivenNow
from gateway.jobs.run.interrupt import Interrupt, Running
from gateway.jobs.run.metrics import count_begin, count_claim, count_end
from gateway.jobs.run.settle import CANCELLED, Settling
from gateway.telemetry.metrics.run_labels import counted_as
from gateway.telemetry.tracing.marks import TracedRun

DEPLOY = timedelta(minutes=15)  # for so long an old and a new version may run side by side
MOVED_AT_ONCE = 200  # waiting jobs looked at in one turn
log = structlog.get_logger(__name__)


@dataclass(slots=True)
class Runner:
    """Runs jobs, and knows the ones that run here."""

    context: JobContext
    worker: str  # this worker's name, as jobs record it
    running: dict[str, Running] = field(default_factory=dict)
    taken: set[str] = field(default_factory=set)  # running, or about to be claimed
    draining: bool = False

    @property
    def _settling(self) -> Settling:
        return Settling(self.context)

    def drain(self) -> None:
        """Claim nothing more; hand runs back before their next step."""
        self.draining = True
        for running in self.running.values():
            running.before_next_step = Interrupt.DRAIN

    def stop_all(self, why: Interrupt) -> None:
        """Stop every run at its next await."""
        for running in self.running.values():
            running.stop(why)

    def end_rolled_back(self, grace_seconds: float) -> None:
        """Hand back runs of a pipeline that the flag has kept from their users for longer than the grace."""
        now = time.monotonic()
        for running in self.running.values():
            if self.pipeline_now(running.claim.job, running.read_at)[0] == running.claim.job.pipeline:
                running.rolled_back = None
                continue
            if running.rolled_back is None:
                running.rolled_back = now
            if now - running.rolled_back >= grace_seconds:
                running.stop(Interrupt.RESTART)

    def pipeline_now(self, job: Job, read_at: float) -> tuple[str, str]:
        """The job's pipeline and reason, were it begun now. `read_at`: when it was read, on the monotonic clock."""
        context = self.context
        given = GivenNow(context.flags, context.registry, context.settings.in_flight)
        return given.of(job, time.monotonic() - read_at)

    def candidates(self) -> int:
        """How many runs of versions on trial there are."""
        base = self.context.base
        return sum(is_candidate(running.claim.job.pipeline, base) for running in self.running.values())

    def _queue_of(self, pipeline: str) -> str:
        return queue_of(pipeline, self.context.base)

    async def move_rolled_back(self) -> None:
        """Let jobs that wait for a slot of a version that was rolled back have one of the version that they now get."""
        store = self.context.store
        waiting = await store.waiting_in(CANDIDATE, MOVED_AT_ONCE)
        read_at = time.monotonic()
        if moved := [job for job in waiting if self._queue_of(self.pipeline_now(job, read_at)[0]) != CANDIDATE]:
            await store.move(moved, PRIMARY)

    async def run(self, job_id: str, queue: str | None = None) -> None:
        """Run the job unless it is over. Raises `Redeliver` when it has to be delivered again, or in another `queue`
        than the one that it came from."""
        if self.draining:
            raise Redeliver
        if job_id in self.taken:
            raise Redeliver(1.0)  # a second entry: look again when the run here is over
        self.taken.add(job_id)
        try:
            await self._take(job_id, queue)
        except psycopg.Error as error:
            if not is_of_server(error):
                raise
            await self._settling.park(job_id, "it could not be begun or put back", error)
        finally:
            self.taken.discard(job_id)

    async def _take(self, job_id: str, queue: str | None) -> None:
        store = self.context.store
        while True:
            job = await retry_while_away(lambda: store.load(job_id))
            read_at = time.monotonic()
            if job is None or not job.open:
                return
            if job.cancel_requested:
                await self._settling.close(Claim(job, job.fence, job.attempts), CANCELLED)
            elif job.attempts >= self.context.settings.job_attempts:
                await self._settling.give_up(Claim(job, job.fence, job.attempts))
            elif self.pipeline_now(job, read_at)[0] not in self.context.registry.usable and _is_recent(job):
                raise Redeliver(5.0)  # from a newer version, while both run: leave it to a worker of that version
            elif (claim := await self._claim(job, read_at, queue)) is not None:
                await self._run_claimed(claim, read_at)
                return

    async def _claim(self, job: Job, read_at: float, queue: str | None) -> Claim | None:
        context = self.context
        pipeline, reason = self.pipeline_now(job, read_at)
        if queue is not None and queue != self._queue_of(pipeline):
            raise Redeliver(queue=self._queue_of(pipeline))  # it takes a slot of its own version, and keeps its place
        limit = context.settings.job_attempts

        async def claim() -> Claim | None:
            return await context.store.claim(job, worker=self.worker, limit=limit, pipeline=pipeline, reason=reason)

        claimed = await retry_while_away(claim)
        if claimed is not None:
            count_claim(context.metrics, job, claimed)
        return claimed

    async def _run_claimed(self, claim: Claim, read_at: float) -> None:
        """Run in a task of its own: stopping that task does not stop this one, which records how the run ended."""
        running = Running(claim, read_at, before_next_step=Interrupt.DRAIN if self.draining else None)
        running.began = running.beat = time.monotonic()
        self.running[claim.job.id] = running
        metrics, pipeline, mode = self.context.metrics, claim.job.pipeline, claim.job.mode
        count_begin(metrics, claim.job)
        if is_candidate(pipeline, self.context.base) and claim.job.started_at is not None:
            self.context.flips.started(pipeline, claim.job.started_at)
        began = time.monotonic()
        outcome = "handed_back"
        traced = TracedRun(claim.job.id, pipeline, mode, claim.attempt, claim.job.reason)
        in_flight = metrics.jobs_in_flight.labels(pipeline, mode)
        with in_flight.track_inprogress(), counted_as(pipeline, mode), self.context.tracing.run(traced) as end:
            try:
                running.task = asyncio.create_task(attempt(self.context, running), name=f"job {claim.job.id}")
                await asyncio.wait({running.task})
                outcome = await self._settling.settle(running)
            finally:
                del self.running[claim.job.id]
                if running.task is not None and not running.task.done():
                    running.task.cancel()
                    await asyncio.wait({running.task})
                seconds = time.monotonic() - began
                count_end(metrics, claim.job, outcome, seconds, running.cause)
                end(outcome)
                log.info(
                    "job_ended",
                    outcome=outcome,
                    cause=running.cause,
                    job_id=claim.job.id,
                    pipeline=pipeline,
                    mode=mode,
                    attempt=claim.attempt,
                    seconds=seconds,
                )


def _is_recent(job: Job) -> bool:
    return datetime.now(UTC) - job.created_at < DEPLOY
